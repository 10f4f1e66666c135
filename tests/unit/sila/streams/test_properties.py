"""Observable properties: what the setter sees and what the subscribers get."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sila2.framework import DefinedExecutionError, UndefinedExecutionError

from sila_ot2.sila import Limits, ObservableProperty, Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.execution.workers import Workers
from tests.fakes.small_device import Broken, SmallDevice
from tests.fakes.streams import sent
from tests.waiting import wait_for

ROOT = Path(__file__).parents[4]


def test_late_subscriber_gets_the_present_value_at_once(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    device.Level.set(4)
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 4


def test_subscriber_who_comes_when_the_server_has_ended_gets_the_present_value_and_no_more() -> None:
    level = ObservableProperty(3)
    level.bind(lambda value: bytes([value]))
    level.close()
    assert sent(level.subscribe()) == [b"\x03"]


def test_invalid_value_raises_at_the_setter_and_freezes_nothing(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 1
        unfit: list[Any] = [11, "a text", None, 2.5]
        for invalid in unfit:
            with pytest.raises(ValueError, match="SmallDevice/v1/Property/Level"):
                device.Level.set(invalid)
        assert device.Level.value == 1
        device.Level.set(2)
        assert next(subscription) == 2
    with client.SmallDevice.Level.subscribe() as late:
        assert next(late) == 2


def test_invalid_value_without_subscribers_is_an_error_for_the_next_and_sent_to_nobody(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    device.Level.set(11)
    with client.SmallDevice.Level.subscribe() as subscription, pytest.raises(UndefinedExecutionError):
        next(subscription)
    device.Level.set(2)
    with client.SmallDevice.Level.subscribe() as late:
        assert next(late) == 2


def test_a_value_is_written_only_for_subscribers() -> None:
    written: list[int] = []

    def write(value: int) -> bytes:
        written.append(value)
        return bytes([value])

    level = ObservableProperty(1)
    level.bind(write)
    level.set(2)
    level.set(3)
    queue = level.subscribe()
    level.set(4)
    level.set(4)
    queue.close()
    assert written == [1, 3, 4, 4]
    assert sent(queue) == [b"\x04"]


def test_equal_values_are_sent_once(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 1
        for value in (1, 1, 3, 3):
            device.Level.set(value)
        assert next(subscription) == 3
        device.Level.set(3)
        device.Level.set(5)
        assert next(subscription) == 5


def test_error_ends_subscriptions_until_there_is_a_value_again(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    with client.SmallDevice.Label.subscribe() as subscription:
        assert next(subscription) == ""
        device.Label.fail(Broken("no robot"))
        with pytest.raises(DefinedExecutionError, match="Broken: no robot"):
            next(subscription)
    for _ in range(2):
        with client.SmallDevice.Label.subscribe() as late, pytest.raises(DefinedExecutionError):
            next(late)
    device.Label.set("")
    with client.SmallDevice.Label.subscribe() as late:
        assert next(late) == ""


def test_value_before_the_first_is_an_error() -> None:
    with pytest.raises(LookupError):
        _ = ObservableProperty().value


def test_slow_reader_is_conflated_and_takes_no_memory(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    """A reader that reads nothing while 20,000 values pass gets few of them, the newest among them."""
    client = client_of(serve())
    with client.SmallDevice.Label.subscribe() as subscription:
        assert next(subscription) == ""
        before = psutil.Process().memory_info().rss
        for n in range(20_000):
            device.Label.set(f"{n:05}" + "x" * 10_000)  # 200 MB altogether
        assert psutil.Process().memory_info().rss - before < 60e6
        last, count = "", 0
        while not last.startswith("19999"):
            last, count = next(subscription), count + 1
        assert count < 20_000


@pytest.mark.slow
def test_subscribers_that_come_and_go_while_values_change_freeze_nothing(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve())
    over = threading.Event()

    def change() -> None:
        n = 0
        while not over.is_set():
            n = (n + 1) % 10
            device.Level.set(n)

    changer = threading.Thread(target=change)
    changer.start()
    try:
        for n in range(200):
            subscription = client.SmallDevice.Level.subscribe()
            if n % 2:
                next(subscription)
            subscription.cancel()
    finally:
        over.set()
        changer.join()
    device.Level.set(10)
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 10
    wait_for(lambda: not device.Level._readers)


def test_streams_of_vanished_clients_are_freed(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    """Also those cancelled before the server has begun to serve them."""
    server = serve(limits=Limits(streams=50))
    client = client_of(server)
    for _ in range(200):
        client.SmallDevice.Level.subscribe().cancel()
    wait_for(lambda: not device.Level._readers)
    wait_for(lambda: server.subscriptions == 0)


def test_workers_end_when_idle_and_come_again() -> None:
    workers = Workers(4, idle_s=0.05)
    gate = threading.Event()
    jobs = [workers.submit(gate.wait, 30) for _ in range(8)]
    assert workers._threads == 4
    gate.set()
    assert all(job.result(30) for job in jobs)
    wait_for(lambda: workers._threads == 0)
    assert workers.submit(lambda: "again").result(30) == "again"
    workers.shutdown()
    wait_for(lambda: workers._threads == 0)


def test_workers_do_not_make_a_thread_for_each_job() -> None:
    workers = Workers(100)
    for _ in range(50):
        workers.submit(lambda: None).result(30)
        wait_for(lambda: len(workers._idle) == 1)
    assert workers._threads == 1
    workers.shutdown()


def test_worker_survives_what_a_job_raises() -> None:
    workers = Workers(1)
    with pytest.raises(SystemExit):
        workers.submit(exit).result(30)
    assert workers.submit(lambda: 1).result(30) == 1
    workers.shutdown()
