"""Server-initiated connections against an endpoint: what clients are answered, and how connections come and go."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from sila2.framework import CommandExecutionNotAccepted, DefinedExecutionError
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila import (
    ChannelOptions,
    ConnectionConfigurationService,
    Connections,
    FeatureBinding,
    IdentityDamaged,
    Limits,
    LockController,
    Server,
    SiLAClient,
    load_identity,
)
from sila_ot2.sila.client import Client
from sila_ot2.sila.connections import connections as connections_module
from sila_ot2.sila.connections.answer_queue import CAPACITY
from sila_ot2.sila.connections.connections import InvalidSiLAClient
from sila_ot2.sila.identity import make_certificate
from sila_ot2.times import utc_now
from tests.endpoint import MESSAGES, Listener, Refused, ServerConnection
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for

pytestmark = pytest.mark.slow  # each test starts a server and its clients
SMALL_DEVICE = "io.github.silaot/tests/SmallDevice/v1"
SERVICE = "org.silastandard/core/ConnectionConfigurationService/v1"
LOCK = "org.silastandard/core/LockController/v1"
PLAIN = ChannelOptions(None)
DEFINITION = Path(__file__).parents[4] / "features" / "standard" / "ConnectionConfigurationService-v1_1.sila.xml"


@pytest.fixture
def start_endpoint() -> Iterator[Callable[..., Listener]]:
    endpoints: list[Listener] = []

    def start(credentials: grpc.ServerCredentials | None = None, port: int = 0, *, reads: bool = True) -> Listener:
        endpoints.append(Listener(credentials, port, reads=reads))
        return endpoints[-1]

    yield start
    for endpoint in endpoints:
        endpoint.stop()


@pytest.fixture
def endpoint(start_endpoint: Callable[..., Listener]) -> Listener:
    return start_endpoint()


@pytest.fixture
def connected(
    serve: Callable[..., Server], standard: Callable[[str], str], endpoint: Listener, tmp_path: Path
) -> ServerConnection:
    """A server with a lock, the device and the configuration service, over its own connection."""
    connections = Connections(tmp_path, [client_at(endpoint)], PLAIN.open)
    lock = LockController(protected={f"{SMALL_DEVICE}/Command/Stop"})
    serve(
        FeatureBinding(standard("LockController"), lock),
        FeatureBinding(DEFINITION.read_text("utf-8"), ConnectionConfigurationService(connections)),
        admission=lock,
        connections=connections,
    )
    return endpoint.session()


def client_at(endpoint: Listener, name: str = "scheduler") -> SiLAClient:
    return SiLAClient(name, "127.0.0.1", endpoint.port)


def text(value: str) -> bytes:
    return bytes(SiLAFramework_pb2.String(value=value).SerializeToString())


def field(content: bytes) -> bytes:
    """A message with this as its only field."""
    return bytes(MESSAGES.UnobservablePropertyValue(value=content).SerializeToString())


def call(session: ServerConnection, command: str, parameters: bytes = b"", metadata: Any = ()) -> bytes:
    parameter = {"parameters": parameters, "metadata": metadata}
    wanted = {"fullyQualifiedCommandId": command, "commandParameter": parameter}
    return bytes(session.ask(unobservableCommandExecution=wanted).response)


def read(session: ServerConnection, name: str) -> bytes:
    return bytes(session.ask(unobservablePropertyRead={"fullyQualifiedPropertyId": name}).value)


def run(session: ServerConnection, seconds: float, result: str) -> Any:
    real = field(SiLAFramework_pb2.Real(value=seconds).SerializeToString())
    parameters = {"parameters": real + b"\x12" + bytes([len(text(result))]) + text(result)}
    wanted = {"fullyQualifiedCommandId": f"{SMALL_DEVICE}/Command/Run", "commandParameter": parameters}
    return session.ask(observableCommandInitiation=wanted).commandConfirmation.commandExecutionUUID


# --- requests ---------------------------------------------------------------------------------------------------------


def test_commands_and_properties_are_answered(connected: ServerConnection) -> None:
    assert call(connected, f"{SMALL_DEVICE}/Command/Echo", field(text("hello"))) == field(text("hello"))
    assert read(connected, f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))


def test_identifiers_are_compared_without_regard_to_case(connected: ServerConnection) -> None:
    assert read(connected, f"{SMALL_DEVICE}/Property/Serial".upper()) == field(text("4711"))


def test_an_observable_command_is_followed_to_its_result(connected: ServerConnection) -> None:
    execution = run(connected, 0.01, "done")
    with connected.subscribe(observableCommandExecutionInfoSubscription={"commandExecutionUUID": execution}) as infos:
        statuses = []
        for info in infos:
            assert info.commandExecutionUUID == execution
            statuses.append(info.executionInfo.commandStatus)
            if statuses[-1] == 2:
                break
    answer = connected.ask(observableCommandGetResponse={"commandExecutionUUID": execution})
    assert (answer.commandExecutionUUID, bytes(answer.response)) == (execution, field(text("done")))


def test_errors_say_what_they_are(connected: ServerConnection) -> None:
    with pytest.raises(Refused) as defined:
        call(connected, f"{SMALL_DEVICE}/Command/Fail", field(text("broken:it fell")))
    assert defined.value.kind == "commandError"
    assert defined.value.error.definedExecutionError.message == "it fell"
    with pytest.raises(Refused) as missing:
        call(connected, f"{SMALL_DEVICE}/Command/Echo")
    assert missing.value.error.validationError.parameter == f"{SMALL_DEVICE}/Command/Echo/Parameter/Text"
    with pytest.raises(Refused) as unknown:
        read(connected, f"{SMALL_DEVICE}/Property/Absent")
    assert unknown.value.kind == "propertyError"
    assert "Absent" in unknown.value.error.undefinedExecutionError.message
    with pytest.raises(Refused) as foreign:
        connected.ask(observableCommandGetResponse={"commandExecutionUUID": {"value": str(uuid.uuid4())}})
    assert (
        foreign.value.error.frameworkError.errorType == SiLAFramework_pb2.FrameworkError.INVALID_COMMAND_EXECUTION_UUID
    )
    with pytest.raises(Refused) as binary:
        connected.ask(deleteUploadedBinaryRequest={"binaryTransferUUID": str(uuid.uuid4())})
    assert binary.value.kind == "binaryTransferError"


def test_a_command_is_not_taken_for_one_of_the_other_kind(connected: ServerConnection, device: SmallDevice) -> None:
    with pytest.raises(Refused, match="no unobservable command .*Run"):
        call(connected, f"{SMALL_DEVICE}/Command/Run")
    assert device.calls == []


def test_metadata_are_checked_as_for_any_client(connected: ServerConnection) -> None:
    key = f"{LOCK}/Metadata/LockIdentifier"
    mine = {"fullyQualifiedMetadataId": key, "value": field(text("mine"))}
    timeout = SiLAFramework_pb2.Integer(value=60).SerializeToString()
    call(connected, f"{LOCK}/Command/LockServer", field(text("mine")) + b"\x12" + bytes([len(timeout)]) + timeout)
    with pytest.raises(Refused) as refused:
        call(connected, f"{SMALL_DEVICE}/Command/Stop")
    assert refused.value.error.frameworkError.errorType == SiLAFramework_pb2.FrameworkError.INVALID_METADATA
    assert "127.0.0.1" in refused.value.error.frameworkError.message
    assert call(connected, f"{SMALL_DEVICE}/Command/Stop", metadata=[mine]) == b""
    answer = connected.ask(metadataRequest={"fullyQualifiedMetadataId": key})
    assert list(answer.affectedCalls) == [f"{SMALL_DEVICE}/Command/Stop"]


def test_subscriptions_end(connected: ServerConnection, device: SmallDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"fullyQualifiedPropertyId": f"{SMALL_DEVICE}/Property/Level"}
    with connected.subscribe(observablePropertySubscription=wanted) as values:
        answers = iter(values)
        next(answers)
        device.Level.set(7)
        assert bytes(next(answers).value) == field(SiLAFramework_pb2.Integer(value=7).SerializeToString())
        monkeypatch.setattr("sila_ot2.sila.connections.connection.MOST_SUBSCRIPTIONS", 1)
        with pytest.raises(Refused, match="at most 1 subscriptions"):
            connected.ask(observablePropertySubscription=wanted)
        assert call(connected, f"{SMALL_DEVICE}/Command/Echo", field(text("served"))) == field(text("served"))
    wait_for(lambda: device.Level._readers == [])


def test_content_that_is_not_a_message_is_ignored(connected: ServerConnection) -> None:
    connected.send(b"\xff\xff\xff")
    connected.send(MESSAGES.SiLAClientMessage(requestUUID="empty").SerializeToString())
    assert read(connected, f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))


# --- connections ------------------------------------------------------------------------------------------------------


def test_a_lost_connection_is_opened_again_and_frees_its_subscriptions(
    connected: ServerConnection, endpoint: Listener, device: SmallDevice
) -> None:
    execution = run(connected, 0.01, "done")
    wanted = {"fullyQualifiedPropertyId": f"{SMALL_DEVICE}/Property/Level"}
    with connected.subscribe(observablePropertySubscription=wanted) as values:
        next(iter(values))
        connected.drop()
        again = endpoint.session()
        wait_for(lambda: device.Level._readers == [])
    wait_for(lambda: _has_finished(again, execution))


def _has_finished(session: ServerConnection, execution: Any) -> bool:
    try:
        session.ask(observableCommandGetResponse={"commandExecutionUUID": execution})
    except Refused:
        return False
    return True


def test_an_endpoint_that_comes_later_is_reached(
    serve: Callable[..., Server], start_endpoint: Callable[..., Listener], tmp_path: Path
) -> None:
    first = start_endpoint()
    first.stop()
    serve(connections=Connections(tmp_path, [client_at(first)], PLAIN.open))
    later = start_endpoint(port=first.port)
    assert read(later.session(), f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))


def test_the_last_answer_is_sent_before_the_mode_ends_the_connection(connected: ServerConnection) -> None:
    assert call(connected, f"{SERVICE}/Command/DisableServerInitiatedConnectionMode") == b""
    wait_for(connected.ended.is_set)


def test_stopping_the_server_ends_the_connection(
    serve: Callable[..., Server], endpoint: Listener, tmp_path: Path
) -> None:
    server = serve(connections=Connections(tmp_path, [client_at(endpoint)], PLAIN.open))
    session = endpoint.session()
    server.stop(1.0)
    wait_for(session.ended.is_set)


@pytest.fixture
def service(serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path) -> Callable[..., Any]:
    """Start a server on one and the same folder; gives its configuration service, as a client sees it."""

    def start(always: Sequence[SiLAClient] = ()) -> Any:
        connections = Connections(tmp_path, always, PLAIN.open)
        binding = FeatureBinding(DEFINITION.read_text("utf-8"), ConnectionConfigurationService(connections))
        return client_of(serve(binding, connections=connections)).ConnectionConfigurationService

    return start


def test_a_persistent_client_and_the_mode_survive_a_restart(
    service: Callable[..., Any], start_endpoint: Callable[..., Listener]
) -> None:
    kept, other = start_endpoint(), start_endpoint()
    first = service()
    assert first.ServerInitiatedConnectionModeStatus.get() is False
    first.EnableServerInitiatedConnectionMode()
    first.ConnectSiLAClient("kept", "127.0.0.1", kept.port, True)
    first.ConnectSiLAClient("for now", "127.0.0.1", other.port, False)
    kept.session()
    assert [one.ClientName for one in first.ConfiguredSiLAClients.get()] == ["kept", "for now"]
    second = service()
    assert second.ServerInitiatedConnectionModeStatus.get() is True
    assert [tuple(one) for one in second.ConfiguredSiLAClients.get()] == [("kept", "127.0.0.1", kept.port)]
    assert read(kept.session(), f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))
    second.DisconnectSiLAClient("kept", True)
    assert second.ConfiguredSiLAClients.get() == []
    assert service().ConfiguredSiLAClients.get() == []


def test_a_disconnected_client_is_remembered_and_comes_back_with_the_mode(
    service: Callable[..., Any], endpoint: Listener
) -> None:
    client = service()
    client.EnableServerInitiatedConnectionMode()
    client.ConnectSiLAClient("kept", "127.0.0.1", endpoint.port, True)
    session = endpoint.session()
    client.DisconnectSiLAClient("kept", False)
    wait_for(session.ended.is_set)
    assert [one.ClientName for one in client.ConfiguredSiLAClients.get()] == ["kept"]
    client.EnableServerInitiatedConnectionMode()
    assert read(endpoint.session(), f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))


def test_impossible_clients_are_refused_and_change_nothing(service: Callable[..., Any], endpoint: Listener) -> None:
    client = service([client_at(endpoint, "settings")])
    free = "198.51.100.1"
    refused = {
        ("", free, 50051): "needs a name",
        ("new", "no host", 50051): "not a host name",
        ("new", free, 65536): "not a port",
        ("settings", free, 50051): "connected, or being connected, already",
        ("new", "127.0.0.1", endpoint.port): "settings is configured already",
    }
    for arguments, reason in refused.items():
        with pytest.raises(DefinedExecutionError, match=reason) as error:
            client.ConnectSiLAClient(*arguments, True)
        assert error.value.identifier == "InvalidSiLAClient"
    for name, reason in {"absent": "No client", "settings": "outbound.clients"}.items():
        with pytest.raises(DefinedExecutionError, match=reason):
            client.DisconnectSiLAClient(name, True)
    assert [one.ClientName for one in client.ConfiguredSiLAClients.get()] == ["settings"]
    client.DisableServerInitiatedConnectionMode()
    with pytest.raises(DefinedExecutionError, match="mode is off"):
        client.ConnectSiLAClient("new", free, 50051, False)


def test_a_client_that_cannot_be_reached_is_not_configured(
    service: Callable[..., Any], start_endpoint: Callable[..., Listener]
) -> None:
    gone = start_endpoint()
    gone.stop()
    client = service()
    client.EnableServerInitiatedConnectionMode()
    with pytest.raises(DefinedExecutionError, match="was not reached"):
        client.ConnectSiLAClient("gone", "127.0.0.1", gone.port, True)
    assert client.ConfiguredSiLAClients.get() == []
    assert service().ConfiguredSiLAClients.get() == []


def test_there_may_be_so_many_clients_and_no_more(
    service: Callable[..., Any], start_endpoint: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections_module, "MOST_CLIENTS", 1)
    client = service([client_at(start_endpoint())])
    with pytest.raises(DefinedExecutionError, match="1 clients are configured"):
        client.ConnectSiLAClient("one more", "127.0.0.1", start_endpoint().port, False)


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "connections.json").write_text(json.dumps({"enabled": True}))
    with pytest.raises(IdentityDamaged, match="connections.json"):
        Connections(tmp_path, [], PLAIN.open)


def test_what_cannot_be_kept_is_not_done(service: Callable[..., Any], tmp_path: Path) -> None:
    client = service()
    (tmp_path / "connections.json").mkdir()
    with pytest.raises(CommandExecutionNotAccepted, match="connections.json"):
        client.EnableServerInitiatedConnectionMode()
    assert client.ServerInitiatedConnectionModeStatus.get() is False


# --- encryption -------------------------------------------------------------------------------------------------------


def test_both_sides_show_a_certificate(
    serve: Callable[..., Server], start_endpoint: Callable[..., Listener], tmp_path: Path
) -> None:
    identity = load_identity(tmp_path, name="SmallDevice", hosts=["localhost"])
    key, certificate = make_certificate(uuid.uuid4(), ["127.0.0.1"], utc_now())
    credentials = grpc.ssl_server_credentials([(key, certificate)], identity.ca, require_client_auth=True)
    endpoint = start_endpoint(credentials)
    options = ChannelOptions(identity, ca=certificate)
    serve(connections=Connections(tmp_path, [client_at(endpoint)], options.open))
    assert read(endpoint.session(), f"{SMALL_DEVICE}/Property/Serial") == field(text("4711"))


def test_a_client_that_is_not_trusted_is_sent_nothing(
    serve: Callable[..., Server], start_endpoint: Callable[..., Listener], tmp_path: Path
) -> None:
    identity = load_identity(tmp_path, name="SmallDevice", hosts=["localhost"])
    key, certificate = make_certificate(uuid.uuid4(), ["127.0.0.1"], utc_now())
    endpoint = start_endpoint(grpc.ssl_server_credentials([(key, certificate)]))
    connections = Connections(tmp_path, [], ChannelOptions(identity, ca=identity.ca).open)
    serve(connections=connections)
    connections.enable()
    with pytest.raises(InvalidSiLAClient, match="was not reached: .*(?i:certificate)"):
        connections.connect(client_at(endpoint), persist=False)
    assert endpoint.sessions.empty()


def test_a_client_that_reads_no_answers_keeps_nobody_else_waiting(
    serve: Callable[..., Server],
    client_of: Callable[..., Client],
    start_endpoint: Callable[..., Listener],
    tmp_path: Path,
) -> None:
    endpoint = start_endpoint(reads=False)
    few = Limits(streams=4, calls=4, reads=4, interrupts=1, stops=1, transfers=1)
    connections = Connections(tmp_path, [client_at(endpoint)], PLAIN.open)
    server = serve(connections=connections, limits=few)
    session = endpoint.session()
    parameter = {"parameters": field(text("x" * 20_000))}
    echo = {"fullyQualifiedCommandId": f"{SMALL_DEVICE}/Command/Echo", "commandParameter": parameter}
    for number in range(1000):
        session.send(
            MESSAGES.SiLAClientMessage(requestUUID=str(number), unobservableCommandExecution=echo).SerializeToString()
        )
    other = client_of(server)
    connection = connections._connections["scheduler"]
    wait_for(lambda: len(connection._answers._items) == CAPACITY and connection._under_way > few.workers)
    assert other.SmallDevice.Echo("still served").Text == "still served"
