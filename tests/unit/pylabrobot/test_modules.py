"""Modules as machines of PyLabRobot: which command of the server each operation is."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.pylabrobot import SilaHeaterShakerBackend, SilaTemperatureModuleBackend


class NotedFeature:
    """A feature of the asyncio client that notes its calls; an observable command is awaited twice."""

    def __init__(self, observable: set[str], **properties: list[Any]) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.ended: list[str] = []
        self._observable = observable
        for name, value in properties.items():
            setattr(self, name, SimpleNamespace(get=self._returning(value)))

    @staticmethod
    def _returning(value: Any) -> Any:
        async def get() -> Any:
            return value

        return get

    def __getattr__(self, name: str) -> Any:
        async def end() -> None:
            self.ended.append(name)

        async def call(*values: Any, module_identifier: str | None) -> Any:
            self.calls.append((name, *values, module_identifier))
            return end() if name in self._observable else None

        return call


def _module(serial: str, temperature: float) -> SimpleNamespace:
    return SimpleNamespace(serial_number=serial, current_temperature=temperature)


def test_a_temperature_module_is_set_read_and_switched_off() -> None:
    feature = NotedFeature(set(), temperature_modules=[_module("T1", 21.5), _module("T2", 4.0)])
    backend = SilaTemperatureModuleBackend(serial_number="T2")
    backend._ot2 = SimpleNamespace(temperature_module_controller=feature)  # type: ignore[assignment]

    async def use() -> float:
        await backend.set_temperature(37.0)
        await backend.deactivate()
        return await backend.get_current_temperature()

    assert asyncio.run(use()) == 4.0
    assert feature.calls == [("set_temperature", 37.0, "T2"), ("deactivate", "T2")]
    assert backend.supports_active_cooling


def test_a_heater_shaker_heats_locks_and_shakes_and_each_movement_is_waited_for() -> None:
    feature = NotedFeature({"set_shake_speed", "close_latch", "open_latch"}, heater_shakers=[_module("H1", 37.2)])
    backend = SilaHeaterShakerBackend()
    backend._ot2 = SimpleNamespace(heater_shaker_controller=feature)  # type: ignore[assignment]

    async def use() -> float:
        await backend.set_temperature(37.5)
        await backend.lock_plate()
        await backend.start_shaking(500)
        await backend.stop_shaking()
        await backend.unlock_plate()
        await backend.deactivate()
        return await backend.get_current_temperature()

    assert asyncio.run(use()) == 37.2
    assert feature.calls == [
        ("set_heater_temperature", 37.5, None), ("close_latch", None), ("set_shake_speed", 500, None),
        ("deactivate_shaker", None), ("open_latch", None), ("deactivate_heater", None),
    ]  # fmt: skip
    assert feature.ended == ["close_latch", "set_shake_speed", "open_latch"]
    assert (backend.supports_locking, backend.supports_active_cooling) == (True, False)


def test_a_module_that_is_not_meant_alone_is_refused() -> None:
    backend = SilaTemperatureModuleBackend()
    with pytest.raises(RuntimeError, match="setup"):
        asyncio.run(backend.set_temperature(37.0))
    for modules in ([], [_module("T1", 21.5), _module("T2", 4.0)]):
        feature = NotedFeature(set(), temperature_modules=modules)
        backend._ot2 = SimpleNamespace(temperature_module_controller=feature)  # type: ignore[assignment]
        with pytest.raises(LookupError, match=f"there are {len(modules)}"):
            asyncio.run(backend.get_current_temperature())
