"""Latch, shaking and lid in every situation: the right answer, and carried out at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule
from sila_ot2.driver.modules import heater_shaker, thermocycler
from sila_ot2.driver.modules.gantry_commands import GantryCommand, GantryCommands
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.errors import (
    CommandCancelled,
    DeckUnsafe,
    DoorOpen,
    ModuleFailed,
    ModuleMissing,
    ModuleNotLoaded,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotUnreachable,
    RunStillActive,
    SafetyStopActive,
)
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import parts_of
from tests.fakes.robot_in_memory import command as robot_command
from tests.unit.driver.modules.test_set_points import MODELS, SELDOM
from tests.waiting import wait_for

COMMANDS: dict[str, GantryCommand] = {
    "HeaterShaker.SetShakeSpeed": heater_shaker.shake(500),
    "HeaterShaker.OpenLatch": heater_shaker.open_latch(),
    "HeaterShaker.CloseLatch": heater_shaker.close_latch(),
    "Thermocycler.OpenLid": thermocycler.open_lid(),
    "Thermocycler.CloseLid": thermocycler.close_lid(),
}


class PlanningSession:
    """Plans what it is asked for, with what is loaded in it, and carries out nothing."""

    def __init__(self) -> None:
        self.deck_state = DeckState()
        self.planned: list[PlannedCommand] = []

    def perform(self, name: str, plan: CommandPlan, **_: Any) -> list[Any]:
        self.planned += plan(self.deck_state)
        return []


class GantryParts:
    """The driver's parts on a robot with one module of each kind."""

    def __init__(self, state: Path) -> None:
        self.robot = ModuleRobot()
        for model in MODELS.values():
            self.robot.attach(model)
        self.parts = parts_of(self.robot, state, SELDOM)
        self.session = PlanningSession()
        self.cancelled = Cancellation()
        client = self.robot.client()
        self.commands = GantryCommands(
            client,
            StatelessCommands(client, self.parts.request_log),
            self.parts.ownership,
            self.parts.monitor,
            self.session,  # type: ignore[arg-type]
            self.parts.tips_left_behind,
        )

    def outcome(self, command: GantryCommand) -> str | None:
        try:
            self.commands.perform(command, "", cancelled=self.cancelled)
        except OT2Fault as fault:
            return fault.identifier
        return None

    def serial(self, command: GantryCommand) -> str:
        return f"SIM-{MODELS[command.kind]}"


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GantryParts]:
    monkeypatch.setattr("sila_ot2.driver.modules.gantry_commands.ENDS_WITHIN_S", 0.0)
    driver = GantryParts(tmp_path)
    yield driver
    driver.parts.close()


def _session(driver: GantryParts, command: GantryCommand) -> None:
    driver.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[]))


def _own_run(driver: GantryParts, command: GantryCommand) -> None:
    run = driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
    driver.robot.runs[run.id]["status"] = "paused"


def _own_run_created(driver: GantryParts, command: GantryCommand) -> None:
    driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))


def _maintenance_run(driver: GantryParts, command: GantryCommand) -> None:
    driver.robot.maintenance = {"id": "m", "status": "idle", "current": True, "createdAt": "2026-01-01T00:00:00Z"}


def _earlier_outcome_unknown(driver: GantryParts, command: GantryCommand) -> None:
    driver.robot.faults += [("POST", "/runs", "lost after"), ("GET", "/runs", "always refused")]
    with pytest.raises(OutcomeUnknown):
        driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
    driver.robot.faults.clear()


def _door_open(driver: GantryParts, command: GantryCommand) -> None:
    driver.robot.door_is_open = True


def _ended_with_a_tip(driver: GantryParts, command: GantryCommand) -> None:
    """Nobody has read the robot since."""
    run_id = driver.robot.add_run("stopped", actions=[driver.robot.action("stop")])
    driver.robot.commands[run_id].append(robot_command("pickUpTip", 0, pipetteId="p"))


def _stopped(driver: GantryParts, command: GantryCommand) -> None:
    def latched() -> None:
        raise SafetyStopActive("latched")

    driver.parts.request_log._require_released = latched


def _answer_lost_before(driver: GantryParts, command: GantryCommand) -> None:
    driver.robot.note_earlier_command()
    driver.robot.faults.append(("POST", "/commands", "lost before"))


def _fault(*faults: tuple[str, str, str]) -> Callable[[GantryParts, GantryCommand], None]:
    return lambda driver, command: driver.robot.faults.extend(faults)


SITUATIONS: dict[str, tuple[Callable[[GantryParts, GantryCommand], Any], type[OT2Fault] | None, int]] = {
    "no run": (lambda driver, command: None, None, 1),
    "session without the module": (_session, ModuleNotLoaded, 0),
    "own run": (_own_run, RunStillActive, 0),
    "own run that was not started": (_own_run_created, None, 1),
    "foreign run": (lambda driver, command: driver.robot.add_run("running"), RobotBusy, 0),
    "foreign run that was not started": (lambda driver, command: driver.robot.add_run("idle"), RobotBusy, 0),
    "maintenance run": (_maintenance_run, RobotBusy, 0),
    "module missing": (lambda driver, command: driver.robot.modules.pop(driver.serial(command)), ModuleMissing, 0),
    "unplugged in between": (lambda b, command: setattr(b.robot, "unplug", b.serial(command)), ModuleMissing, 0),
    "answer lost, carried out": (_fault(("POST", "/commands", "lost after")), None, 1),
    "answer lost, not carried out": (_answer_lost_before, RobotUnreachable, 0),
    "answer lost, not carried out, first since its start": (
        _fault(("POST", "/commands", "lost before")),
        OutcomeUnknown,
        0,
    ),
    "answer lost, robot silent": (
        _fault(
            ("POST", "/commands", "lost after"),
            ("GET", "/commands", "passed"),
            ("GET", "/commands", "always refused"),
        ),
        OutcomeUnknown,
        1,
    ),
    "unreachable": (_fault(("*", ".*", "always refused")), RobotUnreachable, 0),
    "hangs": (lambda driver, command: setattr(driver.robot, "hangs", True), ModuleFailed, 0),
    "cancelled": (lambda driver, command: driver.cancelled.set(), CommandCancelled, 0),
    "earlier outcome unknown": (_earlier_outcome_unknown, OutcomeUnknown, 0),
    "tip in doubt": (lambda driver, command: driver.parts.uncertain_tips.add(["left"], "Why."), NotReconciled, 0),
    "a run has just ended with a tip on": (_ended_with_a_tip, NotReconciled, 0),
    "door open": (_door_open, DoorOpen, 0),
    "safety stop": (_stopped, SafetyStopActive, 0),
}


@pytest.mark.slow  # every situation with every one
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_each_is_answered_correctly_and_carried_out_at_most_once(
    driver: GantryParts, name: str, situation: str
) -> None:
    command = COMMANDS[name]
    bring_about, fault, times = SITUATIONS[situation]
    bring_about(driver, command)
    assert driver.outcome(command) == (fault and fault.__name__)
    assert driver.robot.executed == [command.command_types[-1]] * times
    assert driver.robot.count("POST /commands") <= 1
    assert driver.session.planned == []


@pytest.mark.parametrize("name", COMMANDS)
def test_in_a_session_they_are_commands_of_the_session(driver: GantryParts, name: str) -> None:
    command = COMMANDS[name]
    _session(driver, command)
    loaded = SessionModule("m1", MODELS[command.kind], "1", driver.serial(command))
    other = SessionModule("m0", MODELS[command.kind], "3", "another")
    driver.session.deck_state = DeckState(modules={"m0": other, "m1": loaded})
    assert driver.outcome(command) is None
    assert [planned.command_type for planned in driver.session.planned] == list(command.command_types)
    assert {planned.params["moduleId"] for planned in driver.session.planned} == {"m1"}
    assert driver.robot.executed == []


@pytest.mark.parametrize("in_session", [False, True])
def test_clients_see_what_a_command_has_done_that_failed(
    driver: GantryParts, in_session: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = "SIM-heaterShakerModuleV1"
    driver.robot.reported(serial)["labwareLatchStatus"] = "idle_open"
    if in_session:
        _session(driver, COMMANDS["HeaterShaker.CloseLatch"])
    driver.parts.monitor.start()

    def shown() -> Any:
        modules = driver.parts.monitor.state.value.machine.modules
        return modules and next(one.data for one in modules.value if one.serial_number == serial)["labwareLatchStatus"]

    wait_for(lambda: shown() == "idle_open")

    def close_and_fail(*_: Any, **__: Any) -> None:
        driver.robot.reported(serial)["labwareLatchStatus"] = "idle_closed"
        raise CommandCancelled("It had been carried out all the same.", moved=Movement.SOME)

    monkeypatch.setattr(driver.session if in_session else driver.commands._commands, "perform", close_and_fail)
    assert driver.outcome(COMMANDS["HeaterShaker.CloseLatch"]) == CommandCancelled.__name__
    assert shown() == "idle_closed"


@pytest.mark.parametrize(
    ("name", "reported"),
    [
        ("HeaterShaker.SetShakeSpeed", {"labwareLatchStatus": "idle_open"}),
        ("HeaterShaker.SetShakeSpeed", {"labwareLatchStatus": "idle_unknown"}),
        ("HeaterShaker.SetShakeSpeed", {"labwareLatchStatus": "closing"}),
        ("HeaterShaker.OpenLatch", {"speedStatus": "holding at target", "currentSpeed": 500}),
        ("HeaterShaker.OpenLatch", {"speedStatus": "slowing down", "currentSpeed": 50}),
    ],
)
@pytest.mark.parametrize("begin", [lambda driver, command: None, _session], ids=["no run", "session"])
def test_the_module_itself_decides_what_is_safe(
    driver: GantryParts, name: str, reported: dict[str, Any], begin: Callable[[GantryParts, GantryCommand], None]
) -> None:
    begin(driver, COMMANDS[name])
    driver.robot.reported("SIM-heaterShakerModuleV1").update(reported)
    assert driver.outcome(COMMANDS[name]) == DeckUnsafe.__name__
    assert driver.robot.executed == []
    assert driver.session.planned == []


def test_no_setting_lets_a_module_command_displace_another_clients_run(driver: GantryParts) -> None:
    """No setting lets a command beside all runs displace it."""
    driver.robot.add_run("idle")
    with pytest.raises(RobotBusy) as refused:
        driver.commands.perform(heater_shaker.open_latch(), "", cancelled=driver.cancelled)
    assert "displace" not in str(refused.value)
