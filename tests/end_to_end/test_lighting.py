"""DeviceLighting, through a client that knows only the XML."""

from __future__ import annotations

import httpx
import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import finish
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


def lit(atomic: AtomicClient) -> bool:
    return bool(atomic.robot.request("GET", "/robot/lights")["on"])


def switched(atomic: AtomicClient) -> int:
    """Return how often the lights have been switched since the start of the robot."""
    return int(atomic.robot.request("GET", "/simulator/requests")["data"].get("POST /robot/lights", 0))


def test_lights_are_switched_and_read_back(atomic: AtomicClient) -> None:
    lighting = atomic.lab.client.device_lighting
    for on in (True, False, False, True):
        lighting.set_rail_lights(on=on)
        assert (lighting.rail_lights.get(), lit(atomic)) == (on, on)
    atomic.robot.request("POST", "/robot/lights", {"on": False})
    wait_for(lambda: lighting.rail_lights.get() is False, lambda: "another client's switching is not seen")


@pytest.mark.parametrize("before", [True, False])
def test_blinking_restores_what_was_before(atomic: AtomicClient, before: bool) -> None:
    lighting = atomic.lab.client.device_lighting
    lighting.set_rail_lights(on=before)
    already = switched(atomic)
    finish(lighting.blink_for_identification(duration=1.2))
    assert switched(atomic) >= already + 2
    assert lit(atomic) is lighting.rail_lights.get() is before


def test_cancelled_blinking_restores_at_once_and_leaves_what_was_set_meanwhile(atomic: AtomicClient) -> None:
    lighting = atomic.lab.client.device_lighting
    lighting.set_rail_lights(on=False)
    begun = lighting.blink_for_identification(duration=300.0)
    wait_for(lambda: lit(atomic))
    with pytest.raises(Exception, match="BlinkForIdentification was not accepted"):
        lighting.blink_for_identification(duration=1.0)
    lighting.set_rail_lights(on=True)
    atomic.cancel(begun)
    assert atomic.error_of(begun) == "CommandCancelled"
    assert lit(atomic) is True


def test_lights_work_while_a_command_holds_the_turn(atomic: AtomicClient) -> None:
    begun = atomic.begin("Delay", Duration=60.0)
    atomic.lab.client.device_lighting.set_rail_lights(on=True)
    atomic.cancel(begun)
    assert atomic.error_of(begun) == "CommandCancelled"


def test_robot_that_is_silent(atomic: AtomicClient) -> None:
    lighting = atomic.lab.client.device_lighting

    def off(request: httpx.Request, ask: object) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    atomic.wire.rules.append(off)
    with pytest.raises(errors.RobotUnreachable):
        lighting.set_rail_lights(on=True)
    assert atomic.error_of(lighting.blink_for_identification(duration=1.0)) == "RobotUnreachable"


def test_lost_answer_is_read_back(atomic: AtomicClient) -> None:
    atomic.wire.lose("POST", "/robot/lights", executed=True)
    atomic.lab.client.device_lighting.set_rail_lights(on=True)
    atomic.wire.lose("POST", "/robot/lights", executed=False)
    atomic.lab.client.device_lighting.set_rail_lights(on=False)
    assert lit(atomic) is False
