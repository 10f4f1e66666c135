"""A client that reads no answers: its connection goes on to be read, so that its end is noticed."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from sila_ot2.sila import SiLAClient
from sila_ot2.sila.connections.answer_queue import CAPACITY
from sila_ot2.sila.connections.connection import Connection


def test_a_refused_subscription_does_not_wait_for_room() -> None:
    message = SimpleNamespace(requestUUID="u", WhichOneof=lambda _: "observablePropertySubscription")
    requests: Any = SimpleNamespace(read=lambda _: message, refusal=lambda *_: b"refused")
    unused: Any = None
    connection = Connection(SiLAClient("client", "localhost", 1), unused, requests)
    connection._stopping.set()
    for _ in range(CAPACITY):
        connection._answers.put(b"unread")
    receiving = threading.Thread(target=connection._receive, args=(b"",), daemon=True)
    receiving.start()
    receiving.join(30)
    is_read_on = not receiving.is_alive()
    connection._answers.close()
    assert is_read_on
