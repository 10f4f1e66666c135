"""An observable command that was started."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from typing import Any, ParamSpec, TypeVar

from sila_ot2.client import wire
from sila_ot2.client.base_errors import (
    ClientError,
    ExecutionLost,
    FrameworkError,
    ServerUnreachable,
    SilaError,
)
from sila_ot2.client.calls import ObservableCommand
from sila_ot2.client.generated.cancel_controller import CANCEL_COMMAND
from sila_ot2.client.generated.pause_controller import PAUSE, RESUME
from sila_ot2.client.interrupts import Interrupts
from sila_ot2.client.link import PAUSE_S, Link, Stream
from sila_ot2.client.merged_progress import END, MergedProgress
from sila_ot2.client.messages import Progress, read_progress
from sila_ot2.client.progress_bar import ProgressBar
from sila_ot2.client.started import StartedCommand

T = TypeVar("T")
P = TypeVar("P")
A = ParamSpec("A")
S = TypeVar("S")
AFTER_INTERRUPT_S = 5.0
"""How long the server is waited for after an interrupt: Ctrl-C must not wait long for a server that is gone."""


class Execution(StartedCommand[Link, T, P]):
    """An observable command that was started. It goes on whether anybody waits for it or not.

    Iterating over it yields how it stands, whenever that changes, until it has ended:

        for progress in execution:
            print(progress)
        record = execution.result()

    Attributes:
        uuid, name, reference: as of `StartedCommand`.
    """

    _how_to_wait = ".result() waits for it"

    @classmethod
    def start(
        cls, link: Link, command: ObservableCommand[T, P], values: Sequence[Any], within_s: float | None = None
    ) -> Execution[T, P]:
        """Start a command. An interrupt that comes meanwhile waits for the confirmation and cancels it.

        Args:
            link: the connection.
            command: the command.
            values: its parameters.
            within_s: how long the server is waited for; as for any call unless given.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """

        def started() -> Execution[T, P]:
            return cls(link, command, link.start(command, values, within_s))

        # any exception of a handler of the program: only this knows the UUID
        return interruptible(started, lambda execution: execution, withdraw, BaseException)

    def result(self, timeout: float | None = None) -> T:
        """Wait until the command has ended and return its result.

        Args:
            timeout: how long to wait, in seconds; None waits as long as it takes.

        Raises:
            TimeoutError: it has not ended in that time; it goes on, and `result` may be called again.
            SilaError: the command ended with this error.
            ServerUnreachable: the server does not answer any more; the command may go on.
            ExecutionLost: the server does not know it any more.
        """
        if self._outcome is None:
            deadline = None if timeout is None else time.monotonic() + timeout
            for _ in self._info(deadline):
                pass
            self._outcome = self._fetch()
        value, error = self._outcome
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # either it or the error is there

    def progress(self) -> Progress[P]:
        """How it stands now."""
        with closing(self._info(None)) as states:
            return next(states)

    @property
    def done(self) -> bool:
        """Whether it has ended; asks the server."""
        return self._outcome is not None or self.progress().finished

    def __iter__(self) -> Iterator[Progress[P]]:
        if self._command.intermediate is None:
            yield from self._info(None)
            return
        news: queue.SimpleQueue[Any] = queue.SimpleQueue()
        opened: OpenStreams = OpenStreams()
        merged: MergedProgress[P] = MergedProgress(more=True)
        try:
            intermediate = self._intermediate()
            opened.add(intermediate)
            for items, end in ((intermediate, [END]), (self._info(None, opened), [])):
                threading.Thread(target=_forward, args=(items, end, news), name=self.name, daemon=True).start()
            while not merged.ended:
                item = news.get()
                if isinstance(item, ClientError):
                    raise self._lost(item)
                yield from merged.take(item)
        finally:
            opened.cancel()

    def intermediate(self) -> Iterator[P]:
        """The intermediate responses, until the command has ended; none if it has none."""
        if self._command.intermediate is not None:
            yield from self._intermediate()

    def show(self) -> T:
        """Wait like `result`, with a progress bar in a terminal or notebook."""
        with ProgressBar(self.name) as bar:
            for progress in self:
                bar.update(progress)
        return self.result()

    def cancel(self, timeout: float | None = None) -> None:
        """Ask the server to cancel it; it may still be ending when this returns, see `result`.

        Args:
            timeout: how long a server that does not answer is waited for, in seconds; None waits as for any call.
        """
        self._link.command(CANCEL_COMMAND, (self.uuid,), timeout)

    def pause(self) -> None:
        """Pause it."""
        self._link.command(PAUSE, (self.uuid,))

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self._link.command(RESUME, (self.uuid,))

    def _info(self, deadline: float | None, opened: OpenStreams | None = None) -> Generator[Progress[P], None, None]:
        """How it stands, whenever that changes, until it has ended, or `opened` is cancelled."""
        path, message = f"{self._command.path}_Info", wire.field(1, self.uuid.encode())
        while opened is None or not opened.cancelled:
            stream = self._link.stream(path, message, read_info, self.name, endless=False, deadline=deadline)
            if opened is not None:
                opened.add(stream)
            try:
                for progress in stream:
                    yield progress
                    if progress.finished:
                        return
            except FrameworkError as error:
                raise self._lost(error) from None
            finally:
                stream.cancel()
            if self._link.closed:
                raise ServerUnreachable(f"{self.name}: the connection was closed by this program. It goes on.")
            time.sleep(PAUSE_S)  # the server ended the stream too early

    def _intermediate(self) -> Stream[P]:
        assert self._command.intermediate is not None  # noqa: S101 (asked by the callers)
        message, read = wire.field(1, self.uuid.encode()), self._command.intermediate.read
        return self._link.stream(f"{self._command.path}_Intermediate", message, read, self.name, endless=False)

    def _fetch(self) -> tuple[T | None, ClientError | None]:
        try:
            return self._link.result(self._command, self.uuid), None
        except FrameworkError as error:
            raise self._lost(error) from None
        except SilaError as error:  # any other error is not about the command, and the result can be fetched again
            return None, error

    def _lost(self, error: ClientError) -> ClientError:
        return lost(error, self.name, self.uuid)


def interruptible(
    start: Callable[[], S],
    wait: Callable[[S], T],
    interrupted: Callable[[S], object],
    interrupts: type[BaseException] | tuple[type[BaseException], ...] = (KeyboardInterrupt, SystemExit),
) -> T:
    """Start something and wait for it; if an interrupt comes after it has begun, `interrupted` is called.

    Args:
        start: begins it.
        wait: waits for it and returns what comes of it.
        interrupted: is called with what was started if one of the interrupts comes, which is then raised.
        interrupts: what counts as an interrupt.
    """
    started: S | None = None
    try:
        with Interrupts():
            started = start()
        return wait(started)
    except interrupts:
        if started is not None:
            interrupted(started)
        raise


def finish(start: Callable[A, Execution[T, Any]], *args: A.args, **kwargs: A.kwargs) -> T:
    """Start a command and wait for it; Ctrl-C cancels it and waits until the movement under way has ended."""
    return interruptible(lambda: start(*args, **kwargs), Execution.result, _cancel_and_wait)


def all_of(*actions: Callable[[], None]) -> None:
    """Do all of it, also what comes after something that fails; the first failure is raised at the end."""
    failed: list[ClientError] = []
    for action in actions:
        try:
            action()
        except ClientError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _cancel_and_wait(execution: Execution[Any, Any]) -> None:
    if withdraw(execution) is None:
        with suppress(ClientError):
            execution.result()


def is_interrupt(error: BaseException | None) -> bool:
    """Return whether it is KeyboardInterrupt, SystemExit or the like, and no fault."""
    return error is not None and not isinstance(error, Exception)


def timeout_after(error: BaseException | None) -> float | None:
    """Return how long the server is waited for after this error: not long after an interrupt."""
    return AFTER_INTERRUPT_S if is_interrupt(error) else None


def withdraw(execution: Execution[Any, Any]) -> ClientError | None:
    """Cancel a command because of an interrupt, which is the error to raise; return why it could not be cancelled."""
    try:
        execution.cancel(AFTER_INTERRUPT_S)
    except ClientError as error:
        return error
    return None


class OpenStreams:
    """Streams that threads listen to; they can be cancelled together.

    Attributes:
        cancelled: whether they were: what is added then is cancelled at once.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._streams: list[Stream[Any]] = []

    def add(self, stream: Stream[Any]) -> None:
        """Add one that was opened."""
        self._streams.append(stream)
        if self.cancelled:
            stream.cancel()

    def cancel(self) -> None:
        """Cancel all."""
        self.cancelled = True
        for stream in self._streams:
            stream.cancel()


def lost(error: ClientError, name: str, uuid: str) -> ClientError:
    """Return the error, or ExecutionLost if the server does not know the execution."""
    if isinstance(error, FrameworkError) and error.kind == "INVALID_COMMAND_EXECUTION_UUID":
        return ExecutionLost(
            f"{name}: the server does not know the execution {uuid} any more. It was restarted, or the lifetime of the "
            f"result is over. Look at the state of the robot before anything is repeated."
        )
    return error


def read_info(data: bytes, _: wire.Downloads) -> Progress[Any]:
    """Read an ExecutionInfo from a stream."""
    return read_progress(data)


def _forward(items: Iterator[Any], end: list[Any], news: queue.SimpleQueue[Any]) -> None:
    """Put what an iterator yields, what stands for its end, and its error into the queue."""
    try:
        for item in chain(items, end):
            news.put(item)
    except ClientError as error:
        news.put(error)
