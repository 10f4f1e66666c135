"""Recoverable errors: what they follow from, who may end them, and that the server chooses nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import NoOwner
from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.tracking.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import DoorOpen, InvalidCommandExecutionUUID, UnknownContinuationOption
from sila_ot2.store.runs import RunStart
from sila_ot2.times import utc_now
from tests.waiting import wait_for

RUN, OTHER_RUN = "the run", "another run"
COMMAND = "io.github.silaot/instruments.liquidhandling/RunController/v1/Command/RunProtocol"
EXECUTION = UUID("00000000-0000-4000-8000-000000000001")
REACHED = Contact(ContactProblem.NONE, "", utc_now())
LOST = Contact(ContactProblem.TIMED_OUT, "The robot does not answer.", utc_now(), "Look at its cable.")


def view(status: RunStatus, reason: PauseReason = PauseReason.NOT_PAUSED, run_id: str = RUN) -> RunView:
    start = RunStart(run_id=run_id, created_at=utc_now(), origin="ThisServer", purpose="protocol")
    return RunView(start, status, "", None, 0, 0, "", "", 0.0, None, reason, "Fill A1.")


def state(status: RunStatus, reason: PauseReason = PauseReason.NOT_PAUSED, run_id: str = RUN) -> RobotState:
    return RobotState(contact=REACHED, owner=NoOwner(), run=view(status, reason, run_id))


RUNNING = state(RunStatus.RUNNING)
BY_DOOR = state(RunStatus.PAUSED_BY_DOOR, PauseReason.BY_DOOR)
PROMPT = state(RunStatus.PAUSED, PauseReason.BY_PROTOCOL)


class Bench:
    """Recovery over a state that tests set."""

    def __init__(self) -> None:
        self.state: Observable[RobotState] = Observable(RUNNING)
        self.asked: list[str] = []
        self.door_is_open = False
        self.recovery = Recovery(self.state, self.resume, lambda: self.asked.append("ask"))
        self.cancelled = Cancellation()

    def resume(self, run_id: str) -> None:
        self.asked.append(f"resume {run_id}")
        if self.door_is_open:
            raise DoorOpen("The door is open.")

    def watching(self, *, stops_run: bool = True) -> Any:
        return self.recovery.watching(COMMAND, EXECUTION, self.cancelled, stops_run=stops_run)

    @property
    def listed(self) -> list[tuple[str, list[str]]]:
        return [
            (error.condition.identifier, [option.identifier for option in error.condition.options])
            for error in self.recovery.errors.value
        ]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    with bench.watching() as work:
        bench.recovery.follow(work, RUN)
        yield bench


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (RUNNING, []),
        (BY_DOOR, [("DoorOpen", ["ResumeAfterDoorClosed", "Abort"])]),
        (state(RunStatus.PAUSED, PauseReason.BY_DOOR), [("DoorOpen", ["ResumeAfterDoorClosed", "Abort"])]),
        (PROMPT, [("OperatorPrompt", ["Resume", "Abort"])]),
        (state(RunStatus.PAUSED, PauseReason.UNKNOWN), [("PausedAtRobot", ["Resume", "Abort"])]),
        (state(RunStatus.PAUSED, PauseReason.BY_CLIENT), []),
        (state(RunStatus.PAUSED, PauseReason.BY_SOMEBODY_ELSE), []),
        (state(RunStatus.PAUSED, PauseReason.BY_PROTOCOL, OTHER_RUN), []),
        (state(RunStatus.FAILED), []),
        (replace(PROMPT, contact=LOST), [("RobotUnreachable", ["AskAgain"])]),
        (replace(RUNNING, contact=Contact.not_asked()), []),
    ],
)
def test_what_the_state_says_is_listed(bench: Bench, found: RobotState, expected: object) -> None:
    bench.state.set(found)
    assert bench.listed == expected
    bench.state.set(RUNNING)
    assert bench.listed == []


def test_an_error_names_its_command_and_its_first_time(bench: Bench) -> None:
    bench.state.set(PROMPT)
    (error,) = bench.recovery.errors.value
    assert (error.command, error.execution_uuid) == (COMMAND, str(EXECUTION))
    assert error.condition.message == "The protocol paused the run: Fill A1."
    bench.state.set(replace(PROMPT, read_at=utc_now()))
    assert bench.recovery.errors.value[0].since == error.since
    bench.state.set(BY_DOOR)
    assert bench.recovery.errors.value[0].since > error.since


def test_nothing_is_listed_for_a_command_that_has_ended() -> None:
    bench = Bench()
    bench.state.set(PROMPT)
    with bench.watching() as work:
        assert bench.listed == []
        bench.recovery.follow(work, RUN)
        assert bench.listed != []
    assert bench.listed == []
    with pytest.raises(InvalidCommandExecutionUUID):
        bench.recovery.choose(str(EXECUTION), "Resume")


def test_who_only_watches_a_run_cannot_abort_it() -> None:
    bench = Bench()
    bench.state.set(PROMPT)
    with bench.watching(stops_run=False) as work:
        bench.recovery.follow(work, RUN)
        assert bench.listed == [("OperatorPrompt", ["Resume"])]
        with pytest.raises(UnknownContinuationOption):
            bench.recovery.choose(str(EXECUTION), "Abort")
    assert not bench.cancelled.is_set()


@pytest.mark.parametrize(
    ("found", "choice", "asked"),
    [
        (BY_DOOR, "ResumeAfterDoorClosed", [f"resume {RUN}"]),
        (PROMPT, "Resume", [f"resume {RUN}"]),
        (replace(RUNNING, contact=LOST), "AskAgain", ["ask"]),
        (PROMPT, "Abort", []),
    ],
)
def test_a_choice_is_one_existing_operation(bench: Bench, found: RobotState, choice: str, asked: list[str]) -> None:
    bench.state.set(found)
    bench.recovery.choose(str(EXECUTION), choice)
    assert bench.asked == asked
    assert bench.cancelled.is_set() == (choice == "Abort")


def test_a_refused_choice_leaves_the_error(bench: Bench) -> None:
    bench.state.set(BY_DOOR)
    bench.door_is_open = True
    with pytest.raises(DoorOpen):
        bench.recovery.choose(str(EXECUTION), "ResumeAfterDoorClosed")
    assert bench.listed == [("DoorOpen", ["ResumeAfterDoorClosed", "Abort"])]


@pytest.mark.parametrize("choice", ["ResumeAfterDoorClosed", "", "resume"])
def test_an_option_of_another_error_does_nothing(bench: Bench, choice: str) -> None:
    bench.state.set(PROMPT)
    with pytest.raises(UnknownContinuationOption, match="Resume, Abort"):
        bench.recovery.choose(str(EXECUTION), choice)
    assert bench.asked == []


def test_an_error_that_is_given_up_is_listed_again_only_when_it_occurs_again(bench: Bench) -> None:
    bench.state.set(PROMPT)
    bench.recovery.give_up(str(EXECUTION))
    assert bench.listed == []
    bench.state.set(replace(PROMPT, read_at=utc_now()))
    assert bench.listed == []
    with pytest.raises(InvalidCommandExecutionUUID):
        bench.recovery.choose(str(EXECUTION), "Resume")
    bench.state.set(RUNNING)
    bench.state.set(PROMPT)
    assert bench.listed != []
    assert (bench.asked, bench.cancelled.is_set()) == ([], False)


def test_after_its_time_an_error_is_given_up_and_nothing_is_chosen(bench: Bench, monkeypatch: Any) -> None:
    begun: list[tuple[float, Callable[[], None]]] = []

    class Timer:
        daemon = False

        def __init__(self, after_s: float, function: Any, args: Any) -> None:
            begun.append((after_s, lambda: function(*args)))

        def start(self) -> None: ...

        def cancel(self) -> None: ...

    monkeypatch.setattr("sila_ot2.driver.recovery.recovery.threading.Timer", Timer)
    bench.state.set(PROMPT)
    assert begun == [], "without a timeout an error waits for ever"
    bench.recovery.set_timeout(5)
    bench.state.set(BY_DOOR)
    ((after_s, end),) = begun
    assert after_s == 5
    bench.state.set(PROMPT)
    end()
    assert bench.listed != [], "the time of an error that has ended ends no other"
    begun[-1][1]()
    assert bench.listed == []
    assert (bench.asked, bench.cancelled.is_set()) == ([], False)


def test_a_time_that_is_over_ends_an_error(bench: Bench) -> None:
    bench.recovery.set_timeout(1)
    bench.state.set(PROMPT)
    wait_for(lambda: bench.listed == [])
    assert bench.asked == []
