"""The machine: which fact is read when, what is kept, and what counts as a change."""

from __future__ import annotations

import datetime
from typing import Any

import httpx
import pytest

from sila_ot2.driver.monitor.calibration import DeckCalibration
from sila_ot2.driver.monitor.machine import MachineReader
from sila_ot2.errors import OT2Fault, RobotUnreachable
from sila_ot2.robot import wire
from sila_ot2.robot.abilities import discover
from sila_ot2.times import utc_now
from tests.fakes.canned_robot import LEFT, MODULE, CannedRobot
from tests.fakes.clock import PassingClock


@pytest.fixture
def robot() -> CannedRobot:
    return CannedRobot()


@pytest.fixture
def clock() -> PassingClock:
    return PassingClock(100.0)


@pytest.fixture
def faults() -> list[OT2Fault]:
    return []


@pytest.fixture
def reader(robot: CannedRobot, clock: PassingClock, faults: list[OT2Fault]) -> MachineReader:
    return MachineReader(robot.client, poll_s=2, equipment_s=5, slow_s=60, monotonic=clock, on_fault=faults.append)


def test_everything_is_read_at_first(robot: CannedRobot, reader: MachineReader) -> None:
    reader.read_due()
    machine = reader.newest
    assert machine.health is not None
    assert machine.health.value.name == "left robot"
    assert machine.door is not None
    assert machine.door.value.status == "closed"
    assert machine.lights is not None
    assert machine.lights.value is False
    assert [pipette.serial_number for pipette in machine.attached_pipettes] == ["P20-1"]
    assert machine.modules is not None
    assert [module.serial_number for module in machine.modules.value] == ["TD01"]
    assert machine.calibration is not None
    assert machine.calibration.value.deck is DeckCalibration.CALIBRATED
    assert set(machine.reported_at) == {"Health", "Door", "RailLights", "Pipettes", "Modules", "Calibration"}


def test_each_fact_is_read_as_often_as_it_may_change(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    discover(robot.client, robot.client.health())
    robot.requests.clear()
    looks, end_s = 0, clock.now + 120
    while clock.now < end_s:
        reader.read_due()
        looks += 1
        clock.now += reader.due_in_s
    assert robot.requests["/robot/door/status"] == looks == 60
    assert robot.requests["/modules"] == robot.requests["/instruments"] == robot.requests["/robot/lights"] == 30
    assert robot.requests["/health"] == robot.requests["/calibration/status"] == 3
    assert "/openapi.json" not in robot.requests


def test_facts_are_read_together_however_long_the_robot_takes(robot: CannedRobot, clock: PassingClock) -> None:
    """Each look at the robot costs it requests of its own: facts that are due one after the other would cost more."""

    def passing() -> float:
        clock.now += 0.01
        return clock.now

    reader = MachineReader(robot.client, poll_s=2, equipment_s=5, slow_s=60, monotonic=passing)
    looks, end_s = 0, clock.now + 60
    while clock.now < end_s:
        reader.read_due()
        looks += 1
        clock.now += max(reader.due_in_s, 0)
    assert robot.requests["/modules"] > 10
    assert looks <= 32


def test_a_fact_has_the_time_of_the_question_not_of_the_answer(robot: CannedRobot) -> None:
    """A module that is read while its target is set may be answered without it."""
    asked: list[datetime.datetime] = []
    client = robot.client

    def settings() -> tuple[wire.Setting, ...]:
        asked.append(utc_now())
        return ()

    reader = MachineReader(client, read_settings=settings)
    reader.read_due()
    assert reader.newest.settings is not None
    assert reader.newest.settings.at <= asked[0]


def test_nothing_is_read_before_it_is_due(robot: CannedRobot, reader: MachineReader, clock: PassingClock) -> None:
    reader.read_due()
    before = robot.requests.total()
    assert reader.due_in_s == 2
    clock.now += 1.4
    reader.read_due()
    assert robot.requests.total() == before


def test_a_machine_read_again_unchanged_is_equal(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    reader.read_due()
    before, first = reader.newest, reader.newest.reported_at["Door"]
    for _ in range(5):
        clock.now += 2
        reader.read_due()
    assert reader.newest == before
    assert reader.newest.reported_at["Door"] > first

    robot.answers["/robot/door/status"] = {"data": {"status": "open", "doorRequiredClosedForProtocol": True}}
    clock.now += 2
    reader.read_due()
    assert reader.newest != before
    assert reader.newest.door_blocks_runs


def test_modules_come_and_go(robot: CannedRobot, reader: MachineReader, clock: PassingClock) -> None:
    for serials in ([], ["TD01", "TD02"], ["TD02"]):
        _attach(robot, *serials)
        for _ in range(2):
            reader.read_due()
            clock.now += 5
        assert _attached(reader) == serials
    assert [missing.module.serial_number for missing in reader.newest.missing_modules] == ["TD01"]


def test_a_module_that_is_gone_for_three_seconds_is_not_missing(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    reader.read_due()
    _attach(robot)
    clock.now += 5
    reader.read_due()
    assert reader.newest.listed_modules is not None
    assert reader.newest.listed_modules.value == ()
    for _ in range(2):
        assert _attached(reader) == ["TD01"]
        clock.now += 1
        reader.read_due()
    _attach(robot, "TD01")
    clock.now += 1
    reader.read_due()
    assert _attached(reader) == ["TD01"]
    assert reader.newest.missing_modules == ()


def test_a_module_that_is_gone_for_longer_is_missing_since_it_was_first_missed(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    reader.read_due()
    _attach(robot)
    clock.now += 5
    reader.read_due()
    missed_at = reader.newest.reported_at["Modules"]
    for _ in range(3):
        clock.now += 1
        reader.read_due()
    assert _attached(reader) == []
    (missing,) = reader.newest.missing_modules
    assert missing.since == missed_at
    reader.read_all_anew()
    reader.read_due()
    assert [missing.since for missing in reader.newest.missing_modules] == [missed_at]
    _attach(robot, "TD01")
    clock.now += 5
    reader.read_due()
    assert _attached(reader) == ["TD01"]
    assert reader.newest.missing_modules == ()


def test_modules_of_another_robot_are_not_missed(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    reader.read_due()
    reader.forget_modules()
    _attach(robot)
    for _ in range(2):
        clock.now += 5
        reader.read_due()
    assert _attached(reader) == []
    assert reader.newest.missing_modules == ()


def _attach(robot: CannedRobot, *serial_numbers: str) -> None:
    robot.answers["/modules"] = {"data": [{**MODULE, "serialNumber": each} for each in serial_numbers]}


def _attached(reader: MachineReader) -> list[str]:
    assert reader.newest.modules is not None
    return [module.serial_number for module in reader.newest.modules.value]


def test_what_cannot_be_read_keeps_its_value_and_its_old_time(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock, faults: list[OT2Fault]
) -> None:
    reader.read_due()
    before = reader.newest
    robot.answers["/modules"] = httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x"}]})
    clock.now += 5
    reader.read_due()
    assert reader.newest == before
    assert reader.newest.reported_at["Modules"] == before.reported_at["Modules"]
    assert reader.newest.reported_at["Pipettes"] > before.reported_at["Pipettes"]
    assert [type(fault).__name__ for fault in faults] == ["RobotFaulty"]


def test_a_silent_robot_is_not_asked_for_one_fact_after_the_other(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock, faults: list[OT2Fault]
) -> None:
    reader.read_due()
    robot.requests.clear()
    robot.answers = dict.fromkeys(robot.answers, httpx.ReadTimeout("timed out"))
    clock.now += 100
    reader.read_due()
    assert robot.requests.total() == 1
    assert [isinstance(fault, RobotUnreachable) for fault in faults] == [True]


def test_a_single_hanging_route_holds_up_no_other_for_long(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock
) -> None:
    robot.answers["/robot/door/status"] = httpx.ReadTimeout("timed out")
    reader.read_due()
    reader.read_due()
    assert set(reader.newest.reported_at) == {"Health", "RailLights", "Pipettes", "Modules", "Calibration"}


@pytest.mark.parametrize(
    ("answer", "off"),
    [
        ({"cameraEnabled": False}, True),
        ({"cameraEnabled": True}, False),
        ({"cameraEnabled": None}, False),
        (httpx.Response(503, json={"message": "There is no device /dev/ot_system_camera."}), False),
    ],
)
def test_a_camera_that_can_be_switched_off_is_asked_for(
    robot: CannedRobot, reader: MachineReader, clock: PassingClock, answer: Any, *, off: bool
) -> None:
    """What it does not say, as one without a camera, is no loss of contact."""
    robot.answers["/camera"] = answer
    reader.read_due()
    assert reader.newest.camera_off is not None
    assert reader.newest.camera_off.value is off
    clock.now += 3600
    reader.read_due()
    assert reader.newest.calibration is not None
    assert robot.requests["/camera"] == 3, "once whether it has the route, then each time"


def test_a_camera_without_a_switch_is_not_asked_for(robot: CannedRobot, reader: MachineReader) -> None:
    reader.read_due()
    assert reader.newest.camera_off is None


def test_an_older_release_is_not_asked_for_its_door(robot: CannedRobot, reader: MachineReader) -> None:
    robot.health(api_version="6.3.1")
    del robot.answers["/robot/door/status"]
    reader.read_due()
    reader.read_due()
    assert reader.newest.door is None
    assert not reader.newest.door_blocks_runs
    assert robot.requests["/robot/door/status"] == 1, "it was asked whether it has the route"


def test_a_robot_is_read_again_after_it_was_unreachable(robot: CannedRobot, reader: MachineReader) -> None:
    reader.read_due()
    robot.health(name="another robot")
    reader.read_all_anew()
    assert reader.read_health().name == "another robot"
    reader.read_due()
    assert robot.requests["/health"] == 2
    assert robot.requests["/calibration/status"] == 2


def test_lights_are_read_by_who_keeps_them(robot: CannedRobot, clock: PassingClock) -> None:
    reader = MachineReader(robot.client, monotonic=clock, read_lights=lambda: True)
    reader.read_due()
    assert reader.newest.lights is not None
    assert reader.newest.lights.value is True
    assert "/robot/lights" not in robot.requests


def test_the_left_pipette_comes_first(robot: CannedRobot, reader: MachineReader) -> None:
    robot.answers["/instruments"] = {"data": [{**LEFT, "mount": "right"}, LEFT]}
    reader.read_due()
    assert [pipette.mount for pipette in reader.newest.attached_pipettes] == ["left", "right"]


def test_calibration_suffices_only_if_all_is_calibrated(robot: CannedRobot, reader: MachineReader) -> None:
    def suffices() -> bool:
        reader.read_all_anew()
        reader.read_due()
        assert reader.newest.calibration is not None
        return reader.newest.calibration.value.suffices_for(reader.newest.attached_pipettes)

    assert suffices()
    robot.answers["/calibration/pipette_offset"]["data"][0]["status"] = {"markedBad": True}
    assert not suffices()
    robot.recover()
    robot.answers["/calibration/tip_length"]["data"] = []
    assert not suffices()
    robot.recover()
    robot.answers["/instruments"]["data"].append({**LEFT, "mount": "right", "serialNumber": "P20-2"})
    assert not suffices()
    robot.recover()
    for reported, state in (
        ("IDENTITY", DeckCalibration.NOT_CALIBRATED),
        ("BAD_CALIBRATION", DeckCalibration.MARKED_BAD),
        ("SINGULARITY", DeckCalibration.UNUSABLE),
        ("SOMETHING_NEW", DeckCalibration.UNKNOWN),
    ):
        robot.answers["/calibration/status"]["deckCalibration"] = {"status": reported, "data": None}
        assert not suffices()
        assert reader.newest.calibration is not None
        assert reader.newest.calibration.value.deck is state
        assert reader.newest.calibration.value.deck_modified_at is None
