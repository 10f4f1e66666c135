"""A database that hangs or fails neither delays nor prevents what stops the robot."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.hardware_halts import HardwareHalts
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.errors import OT2Fault
from sila_ot2.store.journal import Journal
from tests.fakes.parts import Parts, create, parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command
from tests.fakes.runs import removal_on
from tests.unit.driver.runs.test_stop_now import Stopping
from tests.waiting import wait_for

STOP_TIMEOUT_S = 0.2
"""The monitor does not poll here, so no stop is seen to end."""


class StopsAndPauses:
    """Everything that stops or pauses, at a robot whose monitor has seen what is current."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.stopping = Stopping(parts, stop_timeout_s=STOP_TIMEOUT_S)
        self.actions = RunActions(
            parts.robot.client(),
            parts.request_log,
            parts.ownership,
            parts.registry,
            parts.monitor,
            stop_timeout_s=STOP_TIMEOUT_S,
        )
        self.release = RunRelease(
            parts.request_log, parts.ownership, self.actions, lambda **_: False, parts.registry,
            self.stopping.turn, removal_on(parts), HardwareHalts(parts.handovers, self.stopping.commands_at_work),
        )  # fmt: skip
        self.stopping.turn.reserve("Delay")
        self.run_id = ""

    def run_of_ours(self) -> None:
        self.run_id = create(self.parts)
        self.parts.robot.runs[self.run_id] |= {"status": "running", "actions": [self.parts.robot.action("play")]}

    def session_at_work(self) -> None:
        self.run_id = self.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[])).id
        self.stopping.session_is_at_work = True
        robot = self.parts.robot
        robot.busy.add(self.run_id)
        robot.commands[self.run_id].append(command("home", status="running"))

    def foreign_run(self) -> None:
        self.run_id = self.parts.robot.add_run("running")


CASES: dict[str, tuple[Callable[[StopsAndPauses], None], Callable[[StopsAndPauses], object], list[str]]] = {
    "StopRun": (StopsAndPauses.run_of_ours, lambda i: i.actions.stop(), ["stop"]),
    "StopRun by name": (StopsAndPauses.run_of_ours, lambda i: i.actions.stop(i.run_id), ["stop"]),
    "StopRun of another's": (StopsAndPauses.foreign_run, lambda i: i.actions.stop(i.run_id, force=True), ["stop"]),
    "StopRun of a session": (
        StopsAndPauses.session_at_work, lambda i: i.actions.stop(i.run_id, force=True), ["stop", "stop"]),
    "PauseRun": (StopsAndPauses.run_of_ours, lambda i: i.actions.pause(), ["pause"]),
    "ReleaseRun of a session": (
        StopsAndPauses.session_at_work, lambda i: i.release.release(force=True), ["stop", "stop"]),
    "ReleaseRun": (StopsAndPauses.run_of_ours, lambda i: i.release.release(force=True), ["stop"]),
    "StopNow": (StopsAndPauses.run_of_ours, lambda i: i.stopping.now.stop(), ["stop"]),
    "StopNow of another's": (StopsAndPauses.foreign_run, lambda i: i.stopping.now.stop(), ["stop"]),
    "StopNow of a session": (StopsAndPauses.session_at_work, lambda i: i.stopping.now.stop(), ["stop", "stop"]),
}  # fmt: skip


@pytest.fixture
def interrupts(tmp_path: Path) -> Iterator[StopsAndPauses]:
    parts = parts_of(RobotInMemory(), tmp_path)
    yield StopsAndPauses(parts)
    parts.close()


@contextmanager
def database(engine: Engine, do: Callable[[], object]) -> Iterator[None]:
    """Call `do` before each statement."""

    def before(*_: Any) -> None:
        do()

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)


@pytest.mark.parametrize("case", CASES)
def test_what_stops_the_robot_is_sent_while_the_database_hangs(interrupts: StopsAndPauses, case: str) -> None:
    prepare, ask, sent = CASES[case]
    prepare(interrupts)
    interrupts.parts.look(2)
    free, robot = threading.Event(), interrupts.parts.robot
    with database(interrupts.parts.engine, lambda: free.wait(60)):
        thread = threading.Thread(target=quietly, args=(lambda: ask(interrupts),))
        thread.start()
        try:
            wait_for(lambda: robot.taken == sent, lambda: f"sent: {robot.taken}")
        finally:
            free.set()
        thread.join(60)
    journal = Journal(interrupts.parts.engine)
    interrupts.parts.request_log.write_down()
    assert journal.unresolved() == []
    actions = [action["id"] for action in robot.runs[interrupts.run_id]["actions"] if action["actionType"] in sent]
    assert all(journal.documents_about(action, ["action"]) for action in actions), "it is written down afterwards"


@pytest.mark.parametrize("case", CASES)
def test_what_stops_the_robot_is_sent_though_the_database_fails(interrupts: StopsAndPauses, case: str) -> None:
    prepare, ask, sent = CASES[case]
    prepare(interrupts)
    interrupts.parts.look(2)
    with database(interrupts.parts.engine, fail):
        quietly(lambda: ask(interrupts))
        assert interrupts.parts.robot.taken == sent


@pytest.mark.parametrize("case", ["StopNow of another's", "StopRun of another's"])
def test_also_of_a_run_that_was_not_seen_before(interrupts: StopsAndPauses, case: str) -> None:
    prepare, ask, sent = CASES[case]
    prepare(interrupts)
    with database(interrupts.parts.engine, fail):
        quietly(lambda: ask(interrupts))
        assert interrupts.parts.robot.taken == sent


def fail() -> None:
    raise OperationalError("SELECT", {}, Exception("database is locked"))


def quietly(ask: Callable[[], object]) -> None:
    """Whatever comes of it: what was sent counts."""
    with contextlib.suppress(OT2Fault, SQLAlchemyError):
        ask()
