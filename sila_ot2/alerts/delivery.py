"""Delivers messages on a thread of its own: what happens at the robot never waits for a webhook or a mail server."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol

log = logging.getLogger(__name__)

MOST_WAITING = 100
"""Messages that wait for a channel; a further one replaces the oldest."""
WAITS_S = (2.0, 10.0, 60.0, 300.0)
"""Between two attempts to deliver a message."""
_END_S = 1.0

Message = Mapping[str, str]


class Undelivered(Exception):
    """A message was not delivered.

    Attributes:
        is_final: whether another attempt makes no sense.
    """

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Channel(Protocol):
    """A way to send messages."""

    name: str
    """For the log, without secrets."""

    def send(self, message: Message) -> None:
        """Send a message; takes as long as it takes.

        Raises:
            Undelivered: it was not delivered, or it is not known.
        """


class Delivery:
    """The messages that wait for one channel. One that cannot be delivered in several attempts is logged and dropped.

    Args:
        channel: sends them.
        waits_s: the pauses between the attempts of one message.
    """

    def __init__(self, channel: Channel, waits_s: Sequence[float] = WAITS_S) -> None:
        self._channel = channel
        self._waits_s = waits_s
        self._waiting: deque[Message] = deque(maxlen=MOST_WAITING)
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._deliver_all, name=f"alerts by {channel.name}", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """End within a moment; what waits then is not delivered."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def add(self, message: Message) -> None:
        """Deliver a message soon; does not wait."""
        with self._changed:
            if len(self._waiting) == MOST_WAITING:
                log.warning(
                    "the message '%s' by %s is dropped: too many wait", self._waiting[0]["text"], self._channel.name
                )
            self._waiting.append(message)
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many messages wait for the one that is being delivered."""
        return len(self._waiting)

    def _deliver_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping.is_set() or bool(self._waiting))
                if self._stopping.is_set():
                    return
                message = self._waiting.popleft()
            self._deliver(message)

    def _deliver(self, message: Message) -> None:
        for wait_s in (*self._waits_s, None):
            try:
                self._channel.send(message)
            except Undelivered as undelivered:
                if wait_s is None or undelivered.is_final:
                    log.error("the message '%s' by %s is lost: %s", message["text"], self._channel.name, undelivered)
                    return
                log.warning("a message by %s is tried again in %g s: %s", self._channel.name, wait_s, undelivered)
                if self._stopping.wait(wait_s):
                    return
            except Exception:  # the next message may go better; without this thread none is delivered any more
                log.exception("the message '%s' by %s is lost", message["text"], self._channel.name)
                return
            else:
                return
