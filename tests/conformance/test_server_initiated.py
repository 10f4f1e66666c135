"""The product over a connection that it has opened, and the tests' endpoint proved with a device of somebody else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from sila_ot2.generated import DEFINITIONS, definition
from sila_ot2.sila import load_identity
from sila_ot2.sila.controllers.sila_service import DEFINITION
from tests.bridge import bridge
from tests.conformance.test_independent_clients import run_client
from tests.endpoint import MESSAGES, Listener, Refused
from tests.processes import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
SILA_SERVICE = "org.silastandard/core/SiLAService/v1"


@pytest.fixture
def foreign_session() -> Iterator[Listener]:
    """An endpoint that a device of unitelabs-sila connects to."""
    pytest.importorskip("sila.server", reason="unitelabs-sila is in the server environment only")
    endpoint = Listener()
    command = [sys.executable, "-m", "tests.conformance.unitelabs_device", str(endpoint.port)]
    device = subprocess.Popen(command, cwd=ROOT)
    yield endpoint
    device.terminate()
    device.wait(60)
    endpoint.stop()


def test_the_endpoint_understands_a_device_of_another_implementation(foreign_session: Listener) -> None:
    session = foreign_session.session()
    wanted = {"fullyQualifiedPropertyId": f"{SILA_SERVICE}/Property/ServerName"}
    name = MESSAGES.UnobservablePropertyValue.FromString(session.ask(unobservablePropertyRead=wanted).value)
    assert b"Foreign device" in name.value
    with pytest.raises(Refused) as unknown:
        session.ask(unobservablePropertyRead={"fullyQualifiedPropertyId": f"{SILA_SERVICE}/Property/Absent"})
    assert unknown.value.kind == "propertyError"
    session.drop()
    again = foreign_session.session()
    assert again.ask(unobservablePropertyRead=wanted).value


def test_an_independent_client_runs_a_plate_over_a_connection_of_the_server(
    server_process: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    pytest.importorskip("sila.client", reason="unitelabs-sila is in the server environment only")
    own = load_identity(tmp_path / "endpoint", name="Endpoint", hosts=["127.0.0.1"])
    ca = tmp_path / "endpoint.pem"
    ca.write_bytes(own.ca)
    credentials = grpc.ssl_server_credentials([(own.private_key, own.certificate_chain)])
    endpoint = Listener(credentials)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[outbound]\nclients = ["{endpoint.address}"]\nca = "{ca.as_posix()}"\n')
    definitions = [DEFINITION.read_text("utf-8"), *(definition(identifier) for identifier in DEFINITIONS)]
    try:
        server_process("--port", "0", "--no-discovery", "--config", str(settings))
        with bridge(endpoint.session(), definitions, credentials) as port:
            assert run_client("demonstration_by_unitelabs", port, ca) == [
                "server OpentronsOT2",
                "run Succeeded",
                "lights True",
                "transfer done",
                "refused TipNotAttached",
            ]
    finally:
        endpoint.stop()
