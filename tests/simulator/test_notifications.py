"""MQTT: what is announced is compared with the recordings in test_fidelity; here, that it can stop and come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator.scenario_mqtt import MqttListener
from tests.simulator.simulated_robot import SimulatorUnderTest


def test_broker_stops_and_starts(start_robot: Callable[..., SimulatorUnderTest]) -> None:
    robot = start_robot("--mqtt-port", "0")
    assert robot.process.stdout is not None
    port = robot.control("GET", "/mqtt")["port"]
    assert robot.process.stdout.readline().strip() == f"mqtt://127.0.0.1:{port}"
    listener = MqttListener(port)
    run_id = robot.create_run()
    assert ("robot-server/runs", '{"refetch": true}', 1, False) in listener.since(robot)
    listener.close()
    assert robot.control("POST", "/mqtt", json={"run": False}) == {"port": port, "running": False}
    with pytest.raises(OSError, match=r".+"):
        MqttListener(port)
    robot.succeed(run_id, "home")
    robot.control("POST", "/mqtt", json={"run": True})
    listener = MqttListener(port)
    robot.create_run()
    topics = [topic for topic, *_ in listener.since(robot)]
    assert "robot-server/runs" in topics
    # A reset starts it again; who is connected stays so.
    robot.control("POST", "/mqtt", json={"run": False})
    robot.control("POST", "/reset")
    assert robot.control("GET", "/mqtt")["running"]
    listener.close()


def test_without_a_port_there_is_no_broker(robot: SimulatorUnderTest) -> None:
    assert robot.control("GET", "/mqtt") == {"port": None, "running": False}
    assert robot.refused("POST", "/simulator/mqtt", 409, json={"run": True}) == "NoMqtt"
