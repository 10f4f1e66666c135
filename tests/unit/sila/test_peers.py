"""What a peer sends never becomes code, and a client that vanishes is noticed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.feature import Feature
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila import FeatureBinding, Limits, Server, patches
from sila_ot2.sila.client import Client, connect
from tests.fakes.definitions import basic, command, constrained, feature, names
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]


def attack(target: Path) -> str:
    """A description that leaves a proto comment and a Python docstring (`bare_package` shows that it works)."""
    code = f'""" + str(open({str(target)!r}, "w").write("x")) + """'
    return f"*/ }} }} /* {code} */ service Evil {{}} message Z {{ message Y {{ /* "


class PeerTaker:
    def Take(self, Value: Any, *, call: Any) -> None:
        return None


def test_description_of_an_any_value_is_not_executed(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    target = tmp_path / "executed"
    definition = feature("Taker", command("Take", parameters={"Value": basic("Any")}))
    client = client_of(serve(FeatureBinding(definition, PeerTaker())))
    elements = "".join(
        f"<Element>{names(name, attack(target))}<DataType>{basic('String')}</DataType></Element>" for name in "AB"
    )
    type_xml = f'<DataType xmlns="http://www.sila-standard.org"><Structure>{elements}</Structure></DataType>'
    client.Taker.Take(SilaAnyType(type_xml, ("text", "text")))
    assert not target.exists()


def test_description_served_by_a_server_is_not_executed_by_a_client(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    target = tmp_path / "executed"
    definition = feature("Taker", command("Take", parameters={"Value": basic("String")}), description=attack(target))
    server = serve(FeatureBinding(definition, PeerTaker()))
    with connect("127.0.0.1", server.port or 0, insecure=True) as client:
        client.Taker.Take("text")
    assert not target.exists()


def test_url_named_by_a_definition_is_not_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        constraint = f"<Schema><Type>Json</Type><Url>{url}</Url></Schema>"
        data_type = constrained(basic("String"), constraint)
        Feature(feature("Fetches", command("Take", parameters={"Value": data_type})))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.slow
def test_any_values_leave_nothing_behind() -> None:
    """Each value's type is compiled; neither its descriptors nor its classes stay in protobuf's default pool."""
    import gc

    from google.protobuf import descriptor_pool

    value = SilaAnyType('<DataType xmlns="http://www.sila-standard.org"><Basic>String</Basic></DataType>', "x")
    data_type = Feature(feature("Any", command("Take", parameters={"V": basic("Any")})))["Take"].parameters.fields[0]
    known = set(descriptor_pool.Default()._file_descriptors)  # type: ignore[attr-defined]
    for _ in range(20):
        data_type.data_type.to_native_type(data_type.data_type.to_message(value))
    gc.collect()
    assert set(descriptor_pool.Default()._file_descriptors) == known  # type: ignore[attr-defined]


def test_compiled_definitions_are_found_by_content_and_damaged_ones_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = Mock(side_effect=patches._run_protoc)
    first = feature("Known", command("Take", parameters={"Value": basic("String")}))
    name, content = patches.compiled_feature(first)
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(patches, "_compiled", tmp_path)
    monkeypatch.setattr(patches, "_run_protoc", compiler)

    def compile_again(definition: str) -> int:
        patches._module_of_feature.cache_clear()  # as another process, which has compiled nothing yet
        compiler.reset_mock()
        assert Feature(definition)["Take"].parameters.to_message("x").Value == SiLAFramework_pb2.String(value="x")
        return compiler.call_count

    assert compile_again(first) == 0
    assert compile_again(first.replace("For tests.", "Another description.")) == 0, "texts are not compiled"
    assert compile_again(first.replace("Known", "Other")) == 1
    (tmp_path / name).write_bytes(b"damaged")
    assert compile_again(first) == 1


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, without what importing the package has set in our environment."""
    environment = {k: v for k, v in os.environ.items() if k != "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_protobuf_imported_too_early_is_reported_in_plain_words() -> None:
    finished = run_python("import google.protobuf.descriptor_pb2\nimport sila_ot2.sila")
    assert finished.returncode == 1
    assert "google.protobuf was imported before sila_ot2.sila" in finished.stderr


@pytest.mark.slow
def test_another_release_of_the_package_is_refused() -> None:
    finished = run_python("import sila2\nsila2.__version__ = '0.15.0'\nimport sila_ot2.sila")
    assert finished.returncode == 1
    assert "changes internals of sila2 0.14.0 and found 0.15.0" in finished.stderr


# --- vanishing ------------------------------------------------------------------------------------------------------


class Relay:
    """Forwards one connection to the server until `fall_silent`, which closes nothing."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._target = port
        self._silent = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    self._threads.append(threading.Thread(target=self._pump, args=(source, sink)))
                    self._threads[-1].start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._silent.is_set():
                    sink.sendall(data)

    def fall_silent(self) -> None:
        self._silent.set()

    def close(self) -> None:
        for opened in (self._listener, *self._open):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def relay() -> Iterator[Any]:
    made = []

    def relay(server: Any) -> Any:
        made.append(Relay(server.port))
        return made[-1]

    yield relay
    for each in made:
        each.close()


def test_vanished_client_is_noticed_and_its_streams_are_freed(
    serve: Callable[..., Server], relay: Any, device: SmallDevice
) -> None:
    """The cable is pulled: no packet says so, keepalive finds out."""
    server = serve(limits=Limits(keepalive_s=1.0, keepalive_timeout_s=3.0))
    cable = relay(server)
    with connect("127.0.0.1", cable.port, insecure=True) as client:
        subscription = client.SmallDevice.Level.subscribe()
        assert next(subscription) == 1
        assert len(device.Level._readers) == 1
        cable.fall_silent()
        wait_for(lambda: not device.Level._readers)
        subscription.cancel()
