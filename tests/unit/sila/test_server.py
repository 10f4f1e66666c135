"""The server as a whole: what it takes, what it refuses, how it starts and stops."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from sila2.framework import (
    DefinedExecutionError,
    SilaConnectionError,
    UndefinedExecutionError,
    ValidationError,
)

from sila_ot2.sila import FeatureBinding, Limits, ObservableProperty, Server, ServerInfo
from sila_ot2.sila.client import Client, connect
from tests.fakes.bench import Bench
from tests.fakes.definitions import BENCH, BENCH_FEATURE, basic, command, feature, metadata, prop
from tests.unit.sila.conftest import INFO
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]


def test_second_server_on_the_port_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    with pytest.raises(OSError, match=f":{server.port}: the port is taken"):
        serve(port=server.port)


def test_two_servers_in_one_process_take_binaries_each_for_itself(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    first, second = client_of(serve()), client_of(serve())
    content = b"x" * (3 * 1024**2)
    assert first.Bench.Store(content).Size == len(content)
    assert second.Bench.Store(content).Size == len(content)


def test_two_features_of_one_name_and_different_content_share_a_process(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    for kind, value in (("String", "text"), ("Integer", 5)):
        definition = feature(
            "Twin", command("Echo", parameters={"Value": basic(kind)}, responses={"Value": basic(kind)})
        )

        class Twin:
            def Echo(self, Value: Any, *, call: Any) -> Any:
                return Value

        assert client_of(serve(FeatureBinding(definition, Twin()))).Twin.Echo(value).Value == value


def test_no_multicast_socket_without_an_announcer(serve: Callable[..., Server]) -> None:
    serve()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        taken = probe.connect_ex(("127.0.0.1", 1)) == 0 and _udp_port_5353_is_open()
    assert not taken


def _udp_port_5353_is_open() -> bool:
    import psutil

    return any(c.laddr and c.laddr[1] == 5353 for c in psutil.Process().net_connections(kind="udp"))


# --- lanes ------------------------------------------------------------------------------------------------------------


def test_subscriptions_beyond_the_cap_are_refused_and_other_calls_go_on(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve(limits=Limits(streams=5)))
    subscriptions = [client.Bench.Level.subscribe() for _ in range(5)]
    for subscription in subscriptions:
        assert next(subscription) == 1
    with pytest.raises(SilaConnectionError, match=r"RESOURCE_EXHAUSTED.*limits\.streams"):
        next(client.Bench.Level.subscribe())
    assert client.Bench.Serial.get() == "4711"
    subscriptions.pop().cancel()
    wait_for(lambda: _can_subscribe(client))
    for subscription in subscriptions:
        subscription.cancel()


def _can_subscribe(client: Any) -> bool:
    try:
        with client.Bench.Level.subscribe() as subscription:
            return bool(next(subscription) == 1)
    except SilaConnectionError:
        return False


def test_commands_that_hang_leave_stop_and_reads_their_own_limits(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench
) -> None:
    client = client_of(serve(limits=Limits(calls=3), interrupts={f"{BENCH_FEATURE}/Command/Stop"}))
    holders = [threading.Thread(target=client.Bench.Hold) for _ in range(3)]
    for holder in holders:
        holder.start()
        assert bench.entered.acquire(timeout=30)
    with pytest.raises(SilaConnectionError, match=r"limits\.calls"):
        client.Bench.Echo("one too many")
    client.Bench.Stop()
    assert client.Bench.Serial.get() == "4711"
    bench.gate.set()
    for holder in holders:
        holder.join()


def test_a_hundred_running_commands_keep_no_call_waiting(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench
) -> None:
    client = client_of(serve(limits=Limits(calls=4)))
    for _ in range(100):
        client.Bench.Run(60, "x")
    client.Bench.Stop()


def test_executions_beyond_the_cap_are_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve(limits=Limits(executions=1)))
    client.Bench.Run(60, "x")
    with pytest.raises(SilaConnectionError, match=r"limits\.executions"):
        client.Bench.Run(60, "x")


def test_stop_is_not_kept_out_by_commands_that_run(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    stop = frozenset({f"{BENCH_FEATURE}/Command/Run"})
    client = client_of(serve(limits=Limits(executions=0, interrupts=1), interrupts=stop))
    client.Bench.Run(60, "x")
    with pytest.raises(SilaConnectionError, match=r"limits\.interrupts"):
        client.Bench.Run(60, "x")


def test_connections_are_bounded_and_age_out(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    """Connections that say nothing, however many, keep no client out for longer than a handshake may take."""
    server = serve(limits=Limits(connections=3, handshake_s=0.5))
    silent = [socket.create_connection(("127.0.0.1", server.port or 0)) for _ in range(10)]
    for connection in silent:
        connection.settimeout(30)
        while connection.recv(1024):
            pass
        connection.close()
    assert client_of(server).Bench.Serial.get() == "4711"


def test_idle_client_is_let_go_and_comes_back_by_itself(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    server = serve(limits=Limits(connection_idle_s=1.0))
    client = client_of(server)
    states: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client._channel.subscribe(states.put)
    assert client.Bench.Serial.get() == "4711"
    while states.get(timeout=30) is not grpc.ChannelConnectivity.READY:
        pass
    assert states.get(timeout=30) is grpc.ChannelConnectivity.IDLE
    assert client.Bench.Serial.get() == "4711"


def test_several_binaries_in_one_message_are_within_the_limit_and_more_is_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    definition = feature("Box", command("Fill", parameters={n: basic("Binary") for n in "ABC"}))

    class Box:
        def Fill(self, A: Any, B: Any, C: Any, *, call: Any) -> None:
            pass

    client = client_of(serve(FeatureBinding(definition, Box()), limits=Limits(message_bytes=6 * 1024**2)))
    two = bytes(1_900_000)
    client.Box.Fill(two, two, two)
    with pytest.raises(SilaConnectionError, match="RESOURCE_EXHAUSTED"):
        client.Box.Fill(*[bytes(2 * 1024**2)] * 3)


# --- errors -----------------------------------------------------------------------------------------------------------


def test_declared_error_is_found_by_its_class_name(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    with pytest.raises(DefinedExecutionError, match="Broken: it fell") as raised:
        client_of(serve()).Bench.Fail("broken:it fell")
    assert raised.value.fully_qualified_identifier == f"{BENCH_FEATURE}/DefinedExecutionError/Broken"


def test_text_of_a_public_error_is_shown(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    with pytest.raises(UndefinedExecutionError) as raised:
        client_of(serve()).Bench.Fail("public:for the client")
    assert raised.value.message == "for the client"


def test_text_of_our_own_bugs_stays_in_the_log(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UndefinedExecutionError, match="internal error, reference ([0-9a-f]{8})") as raised:
        client_of(serve()).Bench.Fail("bug:secret")
    assert "secret" not in str(raised.value)
    reference = str(raised.value).split("reference ")[1][:8]
    assert any(reference in record.getMessage() and record.exc_info for record in caplog.records)


def test_exit_raised_by_an_implementation_ends_the_call_not_the_server(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    with pytest.raises(UndefinedExecutionError):
        client.Bench.Fail("exit:")
    assert client.Bench.Serial.get() == "4711"


def test_long_error_text_is_shortened_and_arrives(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    with pytest.raises(DefinedExecutionError) as raised:
        client_of(serve()).Bench.Fail("broken:" + "ä" * 50_000)
    assert 1900 < len(raised.value.message.encode()) <= 2000


def test_long_invalid_value_still_gives_a_validation_error(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    definition = feature("Strict", command("Take", parameters={"Code": CODE}))

    class Strict:
        def Take(self, Code: Any, *, call: Any) -> None:
            pass

    server = serve(FeatureBinding(definition, Strict()))
    request = b"\x0a\x83\x9a\x0c\x0a\xff\x99\x0c" + b"z" * 199_935  # a string of 199,935 characters
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/sila2.io.github.silaot.tests.strict.v1.Strict/Take")(request, timeout=30)  # type: ignore[call-arg]
    assert raised.value.code() is grpc.StatusCode.ABORTED


CODE = (
    "<Constrained><DataType><Basic>String</Basic></DataType><Constraints><Length>3</Length></Constraints></Constrained>"
)


def test_request_that_is_no_message_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/sila2.io.github.silaot.tests.bench.v1.Bench/Echo")(b"\x07\x00", timeout=30)  # type: ignore[call-arg]
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client], number: Any
) -> None:
    with pytest.raises(ValidationError, match="not a finite number"):
        client_of(serve()).Bench.Weigh(number)


def test_constrained_list_as_parameter_is_read_and_checked(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    assert client.Bench.Count([1, 2, 3]).Number == 3
    assert client.Bench.Count([]).Number == 0
    with pytest.raises(ValidationError):
        client.Bench.Count([1, 2, 3, 4])


def test_parameters_do_not_reach_the_log(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client_of(serve()).Bench.Echo("the password")
    assert "the password" not in caplog.text
    assert "Bench/v1/Command/Echo" in caplog.text


# --- bindings ---------------------------------------------------------------------------------------------------------


def test_disagreement_of_definition_and_implementation_names_every_member() -> None:
    class Wrong:
        Level = 5

        def Echo(self, Txt: Any, *, call: Any) -> None:
            pass

        def Run(self, Seconds: Any, Result: Any, *, call: Any) -> None:
            pass

    with pytest.raises(TypeError) as raised:
        Server(INFO, [FeatureBinding(BENCH, Wrong())])
    message = str(raised.value)
    for part in (
        "Echo takes ['Txt'] where the definition says ['Text']",
        "Run needs exactly the keyword-only parameter 'execution' and has ['call']",
        "method Weigh is missing",
        "ObservableProperty or method Level is missing",
    ):
        assert part in message


def test_metadata_needs_to_declare_what_it_affects() -> None:
    with pytest.raises(TypeError, match="calls_affected_by_Token is missing"):
        Server(INFO, [FeatureBinding(feature("Guard", metadata("Token", basic("String"))), object())])


def test_property_without_a_value_is_refused_at_the_start(bench: Bench) -> None:
    bench.Level = ObservableProperty()
    with pytest.raises(LookupError, match="Level of .*Bench/v1 has no value"):
        Server(INFO, [FeatureBinding(BENCH, bench)])


def test_feature_given_twice_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="given twice"):
        Server(INFO, [FeatureBinding(BENCH, bench), FeatureBinding(BENCH, bench)])


def test_server_information_that_violates_the_standard_is_refused() -> None:
    with pytest.raises(ValueError, match="ServerType"):
        Server(
            ServerInfo(
                name="n",
                type="OT-2",
                description="",
                version="1.0",
                vendor_url="https://example.org",
                uuid=uuid.uuid4(),
            ),
            [],
        )


def test_definitions_are_served_as_they_were_given(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    assert client.SiLAService.GetFeatureDefinition(BENCH_FEATURE).FeatureDefinition == BENCH
    assert BENCH_FEATURE in client.SiLAService.ImplementedFeatures.get()


def test_rename_is_kept_before_the_client_is_answered(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    kept: list[str] = []
    server = serve(on_rename=kept.append)
    client_of(server).SiLAService.SetServerName("Left bench")
    assert kept == ["Left bench"]
    assert server.name == client_of(server).SiLAService.ServerName.get() == "Left bench"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "empty"),
        (" Left bench", "space"),
        ("Left\nbench", "control characters"),
        ("Left\x1b[31mbench", "control characters"),
        ("Left\u2028bench", "control characters"),
        ("\u00e9" * 122, "244 bytes"),
        ("x" * 256, "255"),
    ],
)
def test_name_that_cannot_be_shown_or_announced_is_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client], name: str, why: str
) -> None:
    kept: list[str] = []
    client = client_of(serve(on_rename=kept.append))
    with pytest.raises(ValidationError, match=why):
        client.SiLAService.SetServerName(name)
    assert (kept, client.SiLAService.ServerName.get()) == ([], "Bench")
    client.SiLAService.SetServerName("\u00e9" * 121)
    assert kept == ["\u00e9" * 121]


def test_rename_that_cannot_be_kept_fails(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    def refuse(name: str) -> None:
        raise OSError("disk full")

    client = client_of(serve(on_rename=refuse))
    with pytest.raises(UndefinedExecutionError):
        client.SiLAService.SetServerName("Left bench")
    assert client.SiLAService.ServerName.get() == "Bench"


# --- start and stop ---------------------------------------------------------------------------------------------------


def test_stop_cancels_what_runs_and_ends_the_streams(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench
) -> None:
    server = serve()
    client = client_of(server)
    subscription = client.Bench.Level.subscribe()
    assert next(subscription) == 1
    client.Bench.Run(60, "x")
    assert bench.entered.acquire(timeout=30)
    server.stop(20)
    assert list(subscription) == []
    assert not server.executions.running()


@pytest.mark.parametrize("grace_s", [0.0, 1.0])
def test_stop_ends_within_its_grace_whatever_runs(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench, grace_s: float
) -> None:
    server = serve()
    client = client_of(server)
    bench.stubborn = True
    client.Bench.Run(20, "deaf")
    holder = threading.Thread(target=lambda: pytest.raises(SilaConnectionError, client.Bench.Hold))
    holder.start()
    assert bench.entered.acquire(timeout=30)
    assert bench.entered.acquire(timeout=30)
    server.stop(grace_s)
    assert not bench.gate.is_set(), "it has not waited for what hangs"
    bench.gate.set()
    holder.join()


def test_result_can_be_fetched_while_the_server_waits_for_others_to_end(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench
) -> None:
    server = serve()
    client = client_of(server)
    short = client.Bench.Run(60, "x")
    bench.stubborn = True
    client.Bench.Run(3, "deaf")
    stopping = threading.Thread(target=server.stop, args=(8,))
    stopping.start()
    wait_for(lambda: short.done)
    with pytest.raises(DefinedExecutionError, match="CommandCancelled"):
        short.get_responses()
    with pytest.raises(SilaConnectionError, match="UNAVAILABLE"):
        client.Bench.Run(1, "too late")
    stopping.join()


def test_restart_on_the_same_port_is_found_by_the_same_client(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    server = serve()
    client = client_of(server)
    server.stop(1.0)
    serve(port=server.port)
    wait_for(lambda: _answers(client))


def _answers(client: Any) -> bool:
    try:
        return bool(client.Bench.Serial.get() == "4711")
    except SilaConnectionError:
        return False


def test_start_with_25_features_takes_less_than_a_second_and_a_half() -> None:
    parts = [command(f"Do{i}", parameters={"A": basic("String")}, responses={"B": basic("Real")}) for i in range(4)]
    parts += [prop(f"Value{i}", basic("Real")) for i in range(3)]
    members = {f"Do{i}": (lambda self, A, *, call: 1.0) for i in range(4)}
    members |= {f"Value{i}": (lambda self, *, call: 1.0) for i in range(3)}  # type: ignore[misc]
    bindings = [FeatureBinding(feature(f"Part{n}Service", *parts), type("Part", (), members)()) for n in range(25)]
    Server(INFO, bindings).stop(0)  # fills the cache
    fastest = []
    for _ in range(3):
        started = time.process_time()  # nothing in it waits, so this is what it takes on a machine that is not busy
        server = Server(INFO, bindings)
        server.start("127.0.0.1", 0, None)
        fastest.append(time.process_time() - started)
        server.stop(0)
    assert min(fastest) < 1.5


def test_failure_after_the_start_ends_the_process(client_of: Callable[..., Client]) -> None:
    """Though a stream is open and a command runs that does not listen: no thread of the server holds the process."""
    program = (
        "import sys\n"
        "from sila_ot2.sila import FeatureBinding, Server\n"
        "from tests.fakes.bench import Bench\n"
        "from unit.sila.conftest import INFO\n"
        "from tests.fakes.definitions import BENCH\n"
        "bench = Bench()\n"
        "bench.stubborn = True\n"
        "server = Server(INFO, [FeatureBinding(BENCH, bench)])\n"
        "print(server.start('127.0.0.1', 0, None), flush=True)\n"
        "sys.stdin.read()\n"
        "raise RuntimeError('a failure')\n"
    )
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        client = connect("127.0.0.1", int(process.stdout.readline()), insecure=True, timeout_s=30)
        subscription = client.Bench.Level.subscribe()
        assert next(subscription) == 1
        client.Bench.Run(300, "x")
        _, reported = process.communicate(input="", timeout=60)
        client.close()
    assert process.returncode == 1, reported
    assert "RuntimeError: a failure" in reported


def test_implementation_is_not_touched_by_a_server_that_is_stopped(
    serve: Callable[..., Server], client_of: Callable[..., Client], bench: Bench
) -> None:
    serve().stop(0)
    client = client_of(serve())
    bench.Level.set(7)
    with client.Bench.Level.subscribe() as subscription:
        assert next(subscription) == 7
    assert isinstance(bench, Bench)
