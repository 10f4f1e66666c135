"""Thermocyclers of the OT-2 as machines of PyLabRobot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pylabrobot.thermocycling.backend import ThermocyclerBackend
from pylabrobot.thermocycling.standard import BlockStatus, LidStatus, Protocol

from sila_ot2.client import AsyncExecution
from sila_ot2.client.base_errors import ClientError, ConnectionProblem
from sila_ot2.client.generated.ot2_thermocycler_controller import (
    ProfilePart,
    ProfileProgress,
    ProfileStep,
    Thermocycler,
)
from sila_ot2.pylabrobot.modules import ModuleBackend, only_module

HOLDING = "holding at target"
LEAST_HOLD_S = 0.1
"""Reported while a profile runs: PyLabRobot takes a last step without time for the end of the profile."""


class SilaThermocyclerBackend(ModuleBackend, ThermocyclerBackend):  # type: ignore[misc]  # PyLabRobot has no types
    """Use it where PyLabRobot's documentation says `OpentronsThermocyclerBackend`. Block and lid have one zone each."""

    _profile: _StartedProfile | None = None

    async def stop(self) -> None:
        """End the connection. The module stays as it is, and a profile goes on."""
        await self._follow(None)
        await super().stop()

    async def open_lid(self) -> None:
        """Open the lid; the gantry homes first."""
        await (await self._feature.open_lid(module_identifier=self._serial_number))

    async def close_lid(self) -> None:
        """Close the lid; the gantry homes first."""
        await (await self._feature.close_lid(module_identifier=self._serial_number))

    async def set_block_temperature(self, temperature: Sequence[float]) -> None:
        """Heat or cool the block; returns when the robot has accepted it."""
        await self._feature.set_block_temperature(_only_zone(temperature), module_identifier=self._serial_number)

    async def set_lid_temperature(self, temperature: Sequence[float]) -> None:
        """Heat the lid; returns when the robot has accepted it."""
        await self._feature.set_lid_temperature(_only_zone(temperature), module_identifier=self._serial_number)

    async def deactivate_block(self) -> None:
        """Neither heat nor cool the block; a profile ends."""
        await self._feature.deactivate_block(module_identifier=self._serial_number)

    async def deactivate_lid(self) -> None:
        """Do not heat the lid."""
        await self._feature.deactivate_lid(module_identifier=self._serial_number)

    async def run_protocol(self, protocol: Protocol, block_max_volume: float) -> None:
        """Start a profile; returns when its first step is under way. The lid must be closed.

        Its progress, and the error that ends it, are reported by the methods about hold time, cycles and steps. If the
        task is cancelled while the profile starts, so is the profile, and its end is waited for.

        Args:
            protocol: its stages in their order; a temperature is that of the whole block.
            block_max_volume: the volume of the fullest well, in µL.

        Raises:
            ValueError: the protocol has no step, or needs zones of different temperatures or a rate.
            ClientError: the server does not start it.
        """
        parts = _parts(protocol)
        starting = asyncio.ensure_future(
            self._feature.run_extended_profile(
                parts, module_identifier=self._serial_number, maximum_volume=block_max_volume
            )
        )
        try:
            profile = _StartedProfile(parts, await asyncio.shield(starting))
            try:
                await profile.begun()
            except ConnectionProblem:  # it may go on
                await self._follow(profile)
                raise
        except asyncio.CancelledError:
            with suppress(ClientError):
                execution = await starting
                await execution.cancel()
                await execution
            raise
        await self._follow(profile)

    async def get_block_current_temperature(self) -> list[float]:
        """Return the temperature of the block in °C."""
        return [(await self._reported()).block_temperature]

    async def get_block_target_temperature(self) -> list[float]:
        """Return the target of the block in °C.

        Raises:
            RuntimeError: it has none.
        """
        return _target("block", (await self._reported()).block_target)

    async def get_lid_current_temperature(self) -> list[float]:
        """Return the temperature of the lid in °C."""
        return [(await self._reported()).lid_temperature]

    async def get_lid_target_temperature(self) -> list[float]:
        """Return the target of the lid in °C.

        Raises:
            RuntimeError: it has none.
        """
        return _target("lid", (await self._reported()).lid_target)

    async def get_lid_open(self) -> bool:
        """Whether the module reports that its lid is open; False also in between."""
        return (await self._reported()).lid_status == "open"

    async def get_lid_status(self) -> LidStatus:
        """Whether the lid is at its target."""
        is_holding = (await self._reported()).lid_temperature_status == HOLDING
        return LidStatus.HOLDING_AT_TARGET if is_holding else LidStatus.IDLE

    async def get_block_status(self) -> BlockStatus:
        """Whether the block is at its target."""
        is_holding = (await self._reported()).block_status == HOLDING
        return BlockStatus.HOLDING_AT_TARGET if is_holding else BlockStatus.IDLE

    async def get_hold_time(self) -> float:
        """Return how long the step of the profile is still to be held, in seconds; 0 when the profile has ended.

        Raises:
            RuntimeError: this backend has started no profile.
            ClientError: the profile ended with this error, or its state is not known at present.
        """
        return self._started.hold_left_s

    async def get_current_cycle_index(self) -> int:
        """Return the repetition under way, counted from 0 through all stages; raises as `get_hold_time`."""
        return self._started.cycle

    async def get_total_cycle_count(self) -> int:
        """Return the repetitions of all stages together; raises as `get_hold_time`."""
        return self._started.cycles

    async def get_current_step_index(self) -> int:
        """Return the step of the repetition under way, counted from 0; raises as `get_hold_time`."""
        return self._started.step

    async def get_total_step_count(self) -> int:
        """Return the steps of the repetition under way; raises as `get_hold_time`."""
        return self._started.steps

    async def _follow(self, profile: _StartedProfile | None) -> None:
        before, self._profile = self._profile, profile
        if before is not None:
            await before.leave()

    @property
    def _feature(self) -> Any:
        return self._server_of_robot.thermocycler_controller

    @property
    def _started(self) -> _StartedProfile:
        if self._profile is None:
            raise RuntimeError("No profile was started here.")
        self._profile.check()
        return self._profile

    async def _reported(self) -> Thermocycler:
        reported: Thermocycler = only_module(await self._feature.thermocyclers.get(), self._serial_number)
        return reported


class _StartedProfile:
    """A profile that was started, and how far it is."""

    def __init__(self, parts: Sequence[ProfilePart], execution: AsyncExecution[float, ProfileProgress]) -> None:
        self._parts = parts
        self._execution = execution
        self._seen: ProfileProgress | None = None
        self._has_begun = asyncio.Event()
        self._following = asyncio.create_task(self._follow())

    async def begun(self) -> None:
        """Return when the first step is under way, or the profile has ended; raises what ended it."""
        beginning = asyncio.create_task(self._has_begun.wait())
        try:
            await asyncio.wait((beginning, self._following), return_when=asyncio.FIRST_COMPLETED)
        finally:
            beginning.cancel()
        self.check()

    def check(self) -> None:
        """Return if it runs or has ended well; raises what ended it.

        After a problem of the connection, the profile may go on, and so does following it.
        """
        if not self._following.done():
            return
        try:
            self._following.result()
        except ConnectionProblem:
            self._following = asyncio.create_task(self._follow())
            raise

    async def leave(self) -> None:
        """Follow it no longer; it goes on."""
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)

    @property
    def hold_left_s(self) -> float:
        """How long the step under way is still to be held; 0 when it has ended."""
        if self._has_ended:
            return 0.0
        left_s = self._seen.remaining_hold_time if self._seen else self._parts[0].steps[0].hold_time
        return max(left_s, LEAST_HOLD_S)

    @property
    def cycle(self) -> int:
        """The repetition under way, counted from 0 through all parts."""
        part, cycle, _ = self._place
        return sum(before.repetitions for before in self._parts[: part - 1]) + cycle - 1

    @property
    def cycles(self) -> int:
        """The repetitions of all parts together."""
        return sum(part.repetitions for part in self._parts)

    @property
    def step(self) -> int:
        """The step under way, counted from 0."""
        return self._place[2] - 1

    @property
    def steps(self) -> int:
        """The steps of the repetition under way."""
        return len(self._parts[self._place[0] - 1].steps)

    @property
    def _has_ended(self) -> bool:
        return self._following.done()

    @property
    def _place(self) -> tuple[int, int, int]:
        """Part, cycle and step under way, counted from 1; the last ones when it has ended."""
        if self._has_ended:
            last = self._parts[-1]
            return len(self._parts), last.repetitions, len(last.steps)
        return (self._seen.part, self._seen.cycle, self._seen.step) if self._seen else (1, 1, 1)

    async def _follow(self) -> None:
        async for progress in self._execution:
            if progress.details is not None:
                self._seen = progress.details
                self._has_begun.set()
        await self._execution


def _parts(protocol: Protocol) -> list[ProfilePart]:
    """Return the stages as the server has them.

    Raises:
        ValueError: this thermocycler cannot do it.
    """
    if not protocol.stages or not all(stage.steps for stage in protocol.stages):
        raise ValueError("Each stage of a protocol needs a step, and the protocol a stage.")
    if any(step.rate is not None for stage in protocol.stages for step in stage.steps):
        raise ValueError("The rate of a step cannot be set at this thermocycler: leave it out.")
    return [
        ProfilePart(
            steps=[
                ProfileStep(step_temperature=_only_zone(step.temperature), hold_time=step.hold_seconds)
                for step in stage.steps
            ],
            repetitions=stage.repeats,
        )
        for stage in protocol.stages
    ]


def _only_zone(temperatures: Sequence[float]) -> float:
    """Return the temperature of all zones.

    Raises:
        ValueError: they differ.
    """
    if len(set(temperatures)) != 1:
        raise ValueError(f"This thermocycler has one zone, and one temperature is needed, not {list(temperatures)}.")
    return temperatures[0]


def _target(part: str, target: list[float]) -> list[float]:
    if not target:
        raise RuntimeError(f"The {part} has no target temperature.")
    return target
