"""Thermocyclers as machines of PyLabRobot: commands of the server, and how far a profile is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator
from types import SimpleNamespace
from typing import Any

import pytest
from pylabrobot.resources import Coordinate
from pylabrobot.thermocycling import Thermocycler
from pylabrobot.thermocycling.standard import BlockStatus, LidStatus, Protocol, Stage, Step

from sila_ot2.client.base_errors import ClientError, ConnectionProblem
from sila_ot2.client.generated.ot2_thermocycler_controller import ProfileProgress
from sila_ot2.client.messages import Progress
from sila_ot2.pylabrobot import SilaThermocyclerBackend

REPORTED = SimpleNamespace(
    serial_number="TC1", block_status="holding at target", block_temperature=59.9, block_target=[60.0],
    lid_status="open", lid_temperature_status="heating", lid_temperature=41.0, lid_target=[105.0],
)  # fmt: skip
IDLE = SimpleNamespace(
    serial_number="TC1", block_status="idle", block_temperature=23.0, block_target=[], lid_status="in_between",
    lid_temperature_status="idle", lid_temperature=23.0, lid_target=[],
)  # fmt: skip
PCR = Protocol(
    stages=[
        Stage(steps=[Step(temperature=[95.0], hold_seconds=120)], repeats=1),
        Stage(steps=[Step(temperature=[95.0], hold_seconds=5), Step(temperature=[60.0], hold_seconds=9)], repeats=30),
    ]
)


class StartedProfile:
    """An execution that is at the place the test puts it at, until `end`."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[ProfileProgress | BaseException | None] = asyncio.Queue()
        self.cancelled = False
        self._error: BaseException | None = None

    def at(self, part: int, cycle: int, step: int, hold: float) -> None:
        self.news.put_nowait(
            ProfileProgress(
                part=part, cycle=cycle, step=step, current_temperature=60.0, target_temperature=60.0,
                remaining_hold_time=hold,
            )
        )  # fmt: skip

    def end(self, error: BaseException | None = None) -> None:
        self.news.put_nowait(error)

    async def cancel(self) -> None:
        self.cancelled = True
        self.end(ClientError("cancelled"))

    async def __aiter__(self) -> AsyncIterator[Progress[ProfileProgress]]:
        yield Progress("running", 0.0, None)
        while isinstance(news := await self.news.get(), ProfileProgress):
            yield Progress("running", 0.0, None, news)
        if isinstance(news, ConnectionProblem):
            raise news
        self._error = news

    def __await__(self) -> Generator[Any, None, float]:
        return self._result().__await__()

    async def _result(self) -> float:
        while self._error is None and not self.news.empty():
            await self.news.get()
        if self._error is not None:
            raise self._error
        return 60.0


class ThermocyclerFeature:
    """The feature of the asyncio client; notes its calls."""

    def __init__(self, reported: SimpleNamespace = REPORTED) -> None:
        self.calls: list[Any] = []
        self.moved: list[str] = []
        self.profile = StartedProfile()
        self.thermocyclers = SimpleNamespace(get=self._get)
        self._reported = reported

    async def _get(self) -> list[Any]:
        return [self._reported]

    def __getattr__(self, name: str) -> Any:
        async def moved() -> None:
            self.moved.append(name)

        async def call(*values: Any, **named: Any) -> Any:
            self.calls.append((name, *values, *named.values()))
            return moved() if name.endswith("_lid") and name != "deactivate_lid" else None

        return call

    async def run_extended_profile(self, parts: Any, *, module_identifier: str | None, maximum_volume: float) -> Any:
        steps = [([(one.step_temperature, one.hold_time) for one in part.steps], part.repetitions) for part in parts]
        self.calls.append((steps, module_identifier, maximum_volume))
        return self.profile


def machine(feature: ThermocyclerFeature) -> tuple[Thermocycler, SilaThermocyclerBackend]:
    backend = SilaThermocyclerBackend(serial_number="TC1")
    backend._ot2 = SimpleNamespace(thermocycler_controller=feature, close=_nothing)  # type: ignore[assignment]
    cycler = Thermocycler("cycler", 1, 1, 1, backend=backend, child_location=Coordinate.zero())
    cycler._setup_finished = True
    return cycler, backend


async def _nothing() -> None:
    return None


async def until(condition: Any) -> None:
    """Let other tasks go on until a condition holds; the test's timeout ends it."""
    while not await condition():
        await asyncio.sleep(0)


def use(program: Coroutine[Any, Any, None]) -> None:
    asyncio.run(program)


def test_block_and_lid_are_set_read_and_switched_off() -> None:
    feature = ThermocyclerFeature()

    async def program() -> None:
        cycler, _ = machine(feature)
        await cycler.open_lid()
        await cycler.close_lid()
        await cycler.set_block_temperature([60.0])
        await cycler.set_lid_temperature([105.0, 105.0])
        await cycler.deactivate_block()
        await cycler.deactivate_lid()
        assert await cycler.get_block_current_temperature() == [59.9]
        assert await cycler.get_block_target_temperature() == [60.0]
        assert await cycler.get_lid_current_temperature() == [41.0]
        assert await cycler.get_lid_target_temperature() == [105.0]
        assert await cycler.get_lid_open()
        assert await cycler.get_block_status() is BlockStatus.HOLDING_AT_TARGET
        assert await cycler.get_lid_status() is LidStatus.IDLE
        with pytest.raises(ValueError, match="one zone"):
            await cycler.set_block_temperature([60.0, 61.0])
        with pytest.raises(RuntimeError, match="No profile"):
            await cycler.get_hold_time()

    use(program())
    assert feature.moved == ["open_lid", "close_lid"]
    assert feature.calls == [
        ("open_lid", "TC1"), ("close_lid", "TC1"), ("set_block_temperature", 60.0, "TC1"),
        ("set_lid_temperature", 105.0, "TC1"), ("deactivate_block", "TC1"), ("deactivate_lid", "TC1"),
    ]  # fmt: skip


def test_what_is_switched_off_has_no_target_and_a_lid_in_between_is_not_open() -> None:
    async def program() -> None:
        cycler, _ = machine(ThermocyclerFeature(IDLE))
        assert not await cycler.get_lid_open()
        assert await cycler.get_block_status() is BlockStatus.IDLE
        for target in (cycler.get_block_target_temperature, cycler.get_lid_target_temperature):
            with pytest.raises(RuntimeError, match="no target"):
                await target()

    use(program())


def test_a_profile_tells_pylabrobot_how_far_it_is_until_its_end() -> None:
    feature = ThermocyclerFeature()

    async def program() -> None:
        cycler, _ = machine(feature)
        profile = feature.profile
        profile.at(1, 1, 1, 120.0)
        await cycler.run_protocol(PCR, block_max_volume=25)
        assert (await cycler.get_hold_time(), await cycler.get_total_cycle_count()) == (120.0, 31)
        assert (await cycler.get_current_cycle_index(), await cycler.get_total_step_count()) == (0, 1)
        profile.at(2, 30, 2, 0.0)
        await until(lambda: _is(cycler.get_current_cycle_index(), 30))
        assert (await cycler.get_current_step_index(), await cycler.get_total_step_count()) == (1, 2)
        assert await cycler.is_profile_running()  # on its way to a last step without time
        profile.end()
        await cycler.wait_for_profile_completion(poll_interval=0)
        assert await cycler.get_hold_time() == 0

    use(program())
    assert feature.calls == [([([(95.0, 120)], 1), ([(95.0, 5), (60.0, 9)], 30)], "TC1", 25)]


async def _is(value: Coroutine[Any, Any, Any], wanted: Any) -> bool:
    return bool(await value == wanted)


def test_a_profile_that_fails_is_never_taken_for_done() -> None:
    async def program() -> None:
        feature = ThermocyclerFeature()
        cycler, _ = machine(feature)
        feature.profile.at(1, 1, 1, 120.0)
        await cycler.run_protocol(PCR, block_max_volume=25)
        feature.profile.end(ClientError("TargetChanged"))
        with pytest.raises(ClientError, match="TargetChanged"):
            await cycler.wait_for_profile_completion(poll_interval=0)

    use(program())


def test_a_profile_that_is_refused_is_an_error_at_once_and_the_one_before_is_still_known() -> None:
    async def program() -> None:
        feature = ThermocyclerFeature()
        cycler, _ = machine(feature)
        feature.profile.at(1, 1, 1, 120.0)
        await cycler.run_protocol(PCR, block_max_volume=25)
        feature.profile = StartedProfile()
        feature.profile.end(ClientError("ModuleBusy"))
        with pytest.raises(ClientError, match="ModuleBusy"):
            await cycler.run_protocol(PCR, block_max_volume=25)
        assert await cycler.get_hold_time() == 120.0

    use(program())


def test_a_lost_connection_is_an_error_and_the_profile_is_followed_afterwards() -> None:
    async def program() -> None:
        feature = ThermocyclerFeature()
        cycler, _ = machine(feature)
        feature.profile.end(ConnectionProblem("gone"))
        with pytest.raises(ConnectionProblem):
            await cycler.run_protocol(PCR, block_max_volume=25)
        feature.profile.at(2, 3, 1, 4.0)
        await until(lambda: _is(cycler.get_current_cycle_index(), 3))
        assert await cycler.get_hold_time() == 4.0

    use(program())


def test_a_cancelled_start_cancels_the_profile_and_stop_leaves_it() -> None:
    async def program() -> None:
        feature = ThermocyclerFeature()
        cycler, backend = machine(feature)
        starting = asyncio.ensure_future(cycler.run_protocol(PCR, block_max_volume=25))
        await until(lambda: _is(asyncio.sleep(0, bool(feature.calls)), wanted=True))
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert feature.profile.cancelled
        feature.profile = StartedProfile()
        feature.profile.at(1, 1, 1, 120.0)
        await cycler.run_protocol(PCR, block_max_volume=25)
        await backend.stop()
        assert not feature.profile.cancelled
        with pytest.raises(RuntimeError, match="setup"):
            await cycler.open_lid()

    use(program())


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        (Protocol(stages=[]), "needs a step"),
        (Protocol(stages=[Stage(steps=[], repeats=1)]), "needs a step"),
        (Protocol(stages=[Stage(steps=[Step(temperature=[95.0, 90.0], hold_seconds=5)], repeats=1)]), "one zone"),
        (Protocol(stages=[Stage(steps=[Step(temperature=[95.0], hold_seconds=5, rate=2.0)], repeats=1)]), "rate"),
    ],
)
def test_what_the_thermocycler_cannot_do_is_refused(protocol: Protocol, message: str) -> None:
    feature = ThermocyclerFeature()

    async def program() -> None:
        _, backend = machine(feature)
        with pytest.raises(ValueError, match=message):
            await backend.run_protocol(protocol, block_max_volume=25)

    use(program())
    assert feature.calls == []
