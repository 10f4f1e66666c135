"""What a whole server sends to a receiver of OpenTelemetry, and that a server without one does not even load it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sila2.framework import SilaError

from tests.end_to_end.laboratory import finish, laboratory
from tests.fakes.otlp_receiver import attributes, otlp_receiver

CLOSED_PORT = "http://127.0.0.1:9"
CANARY = "canary-5d1f"

BUILD_A_SERVER = """
import sys
from pathlib import Path
from sila_ot2.config import load
from sila_ot2.servers import build
build(load({"robot": {"url": "http://127.0.0.1:9"}, "server": {"port": 0, "state_directory": Path(sys.argv[1])}}))
print([name for name in sys.modules if name.startswith(("opentelemetry", "sila_ot2.telemetry"))])
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")  # of one server after the other: the second finds the features compiled


def test_a_server_without_telemetry_does_not_load_it(state: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD_A_SERVER, state], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_commands_with_their_requests_and_figures_arrive(state: Path) -> None:
    with otlp_receiver() as receiver:
        telemetry: dict[str, object] = {"endpoint": receiver.endpoint, "headers": f"x-token={CANARY}"}
        with laboratory(CLOSED_PORT, state, telemetry=telemetry) as lab:
            with pytest.raises(SilaError):
                lab.client.DeviceLighting.SetRailLights(On=True)
            with pytest.raises(SilaError):
                finish(lab.client.DeviceLighting.BlinkForIdentification(Duration=1.0))
            lab.client.OT2DeckService.ExportDeck()
            uuid = lab.server.describe().uuid
    assert receiver.resource["service.instance.id"] == str(uuid)
    assert receiver.headers["x-token"] == CANARY
    assert CANARY not in str(receiver.spans) + str(receiver.metrics)

    for name in ("DeviceLighting/SetRailLights", "DeviceLighting/BlinkForIdentification"):
        command = receiver.named(name)
        assert attributes(command)["outcome"] == "RobotUnreachable"
        assert not command.parent_span_id
        requests = receiver.below(command)
        assert requests, name
        assert {attributes(request)["error.type"] for request in requests} == {"NotSent"}
    assert attributes(receiver.named("OT2DeckService/ExportDeck"))["outcome"] == "Succeeded"
    of_the_poller = [span for span in receiver.spans if "GET" in span.name and not span.parent_span_id]
    assert not of_the_poller

    commands = {attributes(point)["sila.command"]: point for point in receiver.metrics["sila.command.duration"]}
    assert commands["SetRailLights"].count == 1
    assert attributes(commands["ExportDeck"])["outcome"] == "Succeeded"
    requested = {attributes(point)["url.template"] for point in receiver.metrics["http.client.request.duration"]}
    assert "/health" in requested
    assert [point.as_int for point in receiver.metrics["ot2.reachable"]] == [0]
    queues = {attributes(point)["queue"] for point in receiver.metrics["ot2.queue.length"]}
    assert queues == {"alerts", "audit"}
    assert {"sila.subscriptions", "sila.commands", "ot2.latency"} <= set(receiver.metrics)
