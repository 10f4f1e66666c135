"""Reads are prepared once for all times that they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.robot.transport import Request, Transport


@contextmanager
def answering(body: Any) -> Iterator[tuple[RobotClient, list[httpx.Request]]]:
    """A robot that gives the same answer to everything, and what it was sent."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=body)

    with RobotClient("http://robot", transport=httpx.MockTransport(answer), release=release_of("8.1.0")) as client:
        yield client, seen


def test_a_read_is_made_once_and_a_change_each_time() -> None:
    with answering({"on": True}) as (client, seen):
        for _ in range(2):
            client.rail_lights()
            client.set_rail_lights(on=True)
    read, change, same_read, other_change = seen
    assert read is same_read
    assert change is not other_change


def test_reads_of_one_route_that_ask_for_different_things_differ() -> None:
    with answering({"data": [], "links": {}}) as (client, seen):
        client.current_run_id()
        client.runs()
    assert [str(request.url) for request in seen] == ["http://robot/runs?pageLength=1", "http://robot/runs"]


def test_a_question_within_a_path_is_kept() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    with closing(Transport("http://robot", transport=httpx.MockTransport(answer))) as transport:
        transport.ask(Request("GET", "/runs?pageLength=1", "read the current run", 5))
    assert str(seen[0].url) == "http://robot/runs?pageLength=1"
