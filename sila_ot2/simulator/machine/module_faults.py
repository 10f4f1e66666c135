"""What can go wrong with a module: it fails, does not answer, or answers late."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pydantic
from opentrons.drivers.asyncio.communication.errors import ErrorResponse

LOOK_AGAIN_S = 0.02


class ModuleFault(pydantic.BaseModel, extra="forbid"):
    """How a module handles commands and queries.

    Attributes:
        kind: fail (it answers with an error), hang (it does not answer), slow (it answers late), none (as usual).
        delay_s: for slow, in real seconds.
    """

    kind: Literal["none", "fail", "hang", "slow"] = "none"
    delay_s: float = 1.0


class FaultyConnection:
    """The connection to a module; its fault may be changed while something hangs in it."""

    def __init__(self, driver: Any, serial: str) -> None:
        self.fault = ModuleFault()
        self._serial = serial
        for name, method in inspect.getmembers(driver, inspect.ismethod):
            if not name.startswith("_") and inspect.iscoroutinefunction(inspect.unwrap(method)):
                setattr(driver, name, self._through(method))

    def _through(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def passing(*args: Any, **kwargs: Any) -> Any:
            if self.fault.kind == "slow":
                await asyncio.sleep(self.fault.delay_s)
            while self.fault.kind == "hang":
                await asyncio.sleep(LOOK_AGAIN_S)
            if self.fault.kind == "fail":
                raise ErrorResponse(self._serial, "ERR (simulated)", method.__name__)
            return await method(*args, **kwargs)

        return passing
