"""Exchanges over real connections: their time and size are bounded, and a lost answer leaves nothing to be sent."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpcore
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sila_ot2.errors import AnalysisFailed
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.descriptors import Reserve
from sila_ot2.robot.network import Exchange, Network
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason, Unreachable
from sila_ot2.robot.releases import release_of
from sila_ot2.robot.transport import Timeouts
from tests.fakes.certificates import certificate, private

Serve = Callable[[socket.socket], None]
BRIEF = Timeouts(read_s=0.3, change_s=0.3)


@contextmanager
def robot(serve: Serve) -> Iterator[RobotClient]:
    """A robot that treats its connections like this, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        connection.recv(65536)
                        serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with RobotClient(url, timeouts=BRIEF, release=release_of("8.1.0")) as client:
            yield client
        server.shutdown(socket.SHUT_RDWR)
        thread.join(30)


def drip(connection: socket.socket) -> None:
    """Send a byte now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    pause = threading.Event()
    while True:
        connection.sendall(b" ")
        pause.wait(0.01)


def drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    pause = threading.Event()
    while True:
        connection.sendall(b"x")
        pause.wait(0.01)


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


@pytest.mark.parametrize("serve", [drip, drip_head])
def test_a_robot_that_drips_is_not_waited_for(serve: Serve) -> None:
    with robot(serve) as client:
        with pytest.raises(Unreachable) as read:
            client.rail_lights()
        with pytest.raises(AnswerLost) as changed:
            client.set_rail_lights(on=True)
    assert read.value.reason is changed.value.reason is Reason.TIMED_OUT


def test_an_answer_without_end_is_lost() -> None:
    with robot(flood) as client:
        with pytest.raises(Unreachable, match="larger than 1048576 bytes"):
            client.modules()
        with pytest.raises(AnswerLost, match="larger than"):
            client.set_rail_lights(on=True)


def test_an_analysis_that_is_too_large_is_read_once_and_refused() -> None:
    begun: list[bytes] = []

    def too_much(connection: socket.socket) -> None:
        begun.append(b"")
        flood(connection)

    with robot(too_much) as client, pytest.raises(AnalysisFailed, match=r"too large.*Nothing moved\. Split"):
        client.analysis_document("p", "a")
    assert len(begun) == 1, "to ask again would bring as much again"


def test_a_connection_without_an_answer_is_reset() -> None:
    """The operating system sends nothing of the request any more, and the robot learns that nobody waits."""
    ends: list[BaseException | bytes] = []

    def keep_silent(connection: socket.socket) -> None:
        try:
            while rest := connection.recv(65536):
                assert b"on" in rest, "it is the body of the request"
            ends.append(b"closed in order")
        except OSError as error:
            ends.append(error)
            raise

    with robot(keep_silent) as client, pytest.raises(AnswerLost):
        client.set_rail_lights(on=True)
    assert isinstance(ends[0], ConnectionResetError)


def test_a_connection_with_an_answer_is_kept_and_closed_in_order() -> None:
    ends: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        for _ in range(2):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"on": true}')
            ends.append(connection.recv(65536))

    with robot(answer) as client:
        assert client.rail_lights() is True
        assert client.rail_lights() is True
    assert ends[0].startswith(b"GET")
    assert ends[1] == b""


def test_a_robot_whose_certificate_nobody_knows_is_not_asked_anything(tmp_path: Path) -> None:
    """As behind a proxy that encrypts: what the robot is asked stays with whom it is meant for."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = tmp_path / "own.pem"
    own.write_bytes(private(key) + certificate("robot", key, "robot", key, "localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    came: list[bytes] = []

    def encrypted(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as stream:
            came.append(stream.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: encrypted(server.accept()[0]))
        thread.start()
        url = f"https://localhost:{server.getsockname()[1]}"
        with RobotClient(url, release=release_of("8.1.0")) as client, pytest.raises(NotSent, match="certificate"):
            client.set_rail_lights(on=True)
        thread.join(60)
    assert came == []


def test_connection_is_opened_with_a_descriptor_that_was_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    reserve = Reserve(2)
    reserve.fill()
    exhausted = [OSError(errno.EMFILE, "Too many open files")]
    connect = httpcore.SyncBackend.connect_tcp

    def connect_tcp(*given: object) -> httpcore.NetworkStream:
        if exhausted:
            raise httpcore.ConnectError("no connection") from exhausted.pop()
        return connect(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    with socket.create_server(("127.0.0.1", 0)) as server, Exchange(60, 0):
        network, port = Network(reserve), server.getsockname()[1]
        network.connect_tcp("127.0.0.1", port, timeout=30).close()
        assert not exhausted
        exhausted.extend(OSError(errno.EMFILE, "Too many open files") for _ in range(4))
        with pytest.raises(httpcore.ConnectError):  # as many as were kept back, and one more
            network.connect_tcp("127.0.0.1", port, timeout=30)
    assert len(exhausted) == 1
    exhausted[:] = [ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")]
    with Exchange(60, 0), pytest.raises(httpcore.ConnectError):
        network.connect_tcp("127.0.0.1", port, timeout=30)
    assert not exhausted, "a refusal is not tried again"
    reserve.close()
