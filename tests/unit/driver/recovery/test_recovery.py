"""Recoverable errors: what they follow from, who may end them, and that the server chooses nothing itself."""

from __future__ import annotations

import threading
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
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
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


def view(
    status: RunStatus,
    reason: PauseReason = PauseReason.NOT_PAUSED,
    run_id: str = RUN,
    plays: int = 1,
    prompt_id: str = "",
) -> RunView:
    start = RunStart(run_id=run_id, created_at=utc_now(), origin="ThisServer", purpose="protocol")
    message = f"Fill {prompt_id or 'A1'}."
    return RunView(start, status, "", None, 0, 0, "", "", 0.0, None, reason, message, plays=plays, prompt_id=prompt_id)


def state(status: RunStatus, reason: PauseReason = PauseReason.NOT_PAUSED, run_id: str = RUN) -> RobotState:
    return RobotState(contact=REACHED, owner=NoOwner(), run=view(status, reason, run_id))


RUNNING = state(RunStatus.RUNNING)
BY_DOOR = state(RunStatus.PAUSED_BY_DOOR, PauseReason.BY_DOOR)
PROMPT = state(RunStatus.PAUSED, PauseReason.BY_PROTOCOL)


def at_prompt(prompt_id: str, plays: int) -> RobotState:
    return replace(PROMPT, run=view(RunStatus.PAUSED, PauseReason.BY_PROTOCOL, plays=plays, prompt_id=prompt_id))


def at_door(plays: int) -> RobotState:
    return replace(BY_DOOR, run=view(RunStatus.PAUSED_BY_DOOR, PauseReason.BY_DOOR, plays=plays))


class RecoveryParts:
    """Recovery over a state that tests set."""

    def __init__(self) -> None:
        self.state: Observable[RobotState] = Observable(RUNNING)
        self.asked: list[str] = []
        self.door_is_open = False
        self.recovery = Recovery(self.state, self.resume, lambda: self.asked.append("ask"))
        self.cancelled = Cancellation()
        self.meanwhile: Callable[[], None] = lambda: None

    def resume(self, run_id: str, plays: int) -> None:
        self.asked.append(f"resume {run_id} after {plays}")
        self.meanwhile()
        if self.door_is_open:
            raise DoorOpen("The door is open.")

    def watching(self, *, stops_run: bool = True) -> Any:
        return self.recovery.watching(COMMAND, EXECUTION, self.cancelled, stops_run=stops_run)

    @property
    def listed(self) -> list[tuple[str, list[str]]]:
        return [
            (error.condition.identifier, [option.identifier.split("-")[0] for option in error.condition.options])
            for error in self.recovery.errors.value
        ]

    def option(self, choice: str) -> str:
        """The identifier with which a client chooses this about the error that is listed."""
        (error,) = self.recovery.errors.value
        return next(
            option.identifier for option in error.condition.options if option.identifier.split("-")[0] == choice
        )

    def choose(self, choice: str) -> None:
        self.recovery.choose(str(EXECUTION), self.option(choice))


@pytest.fixture
def parts() -> Iterator[RecoveryParts]:
    parts = RecoveryParts()
    with parts.watching() as work:
        parts.recovery.follow(work, RUN)
        yield parts


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
def test_what_the_state_says_is_listed(parts: RecoveryParts, found: RobotState, expected: object) -> None:
    parts.state.set(found)
    assert parts.listed == expected
    parts.state.set(RUNNING)
    assert parts.listed == []


def test_an_error_names_its_command_and_its_first_time(parts: RecoveryParts) -> None:
    parts.state.set(PROMPT)
    (error,) = parts.recovery.errors.value
    assert (error.command, error.execution_uuid) == (COMMAND, str(EXECUTION))
    assert error.condition.message == "The protocol paused the run: Fill A1."
    parts.state.set(replace(PROMPT, read_at=utc_now()))
    assert parts.recovery.errors.value[0].since == error.since
    parts.state.set(BY_DOOR)
    assert parts.recovery.errors.value[0].since > error.since


def test_nothing_is_listed_for_a_command_that_has_ended() -> None:
    parts = RecoveryParts()
    parts.state.set(PROMPT)
    with parts.watching() as work:
        assert parts.listed == []
        parts.recovery.follow(work, RUN)
        assert parts.listed != []
    assert parts.listed == []
    with pytest.raises(InvalidCommandExecutionUUID):
        parts.recovery.choose(str(EXECUTION), "Resume")


def test_who_only_watches_a_run_cannot_abort_it() -> None:
    parts = RecoveryParts()
    parts.state.set(PROMPT)
    with parts.watching(stops_run=False) as work:
        parts.recovery.follow(work, RUN)
        assert parts.listed == [("OperatorPrompt", ["Resume"])]
        with pytest.raises(UnknownContinuationOption):
            parts.recovery.choose(str(EXECUTION), "Abort")
    assert not parts.cancelled.is_set()


@pytest.mark.parametrize(
    ("found", "choice", "asked"),
    [
        (BY_DOOR, "ResumeAfterDoorClosed", [f"resume {RUN} after 1"]),
        (PROMPT, "Resume", [f"resume {RUN} after 1"]),
        (replace(RUNNING, contact=LOST), "AskAgain", ["ask"]),
        (PROMPT, "Abort", []),
    ],
)
def test_a_choice_is_one_existing_operation(
    parts: RecoveryParts, found: RobotState, choice: str, asked: list[str]
) -> None:
    parts.state.set(found)
    parts.choose(choice)
    assert parts.asked == asked
    assert parts.cancelled.is_set() == (choice == "Abort")


def test_a_refused_choice_leaves_the_error(parts: RecoveryParts) -> None:
    parts.state.set(BY_DOOR)
    parts.door_is_open = True
    option = parts.option("ResumeAfterDoorClosed")
    with pytest.raises(DoorOpen):
        parts.recovery.choose(str(EXECUTION), option)
    assert parts.listed == [("DoorOpen", ["ResumeAfterDoorClosed", "Abort"])]
    parts.door_is_open = False
    parts.recovery.choose(str(EXECUTION), option)
    assert parts.listed == []


@pytest.mark.parametrize("again", [at_prompt("B1", 2), at_door(2), replace(RUNNING, contact=LOST)])
@pytest.mark.parametrize(("first", "choice"), [(at_prompt("A1", 1), "Resume"), (at_door(1), "ResumeAfterDoorClosed")])
def test_a_repeated_choice_is_not_the_answer_to_what_comes_next(
    parts: RecoveryParts, first: RobotState, choice: str, again: RobotState
) -> None:
    """Also when nothing was read between the two."""
    parts.state.set(first)
    before, option = parts.recovery.errors.value[0], parts.option(choice)
    parts.recovery.choose(str(EXECUTION), option)
    with pytest.raises(InvalidCommandExecutionUUID):  # still the same reading
        parts.recovery.choose(str(EXECUTION), option)
    parts.state.set(again)
    with pytest.raises(UnknownContinuationOption):
        parts.recovery.choose(str(EXECUTION), option)
    assert parts.asked == [f"resume {RUN} after 1"]
    (error,) = parts.recovery.errors.value
    assert error.since > before.since


def test_of_two_clients_that_choose_at_once_one_resumes(parts: RecoveryParts) -> None:
    parts.state.set(at_prompt("A1", 1))
    option = parts.option("Resume")
    refused: list[str] = []

    def other_client() -> None:
        with pytest.raises(InvalidCommandExecutionUUID) as caught:
            parts.recovery.choose(str(EXECUTION), option)
        refused.append(str(caught.value))
        parts.state.set(at_prompt("B1", 2))  # the robot is quick

    parts.meanwhile = other_client
    parts.recovery.choose(str(EXECUTION), option)
    assert (len(refused), parts.asked) == (1, [f"resume {RUN} after 1"])
    assert parts.option("Resume") != option


def test_a_prompt_that_follows_one_that_was_given_up_is_listed(parts: RecoveryParts) -> None:
    parts.state.set(at_prompt("A1", 1))
    parts.recovery.give_up(str(EXECUTION))
    parts.state.set(at_prompt("B1", 2))
    assert parts.recovery.errors.value[0].condition.message == "The protocol paused the run: Fill B1."


@pytest.mark.parametrize("choice", ["ResumeAfterDoorClosed", "", "resume", "Resume", "Resume-0"])
def test_an_option_of_another_error_does_nothing(parts: RecoveryParts, choice: str) -> None:
    parts.state.set(PROMPT)
    with pytest.raises(UnknownContinuationOption, match="Resume-1, Abort-1"):
        parts.recovery.choose(str(EXECUTION), choice)
    assert parts.asked == []


def test_an_error_that_is_given_up_is_listed_again_only_when_it_occurs_again(parts: RecoveryParts) -> None:
    parts.state.set(PROMPT)
    parts.recovery.give_up(str(EXECUTION))
    assert parts.listed == []
    parts.state.set(replace(PROMPT, read_at=utc_now()))
    assert parts.listed == []
    with pytest.raises(InvalidCommandExecutionUUID):
        parts.recovery.choose(str(EXECUTION), "Resume")
    parts.state.set(RUNNING)
    parts.state.set(PROMPT)
    assert parts.listed != []
    assert (parts.asked, parts.cancelled.is_set()) == ([], False)


def test_after_its_time_an_error_is_given_up_and_nothing_is_chosen(parts: RecoveryParts, monkeypatch: Any) -> None:
    begun: list[tuple[float, Callable[[], None]]] = []

    class ManualTimer:
        daemon = False

        def __init__(self, after_s: float, function: Any, args: Any) -> None:
            begun.append((after_s, lambda: function(*args)))

        def start(self) -> None: ...

        def cancel(self) -> None: ...

    monkeypatch.setattr("sila_ot2.driver.recovery.recovery.threading.Timer", ManualTimer)
    parts.state.set(PROMPT)
    assert begun == [], "without a timeout an error waits for ever"
    parts.recovery.set_timeout(5)
    parts.state.set(BY_DOOR)
    ((after_s, end),) = begun
    assert after_s == 5
    parts.state.set(PROMPT)
    end()
    assert parts.listed != [], "the time of an error that has ended ends no other"
    begun[-1][1]()
    assert parts.listed == []
    assert (parts.asked, parts.cancelled.is_set()) == ([], False)


def test_a_time_that_is_over_ends_an_error(parts: RecoveryParts) -> None:
    parts.recovery.set_timeout(1)
    parts.state.set(PROMPT)
    wait_for(lambda: parts.listed == [])
    assert parts.asked == []


@pytest.mark.parametrize("timeout_s", [10**10, 2**63 - 1])
def test_a_time_longer_than_any_timer_never_ends(parts: RecoveryParts, timeout_s: int) -> None:
    before = set(threading.enumerate())
    parts.recovery.set_timeout(timeout_s)
    parts.state.set(PROMPT)
    assert parts.listed != []
    assert set(threading.enumerate()) <= before, "nothing waits for that time"
