"""Opentrons' protocol engine, put together the way a robot-server on an OT-2 does."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opentrons.hardware_control import API
from opentrons.protocol_engine import Config, DeckType, ProtocolEngine, error_recovery_policy
from opentrons.protocol_engine.create_protocol_engine import create_protocol_engine
from opentrons.protocol_engine.execution.run_control import RunControlHandler
from opentrons.protocol_engine.execution.task_handler import TaskHandler
from opentrons.protocol_engine.resources import ModelUtils
from opentrons.protocol_engine.resources.camera_provider import CameraProvider
from opentrons.protocol_engine.resources.file_provider import FileProvider
from opentrons.protocol_engine.state.module_substates import heater_shaker_module_substate
from opentrons.protocol_engine.state.module_substates.heater_shaker_module_substate import (
    HEATER_SHAKER_TEMPERATURE_RANGE,
)
from opentrons.protocol_engine.types import TemperatureRange
from opentrons.protocol_reader import ProtocolSource
from opentrons.protocol_runner import RunOrchestrator
from opentrons.protocols.api_support.deck_type import should_load_fixed_trash
from opentrons.protocols.api_support.types import APIVersion
from opentrons_shared_data.util import StrEnum

from sila_ot2.simulator.machine import protocol_code
from sila_ot2.simulator.machine.clock import Clock
from sila_ot2.simulator.machine.pace import Pace
from sila_ot2.simulator.release import SimulatedRelease

DECK_CONFIGURATION: Any = [
    *((f"cutout{number}", "singleStandardSlot", None) for number in range(1, 12)),
    ("cutout12", "fixedTrashSlot", None),
]
"""The deck every OT-2 has."""

_KEEPS_FIRST_TARGET = TaskHandler.synchronize_cancel_latest


@dataclass(frozen=True)
class PacedConfig(Config):  # type: ignore[misc]
    """The engine's configuration, with the pace its delays follow."""

    pace: Pace | None = None


class _PacedRunControl(RunControlHandler):  # type: ignore[misc]
    """Waits of a run, in the robot's time instead of real time."""

    async def wait_for_duration(self, seconds: float) -> None:
        """Wait; as on a robot, a pause of the run does not stop this clock."""
        config = self._state_store.config
        if isinstance(config, PacedConfig) and config.pace is not None:
            await config.pace.elapse(seconds)
        else:
            await super().wait_for_duration(seconds)


def install(clock: Clock) -> None:
    """Make the engine of this process follow the robot's clock and pace.

    The engine offers no place for either: its queue worker is built from a module-level name and its timestamps come
    from a static method. Both are put back by nobody; the process is the simulator's own.
    """
    # The package re-exports a function of the module's name, hence by string.
    queue_worker = importlib.import_module("opentrons.protocol_engine.execution.create_queue_worker")
    queue_worker.RunControlHandler = _PacedRunControl  # type: ignore[attr-defined]
    ModelUtils.get_timestamp = staticmethod(clock.now)
    _mend_names_of_enumerations()
    protocol_code.install()


def stand_for(release: SimulatedRelease) -> None:
    """Make the engine of this process accept what the engine of a release accepts.

    The engine takes its limits from module-level names. From release 8.8 on, a thermocycler that is on its way to a
    temperature takes no other one; before, it took the newest.
    """
    has_tasks = release.has_command("createTimer")
    TaskHandler.synchronize_cancel_latest = (
        _KEEPS_FIRST_TARGET if has_tasks else TaskHandler.synchronize_cancel_previous
    )
    highest = APIVersion(*release.protocol_api)
    for module in ("opentrons.protocol_reader.file_identifier", "opentrons.protocol_api.create_protocol_context"):
        importlib.import_module(module).MAX_SUPPORTED_VERSION = highest  # type: ignore[attr-defined]
    heater_shaker_module_substate.HEATER_SHAKER_TEMPERATURE_RANGE = TemperatureRange(
        min=release.lowest_shaker_temperature_c, max=HEATER_SHAKER_TEMPERATURE_RANGE.max
    )


def current_index(orchestrator: RunOrchestrator, length: int) -> int:
    """Where the page of a list of commands begins that releases before 8.5 answer without a cursor."""
    commands = orchestrator._protocol_engine.state_view.commands  # noqa: SLF001 - the engine offers no queue
    index_of = {command.id: index for index, command in enumerate(commands.get_all())}
    if (running := commands.get_running_command_id()) is not None:
        return index_of[running]
    if queued := list(commands.get_queue_ids()):
        return index_of[queued[0]] - 1
    failed = commands._state.failed_command  # noqa: SLF001 - nor this
    if failed is not None and orchestrator.get_run_status() == "failed":
        return int(failed.index)
    return len(index_of) - length


def _mend_names_of_enumerations() -> None:
    """Let the engine's own StrEnum for Python 3.10 read in texts as Python's does, by its value and not its name.

    The engine makes file names of it: without this no module can be loaded below API level 2.14.
    """
    if sys.version_info < (3, 11):
        StrEnum.__format__ = lambda self, spec: format(self.value, spec)


class EngineFactory:
    """Makes an orchestrator (engine and runner) for each run."""

    def __init__(self, api: API, pace: Pace, camera: CameraProvider) -> None:
        self._api = api
        self._pace = pace
        self._camera = camera

    async def for_run(
        self,
        run_id: str,
        source: ProtocolSource | None,
        *,
        block_on_door_open: bool,
        on_change: Callable[[], None],
        files: FileProvider | None = None,
    ) -> RunOrchestrator:
        """An orchestrator for a run, with or without a protocol (which is not loaded yet)."""
        engine = await self._engine(
            load_fixed_trash=source is not None and should_load_fixed_trash(source.config),
            block_on_door_open=block_on_door_open,
            on_change=on_change,
            files=files,
        )
        orchestrator = RunOrchestrator.build_orchestrator(
            run_id=run_id,
            protocol_engine=engine,
            hardware_api=self._api,
            camera_provider=self._camera,
            protocol_config=source.config if source is not None else None,
        )
        if source is None:
            orchestrator.prepare()
        return orchestrator

    async def for_stateless_commands(self) -> RunOrchestrator:
        """The orchestrator behind ``POST /commands``; it knows no module yet."""
        engine = await self._engine(load_fixed_trash=False, block_on_door_open=False, on_change=lambda: None)
        orchestrator = RunOrchestrator.build_orchestrator(protocol_engine=engine, hardware_api=self._api)
        orchestrator.prepare()
        return orchestrator

    async def _engine(
        self,
        *,
        load_fixed_trash: bool,
        block_on_door_open: bool,
        on_change: Callable[[], None],
        files: FileProvider | None = None,
    ) -> ProtocolEngine:
        return await create_protocol_engine(
            hardware_api=self._api,
            config=PacedConfig(
                robot_type="OT-2 Standard",
                deck_type=DeckType.OT2_STANDARD,
                block_on_door_open=block_on_door_open,
                pace=self._pace,
            ),
            # An OT-2 never enters error recovery.
            error_recovery_policy=error_recovery_policy.never_recover,
            load_fixed_trash=load_fixed_trash,
            deck_configuration=DECK_CONFIGURATION,
            file_provider=files,
            camera_provider=self._camera,
            notify_publishers=on_change,
        )


def to_json(model: Any) -> Any:
    """An engine's model as the robot sends it."""
    return model.model_dump(mode="json", exclude_none=True, by_alias=True)
