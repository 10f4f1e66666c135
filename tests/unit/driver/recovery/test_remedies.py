"""Commands that wait for an answer: what is offered, that nothing is done twice, and what ends the waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling import tips
from sila_ot2.driver.recovery.recovery import WatchedExecution
from sila_ot2.errors import (
    CommandCancelled,
    CommandFailed,
    DoorOpen,
    Movement,
    NoTipAvailable,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotUnreachable,
    UnknownContinuationOption,
)
from tests.fakes.session_server import TIPS, SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot
from tests.waiting import wait_for

EXECUTION = UUID("00000000-0000-4000-8000-000000000002")
RACK = f"opentrons/{TIPS}/1"


class WaitingCommand:
    """A command that waits, and a client that answers."""

    def __init__(self, server: SessionServer, pool: ThreadPoolExecutor) -> None:
        self.server = server
        self.cancelled = Cancellation()
        self.done = 0
        self._pool = pool
        self._recovery = server.remedies.recovery

    def begin(self, do: Callable[[], Any]) -> Future[Any]:
        return self._pool.submit(self._run, do)

    def _run(self, do: Callable[[], Any]) -> Any:
        with self._recovery.watching("Transfer", EXECUTION, self.cancelled, stops_run=True) as execution:
            return self.server.remedies.attempt(execution, do)

    def pick_up(self) -> Future[Any]:
        def do() -> None:
            self.server.session.perform("PickUpTip", tips.pick_up_tip("right", "", ""), cancelled=self.cancelled)
            self.done += 1

        return self.begin(do)

    def options(self) -> list[str]:
        (error,) = wait_for(lambda: self._recovery.errors.value)
        return [option.identifier.split("-")[0] for option in error.condition.options]

    def answer(self, choice: str) -> str:
        """Choose about the error that is listed; returns the identifier of the option."""
        (error,) = self._recovery.errors.value
        self._recovery.choose(str(EXECUTION), f"{choice}-{error.number}")
        return f"{choice}-{error.number}"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[WaitingCommand]:
    server = serve(TipRobot(), tmp_path, hold_commands=True)
    with ThreadPoolExecutor(1) as pool:
        load_deck(server)
        held = WaitingCommand(server, pool)
        yield held
        held.cancelled.set()
    server.end()


def sent(server: SessionServer) -> int:
    return server.robot.count(r"POST .*/commands")


def test_tips_in_doubt_are_confirmed_and_the_command_is_done_once(held: WaitingCommand) -> None:
    held.server.uncertain_tips.add(["right"], "Nobody has looked.")
    before = sent(held.server)
    running = held.pick_up()
    assert held.options() == ["StateConfirmed", "Retry", "Abort"]
    option = held.answer("Retry")  # nobody has looked: it is refused again
    wait_for(lambda: held.server.remedies.recovery.errors.value)
    with pytest.raises(UnknownContinuationOption):
        held.server.remedies.recovery.choose(str(EXECUTION), option)
    assert (sent(held.server), held.done) == (before, 0)
    held.answer("StateConfirmed")
    running.result(timeout=60)
    assert held.server.uncertain_tips.current.value == {}
    assert (sent(held.server), held.done) == (before + 1, 1)
    assert held.server.remedies.recovery.errors.value == ()


def test_an_answer_does_not_settle_a_doubt_that_it_did_not_name(held: WaitingCommand) -> None:
    held.server.uncertain_tips.add(["left"], "Nobody has looked.")
    running = held.pick_up()
    held.options()
    held.server.uncertain_tips.add(["right"], "It came later.")
    held.answer("StateConfirmed")
    (error,) = wait_for(lambda: [each for each in held.server.remedies.recovery.errors.value if each.number == 2])
    assert set(held.server.uncertain_tips.current.value) == {"left", "right"}
    assert "left and the right pipette" in error.condition.options[0].explanation
    held.answer("StateConfirmed")
    running.result(timeout=60)
    assert (dict(held.server.uncertain_tips.current.value), held.done) == ({}, 1)


def test_an_empty_rack_is_refilled(held: WaitingCommand) -> None:
    stock = held.server.parts.stock
    stock.reset("1", RACK)
    stock.mark("1", (), "Used")
    running = held.pick_up()
    assert held.options() == ["TipRackRefilled1", "Retry", "Abort"]
    held.answer("TipRackRefilled1")
    running.result(timeout=60)
    assert held.done == 1


def test_a_rack_that_was_forgotten_meanwhile_is_refilled(held: WaitingCommand) -> None:
    stock = held.server.parts.stock
    stock.reset("5", RACK)
    stock.mark("5", (), "Used")
    faults = [NoTipAvailable("No tip.")]

    def do() -> None:
        if faults:
            raise faults.pop()

    running = held.begin(do)
    assert "TipRackRefilled5" in held.options()
    stock.remove("5")
    held.answer("TipRackRefilled5")
    running.result(timeout=60)
    assert stock.racks.value["5"].definition_uri == RACK


@pytest.mark.parametrize("end", ["Abort", "given up", "stopped"])
def test_without_a_remedy_the_command_ends_with_its_error(held: WaitingCommand, end: str) -> None:
    held.server.uncertain_tips.add(["right"], "Nobody has looked.")
    running = held.pick_up()
    held.options()
    if end == "Abort":
        held.answer("Abort")
    elif end == "given up":
        held.server.remedies.recovery.give_up(str(EXECUTION))
    else:
        held.server.parts.safety_stop.latch()
        held.server.parts.safety_stop.keep()
        held.server.look()
    with pytest.raises(NotReconciled):
        running.result(timeout=60)
    assert held.done == 0
    assert held.server.remedies.recovery.errors.value == ()


def test_a_command_that_waits_can_be_cancelled(held: WaitingCommand) -> None:
    held.server.uncertain_tips.add(["right"], "Nobody has looked.")
    running = held.pick_up()
    held.options()
    held.cancelled.set()
    with pytest.raises(CommandCancelled, match="may hold a tip"):
        running.result(timeout=60)


@pytest.mark.parametrize(
    "fault",
    [
        NoTipAvailable("No tip.", moved=Movement.SOME),
        DoorOpen("The door is open.", moved=Movement.UNKNOWN),
        OutcomeUnknown("Nobody knows."),
        CommandFailed("It failed."),
        CommandFailed("It failed.", moved=Movement.NONE),
        RobotUnreachable("No answer.", moved=Movement.NONE),
    ],
)
def test_what_was_begun_or_has_no_remedy_is_not_held(held: WaitingCommand, fault: OT2Fault) -> None:
    def do() -> None:
        held.done += 1
        raise fault

    with pytest.raises(type(fault)):
        held.begin(do).result(timeout=60)
    assert held.done == 1


def test_what_follows_a_run_is_not_done_again(held: WaitingCommand) -> None:
    recovery = held.server.remedies.recovery
    with recovery.watching("RunProtocol", EXECUTION, held.cancelled, stops_run=True) as execution:

        def do() -> None:
            held.done += 1
            recovery.follow(execution, "the run")
            raise DoorOpen("The door is open.")

        with pytest.raises(DoorOpen):
            held.server.remedies.attempt(execution, do)
    assert held.done == 1


def test_without_the_setting_nothing_is_held(tmp_path: Path) -> None:
    server = serve(TipRobot(), tmp_path)
    execution = WatchedExecution("Transfer", str(EXECUTION), Cancellation(), stops_run=True)
    lost = RobotUnreachable("No answer.", moved=Movement.NONE)

    def refuse() -> None:
        raise DoorOpen("The door is open.")

    with pytest.raises(DoorOpen):
        server.remedies.attempt(execution, refuse)
    with pytest.raises(RobotUnreachable):
        server.remedies.step_again(execution, lost)
    server.end()


class Lost:
    """Lets commands of a session not reach the robot, as long as there are faults to raise."""

    def __init__(self, server: SessionServer, monkeypatch: pytest.MonkeyPatch, *faults: OT2Fault) -> None:
        self.faults, self.tries = list(faults), 0
        self._execute = server.session._deck.execute
        monkeypatch.setattr(server.session._deck, "execute", self.execute)

    def execute(self, *args: Any, **more: Any) -> Any:
        self.tries += 1
        if self.faults:
            raise self.faults.pop(0)
        return self._execute(*args, **more)


def perform(held: WaitingCommand) -> None:
    """Pick up a tip, and ask when that does not reach the robot."""
    recovery = held.server.remedies.recovery
    with recovery.watching("Transfer", EXECUTION, held.cancelled, stops_run=True) as execution:
        held.server.session.perform(
            "PickUpTip",
            tips.pick_up_tip("right", "", ""),
            cancelled=held.cancelled,
            unreachable=partial(held.server.remedies.step_again, execution),
        )


@pytest.mark.parametrize("answer", ["Retry", "Abort"])
def test_a_step_that_did_not_reach_the_robot_is_sent_again_only_on_request(
    held: WaitingCommand, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    before = sent(held.server)
    lost = Lost(held.server, monkeypatch, RobotUnreachable("No answer.", moved=Movement.NONE))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(perform, held)
        assert held.options() == ["Retry", "Abort"]
        assert lost.tries == 1
        held.answer(answer)
        if answer == "Retry":
            running.result(timeout=60)
        else:
            with pytest.raises(RobotUnreachable):
                running.result(timeout=60)
    assert sent(held.server) == before + (answer == "Retry")


def test_a_step_with_unknown_outcome_is_never_sent_again(held: WaitingCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Lost(held.server, monkeypatch, RobotUnreachable("No answer.", moved=Movement.UNKNOWN))
    with pytest.raises(RobotUnreachable):
        perform(held)
    assert lost.tries == 1
