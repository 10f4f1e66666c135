"""The session within which the robot is moved step by step, for asyncio."""

from __future__ import annotations

from types import TracebackType

from sila_ot2.client.asynchronous.execution import finish
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.undoing import done_or_undone
from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.generated.asynchronous.atomic_liquid_handling import AsyncAtomicLiquidHandling
from sila_ot2.client.generated.asynchronous.deck import AsyncDeck


class AsyncSession:
    """A context manager: opens a session, yields its deck, and closes it. Closing moves nothing: tips stay attached."""

    def __init__(self, link: AsyncLink) -> None:
        self._feature = AsyncAtomicLiquidHandling(link)

    async def __aenter__(self) -> AsyncDeck:
        await done_or_undone(self._open(), lambda _: self._close())
        return AsyncDeck(self._feature)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            await done_or_undone(self._close())
        except ClientError:
            if error is None:
                raise

    async def _open(self) -> None:
        await finish(self._feature.open_session)

    async def _close(self) -> None:
        await finish(self._feature.close_session)
