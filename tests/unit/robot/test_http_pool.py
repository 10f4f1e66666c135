"""Requests over kept connections: an answer is whole or an error, and none is taken for another one's."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from sila_ot2.robot.descriptors import Reserve
from sila_ot2.robot.http_pool import HttpPool
from sila_ot2.robot.network import Exchange, Network
from tests.waiting import wait_for

KEEP_ALIVE_S = 3600.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class AnsweringRobot:
    """Answers each request with the next of these answers; after one in pieces (a list) it ends the connection."""

    def __init__(self, *answers: bytes | list[bytes]) -> None:
        self._answers = list(answers)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._url = f"http://127.0.0.1:{self._server.getsockname()[1]}/lights?a=1"
        self.requests: list[tuple[int, bytes]] = []
        """The number of its connection, and what was sent."""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            for number in range(100):
                connection, _ = self._server.accept()
                with connection:
                    self._answer(connection, number)

    def _answer(self, connection: socket.socket, number: int) -> None:
        while request := connection.recv(65536):
            self.requests.append((number, request))
            answer = self._answers.pop(0)
            for piece in [answer] if isinstance(answer, bytes) else answer:
                connection.sendall(piece)
            if isinstance(answer, list):
                return

    def ask(self, pool: HttpPool, method: str = "GET", **given: Any) -> httpx.Response:
        """Ask it for something."""
        timeout = {"timeout": httpx.Timeout(60).as_dict()}
        with Exchange(60, 1000) as exchange:
            answer = pool.handle_request(httpx.Request(method, self._url, extensions=timeout, **given))
            assert isinstance(answer.stream, httpx.SyncByteStream)
            content = b"".join(answer.stream)
            exchange.answered = True
            answer.close()
        return httpx.Response(answer.status_code, headers={"X-Why": answer.headers.get("X-Why", "")}, content=content)

    def close(self) -> None:
        """Take no more connections."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def pool() -> Iterator[HttpPool]:
    pool = HttpPool(2, KEEP_ALIVE_S, Network(Reserve()))
    yield pool
    pool.close()


def test_requests_one_after_the_other_have_one_connection(pool: HttpPool) -> None:
    robot = AnsweringRobot(OK, b"HTTP/1.1 404 Not Found\r\nX-Why: gone\r\nContent-Length: 0\r\n\r\n")
    assert robot.ask(pool).text == "ok"
    refusal = robot.ask(pool, "POST", json={"x": 1})
    assert (refusal.status_code, refusal.headers["x-why"], refusal.content) == (404, "gone", b"")
    (first, read), (second, post) = robot.requests
    assert first == second
    assert read.startswith(b"GET /lights?a=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert post.endswith(b'\r\n\r\n{"x":1}')


@pytest.mark.parametrize(
    "answer",
    [
        OK.replace(b"200 OK", b"500 Oh"),  # robot-server closes such a connection a moment later without saying so
        OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
)
def test_a_connection_that_the_robot_may_close_is_not_used_again(pool: HttpPool, answer: bytes) -> None:
    robot = AnsweringRobot(answer, OK)
    assert robot.ask(pool).content == b"ok"
    assert robot.ask(pool).status_code == 200
    assert [number for number, _ in robot.requests] == [0, 1]


def test_content_that_was_not_requested_is_not_an_answer(pool: HttpPool) -> None:
    robot = AnsweringRobot(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother", OK)
    assert robot.ask(pool).content == b"ok"
    assert robot.ask(pool).content == b"ok"


def test_a_connection_is_not_kept_for_longer_than_the_robot_keeps_it() -> None:
    pool = HttpPool(2, 0.0, Network(Reserve()))
    robot = AnsweringRobot(OK, OK)
    robot.ask(pool)
    robot.ask(pool)
    assert [number for number, _ in robot.requests] == [0, 1]


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\nX-Why: wait\r\n\r\n" + OK, b"ok"),
        (OK.replace(b"200 OK", b"200"), b"ok"),
        (OK.replace(b"\r\n\r\n", b"\r\nX-Name: M\xf6ve\r\nX-File: \xc3\xa9\r\n\r\n"), b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX-Why: end\r\n\r\n", b"ok"),
    ],
)
def test_the_connection_of_a_whole_answer_is_used_again(pool: HttpPool, answer: bytes, content: bytes) -> None:
    robot = AnsweringRobot(answer, OK)
    assert robot.ask(pool).content == content
    assert robot.ask(pool).content == b"ok"
    assert [number for number, _ in robot.requests] == [0, 0]


def test_an_answer_without_a_length_ends_with_its_connection(pool: HttpPool) -> None:
    robot = AnsweringRobot([b"HTTP/1.1 200 OK\r\n\r\n", b"{}", b"   "], OK)
    assert robot.ask(pool).content == b"{}   "
    assert robot.ask(pool).content == b"ok"


def test_a_robot_that_refuses_an_upload_before_it_has_all_of_it_is_understood(pool: HttpPool) -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"
    robot = AnsweringRobot([refusal], OK)
    answer = robot.ask(pool, "POST", files={"files": ("long.py", io.BytesIO(b"x" * 20_000_000))})
    assert (answer.status_code, answer.content) == (413, b"no")
    assert robot.ask(pool).content == b"ok"


def test_an_answer_in_chunks_is_put_together(pool: HttpPool) -> None:
    robot = AnsweringRobot(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n3\r\n   \r\n0\r\n\r\n", OK)
    assert robot.ask(pool).content == b"{}   "
    assert robot.ask(pool).content == b"ok"


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"HTTP/1.1 200 OK\r\nContent-Le"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"{}"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n"],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}!\r\n0\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 20 + b"X-Long: " + b"x" * 900],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n" + b" " * 2000],
    ],
)
def test_an_answer_that_is_not_whole_is_an_error(pool: HttpPool, pieces: list[bytes]) -> None:
    robot = AnsweringRobot(pieces, OK)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        robot.ask(pool)
    assert robot.ask(pool).content == b"ok"


def test_a_robot_that_ended_the_kept_connection_gets_the_next_read_over_a_new_one(pool: HttpPool) -> None:
    robot = AnsweringRobot([OK], OK)
    robot.ask(pool)
    ((_, kept),) = pool._idle
    wait_for(lambda: kept.get_extra_info("is_readable"))  # the end of the connection has come
    assert robot.ask(pool).content == b"ok"


def test_a_robot_that_is_not_there_is_a_connection_error(pool: HttpPool) -> None:
    robot = AnsweringRobot()
    robot.close()
    with pytest.raises(httpx.ConnectError):
        robot.ask(pool)
