"""Few threads send for all streams; a client that does not read holds up no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sila_ot2.sila import Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.rpc import senders as senders_module
from sila_ot2.sila.rpc.senders import _THREADS, Senders
from sila_ot2.sila.streams.bounded_queue import BoundedQueue
from tests.fakes.small_device import Broken, SmallDevice
from tests.fakes.streams import sent
from tests.waiting import wait_for


class Reader:
    """A client that reads, or does not."""

    def __init__(self, senders: Senders, queue: BoundedQueue, client: str = "quick") -> None:
        self.reads = threading.Event()
        self.reads.set()
        self.got: list[bytes | None] = []
        self.threads: list[str] = []
        self.ended: list[BaseException | None] = []
        senders.open(queue, self.send, self.ended.append, client)

    def send(self, item: bytes | None) -> None:
        self.reads.wait(30)
        self.threads.append(threading.current_thread().name)
        self.got.append(item)


@pytest.fixture
def senders() -> Iterator[Senders]:
    senders = Senders(slow=40)
    senders.start()
    yield senders
    senders.stop()


def sending() -> int:
    return sum(thread.name == "sila-sender" for thread in threading.enumerate())


def test_slow_reader_gets_the_newest() -> None:
    queue = BoundedQueue(capacity=1)
    for item in (b"1", b"2", b"3"):
        queue.put(item)
    assert sent(queue) == [b"3"]


def test_sender_is_called_once_until_it_has_asked_for_more() -> None:
    queue = BoundedQueue(capacity=2)
    calls: list[None] = []
    queue.open(lambda: calls.append(None))
    queue.put(b"1")
    queue.put(b"2")
    assert len(calls) == 1
    assert queue.take() == b"1"
    assert queue.has_more()
    assert queue.take() == b"2"
    assert not queue.has_more()
    queue.put(b"3")
    assert len(calls) == 2


def test_what_is_put_before_the_sender_is_known_is_sent(senders: Senders) -> None:
    queue = BoundedQueue(capacity=2)
    queue.put(b"1")
    queue.close(Broken("over"))
    reader = Reader(senders, queue)
    wait_for(lambda: bool(reader.ended))
    assert reader.got == [b"1"]
    assert isinstance(reader.ended[0], Broken)


def test_items_of_a_stream_come_in_their_order_and_it_ends_once(senders: Senders) -> None:
    left: list[BoundedQueue] = []
    queue = BoundedQueue(500, left.append)
    reader = Reader(senders, queue)
    items = [number.to_bytes(2, "big") for number in range(500)]
    for item in items:
        queue.put(item)
    queue.close()
    queue.abandon()
    queue.close()
    wait_for(lambda: bool(reader.ended))
    assert reader.got == items[: len(reader.got)]
    assert reader.ended == [None]
    assert left == [queue]


def test_clients_that_do_not_read_hold_up_no_other_and_cost_a_thread_while_they_do_not(senders: Senders) -> None:
    queues = [BoundedQueue(capacity=1) for _ in range(20)]
    slow = [Reader(senders, queue, f"slow {number}") for number, queue in enumerate(queues)]
    for reader in slow:
        reader.reads.clear()
    for queue in queues:
        queue.put(b"1")
    queue = BoundedQueue(capacity=1)
    reader = Reader(senders, queue)
    queue.put(b"now")
    wait_for(lambda: reader.got == [b"now"])

    for one in slow:
        one.reads.set()
    wait_for(lambda: all(one.got == [b"1"] for one in slow))
    wait_for(lambda: sending() == _THREADS)


def test_all_streams_of_a_slow_client_are_sent_apart_from_the_others_for_a_while(
    senders: Senders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders_module, "_SLOW_FOR_S", 3600.0)  # it stays slow until the clock is put forward
    queues = [BoundedQueue(capacity=1) for _ in range(20)]
    first, *others = [Reader(senders, queue, "slow") for queue in queues]
    first.reads.clear()
    queues[0].put(b"1")
    wait_for(lambda: sending() == _THREADS + 1)
    for queue in queues[1:]:
        queue.put(b"1")
    wait_for(lambda: all(reader.got == [b"1"] for reader in others))
    assert all(reader.threads == ["sila-worker"] for reader in others)
    first.reads.set()
    wait_for(lambda: first.got == [b"1"] and sending() == _THREADS)

    later = time.monotonic() + 3600.0
    monkeypatch.setattr(time, "monotonic", lambda: later)
    queues[0].put(b"2")
    wait_for(lambda: first.got[-1] == b"2")
    assert first.threads[1] == "sila-sender"


def test_what_cannot_be_sent_ends_its_stream_and_no_other(senders: Senders, caplog: pytest.LogCaptureFixture) -> None:
    def fail(item: bytes | None) -> None:
        raise OSError("no connection")

    ended: list[BaseException | None] = []
    broken, sound = BoundedQueue(capacity=1), BoundedQueue(capacity=1)
    senders.open(broken, fail, ended.append, "broken")
    reader = Reader(senders, sound)
    for _ in range(_THREADS + 1):
        broken.put(b"1")
        wait_for(lambda: bool(ended))
    sound.put(b"2")
    wait_for(lambda: reader.got == [b"2"])
    assert ended == [None]
    assert "no connection" in caplog.text


@pytest.mark.slow
def test_subscriptions_cost_no_thread(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    server = serve()
    client = client_of(server)
    command = client.SmallDevice.Run(60, "x")
    subscriptions = [client.SmallDevice.Level.subscribe() for _ in range(100)]
    for subscription in subscriptions:
        assert next(subscription) == 1
    device.Level.set(2)
    for subscription in subscriptions:
        assert next(subscription) == 2
    wait_for(lambda: sending() == _THREADS)
    wait_for(lambda: len(server._workers._idle) == server._workers._threads)
    assert not command.done
    for subscription in subscriptions:
        subscription.cancel()
