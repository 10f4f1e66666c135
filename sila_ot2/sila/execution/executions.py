"""Observable commands: their executions from initiation until their results are forgotten."""

from __future__ import annotations

import enum
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sila2.framework.abc.sila_error import SilaError
from sila2.framework.errors.command_execution_not_finished import CommandExecutionNotFinished
from sila2.framework.errors.invalid_command_execution_uuid import InvalidCommandExecutionUUID
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.cancellation import Cancellation
from sila_ot2.sila.admission import Call, Reservation
from sila_ot2.sila.binary_transfer.spool import Spool, Spooled
from sila_ot2.sila.codec.wire_format import execution_info
from sila_ot2.sila.errors import Exhausted, ServerStopping
from sila_ot2.sila.execution.workers import Workers
from sila_ot2.sila.streams.bounded_queue import BoundedQueue

_log = logging.getLogger(__name__)

_INFO_BACKLOG = 16  # more than one, so that no status is skipped (a command may run and end within a moment)
_INTERMEDIATE_BACKLOG = 256
_LONGEST_ESTIMATE_S = 1e9


class Status(enum.IntEnum):
    """SiLA's command execution status; the numbers are the standard's."""

    WAITING = 0
    RUNNING = 1
    FINISHED_SUCCESSFULLY = 2
    FINISHED_WITH_ERROR = 3


def duration(seconds: float) -> Any:
    """A SiLA duration message."""
    whole = int(seconds)
    return SiLAFramework_pb2.Duration(seconds=whole, nanos=int((seconds - whole) * 1e9))


@dataclass(kw_only=True, eq=False)
class Execution(Call):
    """One execution of an observable command, as its implementation sees it.

    Attributes:
        execution_uuid: names the execution to clients.
        cancelled: set when the execution shall end early, by CancelController or because the server stops. The
            implementation then ends soon, with the error that says so.
        lifetime_s: how long it can be asked for after its end.
        interrupts: whether it ends what others do: it is counted apart from them, so that they cannot keep it out.
        binaries: the large binaries of its result.
    """

    lifetime_s: float
    interrupts: bool = False
    encode_intermediate: Callable[[Any], bytes] | None = field(default=None, repr=False)
    execution_uuid: UUID = field(default_factory=uuid4)
    cancelled: Cancellation = field(default_factory=Cancellation, repr=False)
    binaries: dict[str, Spooled] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._status = Status.WAITING
        self._progress: float | None = None
        self._remaining_until: float | None = None
        self._info_readers: list[BoundedQueue] = []
        self._intermediate_readers: list[BoundedQueue] = []
        self._last_intermediate: bytes | None = None
        self._result: Spooled | None = None
        self._error: SilaError | None = None
        self._pause: tuple[Callable[[], None], Callable[[], None]] | None = None
        self.expires_at: float | None = None

    # --- for the implementation ---------------------------------------------------------------------------------------

    def report(self, progress: float | None = None, remaining_s: float | None = None) -> None:
        """Report the progress (0 to 1) and the estimated remaining time; None and NaN leave a figure as it is."""
        with self._lock:
            if progress is not None and not math.isnan(progress):
                self._progress = min(max(progress, 0.0), 1.0)
            if remaining_s is not None and not math.isnan(remaining_s):
                self._remaining_until = time.monotonic() + min(max(remaining_s, 0.0), _LONGEST_ESTIMATE_S)
            self._notify()

    def send_intermediate(self, value: Any) -> None:
        """Send an intermediate response to those who listen (a client may miss it: nothing essential).

        Raises:
            ValueError: the command has no intermediate responses, or the value violates their definition.
        """
        if self.encode_intermediate is None:
            raise ValueError(f"{self.identifier} has no intermediate responses")
        encoded = self.encode_intermediate(value)
        with self._lock:
            self._last_intermediate = encoded
            for reader in self._intermediate_readers:
                reader.put(encoded)

    def allow_pause(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Let PauseController pause this execution from now on, by these functions (called as an interrupt)."""
        with self._lock:
            self._pause = (pause, resume)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The command has the status "waiting" within this block, for what must wait before it begins."""
        self._set_status(Status.WAITING)
        try:
            yield
        finally:
            self._set_status(Status.RUNNING)

    # --- for the controllers ------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether the command has not ended yet."""
        return self._status in (Status.WAITING, Status.RUNNING)

    @property
    def pausing(self) -> tuple[Callable[[], None], Callable[[], None]] | None:
        """How to pause and resume, where the implementation allows it."""
        return self._pause

    # --- for the server -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """The implementation is called now."""
        self._set_status(Status.RUNNING)

    def _set_status(self, status: Status) -> None:
        with self._lock:
            self._status = status
            self._notify()

    def finish(self, outcome: Spooled | SilaError) -> None:
        """The command has ended; its result is kept for the lifetime from now on."""
        with self._lock:
            if isinstance(outcome, SilaError):
                self._error, self._status = outcome.with_traceback(None), Status.FINISHED_WITH_ERROR
            else:
                self._result, self._status = outcome, Status.FINISHED_SUCCESSFULLY
                self._progress = 1.0
            self._remaining_until = None
            self._pause = self._last_intermediate = None
            self.expires_at = time.monotonic() + self.lifetime_s
            self._notify()
            readers = self._info_readers + self._intermediate_readers
            self._info_readers, self._intermediate_readers = [], []
        for reader in readers:
            reader.close()

    def result(self) -> bytes:
        """The serialized responses.

        Raises:
            SilaError: the command has not finished, or ended with this error.
        """
        with self._lock:
            if self._error is not None:
                raise self._error.with_traceback(None)  # asked for many times; tracebacks must not add up
            if self._result is None:
                raise CommandExecutionNotFinished(f"Execution {self.execution_uuid} has not finished yet")
            return self._result.read()

    def discard(self) -> None:
        """Free the result."""
        with self._lock:
            if self._result is not None:
                self._result.discard()
        for binary in self.binaries.values():
            binary.discard()

    def subscribe_info(self) -> BoundedQueue:
        """A queue with the present execution info that will hold the next ones and end with the command."""
        with self._lock:
            queue = BoundedQueue(_INFO_BACKLOG, self._unsubscribe)
            queue.put(self._info())
            if self.running:
                self._info_readers.append(queue)
            else:
                queue.close()
            return queue

    def subscribe_intermediate(self) -> BoundedQueue:
        """A queue with the last intermediate response and those to come; a slow reader misses the oldest."""
        with self._lock:
            queue = BoundedQueue(_INTERMEDIATE_BACKLOG, self._unsubscribe)
            if self.running:
                if self._last_intermediate is not None:
                    queue.put(self._last_intermediate)
                self._intermediate_readers.append(queue)
            else:
                queue.close()
            return queue

    def _unsubscribe(self, queue: BoundedQueue) -> None:
        with self._lock:
            self._info_readers = [reader for reader in self._info_readers if reader is not queue]
            self._intermediate_readers = [reader for reader in self._intermediate_readers if reader is not queue]

    def _notify(self) -> None:
        if self._info_readers:
            info = self._info()
            for reader in self._info_readers:
                reader.put(info)

    def _info(self) -> bytes:
        now = time.monotonic()
        # The lifetime runs from the end, so it is the whole one until then. A later request reports none: what the
        # confirmation said is then still a promise that is kept, and the package's client complains of shorter ones.
        is_whole = self.expires_at is None or self.expires_at - now > self.lifetime_s - 1.0
        # An estimate: whole seconds say all that it knows.
        remaining_s = None if self._remaining_until is None else float(round(max(self._remaining_until - now, 0.0)))
        return execution_info(
            self._status,
            progress=self._progress,
            remaining_s=remaining_s,
            lifetime_s=self.lifetime_s if is_whole else None,
        )


class Executions:
    """All executions of a server.

    Each running one has a thread to itself, which the next may take over; finished ones have none. A finished one is
    forgotten when its lifetime, which runs from its end, is over, or when more than `kept` have finished since.
    """

    def __init__(self, *, spool: Spool, running: int, interrupts: int, kept: int, lifetime_s: float) -> None:
        self._spool = spool
        self._max_running = running
        self._max_interrupts = interrupts
        self._max_kept = kept
        self._lifetime_s = lifetime_s
        self._lock = threading.Lock()
        self._ended = threading.Condition(self._lock)
        self._running: dict[UUID, Execution] = {}
        self._finished: dict[UUID, Execution] = {}  # in the order of their ends
        self._stopping = False
        self._threads = Workers(running + interrupts)

    @property
    def lifetime_s(self) -> float:
        """How long an execution can be asked for after its end."""
        return self._lifetime_s

    def running(self) -> list[Execution]:
        """Those that have not ended."""
        with self._lock:
            return list(self._running.values())

    def find(self, execution_uuid: str | UUID, of: str | None = None) -> Execution:
        """The execution of that UUID, of the command `of` if given.

        Raises:
            InvalidCommandExecutionUUID: there is none, or no more.
        """
        try:
            key = execution_uuid if isinstance(execution_uuid, UUID) else UUID(execution_uuid)
        except ValueError:
            raise InvalidCommandExecutionUUID(f"{str(execution_uuid)[:80]!r} is not a UUID") from None
        with self._lock:
            execution = self._running.get(key) or self._finished.get(key)
        if execution is None or of not in (None, execution.identifier):
            raise InvalidCommandExecutionUUID(f"There is no such execution {key}; its lifetime may be over")
        return execution

    def launch(
        self,
        execution: Execution,
        run: Callable[[Execution], bytes],
        to_sila_error: Callable[[BaseException], SilaError],
        ended: Callable[[SilaError | None], None],
    ) -> None:
        """Run a command on a thread to itself. Its reservation is bound now and released after its end.

        Args:
            execution: the execution to be run.
            run: calls the implementation and returns the serialized responses.
            to_sila_error: translates what `run` raises.
            ended: is called with the error that the command ended with, or None, before a client can see the end.

        Raises:
            Exhausted: too many are running.
            ServerStopping: the server takes no more.
        """
        reservation = execution.reservation
        with self._lock:
            if self._stopping:
                raise ServerStopping("The server is stopping")
            same = [other for other in self._running.values() if other.interrupts == execution.interrupts]
            most = self._max_interrupts if execution.interrupts else self._max_running
            if sum(other.running for other in same) >= most:
                setting = "interrupts" if execution.interrupts else "executions"
                raise Exhausted(f"{most} commands are running (limits.{setting})")
            self._running[execution.execution_uuid] = execution
        try:
            if reservation is not None:
                reservation.bind(execution.execution_uuid)
            self._threads.submit(self._execute, execution, run, to_sila_error, reservation, ended)
        except BaseException:
            with self._lock:
                del self._running[execution.execution_uuid]
            raise

    def _execute(
        self,
        execution: Execution,
        run: Callable[[Execution], bytes],
        to_sila_error: Callable[[BaseException], SilaError],
        reservation: Reservation | None,
        ended: Callable[[SilaError | None], None],
    ) -> None:
        outcome: Spooled | SilaError
        try:
            execution.start()
            outcome = self._spool.keep(run(execution))
        except BaseException as error:  # noqa: BLE001 (whatever it is, the client must know that the command ended)
            outcome = to_sila_error(error)
        # What was reserved is free before a client can learn of the end: it may call again at once.
        try:
            if reservation is not None:
                reservation.release()
        finally:
            ended(outcome if isinstance(outcome, SilaError) else None)
            execution.finish(outcome)
            with self._lock:
                del self._running[execution.execution_uuid]
                self._finished[execution.execution_uuid] = execution
                surplus = self._pop_finished(len(self._finished) - self._max_kept)
                self._ended.notify_all()
            for old in surplus:
                old.discard()

    def _pop_finished(self, count: int) -> list[Execution]:
        keys = tuple(islice(self._finished, max(count, 0)))
        return [self._finished.pop(key) for key in keys]

    def sweep(self) -> None:
        """Forget the executions whose lifetime is over."""
        now = time.monotonic()
        with self._lock:
            over = 0
            for execution in self._finished.values():
                if execution.expires_at is None or execution.expires_at > now:
                    break  # all live equally long, so the rest ends later
                over += 1
            forgotten = self._pop_finished(over)
        for execution in forgotten:
            execution.discard()

    def stop(self, grace_s: float) -> None:
        """Take no more, cancel those that run, and wait for them at most `grace_s`."""
        deadline = time.monotonic() + grace_s
        with self._lock:
            self._stopping = True
            for execution in self._running.values():
                execution.cancelled.set()
            while self._running and (left := deadline - time.monotonic()) > 0:
                self._ended.wait(left)
            self._threads.shutdown()
            for execution in self._running.values():
                _log.warning("stopping: %s did not end when cancelled", execution.identifier)
