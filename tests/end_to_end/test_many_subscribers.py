"""Many watchers: they cost the robot nothing and hold up nobody.

The same with a thousand is scripts/bench/subscribers.py; that threads and memory come back is tested by a short day.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.live import LiveServer, live_server
from tests.processes import SimulatorProcess
from tests.streams import Streams
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("counts the requests that the simulator got")

SUBSCRIBERS = 80
RARELY_S = 600.0
"""So often the robot is polled: not while a test runs. It reports its changes."""


@pytest.fixture
def live(simulator: SimulatorProcess, tmp_path: Path) -> Iterator[LiveServer]:
    runs = {"active_interval_s": 60.0, "idle_interval_s": RARELY_S, "equipment_interval_s": RARELY_S}
    with live_server(simulator, tmp_path, runs=runs) as live:
        wait_for(lambda: live.status.device_status.get() == "Ready")
        yield live


@pytest.fixture
def streams(live: LiveServer) -> Iterator[Streams]:
    streams = Streams(live.process.port)
    yield streams
    streams.close()


def requests(robot: SimulatorProcess) -> int:
    """How many requests the robot has got."""
    return sum(robot.request("GET", "/simulator/requests")["data"].values())


def test_the_robot_does_not_notice_them(live: LiveServer, simulator: SimulatorProcess, streams: Streams) -> None:
    streams.open("OT2StatusProvider", "DeviceStatus")
    before = requests(simulator)
    opened = [
        streams.open(feature, name, reads=number % 8 != 0)
        for number in range(SUBSCRIBERS // 2)
        for feature, name in (("OT2StatusProvider", "DeviceStatus"), ("RunController", "RunStatus"))
    ]
    wait_for(lambda: all(stream.count for stream in opened), lambda: "some watcher has no value")
    assert requests(simulator) - before < SUBSCRIBERS / 4, "more than what is read after a start"

    simulator.control("foreign", action="create")
    reading = [stream for number, stream in enumerate(opened) if number // 2 % 8 != 0]
    wait_for(lambda: all(stream.count >= 2 for stream in reading), lambda: "some watcher does not have the change")
    assert live.client.device_lighting.rail_lights.get() is False
    live.client.device_lighting.set_rail_lights(on=True)
    assert live.status.device_status.get() == "Busy"

    streams.close_some(SUBSCRIBERS // 2, politely=False)
    assert live.status.device_status.get() == "Busy"
    assert not any(stream.error for stream in opened)
