"""What is still on when a session or a run has ended, and switching it off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.driver.modules import temperature_module
from sila_ot2.driver.modules.active_parts import active_parts
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.modules.switch_off import SwitchOff, Work
from sila_ot2.driver.requests.request import CommandRequest, RunActionRequest
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.begun_profiles import BegunProfileStore
from sila_ot2.store.journal import Journal
from sila_ot2.store.runs import ActivePart, Origin, RunRecord, RunStart
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import SELDOM, Parts, create, parts_of
from tests.fakes.robot_in_memory import BEGIN
from tests.waiting import wait_for

ON: dict[str, dict[str, Any]] = {
    "temperatureModuleV2": {"status": "heating", "currentTemperature": 40.0, "targetTemperature": 70},
    "heaterShakerModuleV1": {
        "temperatureStatus": "holding at target", "currentTemperature": 45.0, "targetTemperature": 45.0,
        "speedStatus": "holding at target", "currentSpeed": 499, "targetSpeed": 500,
    },
    "thermocyclerModuleV2": {
        "status": "cooling", "currentTemperature": 30.0, "targetTemperature": 4.0, "lidTemperature": 90.0,
        "lidTargetTemperature": 105.0, "lidTemperatureStatus": "heating", "lidStatus": "closed",
    },
    "magneticModuleV2": {"status": "engaged", "engaged": True, "height": 6.5},
}  # fmt: skip
EVERYTHING_OFF = [
    "temperatureModule/deactivate", "heaterShaker/deactivateShaker", "heaterShaker/deactivateHeater",
    "thermocycler/deactivateBlock", "thermocycler/deactivateLid", "magneticModule/disengage",
]  # fmt: skip


class RobotBeforeListing(ModuleRobot):
    """Calls `before_list` once, before it lists the commands outside of runs."""

    before_list: Callable[[], None] | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path == "/commands" and self.before_list is not None:
            before, self.before_list = self.before_list, None
            before()
        return super().answer(request)


class ActiveModules:
    """A robot with one module of each kind, all of them on."""

    def __init__(self, state: Path) -> None:
        self.robot = RobotBeforeListing()
        for model, data in ON.items():
            self.robot.attach(model, **data)
        self.parts: Parts = parts_of(self.robot, state, SELDOM)
        self.client: RobotClient = self.robot.client()
        commands = StatelessCommands(self.client, self.parts.request_log)
        self.set_points = SetPoints(self.client, commands, self.parts.ownership, self.parts.monitor)
        interrupted = InterruptedProfiles(BegunProfileStore(self.parts.engine))
        self.profiles = Profiles(self.client, self.set_points, self.parts.monitor, self.parts.safety_stop, interrupted)

    def switch_off(self, *after: Work) -> SwitchOff:
        return SwitchOff(
            self.client, self.parts.request_log, self.parts.monitor.state, self.set_points, self.profiles, after
        )

    def play(self, run_id: str) -> None:
        """Run a protocol to its end."""
        self.parts.request_log.perform(RunActionRequest(run_id=run_id, action="play", actions_before=[]))
        self.robot.runs[run_id]["status"] = "succeeded"

    def set_plate(self) -> None:
        """Set it to the target that it has."""
        self.parts.monitor.start()
        self.set_points.set(temperature_module.temperature(70.0), "")

    def found(self) -> tuple[ActivePart, ...]:
        return active_parts(self.client.modules())


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[ActiveModules]:
    driver = ActiveModules(tmp_path)
    yield driver
    driver.parts.close()


def _record(
    parts: tuple[ActivePart, ...], purpose: str = "protocol", origin: Origin = "ThisServer", run_id: str = "r1"
) -> RunRecord:
    start = RunStart(run_id=run_id, origin=origin, purpose=purpose, created_at=BEGIN)
    return RunRecord(
        start=start, result="Succeeded", started_at=BEGIN, completed_at=BEGIN, seen_ended_at=BEGIN, active_parts=parts
    )


def _switching_has_ended() -> bool:
    return not any(thread.name == "switch modules off" for thread in threading.enumerate())


def test_every_part_that_is_on_is_named_with_what_it_does(driver: ActiveModules) -> None:
    assert [(part.part, part.activity) for part in driver.found()] == [
        ("Plate", "set to 70 °C, at 40.0 °C"),
        ("Shaker", "shakes at 499 rpm"),
        ("Heater", "set to 45 °C, at 45.0 °C"),
        ("Block", "set to 4 °C, at 30.0 °C"),
        ("Lid", "set to 105 °C, at 90.0 °C"),
        ("Magnets", "raised to 6.5 mm above the base of the labware"),
    ]


def test_idle_modules_are_not_named_and_what_is_off_and_hot_is(tmp_path: Path) -> None:
    robot = ModuleRobot()
    for model in ON:
        robot.attach(model)
    robot.attach("thermocyclerModuleV1", "TC", currentTemperature=81.0)
    assert [(part.serial_number, part.part, part.activity) for part in active_parts(robot.client().modules())] == [
        ("TC", "Block", "off, still at 81.0 °C")
    ]


def test_without_the_setting_a_session_leaves_everything_on_and_says_so(driver: ActiveModules) -> None:
    assert driver.switch_off("run").after_session(was_open=True) == driver.found()
    assert driver.robot.executed == []


def test_with_the_setting_a_session_leaves_nothing_on(driver: ActiveModules) -> None:
    still = driver.switch_off("session").after_session(was_open=True)
    assert driver.robot.executed == EVERYTHING_OFF
    assert [(part.part, part.target) for part in still] == [("Lid", None)]  # off, and still hot


def test_without_a_session_everything_stays_on_and_is_named(driver: ActiveModules) -> None:
    assert driver.switch_off("session").after_session(was_open=False) == driver.found()
    assert driver.robot.executed == []


def test_what_cannot_be_switched_off_is_named_and_keeps_nothing_else_on(driver: ActiveModules) -> None:
    driver.robot.unplug = "SIM-temperatureModuleV2"  # when the first command arrives
    still = driver.switch_off("session").after_session(was_open=True)
    assert driver.robot.executed == EVERYTHING_OFF[1:]
    assert [part.part for part in still] == ["Lid"]


def test_a_thermocycler_on_which_a_profile_runs_is_left_to_it(driver: ActiveModules) -> None:
    with driver.profiles._alone("SIM-thermocyclerModuleV2", 0):
        still = driver.switch_off("session").after_session(was_open=True)
    assert [part.part for part in still] == ["Block", "Lid"]
    assert not [name for name in driver.robot.executed if name.startswith("thermocycler/")]


def test_after_a_protocol_of_this_server_everything_is_switched_off(driver: ActiveModules) -> None:
    driver.switch_off("run").after_run(_record(driver.found()))
    wait_for(lambda: _switching_has_ended() or None)
    assert driver.robot.executed == EVERYTHING_OFF


def test_what_somebody_has_set_since_the_end_of_the_run_stays_on(driver: ActiveModules) -> None:
    found = driver.found()
    driver.robot.reported("SIM-temperatureModuleV2")["targetTemperature"] = 37
    driver.switch_off("run").after_run(_record(found))
    wait_for(lambda: _switching_has_ended() or None)
    assert driver.robot.executed == EVERYTHING_OFF[1:]


@pytest.mark.parametrize("when", ["before the start", "after the end", "in a session", "directly before it is sent"])
def test_what_this_server_has_set_since_stays_on_also_with_the_same_target(driver: ActiveModules, when: str) -> None:
    run_id, found = create(driver.parts), driver.found()
    if when == "before the start":
        driver.set_plate()
    driver.play(run_id)
    if when == "after the end":
        driver.set_plate()
    if when == "in a session":
        params = {"moduleId": "of the run", "celsius": 70.0}
        sent = CommandRequest(run_id="session", command_type="temperatureModule/setTargetTemperature", params=params)
        Journal(driver.parts.engine).open(sent.kind, sent.model_dump_json())
    if when == "directly before it is sent":
        driver.robot.before_list = driver.set_plate
    driver.switch_off("run").after_run(_record(found, run_id=run_id))
    wait_for(lambda: _switching_has_ended() or None)
    off = EVERYTHING_OFF if when == "before the start" else EVERYTHING_OFF[1:]
    assert [name for name in driver.robot.executed if name in EVERYTHING_OFF] == off


def test_another_module_of_the_kind_that_was_set_keeps_nothing_on(driver: ActiveModules) -> None:
    run_id, found = create(driver.parts), driver.found()
    driver.play(run_id)
    driver.robot.attach("temperatureModuleV2", "TM2")
    driver.parts.monitor.start()
    driver.set_points.set(temperature_module.temperature(4.0), "TM2")
    driver.switch_off("run").after_run(_record(found, run_id=run_id))
    wait_for(lambda: _switching_has_ended() or None)
    assert driver.robot.executed[1:] == EVERYTHING_OFF


@pytest.mark.parametrize(
    ("after", "purpose", "origin"),
    [("session", "protocol", "ThisServer"), ("run", "worklist", "ThisServer"), ("run", "protocol", "OtherClient")],
)
def test_after_other_runs_nothing_is_switched_off(
    driver: ActiveModules, after: Work, purpose: str, origin: Origin
) -> None:
    driver.switch_off(after).after_run(_record(driver.found(), purpose, origin))
    wait_for(lambda: _switching_has_ended() or None)
    assert driver.robot.executed == []


def test_the_record_of_a_run_says_what_was_on_at_its_end(driver: ActiveModules) -> None:
    registry: RunRegistry = driver.parts.registry
    registry._read_active_parts = driver.found
    run_id = create(driver.parts)
    registry.follow(driver.client.run(run_id))
    driver.robot.runs[run_id]["status"] = "stopped"
    record = registry.follow(driver.client.run(run_id)).record
    assert record is not None
    assert [part.part for part in record.active_parts] == ["Plate", "Shaker", "Heater", "Block", "Lid", "Magnets"]


def test_of_a_run_whose_end_was_not_seen_it_is_not_known(driver: ActiveModules) -> None:
    registry: RunRegistry = driver.parts.registry
    registry._read_active_parts = driver.found
    run_id = create(driver.parts)
    driver.robot.runs[run_id]["status"] = "stopped"
    record = registry.follow(driver.client.run(run_id)).record
    assert record is not None
    assert record.active_parts == ()


def test_a_robot_that_does_not_answer_is_not_waited_for_and_what_it_said_last_counts(
    driver: ActiveModules, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.parts.monitor.machine.read_due()
    driver.parts.published.publish(machine=driver.parts.monitor.machine.newest)
    found = driver.found()

    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    monkeypatch.setattr(driver.robot, "answer", silent)
    assert driver.switch_off().after_session(was_open=True) == found
