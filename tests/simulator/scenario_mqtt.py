"""The recorded notifications: what is announced when."""

from __future__ import annotations

import json
import threading
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.simulator.comparison import Difference
from tests.simulator.recorded_files import DELAY
from tests.simulator.replaying import Outcomes, recordings
from tests.simulator.simulated_robot import SimulatorUnderTest

_END = "robot-server/clientData/end-of-step"


class MqttListener:
    """An MQTT 3.1.1 client that keeps what it hears, in order."""

    def __init__(self, port: int) -> None:
        self.received: list[tuple[str, str, int, bool]] = []
        self._ended = threading.Event()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_connect = lambda client, *_: client.subscribe("robot-server/#", qos=1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(60)

    def _hear(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == _END:
            self._ended.set()
        else:
            self.received.append((message.topic, message.payload.decode(), message.qos, message.retain))

    def since(self, robot: SimulatorUnderTest) -> list[tuple[str, str, int, bool]]:
        """What was heard since the last time; order is kept, so an own notification marks the end."""
        self._ended.clear()
        robot.request_json("PUT", _END.removeprefix("robot-server"), json={"data": {}})
        assert self._ended.wait(60)
        received, self.received = self.received, []
        return received

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def notifications(robot: SimulatorUnderTest, outcomes: Outcomes) -> None:
    """Every recorded step, and what it announced."""
    listener = MqttListener(robot.control("GET", "/mqtt")["port"])
    try:
        _steps(robot, outcomes, listener)
    finally:
        listener.close()


def _steps(robot: SimulatorUnderTest, outcomes: Outcomes, listener: MqttListener) -> None:
    def step(name: str) -> None:
        _compare(name, listener.since(robot), outcomes)

    robot.upload_and_analyze(DELAY)
    listener.since(robot)
    step("mqtt-after_subscribe")
    protocol_id = robot.upload(DELAY + "# again\n")["id"]
    robot.analyzed(protocol_id)
    step("mqtt-protocol_upload")
    run_id = robot.create_run(protocol_id)
    step("mqtt-run_create")
    robot.control("POST", "/speed", json={"speed": 10})
    robot.take_action(run_id, "play")
    robot.wait(lambda: robot.commands(run_id)[-1:] and robot.commands(run_id)[-1]["commandType"] == "custom")
    robot.take_action(run_id, "pause")
    robot.wait_for_status(run_id, "paused")
    step("mqtt-play_then_pause")
    robot.take_action(run_id, "stop")
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "stopped")
    robot.wait(lambda: len(listener.received) >= len(recordings()["mqtt-stop"]["notifications"]))
    step("mqtt-stop")
    robot.request_json("PATCH", f"/runs/{run_id}", json={"data": {"current": False}})
    step("mqtt-uncurrent")
    robot.request_json("DELETE", f"/runs/{run_id}")
    step("mqtt-delete_run")
    robot.request_json("PUT", "/clientData/foo", json={"data": {"a": 1}})
    step("mqtt-clientData_put")
    robot.control("POST", "/door", json={"open": True})
    step("mqtt-door_open")
    robot.request_json("POST", "/robot/lights", json={"on": True})
    step("mqtt-lights")
    robot.request_json("POST", "/commands", 201, json={"data": {"commandType": "home", "params": {}}})
    step("mqtt-stateless_command")
    run_id = robot.create_run()
    robot.succeed(run_id, "home")
    step("mqtt-atomic_command")
    robot.take_action(run_id, "stop")
    robot.wait_for_status(run_id, "stopped")
    maintenance = robot.request_json("POST", "/maintenance_runs", 201, json={"data": {}})["data"]["id"]
    robot.request_json("DELETE", f"/maintenance_runs/{maintenance}")
    step("mqtt-maintenance_run")


def _compare(name: str, received: list[tuple[str, str, int, bool]], outcomes: Outcomes) -> None:
    """Notifications may come once more or less often: what counts is which come, and that nothing else does."""
    was = {_anonymous(*one) for one in recordings()[name]["notifications"]}
    now = {_anonymous(*one) for one in received}
    outcomes.differences[name] = [
        *(Difference(f"{topic} {payload}", "missing", topic) for topic, payload, *_ in sorted(was - now)),
        *(Difference(f"{topic} {payload}", "extra", None, topic) for topic, payload, *_ in sorted(now - was)),
    ]


def _anonymous(topic: str, payload: str, qos: int, retained: bool) -> tuple[str, str, int, bool]:
    head, _, last = topic.rpartition("/")
    hidden = "{id}" if len(last) == 36 and head.startswith("robot-server/runs") else last
    return f"{head}/{hidden}", json.dumps(json.loads(payload)), qos, retained
