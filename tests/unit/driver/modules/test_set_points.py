"""Every set-point in every situation: the right answer, and carried out at most once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from sila_ot2.driver.modules import heater_shaker, magnetic_module, temperature_module, thermocycler
from sila_ot2.driver.modules.kinds import ModuleKind, choose_module
from sila_ot2.driver.modules.set_points import SetPoint, SetPoints
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.requests.request import CreateRunRequest, request_from
from sila_ot2.driver.requests.stateless_command import StatelessCommandRequest
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWait
from sila_ot2.errors import (
    ModuleAmbiguous,
    ModuleFailed,
    ModuleMissing,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotUnreachable,
    RunStillActive,
    SafetyStopActive,
    TargetOutOfRange,
)
from sila_ot2.store.handovers import Direction, Handover
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import Parts, parts_of

SET_POINTS: dict[str, SetPoint] = {
    "TemperatureModule.SetTemperature": temperature_module.temperature(37.0),
    "TemperatureModule.Deactivate": temperature_module.off(),
    "HeaterShaker.SetHeaterTemperature": heater_shaker.temperature(45.5),
    "HeaterShaker.DeactivateHeater": heater_shaker.heater_off(),
    "HeaterShaker.DeactivateShaker": heater_shaker.shaker_off(),
    "Thermocycler.SetBlockTemperature": thermocycler.block_temperature(94.5, 50.0),
    "Thermocycler.DeactivateBlock": thermocycler.block_off(),
    "Thermocycler.SetLidTemperature": thermocycler.lid_temperature(105.0),
    "Thermocycler.DeactivateLid": thermocycler.lid_off(),
    "MagneticModule.Engage": magnetic_module.engage(6.5),
    "MagneticModule.Disengage": magnetic_module.disengage(),
}
MODELS = {
    ModuleKind.TEMPERATURE_MODULE: "temperatureModuleV2",
    ModuleKind.HEATER_SHAKER: "heaterShakerModuleV1",
    ModuleKind.THERMOCYCLER: "thermocyclerModuleV2",
    ModuleKind.MAGNETIC_MODULE: "magneticModuleV2",
}
SELDOM = Intervals(active_s=600, idle_s=600, equipment_s=600, slow_s=600, settle_s=0.0)


class SetPointParts:
    """The driver's parts on a robot with one module of each kind."""

    def __init__(self, state: Path) -> None:
        self.robot = ModuleRobot()
        for model in MODELS.values():
            self.robot.attach(model)
        self.parts: Parts = parts_of(self.robot, state, SELDOM)
        self.restart()

    def restart(self) -> None:
        """Make connections to the robot as it answers now."""
        client = self.robot.client()
        self.parts.request_log._robot = self.parts.request_log._lost._robot = client
        commands = StatelessCommands(client, self.parts.request_log)
        self.set_points = SetPoints(client, commands, self.parts.ownership, self.parts.monitor)

    def watch(self, set_point: SetPoint) -> None:
        """Watch the robot: a temperature's target is confirmed when the module reports it."""
        if set_point.sets_temperature:
            self.parts.monitor.start()

    def serial(self, set_point: SetPoint) -> str:
        return f"SIM-{MODELS[set_point.kind]}"

    def outcome(self, set_point: SetPoint) -> str | None:
        """Return the identifier of the error."""
        try:
            self.set_points.set(set_point, "")
        except OT2Fault as fault:
            return fault.identifier
        return None


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetPointParts]:
    monkeypatch.setattr("sila_ot2.driver.modules.set_points.ENDS_WITHIN_S", 0.0)
    driver = SetPointParts(tmp_path)
    yield driver
    driver.parts.close()


Outcome = type[OT2Fault] | None


def _nothing(driver: SetPointParts, set_point: SetPoint) -> None:
    pass


def _session(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[]))


def _own_run(driver: SetPointParts, set_point: SetPoint) -> None:
    run = driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
    driver.robot.runs[run.id]["status"] = "running"


def _own_run_created(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))


def _foreign_run(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.add_run("paused")


def _run_that_has_just_begun(driver: SetPointParts, set_point: SetPoint) -> None:
    """Begun by somebody between our reading and our request: the robot itself refuses."""
    answer = driver.robot.answer

    def begin(request: object) -> object:
        if getattr(request, "method", "") == "POST":
            driver.robot.add_run("running")
        return answer(request)  # type: ignore[arg-type]

    driver.robot.answer = begin  # type: ignore[method-assign,assignment]
    driver.restart()


def _maintenance_run(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.maintenance = {"id": "m", "status": "idle", "current": True, "createdAt": "2026-01-01T00:00:00Z"}


def _module_missing(driver: SetPointParts, set_point: SetPoint) -> None:
    del driver.robot.modules[driver.serial(set_point)]


def _unplugged_in_between(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.unplug = driver.serial(set_point)


def _two_modules(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.attach(MODELS[set_point.kind], "second")


def _answer_lost_after(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.faults.append(("POST", "/commands", "lost after"))


def _answer_lost_before(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.note_earlier_command()
    driver.robot.faults.append(("POST", "/commands", "lost before"))


def _first_answer_lost_before(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.faults.append(("POST", "/commands", "lost before"))


def _lost_and_silent(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.faults.append(("POST", "/commands", "lost after"))
    driver.robot.faults.append(("GET", "/commands", "passed"))
    driver.robot.faults.append(("GET", "/commands", "always refused"))


def _unreachable(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.faults.append(("*", ".*", "always refused"))


def _hangs(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.hangs = True


def _hangs_and_says_nothing(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.hangs = True
    driver.robot.faults.append(("GET", "/commands/.*", "always 500"))


def _earlier_outcome_unknown(driver: SetPointParts, set_point: SetPoint) -> None:
    driver.robot.faults.append(("POST", "/runs", "lost after"))
    driver.robot.faults.append(("GET", "/runs", "always refused"))
    with pytest.raises(OutcomeUnknown):
        driver.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
    driver.robot.faults.clear()


SITUATIONS: dict[str, tuple[Callable[[SetPointParts, SetPoint], None], Outcome, Outcome, int]] = {
    "no run": (_nothing, None, None, 1),
    "session": (_session, None, None, 1),
    "own run": (_own_run, RunStillActive, RunStillActive, 0),
    "own run that was not started": (_own_run_created, None, None, 1),
    "foreign run": (_foreign_run, RobotBusy, RobotBusy, 0),
    "run that has just begun": (_run_that_has_just_begun, RobotBusy, RobotBusy, 0),
    "maintenance run": (_maintenance_run, None, None, 1),
    "module missing": (_module_missing, ModuleMissing, ModuleMissing, 0),
    "unplugged in between": (_unplugged_in_between, ModuleMissing, ModuleMissing, 0),
    "two modules": (_two_modules, ModuleAmbiguous, ModuleAmbiguous, 0),
    "answer lost, carried out": (_answer_lost_after, None, None, 1),
    "answer lost, not carried out": (_answer_lost_before, RobotUnreachable, RobotUnreachable, 0),
    "answer lost, not carried out, first since its start": (
        _first_answer_lost_before,
        OutcomeUnknown,
        OutcomeUnknown,
        0,
    ),
    "answer lost, robot silent": (_lost_and_silent, OutcomeUnknown, OutcomeUnknown, 1),
    "unreachable": (_unreachable, RobotUnreachable, RobotUnreachable, 0),
    "hangs": (_hangs, ModuleFailed, ModuleFailed, 0),
    "hangs, and the robot does not describe it": (_hangs_and_says_nothing, ModuleFailed, ModuleFailed, 0),
    "earlier outcome unknown": (_earlier_outcome_unknown, OutcomeUnknown, None, 1),
}
"""What brings it about, the error of what sets something and of what switches off, and how often it is carried out if
there is no error or it is not known."""


@pytest.mark.slow  # every situation with every one
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", SET_POINTS)
def test_each_is_answered_correctly_and_carried_out_once_at_most(
    driver: SetPointParts, name: str, situation: str
) -> None:
    set_point = SET_POINTS[name]
    bring_about, setting, switching_off, times = SITUATIONS[situation]
    bring_about(driver, set_point)
    expected = switching_off if set_point.switches_off else setting
    if expected is None:
        driver.watch(set_point)
    assert driver.outcome(set_point) == (expected and expected.__name__)
    times = times if expected in (None, OutcomeUnknown) else 0
    if situation == "earlier outcome unknown":
        times = int(set_point.switches_off)
    assert driver.robot.executed == [set_point.command_type] * times
    assert driver.robot.count("POST /commands") <= 1


def test_the_module_that_is_named_is_controlled(driver: SetPointParts) -> None:
    driver.robot.attach("temperatureModuleV2", "second")
    driver.parts.monitor.start()
    driver.set_points.set(temperature_module.temperature(40.4), "second")
    assert driver.robot.reported("second")["targetTemperature"] == 40
    assert "targetTemperature" not in driver.robot.reported("SIM-temperatureModuleV2")


def test_a_module_of_another_kind_is_refused_by_its_name(driver: SetPointParts) -> None:
    with pytest.raises(ModuleMissing, match="magneticModuleV2"):
        driver.set_points.set(temperature_module.off(), "SIM-magneticModuleV2")
    attached = driver.robot.client().modules()
    with pytest.raises(ModuleMissing, match="there is: SIM-temperatureModuleV2"):
        choose_module(attached, ModuleKind.TEMPERATURE_MODULE, "elsewhere")


def test_clients_see_it_when_the_command_ends(driver: SetPointParts) -> None:
    driver.parts.monitor.start()
    driver.set_points.set(temperature_module.temperature(37.0), "")
    modules = driver.parts.monitor.state.value.machine.modules
    assert modules is not None
    assert [m.data.get("targetTemperature") for m in modules.value if "temperature" in m.module_type] == [37.0]


def test_the_safety_stop_lets_through_what_switches_off(driver: SetPointParts) -> None:
    def latched() -> None:
        raise SafetyStopActive("latched")

    driver.parts.request_log._require_released = latched
    for name, set_point in SET_POINTS.items():
        assert driver.outcome(set_point) == (None if set_point.switches_off else "SafetyStopActive"), name


@pytest.mark.parametrize("name", SET_POINTS)
def test_a_pending_hand_over_refuses_only_what_moves_in_the_module(driver: SetPointParts, name: str) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    driver.parts.handovers.begin(Handover("1", Direction.INPUT, 1, "plate", "", now))
    moves = name == "MagneticModule.Engage"
    driver.watch(SET_POINTS[name])
    assert driver.outcome(SET_POINTS[name]) == ("RunActionNotAllowed" if moves else None)
    assert driver.robot.executed == ([] if moves else [SET_POINTS[name].command_type])


@pytest.mark.parametrize("name", SET_POINTS)
def test_a_wait_that_goes_on_in_an_aborted_run_refuses_only_what_moves_in_the_module(
    driver: SetPointParts, name: str
) -> None:
    driver.parts.unended_waits.current.set((UnendedWait("r", "c", "waitForDuration"),))
    moves = name == "MagneticModule.Engage"
    driver.watch(SET_POINTS[name])
    assert driver.outcome(SET_POINTS[name]) == ("RobotBusy" if moves else None)


@pytest.mark.parametrize("latch", ["idle_open", "idle_unknown", "opening", "closing"])
def test_a_still_shaker_is_off_although_the_robot_refuses_to_stop_it_while_its_latch_is_not_closed(
    driver: SetPointParts, latch: str
) -> None:
    driver.robot.reported("SIM-heaterShakerModuleV1")["labwareLatchStatus"] = latch
    driver.set_points.switch_off(heater_shaker.shaker_off(), "")
    assert driver.robot.executed == []


@pytest.mark.parametrize("changed", [{}, {"labwareLatchStatus": "idle_open", "speedStatus": "slowing down"}])
def test_a_shaker_that_may_shake_is_stopped(driver: SetPointParts, changed: dict[str, str]) -> None:
    driver.robot.reported("SIM-heaterShakerModuleV1").update(changed)
    driver.set_points.switch_off(heater_shaker.shaker_off(), "")
    assert driver.robot.executed == ["heaterShaker/deactivateShaker"]


def test_a_request_is_read_again_from_the_journal() -> None:
    request = StatelessCommandRequest(command_type="home", params={}, wait_s=1, commands_before=3)
    assert request_from(request.model_dump_json()) == request


def test_a_robot_that_has_restarted_cannot_tell(driver: SetPointParts) -> None:
    client = driver.robot.client()
    driver.set_points.set(temperature_module.off(), "")
    request = StatelessCommandRequest.to(client, "temperatureModule/deactivate", {}, wait_s=1)
    assert request.commands_before == 1
    driver.robot.stateless.clear()
    with pytest.raises(OutcomeUnknown, match="restarted"):
        request.find(client)


def test_a_robot_that_has_restarted_and_carried_out_as_many_commands_cannot_tell(driver: SetPointParts) -> None:
    client = driver.robot.client()
    driver.robot.note_earlier_command()
    request = StatelessCommandRequest.to(client, "home", {}, wait_s=1)
    driver.robot.stateless.clear()
    driver.robot.note_earlier_command()
    driver.robot.stateless[0]["id"] = "of-another-client"
    driver.robot.note_earlier_command()
    with pytest.raises(OutcomeUnknown, match="restarted"):
        request.find(client)


def test_a_robot_that_had_no_commands_cannot_tell_after_a_restart_and_finds_a_late_one(driver: SetPointParts) -> None:
    """Its list is empty before, and would be after a restart."""
    log = driver.parts.request_log
    driver.robot.faults.append(("POST", "/commands", "lost after"))
    hidden: list[dict[str, object]] = []
    answer = driver.robot.answer

    def forgetful(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path == "/commands" and driver.robot.stateless:
            hidden.extend(driver.robot.stateless)
            driver.robot.stateless.clear()
        return answer(request)

    driver.robot.answer = forgetful  # type: ignore[method-assign]
    driver.restart()
    with pytest.raises(OutcomeUnknown, match="restarted"):
        driver.set_points.set(temperature_module.temperature(37.0), "")
    assert not log.settle_open()
    other = {**hidden[0], "id": "other", "key": "other"}
    driver.robot.answer = answer  # type: ignore[method-assign]
    driver.restart()
    driver.robot.stateless[:] = [other]
    assert not log.settle_open()
    driver.robot.stateless[:] = [other, *hidden]
    assert log.settle_open()
    assert driver.robot.executed == ["temperatureModule/setTargetTemperature"]


@pytest.mark.parametrize(("model", "highest_mm"), [("magneticModuleV1", 20.0), ("magneticModuleV2", 22.5)])
def test_magnets_are_raised_as_far_as_their_generation_goes(
    driver: SetPointParts, model: str, highest_mm: float
) -> None:
    serial = driver.robot.attach(model, "other")
    driver.set_points.set(magnetic_module.engage(highest_mm), serial)
    assert driver.robot.reported(serial)["height"] == highest_mm
    with pytest.raises(TargetOutOfRange, match=f"{highest_mm:g} mm"):
        driver.set_points.set(magnetic_module.engage(highest_mm + 0.1), serial)
    assert driver.robot.executed == ["magneticModule/engage"]
