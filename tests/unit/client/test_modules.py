"""The modules as objects."""

from __future__ import annotations

import asyncio

import pytest

from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.generated.asynchronous.modules import AsyncHeaterShaker
from sila_ot2.client.modules import HeaterShaker


class Unplugged(ClientError):
    pass


class ShakerCannotStop:
    def __init__(self) -> None:
        self.done: list[str] = []

    def deactivate_shaker(self, *, module_identifier: str) -> None:
        raise Unplugged(module_identifier)

    def deactivate_heater(self, *, module_identifier: str) -> None:
        self.done.append(module_identifier)


def test_what_can_be_switched_off_is_switched_off_though_something_else_fails() -> None:
    feature = ShakerCannotStop()
    with pytest.raises(Unplugged):
        HeaterShaker(feature, None, "HS1").off()  # type: ignore[arg-type]
    assert feature.done == ["HS1"]


class AsyncShakerCannotStop(ShakerCannotStop):
    async def deactivate_shaker(self, *, module_identifier: str) -> None:  # type: ignore[override]
        super().deactivate_shaker(module_identifier=module_identifier)

    async def deactivate_heater(self, *, module_identifier: str) -> None:  # type: ignore[override]
        super().deactivate_heater(module_identifier=module_identifier)


def test_the_same_for_asyncio() -> None:
    feature = AsyncShakerCannotStop()
    with pytest.raises(Unplugged):
        asyncio.run(AsyncHeaterShaker(feature, None, "HS1").off())  # type: ignore[arg-type]
    assert feature.done == ["HS1"]


class HistoryProvider:
    def retrieve_module_history(self, *, module_identifier: str) -> bytes:
        return f"SerialNumber,Unit\r\n{module_identifier},°C\r\n".encode()


def test_the_history_of_a_module_is_its_own() -> None:
    shaker = HeaterShaker(None, HistoryProvider(), "HS1")  # type: ignore[arg-type]
    assert shaker.history() == "SerialNumber,Unit\r\nHS1,°C\r\n"
