"""An observable command that was started, for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import aclosing, suppress
from typing import Any, ParamSpec, TypeVar

from sila_ot2.client import wire
from sila_ot2.client.asynchronous.link import AsyncLink, AsyncStream
from sila_ot2.client.asynchronous.undoing import done_or_undone, wait_for_undoing
from sila_ot2.client.base_errors import ClientError, FrameworkError, SilaError
from sila_ot2.client.calls import ObservableCommand
from sila_ot2.client.execution import lost, read_info
from sila_ot2.client.generated.cancel_controller import CANCEL_COMMAND
from sila_ot2.client.generated.pause_controller import PAUSE, RESUME
from sila_ot2.client.link import PAUSE_S
from sila_ot2.client.merged_progress import END, MergedProgress
from sila_ot2.client.messages import Progress
from sila_ot2.client.progress_bar import ProgressBar
from sila_ot2.client.started import StartedCommand

T = TypeVar("T")
P = TypeVar("P")
A = ParamSpec("A")


class AsyncExecution(StartedCommand[AsyncLink, T, P]):
    """An observable command that was started. It goes on whether anybody waits for it or not.

    `await execution` returns its result; `async for progress in execution` yields how it stands.

    Attributes:
        uuid, name, reference: as of `StartedCommand`.
    """

    _how_to_wait = "await it for its result"

    @classmethod
    async def start(
        cls, link: AsyncLink, command: ObservableCommand[T, P], values: Sequence[Any]
    ) -> AsyncExecution[T, P]:
        """Start a command. If the task is cancelled meanwhile, it waits for the confirmation and cancels the command.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        initiating = link.initiate(command, await link.prepared(command, values))
        uuid = await done_or_undone(initiating, lambda uuid: link.command(CANCEL_COMMAND, (uuid,)))
        return cls(link, command, uuid)

    def __await__(self) -> Generator[Any, None, T]:
        return self.result().__await__()

    async def result(self, timeout: float | None = None) -> T:  # noqa: ASYNC109 (as concurrent.futures has it)
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
            try:
                await asyncio.wait_for(self._ended(), timeout)
            except asyncio.TimeoutError:  # in Python 3.10 it is not the builtin one
                raise TimeoutError(f"{self.name} has not ended in the given time. It goes on.") from None
            self._outcome = await self._fetch()
        value, error = self._outcome
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # either it or the error is there

    async def progress(self) -> Progress[P]:
        """How it stands now."""
        async with aclosing(self._info()) as states:
            return await anext(states)

    @property
    async def done(self) -> bool:
        """Whether it has ended; asks the server: `await execution.done`."""
        return self._outcome is not None or (await self.progress()).finished

    async def __aiter__(self) -> AsyncIterator[Progress[P]]:
        news: asyncio.Queue[Any] = asyncio.Queue()
        tasks = [asyncio.create_task(_forward(self._info(), [], news))]
        if self._command.intermediate is not None:
            tasks.append(asyncio.create_task(_forward(self._intermediate(), [END], news)))
        merged: MergedProgress[P] = MergedProgress(more=len(tasks) > 1)
        try:
            while not merged.ended:
                item = await news.get()
                if isinstance(item, ClientError):
                    raise lost(item, self.name, self.uuid)
                for progress in merged.take(item):
                    yield progress
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def intermediate(self) -> AsyncIterator[P]:
        """The intermediate responses, until the command has ended; none if it has none."""
        if self._command.intermediate is not None:
            async for response in self._intermediate():
                yield response

    async def show(self) -> T:
        """Wait like `result`, with a progress bar in a terminal or notebook."""
        with ProgressBar(self.name) as bar:
            async for progress in self:
                bar.update(progress)
        return await self.result()

    async def cancel(self) -> None:
        """Ask the server to cancel it; it may still be ending when this returns, see `result`."""
        await self._link.command(CANCEL_COMMAND, (self.uuid,))

    async def pause(self) -> None:
        """Pause it."""
        await self._link.command(PAUSE, (self.uuid,))

    async def resume(self) -> None:
        """Let it go on after `pause`."""
        await self._link.command(RESUME, (self.uuid,))

    async def _ended(self) -> None:
        async with aclosing(self._info()) as states:
            async for _ in states:
                pass

    async def _info(self) -> AsyncGenerator[Progress[P], None]:
        """How it stands, whenever that changes, until it has ended."""
        path, message = f"{self._command.path}_Info", wire.field(1, self.uuid.encode())
        while True:
            stream = self._link.stream(path, message, read_info, self.name, endless=False)
            try:
                async for progress in stream:
                    yield progress
                    if progress.finished:
                        return
            except FrameworkError as error:
                raise lost(error, self.name, self.uuid) from None
            finally:
                stream.cancel()
            await asyncio.sleep(PAUSE_S)  # the server ended the stream too early

    def _intermediate(self) -> AsyncStream[P]:
        assert self._command.intermediate is not None  # noqa: S101 (asked by the caller)
        message, read = wire.field(1, self.uuid.encode()), self._command.intermediate.read
        return self._link.stream(f"{self._command.path}_Intermediate", message, read, self.name, endless=False)

    async def _fetch(self) -> tuple[T | None, ClientError | None]:
        try:
            return await self._link.result(self._command, self.uuid), None
        except FrameworkError as error:
            raise lost(error, self.name, self.uuid) from None
        except SilaError as error:  # any other error is not about the command, and the result can be fetched again
            return None, error


async def finish(start: Callable[A, Awaitable[AsyncExecution[T, Any]]], *args: A.args, **kwargs: A.kwargs) -> T:
    """Start a command and wait for it; if the task is cancelled, cancel it and wait until the movement has ended."""
    execution = await start(*args, **kwargs)
    try:
        return await execution.result()
    except asyncio.CancelledError:
        await wait_for_undoing(_cancel_and_wait(execution))
        raise


async def all_of(*actions: Callable[[], Awaitable[None]]) -> None:
    """Do all of it, also what comes after something that fails; the first failure is raised at the end."""
    failed: list[ClientError] = []
    for action in actions:
        try:
            await action()
        except ClientError as error:
            failed.append(error)
    if failed:
        raise failed[0]


async def _cancel_and_wait(execution: AsyncExecution[Any, Any]) -> None:
    with suppress(ClientError):
        await execution.cancel()
        await execution.result()


async def _forward(items: AsyncIterator[Any], end: list[Any], news: asyncio.Queue[Any]) -> None:
    """Put what an iterator yields, what stands for its end, and its error into the queue."""
    try:
        async for item in items:
            news.put_nowait(item)
        for item in end:
            news.put_nowait(item)
    except ClientError as error:
        news.put_nowait(error)
