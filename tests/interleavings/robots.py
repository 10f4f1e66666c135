"""Scenarios at the robot: stop and pause, lost answers and new readings, the end of the driver, sessions."""

from __future__ import annotations

import atexit
import functools
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, delete

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import NoOwner, RunOwner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest, RunActionRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.waiting import wait_until
from sila_ot2.errors import OutcomeUnknown, RunActionNotAllowed
from sila_ot2.robot import wire
from sila_ot2.store.database import METADATA, open_database
from sila_ot2.store.journal import Journal
from sila_ot2.store.robot_serial import RobotSerialStore
from tests.fakes.scripted_robot import ScriptedRobot
from tests.interleavings.exploration import Announced, Play, Scenario
from tests.interleavings.primitives import World
from tests.interleavings.scheduler import ThreadResult

LOOK_UPS = LookUps(every_s=1.0, certain_after_s=2.0, for_s=5.0)


@functools.cache
def _engine() -> Engine:
    folder = tempfile.TemporaryDirectory()
    engine = open_database(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(engine.dispose)
    return engine


def empty_database() -> Engine:
    """Return a database without rows; the same for every schedule: to make one takes long."""
    with _engine().begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(delete(table))
    return _engine()


class RobotHangingOnStop(ScriptedRobot):
    """Gives no answer to the first stop until `answers` is set."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.hangs = False
        self.answers = world.threading.Event()

    def post_action(self, run_id: str, action: str, **more: Any) -> SimpleNamespace:
        if action != "stop" and self.runs_by_id[run_id].status in wire.ENDED_RUN_STATUSES:
            raise RunActionNotAllowed("the run has ended")
        answer = super().post_action(run_id, action, **more)
        if self.hangs:
            self.hangs = False
            self.answers.wait()
        return answer


class SendingParts:
    """The parts of a driver that send requests, with a robot in memory."""

    def __init__(self, world: World) -> None:
        """Make it, with a run of ours that is current."""
        self.world = world
        self.robot = RobotHangingOnStop(world)
        self.journal = Journal(empty_database())
        asked: Any = Announced(self.robot, world.scheduler)
        self.request_log = RequestLog(asked, self.journal, look_ups=LOOK_UPS, monotonic=world.now_s)
        self.ownership = Ownership(
            asked, self.journal, self.request_log, RobotIdentity(asked, RobotSerialStore(empty_database()))
        )
        self.asked = asked
        self.state: Observable[SimpleNamespace] = Observable(SimpleNamespace(run=None))

    def create_run(self, *, status: str = "running") -> str:
        """Create a run of ours, and let it be under way."""
        run_id = self.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[])).id
        self.robot.runs_by_id[run_id].status = status
        self.robot.runs_by_id[run_id].actions = [SimpleNamespace(id="begun", action_type="play")]
        self.ownership.refresh()
        return run_id

    def actions(self) -> RunActions:
        """Return what stops and pauses runs; a run is archived as soon as it has ended."""
        registry: Any = SimpleNamespace(
            is_archived=lambda run_id: self._record(run_id) is not None,
            view=self._view,
            collect=self._record,
            note_stop=lambda _: None,
        )
        monitor: Any = SimpleNamespace(state=self.state, wake=self.publish, show=self._show, wait_for=self._wait_for)
        return RunActions(self.asked, self.request_log, self.ownership, registry, monitor, stop_timeout_s=60.0)

    def publish(self) -> None:
        """Publish what the robot says of its run, as the monitor does."""
        current = next((run for run in self.robot.runs_by_id.values() if run.current), None)
        shown = current and SimpleNamespace(run_id=current.id, robot_status=current.status)
        self.state.set(SimpleNamespace(run=shown))

    def executed(self, what: str) -> int:
        """How often the robot has done something."""
        return sum(one.startswith(what) for one in self.robot.executed)

    def check_settled(self) -> None:
        """Nothing is open, and the owner is what the robot says."""
        assert self.request_log.unknown == ()
        assert self.journal.unresolved() == []
        current = next((run for run in self.robot.runs_by_id.values() if run.current), None)
        shown = self.ownership.current.value
        right: object = NoOwner()
        if current is not None and current.status not in wire.ENDED_RUN_STATUSES:
            right = RunOwner(current.id, current.status)
        assert shown == right, f"shown is {shown}, right is {right}"

    def _record(self, run_id: str) -> Any:
        status = self.robot.runs_by_id[run_id].status
        ended = status in wire.ENDED_RUN_STATUSES
        return SimpleNamespace(restarted=False, result=status) if ended else None

    def _view(self, run_id: str) -> Any:
        return SimpleNamespace(record=self._record(run_id), robot_status=self.robot.runs_by_id[run_id].status)

    def _show(self, is_shown: Any) -> None:
        self.publish()
        assert is_shown(self.state.value.run)

    def _wait_for(self, look: Any, *, timeout_s: float, cancelled: Any) -> Any:
        return wait_until(self.state, look, timeout_s=timeout_s, ends=(cancelled,))


def unless(results: Mapping[str, ThreadResult], *allowed: type[BaseException]) -> dict[str, BaseException]:
    """Return the errors by thread; one that is not allowed is raised."""
    found = {name: result.error for name, result in results.items() if result.error is not None}
    for error in found.values():
        if not isinstance(error, allowed):
            raise error
    return found


def stop_and_end(world: World) -> Play:
    """A run is stopped while it ends by itself: it has stopped or succeeded, and the stop says which."""
    driver = SendingParts(world)
    run_id, actions = driver.create_run(), driver.actions()

    def end() -> None:
        run = driver.robot.runs_by_id[run_id]
        world.scheduler.point("the last command ends")
        if run.status == "running":
            run.status = "succeeded"
        driver.ownership.refresh()
        driver.publish()

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results)
        assert results["client"].value.result in ("stopped", "succeeded")  # type: ignore[attr-defined]
        assert driver.executed("stop") <= 1
        driver.ownership.refresh()
        driver.check_settled()

    def stop() -> Any:
        return actions.stop(run_id, cancelled=world.cancellation())

    return Play({"client": stop, "robot": end}, check)


def two_stops(world: World) -> Play:
    """The first of two stops hangs until the second has returned: the second waits for nothing of it."""
    driver = SendingParts(world)
    run_id, actions = driver.create_run(), driver.actions()
    driver.robot.hangs = True
    returned: list[str] = []

    def stop(name: str) -> Any:
        record = actions.stop(run_id, cancelled=world.cancellation())
        returned.append(name)
        driver.robot.answers.set()
        return record

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results)
        assert len(returned) == 2
        assert driver.robot.runs_by_id[run_id].status == "stopped"
        driver.ownership.refresh()
        driver.check_settled()

    return Play({"first": lambda: stop("first"), "second": lambda: stop("second")}, check)


def pause_and_stop(world: World) -> Play:
    """A run is paused by one client and stopped by another: it is stopped, whoever came first."""
    driver = SendingParts(world)
    run_id, actions = driver.create_run(), driver.actions()

    def check(results: Mapping[str, ThreadResult]) -> None:
        errors = unless(results, RunActionNotAllowed)
        assert "stop" not in errors
        assert driver.executed("stop") == 1
        assert driver.executed("pause") <= 1
        assert driver.robot.runs_by_id[run_id].status == "stopped"
        if "pause" not in errors:
            assert driver.robot.executed[-1].startswith("stop")
        driver.ownership.refresh()
        driver.check_settled()

    return Play(
        {
            "pause": lambda: actions.pause(run_id),
            "stop": lambda: actions.stop(run_id, cancelled=world.cancellation()),
        },
        check,
    )


def look_up_and_reading(world: World) -> Play:
    """The answer to a command is lost; it is looked up while the monitor reads the robot and looks it up, too."""
    driver = SendingParts(world)
    run_id = driver.create_run()
    driver.robot.next_acting = "lost after"

    def command() -> str:
        return str(driver.request_log.perform(CommandRequest(run_id=run_id, command_type="home", params={})).status)

    def monitor() -> None:
        driver.ownership.refresh()
        driver.request_log.settle_open()
        driver.robot.runs_by_id[run_id].status = "paused"  # by another client
        driver.ownership.refresh()

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results)
        assert results["client"].value == "succeeded"
        assert len(driver.robot.executed) == 2  # the run's creation and the command
        driver.check_settled()

    return Play({"client": command, "monitor": monitor}, check)


def old_and_new_reading(world: World) -> Play:
    """Two readings of the robot overlap while its run changes: the newer one stands."""
    driver = SendingParts(world)
    run_id = driver.create_run()

    def pause_and_read() -> None:
        driver.robot.runs_by_id[run_id].status = "paused"
        driver.ownership.refresh()

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results)
        driver.check_settled()

    return Play({"monitor": driver.ownership.refresh, "client": pause_and_read}, check)


def end_of_driver(world: World) -> Play:
    """The driver ends while it looks up what became of a start: the next one knows of it, or it is settled."""
    driver = SendingParts(world)
    run_id = driver.create_run(status="idle")
    driver.robot.runs_by_id[run_id].actions = []
    driver.robot.next_acting = "lost after"
    driver.robot.silent_after_acting = 2

    def start() -> None:
        driver.request_log.perform(RunActionRequest(run_id=run_id, action="play", actions_before=[]))

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results, OutcomeUnknown)
        assert driver.executed("play") == 1
        driver.journal.flush()
        driver.robot.silent_gets = 0
        asked: Any = driver.robot
        following = RequestLog(asked, Journal(_engine()), look_ups=LOOK_UPS, monotonic=world.now_s)
        assert bool(following.unknown) == (results["client"].error is not None)
        assert following.settle_open(), "the next driver cannot find it"
        assert driver.executed("play") == 1

    return Play({"client": start, "driver": driver.request_log.close}, check)


def creation_and_reading(world: World) -> Play:
    """A run of ours is being created while the monitor reads: it is never shown as somebody else's."""
    driver = SendingParts(world)
    driver.ownership.refresh()
    shown: list[str] = []
    driver.ownership.current.subscribe(lambda owner: shown.append(type(owner).__name__))

    def create() -> None:
        run = driver.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
        driver.ownership.note_run(run)

    def check(results: Mapping[str, ThreadResult]) -> None:
        unless(results)
        assert "ForeignOwner" not in shown
        driver.check_settled()

    return Play({"client": create, "monitor": driver.ownership.refresh}, check)


MODULES = ("requests/request_log.py", "ownership/ownership.py")
OF_ROBOTS = (
    Scenario("stop against the end of a run", stop_and_end, ("runs/actions.py", "runs/confirmation.py")),
    Scenario("two stops, the first hanging", two_stops, ("runs/actions.py", "runs/confirmation.py")),
    Scenario("pause against stop", pause_and_stop, ("runs/actions.py", "runs/confirmation.py")),
    Scenario("look-up against a new reading", look_up_and_reading, MODULES),
    Scenario("an old reading against a new one", old_and_new_reading, MODULES),
    Scenario("the end of the driver against a command under way", end_of_driver, MODULES),
    Scenario("creation against a reading", creation_and_reading, MODULES),
)
