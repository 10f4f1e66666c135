"""Every wait and every profile in every situation: the right answer, and nothing is sent twice."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileStep
from sila_ot2.driver.modules.session_waits import wait_in_session
from sila_ot2.driver.modules.temperatures import BLOCK, HEATER, LID, PLATE
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.session.driver_waits import DriverWaits
from sila_ot2.errors import (
    CommandCancelled,
    ModuleDisconnected,
    ModuleFailed,
    ModuleMissing,
    OT2Fault,
    RobotBusy,
    RunStillActive,
)
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import Parts, parts_of
from tests.fakes.profile_parts import NEVER, SERIAL, ProfileParts
from tests.waiting import TIMEOUT_S, wait_for

SOURCES = {source.name: source for source in (PLATE, HEATER, BLOCK, LID)}
MODELS = {
    "plate": "temperatureModuleV2", "heater": "heaterShakerModuleV1",
    "block": "thermocyclerModuleV2", "lid": "thermocyclerModuleV2",
}  # fmt: skip
OFTEN = Intervals(active_s=0.01, idle_s=0.01, equipment_s=0.01, settle_s=0.0, most_per_s=100)


class Waiting(NamedTuple):
    """What goes on while something is waited for."""

    robot: ModuleRobot
    parts: Parts
    cancelled: Cancellation


Act = Callable[[Waiting], Any]


def _nothing(on: Waiting) -> None:
    pass


def _session(on: Waiting) -> None:
    on.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[]))


def _own_run(on: Waiting) -> None:
    run = on.parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[]))
    on.robot.runs[run.id]["status"] = "running"


def _foreign_run(on: Waiting) -> None:
    on.robot.add_run("running")


def _maintenance_run(on: Waiting) -> None:
    on.robot.maintenance = {"id": "m", "status": "idle", "current": True, "createdAt": "2026-01-01T00:00:00Z"}


def _unplug(on: Waiting) -> None:
    on.robot.modules.clear()


def _read_lost(on: Waiting) -> None:
    on.robot.faults.append(("GET", "/modules", "lost after"))


def _sent_lost(on: Waiting) -> None:
    on.robot.faults.append(("POST", "/commands", "lost after"))


def _cancel(on: Waiting) -> None:
    on.cancelled.set()


class Situation(NamedTuple):
    before: Act
    meanwhile: Act
    wait: type[OT2Fault] | None
    """How a wait ends; None: the target is reached."""
    profile: type[OT2Fault] | None
    targets: int
    """How many of two steps of a profile are sent."""


SITUATIONS = {
    "no run": Situation(_nothing, _nothing, None, None, 2),
    "session": Situation(_session, _nothing, None, None, 2),
    "own run": Situation(_own_run, _nothing, None, RunStillActive, 0),
    "foreign run": Situation(_foreign_run, _nothing, None, RobotBusy, 0),
    "maintenance run": Situation(_maintenance_run, _nothing, None, None, 2),
    "module missing": Situation(_unplug, _nothing, ModuleMissing, ModuleMissing, 0),
    "unplugged in between": Situation(_nothing, _unplug, ModuleDisconnected, ModuleDisconnected, 1),
    "answer of a reading lost": Situation(_read_lost, _read_lost, None, None, 2),
    "answer of a command lost": Situation(_sent_lost, _nothing, None, None, 2),
    "cancelled": Situation(_nothing, _cancel, CommandCancelled, CommandCancelled, 1),
}


@pytest.fixture(autouse=True)
def _missing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sila_ot2.driver.monitor.module_presence.TOLERATED_S", 0.0)


def identifier(fault: type[OT2Fault] | None) -> str | None:
    return None if fault is None else fault.__name__


def outcome(call: Callable[[], Any]) -> str | None:
    try:
        call()
    except OT2Fault as fault:
        return fault.identifier
    return None


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    robot = ModuleRobot()
    for model in set(MODELS.values()):
        robot.attach(model)
    parts = parts_of(robot, tmp_path, OFTEN)
    yield Waiting(robot, parts, Cancellation())
    parts.close()


@pytest.mark.slow  # every situation with every one
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", SOURCES)
def test_a_wait_sends_nothing_and_ends_correctly(waiting: Waiting, name: str, situation: str) -> None:
    source, expected = SOURCES[name], SITUATIONS[situation]
    data = waiting.robot.reported(f"SIM-{MODELS[name]}")
    data.update({source.current: 20.0, source.target: 40.0, source.status: "heating"})
    expected.before(waiting)
    waiting.parts.monitor.start()
    waits = ModuleWaits(waiting.robot.client(), waiting.parts.monitor)
    seen: list[object] = []

    def meanwhile(temperature: object) -> None:
        if not seen:
            expected.meanwhile(waiting)
        elif expected.wait is None:
            data.update({source.current: 40.0, source.status: "holding at target"})
        seen.append(temperature)

    def wait() -> None:
        waits.until_reached(source, "", timeout_s=60.0, cancelled=waiting.cancelled, seen=meanwhile)

    assert outcome(wait) == identifier(expected.wait)
    assert waiting.robot.stateless == []
    assert bool(seen) is (expected.wait is not ModuleMissing)


@pytest.mark.parametrize(
    ("reported_c", "later_c", "cancelled", "fault"),
    [
        (37.0, 37.0, False, None),  # rounded
        (None, 37.0, False, None),
        (4.0, 4.0, False, ModuleFailed),
        (None, None, False, ModuleFailed),
        (4.0, 4.0, True, CommandCancelled),
    ],
)
def test_a_step_waits_for_the_temperature_that_an_earlier_one_has_set_and_for_no_other(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch, reported_c: float | None, later_c: float | None,
    cancelled: bool, fault: type[OT2Fault] | None,
) -> None:  # fmt: skip
    monkeypatch.setattr("sila_ot2.driver.modules.waits.TAKEN_WITHIN_S", 60.0 if fault is None else 0.2)
    data = waiting.robot.reported("SIM-temperatureModuleV2")
    data.update({"status": "holding at target"} | ({} if reported_c is None else {"targetTemperature": reported_c}))
    session_waits, model = DriverWaits(), "temperatureModuleV2"
    profiles: Any = SimpleNamespace(
        runs_on=lambda _serial_number: False, keep_out=lambda _serial_number: contextlib.nullcontext()
    )
    wait_in_session(session_waits, ModuleWaits(waiting.robot.client(), waiting.parts.monitor), profiles)
    waiting.parts.monitor.start()
    wait_for(lambda: waiting.parts.monitor.state.value.machine.modules)
    if later_c is not None:
        data["targetTemperature"] = later_c
    if cancelled:
        waiting.cancelled.set()
    deck_state = DeckState(
        modules={"m": SessionModule("m", model, "3", f"SIM-{model}")},
        targets_c={"temperatureModule/setTargetTemperature m": 36.6},
    )
    command = PlannedCommand("temperatureModule/waitForTemperature", {"moduleId": "m"})
    ended = outcome(lambda: session_waits.perform(command, deck_state, waiting.cancelled, lambda: None))
    assert ended == identifier(fault)


def test_a_robot_that_does_not_answer_is_waited_for_before_a_target_is_said_to_be_missing(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sila_ot2.driver.modules.waits.TAKEN_WITHIN_S", 0.0)
    waiting.parts.monitor.start()
    wait_for(lambda: waiting.parts.monitor.state.value.machine.modules)
    waiting.robot.faults.append(("*", ".*", "always refused"))
    wait_for(lambda: not waiting.parts.monitor.state.value.reachable)
    ended: list[str | None] = []
    waits = ModuleWaits(waiting.robot.client(), waiting.parts.monitor)
    thread = threading.Thread(
        target=lambda: ended.append(
            outcome(lambda: waits.until_taken(PLATE, "SIM-temperatureModuleV2", 37.0, cancelled=waiting.cancelled))
        )
    )
    thread.start()
    asked = len(waiting.robot.requests)
    wait_for(lambda: ended or len(waiting.robot.requests) > asked + 3)
    assert ended == []
    waiting.robot.reported("SIM-temperatureModuleV2")["targetTemperature"] = 37.0
    waiting.robot.faults.clear()
    thread.join(TIMEOUT_S)
    assert ended == [None]


@pytest.mark.slow
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_profile_sends_each_step_once_and_ends_correctly(tmp_path: Path, situation: str) -> None:
    expected = SITUATIONS[situation]
    driver = ProfileParts(tmp_path)
    on = Waiting(driver.robot, driver.parts, driver.cancelled)
    first = 95.0 if expected.meanwhile is _nothing else NEVER
    try:
        expected.before(on)
        done = driver.seen.append

        def meanwhile(state: Any) -> None:
            done(state)
            if len(driver.seen) == 3:
                expected.meanwhile(on)
                if expected.profile is None:
                    driver.robot.reported(SERIAL)["currentTemperature"] = NEVER

        steps = [ProfileStep(first, 0.0), ProfileStep(60.0, 0.0)]
        ended = outcome(
            lambda: driver.profiles.run(
                "", [ProfilePart(steps, 1)], maximum_volume_ul=50.0, cancelled=driver.cancelled, seen=meanwhile,
                report=lambda **_: None,
            )
        )  # fmt: skip
        assert ended == identifier(expected.profile)
        assert driver.robot.targets == [first, 60.0][: expected.targets]
    finally:
        driver.parts.close()
