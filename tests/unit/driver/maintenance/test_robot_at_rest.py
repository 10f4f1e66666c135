"""Whether the robot is at rest, asked of it at that moment: the condition of simulation mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from sila_ot2.driver.maintenance.robot_at_rest import RobotAtRest
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.errors import (
    ModuleBusy,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotChanged,
    RobotUnreachable,
    RunActionNotAllowed,
    RunStillActive,
    SafetyStopActive,
    SessionActive,
)
from sila_ot2.store.handovers import Direction, Handover
from sila_ot2.times import utc_now
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import Parts, create, parts_of


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(ModuleRobot(serial="moon"), tmp_path)
    parts.tips_left_behind.examine()
    yield parts
    parts.close()


def rest_of(parts: Parts) -> RobotAtRest:
    return RobotAtRest(
        parts.robot.client(), parts.ownership, parts.safety_stop, parts.handovers, parts.tips_left_behind,
        parts.unended_waits,
    )  # fmt: skip


def robot_of(parts: Parts) -> ModuleRobot:
    return cast(ModuleRobot, parts.robot)


def _our_session(parts: Parts) -> None:
    parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[]))


def _our_run(parts: Parts) -> None:
    create(parts)


def _foreign_run(status: str) -> Callable[[Parts], None]:
    def begin(parts: Parts) -> None:
        parts.robot.add_run(status)

    return begin


def _tip_left_behind(parts: Parts) -> None:
    """By a run that was never played, which has ended and of which this server has not heard yet."""
    run_id = parts.robot.add_run("stopped", actions=[])
    taken = {"id": "c", "key": "k", "commandType": "pickUpTip", "status": "succeeded", "params": {"pipetteId": "p"}}
    parts.robot.commands[run_id] = [{**taken, "createdAt": utc_now().isoformat()}]


def _work_with_the_app(parts: Parts) -> None:
    parts.robot.maintenance = {"id": "m", "status": "idle", "current": True, "createdAt": utc_now().isoformat()}


def _hand_over(parts: Parts) -> None:
    parts.handovers.begin(Handover("3", Direction.INPUT, 3, "", "", utc_now()))


def _safety_stop(parts: Parts) -> None:
    parts.safety_stop.latch()


def _heater(parts: Parts) -> None:
    robot_of(parts).attach("heaterShakerModuleV1", targetTemperature=40, currentTemperature=25)


def _shaker(parts: Parts) -> None:
    robot_of(parts).attach("heaterShakerModuleV1", targetSpeed=300, currentSpeed=300, speedStatus="holding at target")


def _unknown_outcome(parts: Parts) -> None:
    parts.robot.faults.append(("POST", "/runs", "lost before"))
    parts.robot.faults.append(("GET", "/runs", "always refused"))
    with pytest.raises(OT2Fault):
        create(parts)
    parts.robot.faults.clear()


def _silent(parts: Parts) -> None:
    parts.robot.faults.append(("*", ".*", "always refused"))


def _other_robot(parts: Parts) -> None:
    parts.ownership.identity.ask()
    parts.robot.serial = "another"


SOMEBODY = [
    (_our_session, SessionActive),
    (_our_run, RunStillActive),
    (_foreign_run("running"), RobotBusy),
    (_foreign_run("idle"), RobotBusy),  # a session of single commands may hold a tip
    (_tip_left_behind, NotReconciled),
    (_work_with_the_app, RobotBusy),
    (_safety_stop, SafetyStopActive),
    (_unknown_outcome, OutcomeUnknown),
    (_silent, RobotUnreachable),
    (_other_robot, RobotChanged),
]


@pytest.mark.parametrize(
    ("obstacle", "fault"),
    [*SOMEBODY, (_hand_over, RunActionNotAllowed), (_heater, ModuleBusy), (_shaker, ModuleBusy)],
)
def test_what_keeps_the_robot_from_being_at_rest(
    parts: Parts, obstacle: Callable[[Parts], None], fault: type[OT2Fault]
) -> None:
    obstacle(parts)
    with pytest.raises(fault):
        rest_of(parts).require()


@pytest.mark.parametrize(("obstacle", "fault"), SOMEBODY)
def test_whoever_uses_the_robot_keeps_it(
    parts: Parts, obstacle: Callable[[Parts], None], fault: type[OT2Fault]
) -> None:
    obstacle(parts)
    with pytest.raises(fault):
        rest_of(parts).require_nobody()


def test_a_module_that_heats_is_nobody_who_uses_the_robot(parts: Parts) -> None:
    _heater(parts)
    rest_of(parts).require_nobody()


def test_a_robot_with_hot_modules_and_tips_left_behind_is_at_rest(parts: Parts) -> None:
    robot_of(parts).attach("thermocyclerModuleV2", currentTemperature=80)
    parts.robot.add_run("succeeded")
    rest_of(parts).require()
