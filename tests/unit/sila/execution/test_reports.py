"""What an implementation tells its client while a command is at work."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework import (
    CommandExecutionStatus,
)
from sila2.framework.pb2.SiLAFramework_pb2 import ExecutionInfo

from sila_ot2.sila import FeatureBinding, Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.execution.executions import Execution
from tests.fakes.definitions import basic, command, constrained, feature
from tests.fakes.streams import sent
from tests.unit.sila.execution.instances import execution, finish
from tests.waiting import wait_for

STEPS = feature(
    "Steps",
    command(
        "Walk",
        observable=True,
        intermediate={"Step": constrained(basic("Integer"), "<MaximalInclusive>9</MaximalInclusive>")},
    ),
    command("Rest", observable=True),
)


class Steps:
    def __init__(self, walk: Any) -> None:
        self.walk = walk

    def Walk(self, *, execution: Execution) -> None:
        self.walk(execution)

    def Rest(self, *, execution: Execution) -> None:
        execution.send_intermediate(1)


def test_progress_remaining_time_and_intermediate_responses_reach_the_client(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    seen = threading.Event()

    def walk(execution: Execution) -> None:
        execution.report(progress=0.25, remaining_s=60)
        execution.send_intermediate(5)
        assert seen.wait(30)

    client = client_of(serve(FeatureBinding(STEPS, Steps(walk))))
    instance = client.Steps.Walk()
    with instance.subscribe_to_intermediate_responses() as steps:
        assert next(steps).Step == 5, "also when the subscription comes after it was sent"
    wait_for(lambda: instance.progress == 0.25)
    assert instance.status is CommandExecutionStatus.running
    assert 50 < instance.estimated_remaining_time.total_seconds() <= 60
    seen.set()
    finish(instance)
    assert instance.progress == 1.0


def test_invalid_intermediate_response_raises_where_it_is_sent(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    caught = []

    def walk(execution: Execution) -> None:
        with pytest.raises(ValueError, match="it must be at most") as raised:
            execution.send_intermediate(11)
        caught.append(raised.value)

    client = client_of(serve(FeatureBinding(STEPS, Steps(walk))))
    finish(client.Steps.Walk())
    assert caught


def test_intermediate_response_of_a_command_without_any_is_a_bug(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(serve(FeatureBinding(STEPS, Steps(None))))
    instance = finish(client.Steps.Rest())
    assert instance.status is CommandExecutionStatus.finishedWithError
    assert "has no intermediate responses" in caplog.text


@pytest.mark.parametrize(("remaining_s", "reported_s"), [(-3, 0), (math.inf, 10**9), (1e300, 10**9)])
def test_reports_beyond_the_bounds_are_brought_within(remaining_s: float, reported_s: int) -> None:
    one = execution()
    one.start()
    one.report(progress=1.5, remaining_s=remaining_s)
    info = ExecutionInfo.FromString(sent(one.subscribe_info())[0])
    assert info.progressInfo.value == 1.0
    assert info.estimatedRemainingTime.seconds == reported_s


def test_reports_that_are_not_a_number_change_nothing() -> None:
    one = execution()
    one.start()
    one.report(progress=0.5, remaining_s=7)
    one.report(progress=math.nan, remaining_s=math.nan)
    info = ExecutionInfo.FromString(sent(one.subscribe_info())[0])
    assert (info.progressInfo.value, info.estimatedRemainingTime.seconds) == (0.5, 7)


def test_the_remaining_time_is_in_whole_seconds() -> None:
    one = execution()
    one.start()
    one.report(remaining_s=59.7)
    remaining = ExecutionInfo.FromString(sent(one.subscribe_info())[0]).estimatedRemainingTime
    assert (remaining.seconds, remaining.nanos) == (60, 0)
