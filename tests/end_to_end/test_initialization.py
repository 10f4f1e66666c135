"""Initialize and Reset: a robot that is homed and held by nobody, and nothing of others is touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import QUICK, finish, protocol
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


class Device:
    """The feature OT2InitializationController, and what the robot has done."""

    def __init__(self, atomic: AtomicClient) -> None:
        self.atomic = atomic
        self.lab = atomic.lab
        self.robot = atomic.robot
        self.feature = self.lab.client.initialization_controller

    def initialize(self) -> None:
        finish(self.feature.initialize())

    def reset(self) -> None:
        finish(self.feature.reset())

    def homed(self) -> int:
        """How often the robot got the command to home."""
        return sum(command["commandType"] == "home" for command in self.atomic.wire.posted)

    def current(self) -> str:
        return str(self.robot.request("GET", "/runs")["links"].get("current", {}).get("href", ""))


@pytest.fixture
def device(atomic: AtomicClient) -> Iterator[Device]:
    yield Device(atomic)
    atomic.robot.control("door", open=False)
    atomic.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": False})
    atomic.lab.client.safety_stop_controller.release_stop()
    atomic.lab.clear()


@pytest.fixture(params=["initialize", "reset"])
def command(request: pytest.FixtureRequest, device: Device) -> Any:
    return getattr(device, request.param)


def test_a_free_robot_is_homed_and_left_free(device: Device, command: Any) -> None:
    command()
    assert device.homed() == 1
    assert device.current() == ""
    wait_for(lambda: device.lab.client.status_provider.device_status.get() == "Ready")
    assert device.lab.run(device.lab.upload(QUICK)).result == "Succeeded"


def test_initialize_leaves_an_open_session_open_with_its_deck(device: Device) -> None:
    device.atomic.set_up()
    session, homed = device.current(), device.homed()
    device.initialize()
    assert device.current() == session
    assert device.homed() == homed + 1
    device.atomic.do("PickUpTip")
    device.initialize()  # a tip stays on
    device.atomic.do("DropTip")


def test_nothing_moves_while_the_door_is_open(device: Device, command: Any) -> None:
    device.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    device.robot.control("door", open=True)
    with pytest.raises(errors.DoorOpen):
        command()
    assert device.homed() == 0


def test_another_clients_active_run_is_left_alone(device: Device, command: Any) -> None:
    device.robot.control("speed", speed=60)
    stored = device.lab.upload(protocol("protocol.delay(seconds=3000)"))
    stored = device.lab.server.driver.protocols.on_robot(stored).id  # the robot has been reset since the last upload
    theirs = device.robot.control("foreign", action="create", protocol_id=stored)["data"]["id"]
    device.robot.control("foreign", action="play", run_id=theirs)
    wait_for(lambda: device.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "running")
    with pytest.raises((errors.RobotBusy, errors.RunStillActive)):
        command()
    assert device.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "running"
    assert device.homed() == 0


def test_it_is_not_accepted_while_our_run_is_active(device: Device, command: Any) -> None:
    device.robot.control("speed", speed=60)
    device.lab.begin(device.lab.upload(protocol("protocol.delay(seconds=3000)")))
    device.lab.until_status("Running")
    with pytest.raises(errors.CommandExecutionNotAccepted, match="RunProtocol"):
        command()
    assert device.lab.status() == "Running"


def test_only_reset_releases_the_safety_stop(device: Device) -> None:
    finish(device.lab.client.safety_stop_controller.stop_now())
    with pytest.raises(errors.SafetyStopActive):
        device.initialize()
    assert device.homed() == 0
    device.reset()
    assert device.homed() == 1
    assert not device.lab.client.safety_stop_controller.safety_stop_active.get()


def test_a_stop_stays_latched_when_the_reset_is_refused(device: Device) -> None:
    finish(device.lab.client.safety_stop_controller.stop_now())
    run_id = device.robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"]
    with pytest.raises(errors.RunStillActive, match=f"{run_id}"):
        device.reset()
    assert device.lab.client.safety_stop_controller.safety_stop_active.get()


def test_reset_gives_up_a_run_that_waits_and_closes_a_session(device: Device) -> None:
    device.lab.create(device.lab.upload(QUICK))
    device.reset()
    assert device.current() == ""
    device.atomic.set_up()
    device.reset()
    assert device.current() == ""
    assert device.atomic.feature.session.get() == []


def test_reset_leaves_a_tip_and_a_doubt_to_a_person(device: Device) -> None:
    device.atomic.set_up()
    device.atomic.do("PickUpTip")
    homed = device.homed()
    with pytest.raises(errors.TipAlreadyAttached):
        device.reset()
    device.lab.stop(device.atomic.feature.session.get()[0].run_identifier, force=True)
    wait_for(lambda: "NotReconciled" in device.lab.obstacles())
    for command in (device.reset, device.initialize):
        with pytest.raises(errors.NotReconciled):
            command()
    assert device.homed() == homed
    device.lab.reconcile()
    device.reset()
    assert device.homed() == homed + 1
