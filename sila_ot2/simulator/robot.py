"""The simulated robot: everything behind its HTTP routes, put together."""

from __future__ import annotations

import asyncio
import contextlib
import math
import tempfile
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from opentrons.protocol_runner import RunOrchestrator
from opentrons_shared_data.data_files import RunFileNameMetadata

from sila_ot2.simulator.errors import JsonObject
from sila_ot2.simulator.events.broker import NotificationBroker
from sila_ot2.simulator.events.notifications import SimulatedNotifications
from sila_ot2.simulator.machine.clock import Clock
from sila_ot2.simulator.machine.engine import EngineFactory, install, stand_for
from sila_ot2.simulator.machine.faults import AnalysisFaults, Freezes, HttpFaults, MotionFaults, RequestCounts
from sila_ot2.simulator.machine.hardware import Hardware, SimulatedEquipment
from sila_ot2.simulator.machine.pace import Pace
from sila_ot2.simulator.machine.tips import TipTruth
from sila_ot2.simulator.release import DEFAULT, SimulatedRelease
from sila_ot2.simulator.state.calibration_sessions import CalibrationSessions
from sila_ot2.simulator.state.camera import CameraFaults, SimulatedCamera
from sila_ot2.simulator.state.data_files import SimulatedDataFiles
from sila_ot2.simulator.state.deck_view import deck_view
from sila_ot2.simulator.state.labware_offsets import SimulatedLabwareOffsets
from sila_ot2.simulator.state.maintenance import Maintenance
from sila_ot2.simulator.state.persistence import Disk
from sila_ot2.simulator.state.protocols import SimulatedProtocol, SimulatedProtocols
from sila_ot2.simulator.state.recovery import RecoverySettings
from sila_ot2.simulator.state.run import SimulatedRun
from sila_ot2.simulator.state.runs import ActionType, SimulatedRuns
from sila_ot2.simulator.state.settings import AdvancedSettings
from sila_ot2.simulator.state.tasks import Background


class Robot:
    """A simulated OT-2 that is switched on."""

    hardware: Hardware
    protocols: SimulatedProtocols
    runs: SimulatedRuns
    camera: SimulatedCamera
    settings: AdvancedSettings
    front_button_works: bool
    """Decided at the start: the setting that disables the button counts from the next restart on."""

    def __init__(
        self,
        equipment: SimulatedEquipment,
        speed: float,
        release: SimulatedRelease = DEFAULT,
        state_directory: Path | None = None,
        announcer: NotificationBroker | None = None,
    ) -> None:
        self._equipment = equipment
        self._speed = speed
        self._temporary = None if state_directory else tempfile.TemporaryDirectory(prefix="simulated-ot2-")
        self._directory = state_directory or Path(self._temporary.name if self._temporary else ".")
        self._installed_release = self.release = release
        self.name = "simulated-ot2"
        self.announcer = announcer
        self.in_flight: set[Any] = set()
        """Connections of the requests being served."""
        self.is_starting = False
        self.forgets_history = False
        """Whether runs and protocols are to be gone after the next restart."""
        self._starts = 0
        self.boot_id = ""
        """The name of the present start, as the robot's operating system gives it."""
        self.refuses_while_starting = False
        self.clock = Clock()
        self.pace = Pace(speed)
        self.notifications = SimulatedNotifications(release)
        self.motion_faults = MotionFaults()
        self.tips = TipTruth()
        self.analysis_faults = AnalysisFaults()
        self.http_faults = HttpFaults()
        self.freezes = Freezes()
        self.camera_faults = CameraFaults()
        self.request_counts = RequestCounts()
        self.background = Background()
        self.client_data: dict[str, JsonObject] = {}
        self._stateless: RunOrchestrator | None = None
        install(self.clock)

    async def switch_on(self) -> None:
        """Start with what the state directory holds: runs, protocols, analyses, data files, settings."""
        self._starts += 1
        self.boot_id = str(uuid.uuid4())
        self.disk = Disk(self._directory)
        if self.forgets_history:
            self.disk.clear()
            self.forgets_history = False
        if self.announcer is not None:
            self.notifications.publish = self.announcer.publish
            await self.announcer.start()
        stand_for(self.release)
        self.settings = AdvancedSettings(self.disk, self.release)
        self.front_button_works = self.settings.front_button_works
        # The homing at the start belongs to the time before the robot answers.
        self.pace = Pace(math.inf)
        self.hardware = await Hardware.build(self._equipment, self.pace, self.motion_faults, self.tips)
        self.motion_faults.motions.clear()
        self.pace.set(self._speed)
        self.camera = SimulatedCamera(
            self.disk, self.release, self.notifications, self.camera_faults, lambda: deck_view(self.runs, self.hardware)
        )
        self.engines = EngineFactory(self.hardware.api, self.pace, self.camera.provider())
        self.data_files = SimulatedDataFiles(self.disk, self.clock, self._data_files_in_use)
        self.protocols = SimulatedProtocols(self.disk, self.clock, self.analysis_faults, self.background)
        self.runs = SimulatedRuns(
            self.disk,
            self.clock,
            self.engines,
            self.background,
            self.notifications,
            self.release,
            block_on_door_open=lambda: self.settings.door_safety_switch,
            files_of=lambda run, protocol: self.camera.file_provider(self.data_files, self._file_names(run, protocol)),
            on_forget=lambda run_id: self.data_files.remove_pictures(run_id),
            on_end=lambda commands: self.freezes.run_ended(commands),
        )
        self.maintenance = Maintenance(self.clock, self.engines, self.notifications)
        self.labware_offsets = SimulatedLabwareOffsets(self.disk, self.clock, self.notifications)
        self.recovery = RecoverySettings()
        self.calibration_sessions = CalibrationSessions(self.clock, self.hardware)
        await self.protocols.load()
        self.runs.load()
        self.client_data.clear()
        self._stateless = None

    async def switch_off(self) -> None:
        """Cut the power: requests get no answer, what was in memory only is lost."""
        for transport in list(self.in_flight):
            transport.abort()
        # Nothing uses the old machine any more: what still goes on in it ends at once.
        self.pace.set(math.inf)
        self.hardware.backend.resume()
        self.analysis_faults.endless = False
        self.protocols.power_cut()
        self.background.start(self.runs.power_cut())
        self.background.start(self.maintenance.clear())
        if self._stateless is not None:
            self.background.start(self._stateless.stop())
        self.background.start(self.hardware.clean_up())
        self.motion_faults = MotionFaults()
        self.analysis_faults = AnalysisFaults()
        self.notifications = SimulatedNotifications(self.release)

    async def update(self, release: SimulatedRelease, down_s: float) -> None:
        """Restart with other software, as an update of the robot does; the disk is kept.

        Args:
            release: what the robot stands for afterwards.
            down_s: real seconds in which requests are answered with 503.
        """
        self.is_starting, self.refuses_while_starting = True, False
        await self.switch_off()
        await asyncio.sleep(down_s)
        self.release = release
        self.notifications = SimulatedNotifications(release)
        await self.switch_on()
        self.is_starting = False

    async def reset(self) -> None:
        """Bring everything to the state just after the first start, in a few milliseconds."""
        await self.switch_off()
        self.release = self._installed_release
        self.notifications = SimulatedNotifications(self.release)
        self.is_starting = False
        self.disk.clear()
        self.clock.offset_s = 0.0
        self.http_faults.planned.clear()
        self.camera_faults = CameraFaults()
        self.freezes = Freezes()
        self.request_counts = RequestCounts()
        self.tips = TipTruth()
        await self.switch_on()

    def _file_names(self, run: SimulatedRun, protocol: SimulatedProtocol | None) -> RunFileNameMetadata:
        created = datetime.fromisoformat(run.created_at.replace("Z", "+00:00"))
        return RunFileNameMetadata(self.name, run.id, created, protocol.source.main_file.stem if protocol else None)

    def _data_files_in_use(self) -> set[str]:
        return {
            parameter["file"]["id"]
            for protocol in self.protocols.all()
            for analysis in protocol.analyses
            for parameter in analysis.parameters
            if parameter.get("file")
        }

    def restart(self, down_s: float, *, refuse: bool) -> None:
        """Cut the power and come back after a while.

        Args:
            down_s: real seconds until requests are answered again.
            refuse: reset connections meanwhile instead of answering 503.
        """
        self.is_starting, self.refuses_while_starting = True, refuse
        self.background.start(self._restart(down_s, self._starts))

    async def _restart(self, down_s: float, starts: int) -> None:
        await self.switch_off()
        await asyncio.sleep(down_s)
        if self._starts == starts:  # it has not been reset meanwhile
            await self.switch_on()
            self.is_starting = False

    async def take_action(self, run_id: str, action_type: ActionType) -> JsonObject:
        """Take an action on the current run; a play ends the maintenance run, also that of another client.

        Raises:
            Problem: the run refuses it.
            MaintenanceRunConflict: it is a play, and a command is being executed in the maintenance run.
        """
        if action_type == "play":
            self.runs.current(run_id)
            self.maintenance.require_idle()
        action = self.runs.take_action(run_id, action_type)
        if action_type == "play":
            await self.maintenance.clear()
        return action

    async def stateless(self) -> RunOrchestrator:
        """The engine behind ``POST /commands``, which knows the modules as they are at this moment."""
        if self._stateless is None:
            self._stateless = await self.engines.for_stateless_commands()
        await self._stateless.use_attached_modules(self.hardware.modules_by_id)
        return self._stateless

    def dispose(self) -> None:
        """Leave nothing behind."""
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.cleanup()
