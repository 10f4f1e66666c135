"""The client on real connections that break in every way a robot's can."""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sila_ot2.errors import OT2Fault, RobotFaulty
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason, Unreachable, connect_reason
from sila_ot2.robot.releases import release_of
from sila_ot2.robot.transport import Timeouts

Serve = Callable[[socket.socket, int], None]
"""Serves one connection, given its number from 0 on."""

ACTION = b'{"data": {"id": "a", "actionType": "stop"}}'
LIGHTS = b'{"on": true}'
ERROR = b'{"errors": [{"id": "UnexpectedError", "title": "Unexpected Internal Error", "detail": "boom"}]}'


KEPT_BYTES = 65536


def request_from(connection: socket.socket) -> bytes:
    """Read one request; of a large body only the beginning is kept; empty when the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.I)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        piece = connection.recv(65536)
        if not piece:
            break
        if len(data) < KEPT_BYTES:
            data += piece
        missing -= len(piece)
    return data


def answer(status: int, body: bytes, *, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (status, size, body)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def robot(serve: Serve) -> Iterator[str]:
    """A robot at a loopback address that serves each connection in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            thread = threading.Thread(target=one, args=(connection, len(connections) - 1))
            thread.start()
            threads.append(thread)

    def one(connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError):
            serve(connection, number)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def client_of(url: str, **timeouts: float) -> RobotClient:
    return RobotClient(url, release=release_of("8.1.0"), timeouts=Timeouts(**timeouts))


def test_no_client_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with client_of(f"http://127.0.0.1:{port}") as client:
        for send in (client.rail_lights, lambda: client.post_action("r", "stop", interrupt=True)):
            with pytest.raises(NotSent) as raised:
                send()
            assert raised.value.reason is Reason.REFUSED


def test_the_name_is_unknown() -> None:
    with client_of("http://no-such-robot.invalid:31950") as client, pytest.raises(NotSent) as raised:
        client.post_action("r", "play")
    assert raised.value.reason is Reason.NAME_NOT_FOUND


def test_connections_are_kept() -> None:
    numbers: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while request_from(connection):
            numbers.append(number)
            connection.sendall(answer(200, LIGHTS))

    with robot(serve) as url, client_of(url) as client:
        assert [client.rail_lights() for _ in range(3)] == [True] * 3
    assert numbers == [0, 0, 0]


def test_after_a_server_error_a_fresh_connection_is_used() -> None:
    """The robot resets a connection on which it has answered 500 when the next request comes."""

    def serve(connection: socket.socket, number: int) -> None:
        request_from(connection)
        connection.sendall(answer(500, ERROR) if number == 0 else answer(201, ACTION))
        if request_from(connection):
            reset(connection)

    with robot(serve) as url, client_of(url) as client:
        with pytest.raises(RobotFaulty, match="boom"):
            client.post_action("r", "play")
        assert client.post_action("r", "stop").action_type == "stop"


def test_a_reset_before_the_request_was_read_is_a_lost_answer() -> None:
    def serve(connection: socket.socket, _: int) -> None:
        select.select([connection], [], [])
        reset(connection)

    with robot(serve) as url, client_of(url) as client, pytest.raises(AnswerLost):
        client.post_action("r", "play")


def test_a_reset_after_the_request_took_effect_is_a_lost_answer() -> None:
    taken: list[bytes] = []

    def serve(connection: socket.socket, _: int) -> None:
        taken.append(request_from(connection))
        reset(connection)

    with robot(serve) as url, client_of(url) as client, pytest.raises(AnswerLost):
        client.post_action("r", "play")
    assert len(taken) == 1, "sent once"


def test_a_truncated_answer_to_a_request_is_a_lost_answer() -> None:
    def serve(connection: socket.socket, _: int) -> None:
        request_from(connection)
        connection.sendall(answer(201, ACTION[:20], length=len(ACTION)))

    with robot(serve) as url, client_of(url) as client, pytest.raises(AnswerLost) as raised:
        client.post_action("r", "play")
    assert raised.value.reason is Reason.CONNECTION_LOST


def test_a_read_survives_a_reset() -> None:
    def serve(connection: socket.socket, number: int) -> None:
        if number == 0:
            reset(connection)
        else:
            request_from(connection)
            connection.sendall(answer(200, LIGHTS))

    with robot(serve) as url, client_of(url) as client:
        assert client.rail_lights() is True


@pytest.mark.parametrize("error", [ConnectionResetError, ConnectionAbortedError])
def test_a_reset_while_connecting_is_lost_and_not_without_a_route(error: type[OSError]) -> None:
    assert connect_reason(error()) is Reason.CONNECTION_LOST


def test_a_robot_that_hangs() -> None:
    def serve(connection: socket.socket, _: int) -> None:
        while connection.recv(65536):
            pass

    with robot(serve) as url, client_of(url, read_s=0.2, change_s=0.2) as client:
        with pytest.raises(Unreachable) as read:
            client.rail_lights()
        assert not isinstance(read.value, (NotSent, AnswerLost))
        assert read.value.reason is Reason.TIMED_OUT
        with pytest.raises(AnswerLost) as post_action:
            client.post_action("r", "play")
        assert post_action.value.reason is Reason.TIMED_OUT


def test_no_request_waits_for_the_connection_of_another() -> None:
    hanging, over = threading.Semaphore(0), threading.Event()

    def serve(connection: socket.socket, _: int) -> None:
        if b'"stop"' in request_from(connection):
            connection.sendall(answer(201, ACTION))
        else:
            hanging.release()
            over.wait(60)

    def wait() -> None:
        with pytest.raises(OT2Fault):
            client.post_action("r", "play")

    with robot(serve) as url, client_of(url, connect_s=3, change_s=60) as client:
        waiters = [threading.Thread(target=wait) for _ in range(20)]
        for waiter in waiters:
            waiter.start()
        try:
            for _ in waiters:
                assert hanging.acquire(timeout=30)
            assert client.post_action("r", "stop").action_type == "stop"
            assert client.post_action("r", "stop", interrupt=True).action_type == "stop"
        finally:
            over.set()
            for waiter in waiters:
                waiter.join()


def test_a_read_that_waits_in_vain_asks_again_and_a_request_never_does() -> None:
    waiting, over = threading.Semaphore(0), threading.Event()
    asked: list[bytes] = []

    def serve(connection: socket.socket, _: int) -> None:
        while request := request_from(connection):
            asked.append(request.split(b" ")[0])
            if asked.count(b"GET") > 1:
                connection.sendall(answer(200, LIGHTS))
            else:
                waiting.release()
                over.wait(60)
                connection.sendall(answer(201, ACTION))

    with robot(serve) as url, client_of(url, read_s=60, change_s=60) as client, ThreadPoolExecutor() as threads:
        try:
            post_action = threads.submit(client.post_action, "r", "stop")
            assert waiting.acquire(timeout=30)
            read = threads.submit(client.rail_lights)
            assert waiting.acquire(timeout=30)
            while not read.done():  # the request may have come before the client waits for its answer
                client.retry_reads()
                futures.wait([read], timeout=0.5)
            assert read.result() is True
        finally:
            over.set()
        assert post_action.result(timeout=30).action_type == "stop"
        client.retry_reads()  # nothing waits now
        assert asked.count(b"GET") > 1
        assert asked.count(b"POST") == 1


def test_a_large_protocol_is_sent_in_pieces(tmp_path: Path) -> None:
    size = 50 * 1024 * 1024
    file = tmp_path / "large.py"
    with file.open("wb") as empty:
        empty.truncate(size)
    lengths: list[int] = []

    def serve(connection: socket.socket, _: int) -> None:
        head = request_from(connection).partition(b"\r\n\r\n")[0]
        found = re.search(rb"content-length: (\d+)", head, re.I)
        assert found
        lengths.append(int(found[1]))
        protocol = b'{"data": {"id": "p", "createdAt": "2026-01-01T00:00:00Z"}}'
        connection.sendall(answer(201, protocol))

    with robot(serve) as url, client_of(url) as client:
        tracemalloc.start()
        try:
            upload = client.upload_protocol([UploadFile("large.py", file), UploadFile("plate.json", b"{}")])
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert upload.protocol.id == "p"
    assert not upload.was_present
    assert lengths[0] > size
    assert peak < 5 * 1024 * 1024
