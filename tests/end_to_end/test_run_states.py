"""Every row of the table of run states and actions, through SiLA: of release 6.0 and later, and of release 5.0.

The robots differ, and this server says what the robot says; where a robot answers 201 and does nothing, it says that
nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sila_ot2.client import Execution, errors
from sila_ot2.client.generated.run_controller import CompletedRun, RunProgress
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, lasting
from tests.fakes.replay.robot import ReplayRobot
from tests.processes import SimulatorProcess
from tests.robot_under_test import is_since
from tests.waiting import wait_for

NOT_ALLOWED = "RunActionNotAllowed"
LASTING = lasting(3000)


class LaboratoryDoor:
    """A laboratory, and the door of its robot."""

    def __init__(
        self, lab: Laboratory, release: str, door: Callable[..., None], mind_door: Callable[..., None]
    ) -> None:
        self.lab = lab
        self.is_old = release == "5.0"
        self.set_door = door
        self.mind_door = mind_door

    def expect(self, *, since_6: str, in_5: str) -> str:
        return in_5 if self.is_old else since_6


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Laboratory, ReplayRobot]]:
    with ReplayRobot("5.0.0") as robot, laboratory(robot.url, tmp_path_factory.mktemp("state")) as lab:
        yield lab, robot


@pytest.fixture(params=["6.0 and later", pytest.param("5.0", marks=pytest.mark.simulator_only)])
def on(
    request: pytest.FixtureRequest, lab: Laboratory, robot: SimulatorProcess, old: tuple[Laboratory, ReplayRobot]
) -> Iterator[LaboratoryDoor]:
    if request.param != "5.0":
        yield LaboratoryDoor(
            lab,
            request.param if is_since(6, 0) else "5.0",
            lambda on: robot.control("door", open=on),
            lambda on: robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": on}),
        )
        return
    old_lab, replay = old

    def mind_door(on: bool) -> None:
        replay.door_safety = on

    yield LaboratoryDoor(old_lab, "5.0", lambda on: replay.set_door(open=on), mind_door)
    replay.set_door(open=False)
    mind_door(False)
    old_lab.clear()


def outcome(act: Callable[[], object]) -> str:
    """Do it; return the name of the SiLA error, or "done"."""
    try:
        act()
    except errors.DefinedExecutionError as error:
        return error.identifier.rsplit("/", 1)[-1]
    except errors.SilaError as error:
        name = str(error)
        return next((known for known in (NOT_ALLOWED, "RunNotFound", "DoorOpen") if known in name), name)
    return "done"


def running(on: LaboratoryDoor, text: str = LASTING) -> tuple[str, Execution[CompletedRun, RunProgress]]:
    run_id = on.lab.create(on.lab.upload(text))
    instance = on.lab.start(run_id)
    on.lab.until_status("Running", "PausedByDoor")
    return run_id, instance


def ended(on: LaboratoryDoor, how: str) -> str:
    """Return the id of a run that has ended like this and is still current."""
    if how == "Succeeded":
        return str(on.lab.run(on.lab.upload(QUICK)).run_identifier)
    run_id, _ = running(on)
    on.lab.stop(run_id)
    on.lab.until_status("Stopped")
    return run_id


def test_play_idle(on: LaboratoryDoor) -> None:
    run_id, _ = running(on)
    assert on.lab.current().status == "Running"
    on.lab.stop(run_id)


def test_pause_idle(on: LaboratoryDoor) -> None:
    run_id = on.lab.create(on.lab.upload(QUICK))
    assert outcome(lambda: on.lab.pause(run_id)) == NOT_ALLOWED  # release 5 would pause it; it is not asked
    on.lab.until_status("Idle")


def test_play_running(on: LaboratoryDoor) -> None:
    run_id, _ = running(on)
    assert outcome(lambda: on.lab.resume(run_id)) == NOT_ALLOWED  # a robot accepts it, and does nothing
    assert on.lab.status() == "Running"


def test_pause_running_and_paused_then_play_paused(on: LaboratoryDoor) -> None:
    run_id, _ = running(on)
    assert outcome(lambda: on.lab.pause(run_id)) == "done"
    on.lab.until_status("Paused")
    assert outcome(lambda: on.lab.pause(run_id)) == on.expect(since_6=NOT_ALLOWED, in_5="done")
    assert outcome(lambda: on.lab.resume(run_id)) == "done"
    on.lab.until_status("Running")


@pytest.mark.parametrize("paused", [False, True], ids=["running", "paused"])
def test_stop_running_or_paused(on: LaboratoryDoor, paused: bool) -> None:
    run_id, instance = running(on)
    if paused:
        on.lab.pause(run_id)
    assert on.lab.stop(run_id).final_status == "Stopped"
    assert outcome(lambda: finish(instance)) == "RunStopped"


def test_stop_idle_then_play(on: LaboratoryDoor) -> None:
    run_id = on.lab.create(on.lab.upload(QUICK))
    assert on.lab.stop(run_id).final_status == on.expect(since_6="Stopped", in_5="Succeeded")
    assert outcome(lambda: on.lab.resume(run_id)) == NOT_ALLOWED
    assert outcome(lambda: finish(on.lab.start(run_id))) == NOT_ALLOWED


@pytest.mark.parametrize("how", ["Succeeded", "Stopped"])
def test_actions_on_ended_run(on: LaboratoryDoor, how: str) -> None:
    run_id = ended(on, how)
    assert outcome(lambda: on.lab.resume(run_id)) == NOT_ALLOWED
    assert outcome(lambda: on.lab.pause(run_id)) == NOT_ALLOWED
    assert on.lab.stop(run_id).final_status == how
    assert on.lab.status() == how


def test_actions_on_run_that_is_not_current(on: LaboratoryDoor) -> None:
    run_id = ended(on, "Succeeded")
    on.lab.release(run_id)
    on.lab.until_status("NoRun")
    assert outcome(lambda: on.lab.pause(run_id)) == NOT_ALLOWED
    assert outcome(lambda: on.lab.resume(run_id)) == NOT_ALLOWED
    assert on.lab.stop(run_id).final_status == "Succeeded"


def test_actions_on_unknown_run(on: LaboratoryDoor) -> None:
    nobody = "12345678-1234-1234-1234-123456789012"
    assert outcome(lambda: on.lab.pause(nobody)) == "RunNotFound"
    assert outcome(lambda: on.lab.resume(nobody)) == "RunNotFound"
    assert outcome(lambda: on.lab.stop(nobody)) == "RunNotFound"
    assert outcome(lambda: on.lab.stop()) == "RunNotFound"


@pytest.mark.simulator_only
def test_play_idle_with_open_door(on: LaboratoryDoor) -> None:
    """From 7.0 on the door can be asked for, so the start is refused; before, the robot blocks the run at once."""
    on.mind_door(True)
    run_id = on.lab.create(on.lab.upload(QUICK))
    on.set_door(True)
    instance = on.lab.start(run_id)
    if not on.is_old:
        assert outcome(lambda: finish(instance)) == "DoorOpen"
        return
    on.lab.until_status("PausedByDoor")
    assert outcome(lambda: on.lab.resume(run_id)) == "DoorOpen"
    on.set_door(False)
    on.lab.until_status("Paused")
    on.lab.resume(run_id)
    assert finish(instance).result == "Succeeded"


@pytest.mark.simulator_only
def test_actions_on_run_blocked_by_the_door(on: LaboratoryDoor) -> None:
    on.mind_door(True)
    run_id, _ = running(on)
    on.set_door(True)
    on.lab.until_status("PausedByDoor")
    assert outcome(lambda: on.lab.resume(run_id)) == "DoorOpen"
    assert outcome(lambda: on.lab.pause(run_id)) == on.expect(since_6=NOT_ALLOWED, in_5="done")
    on.set_door(False)
    on.lab.until_status("Paused")  # closing resumes nothing
    on.lab.resume(run_id)
    on.lab.until_status("Running")


def test_new_run_while_one_is_active(on: LaboratoryDoor) -> None:
    identifier = on.lab.upload(LASTING)
    run_id, _ = running(on)
    with pytest.raises(errors.SilaError, match="StartRun"):  # the turn is held: refused at initiation
        on.lab.begin(identifier)
    on.lab.stop(run_id)
    wait_for(lambda: on.lab.obstacles() <= {"NotReconciled"})
    if on.lab.obstacles():  # it was stopped while it picked up a tip
        on.lab.reconcile()
