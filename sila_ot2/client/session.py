"""The session within which the robot is moved step by step."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType

from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.deck import Deck
from sila_ot2.client.execution import Execution, finish, is_interrupt, timeout_after
from sila_ot2.client.generated.atomic_liquid_handling import (
    CLOSE_SESSION,
    ActivePart,
    AtomicLiquidHandling,
    SessionSummary,
)
from sila_ot2.client.interrupts import Interrupts
from sila_ot2.client.link import Link


class Session:
    """A context manager: opens a session, yields its deck, and closes it. Closing moves nothing: tips stay attached."""

    def __init__(self, link: Link) -> None:
        self._link, self._feature = link, AtomicLiquidHandling(link)
        self._opening_was_sent = False
        self._closing: Execution[list[ActivePart], None] | None = None

    def __enter__(self) -> Deck:
        self._opening_was_sent, self._closing = False, None
        found: list[SessionSummary] = []
        try:
            found = self._feature.session.get()
            finish(self._open)
            return Deck(self._feature)
        except (KeyboardInterrupt, SystemExit) as interrupt:  # it may have been opened just then
            if self._opening_was_sent and not found:  # a session that was open before is somebody else's
                self._close_after(interrupt)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            self._close(timeout_after(error))
        except (KeyboardInterrupt, SystemExit) as interrupt:
            if not is_interrupt(error):  # after a second Ctrl-C there is no more waiting
                self._close_after(interrupt)
            raise
        except (ClientError, TimeoutError):
            if error is None:
                raise

    def _open(self) -> Execution[str, None]:
        with Interrupts() as sending:
            try:
                return self._feature.open_session()
            finally:
                self._opening_was_sent = sending.holding

    def _close_after(self, error: BaseException) -> None:
        """Close it; the caller raises the error."""
        with suppress(ClientError, TimeoutError):
            self._close(timeout_after(error))

    def _close(self, timeout: float | None = None) -> None:
        """Close it, or wait for the closing that was interrupted."""
        with Interrupts():
            if self._closing is None:
                self._closing = Execution.start(self._link, CLOSE_SESSION, (), timeout)
        self._closing.result(timeout)
