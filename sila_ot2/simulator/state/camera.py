"""The camera: whether it may be used, how it is set, and what can be wrong with it.

Read in published source (8.8 and 9.0); a robot before 8.8 has a camera that is always on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pydantic
from opentrons.protocol_engine.errors import StorageLimitReachedError
from opentrons.protocol_engine.resources.camera_provider import (
    CameraError,
    CameraProvider,
    CameraSettings,
    ImageParameters,
)
from opentrons.protocol_engine.resources.file_provider import FileData, FileProvider, ImageCaptureCmdFileNameMetadata
from opentrons_shared_data.data_files import DataFileInfo, MimeType, RunFileNameMetadata

from sila_ot2.simulator.errors import JsonObject, legacy_refusal
from sila_ot2.simulator.events.notifications import SimulatedNotifications
from sila_ot2.simulator.machine.camera import DeckView, Exposure, draw
from sila_ot2.simulator.release import SimulatedRelease
from sila_ot2.simulator.state.data_files import SimulatedDataFiles
from sila_ot2.simulator.state.persistence import Disk

CAMERA_ID = "ot_system_camera"
SWITCHES = ("cameraEnabled", "liveStreamEnabled", "errorRecoveryCameraEnabled")
NEVER_SWITCHED_OFF = "errorRecoveryCameraEnabled"
"""A defect of the robots: this is stored only if it is switched on."""


class CameraFaults(pydantic.BaseModel, extra="forbid"):
    """What is wrong with the camera.

    Attributes:
        missing: there is none.
        broken: it gives no picture.
        delay_s: how long a picture takes in addition, in real seconds.
        disk_full: no picture of a run can be kept.
    """

    missing: bool = False
    broken: bool = False
    delay_s: float = 0.0
    disk_full: bool = False


class ImageSettings(pydantic.BaseModel):
    """How a picture is to be taken; what is missing is as the camera does it. The last four are percentages."""

    cameraId: str | None = None  # noqa: N815 - the robot's terms
    resolution: tuple[int, int] | None = None
    zoom: float | None = None
    pan: tuple[int, int] | None = None
    contrast: float | None = None
    brightness: float | None = None
    saturation: float | None = None

    def exposure(self) -> Exposure:
        """The settings as the camera takes them.

        Raises:
            Problem: one is out of its range (422).
        """
        size, zoom = self.resolution or Exposure().size, 1.0 if self.zoom is None else self.zoom
        shares = [50.0 if one is None else one for one in (self.contrast, self.brightness, self.saturation)]
        if self.cameraId not in (None, CAMERA_ID):
            raise legacy_refusal(422, f"There is no camera {self.cameraId}.")
        if not (320 <= size[0] <= 7680 and 240 <= size[1] <= 4320 and 1 <= zoom <= 2):
            raise legacy_refusal(422, "The resolution must be from 320x240 to 7680x4320, the zoom from 1 to 2.")
        if not all(0 <= share <= 100 for share in shares):
            raise legacy_refusal(422, "Contrast, brightness and saturation must be percentages from 0 to 100.")
        contrast, brightness, saturation = (share / 50 for share in shares)
        return Exposure(size, zoom, self.pan, contrast, brightness, saturation)


class SimulatedCamera:
    """The camera of an OT-2."""

    def __init__(
        self,
        disk: Disk,
        release: SimulatedRelease,
        notifications: SimulatedNotifications,
        faults: CameraFaults,
        view: Callable[[], DeckView],
    ) -> None:
        self._disk = disk
        self._release = release
        self._notifications = notifications
        self.faults = faults
        self._view = view
        self.switches: dict[str, bool] = dict.fromkeys(SWITCHES, not release.camera_is_optional)
        self.image_settings = ImageSettings()
        for _, kept in disk.load("camera"):
            if release.camera_is_optional:
                self.switches.update(kept)

    def switch(self, wanted: Mapping[str, bool | None]) -> None:
        """Switch what is not None."""
        for name, value in wanted.items():
            if value is not None and not (name == NEVER_SWITCHED_OFF and not value):
                self.switches[name] = value
        self._disk.save("camera", "switches", dict(self.switches))
        self._notifications.camera_changed()

    def require_device(self) -> None:
        """Refuse without a camera.

        Raises:
            Problem: there is none (503).
        """
        if self.faults.missing:
            raise legacy_refusal(503, f"The camera /dev/{CAMERA_ID} was not found.")

    async def take(self, exposure: Exposure) -> bytes:
        """Take a picture.

        Raises:
            Problem: the camera is switched off (422), missing or broken (500).
        """
        if not self.switches["cameraEnabled"]:
            raise legacy_refusal(422, "Cannot take a picture: the camera is disabled.")
        try:
            return await self._expose(exposure)
        except OSError as error:
            raise legacy_refusal(500, str(error)) from error

    async def _expose(self, exposure: Exposure) -> bytes:
        await asyncio.sleep(self.faults.delay_s)
        if self.faults.missing or self.faults.broken:
            raise OSError("The camera gave no picture.")
        # Without another thread a large picture would hold up every request.
        return await asyncio.to_thread(draw, self._view(), exposure)

    def provider(self) -> CameraProvider:
        """The camera as engines use it for the command captureImage."""

        async def capture(robot_type: object, wanted: ImageParameters) -> bytes | CameraError:
            exposure = Exposure(
                wanted.resolution or Exposure().size,
                wanted.zoom or 1.0,
                wanted.pan,
                1.0 if wanted.contrast is None else wanted.contrast,
                1.0 - (wanted.brightness or 0) / 128,
                1.0 if wanted.saturation is None else wanted.saturation,
            )
            try:
                return await self._expose(exposure)
            except OSError as error:
                return CameraError(message=str(error), code="1")

        return CameraProvider(lambda: CameraSettings(**self.switches), capture)

    def file_provider(self, files: SimulatedDataFiles, run: RunFileNameMetadata) -> FileProvider:
        """Where a run's engine puts its pictures."""

        async def write(data: FileData) -> DataFileInfo:
            if self.faults.disk_full:
                raise StorageLimitReachedError(message="There is no room for another picture.")
            command = data.command_metadata
            name = command.base_filename if isinstance(command, ImageCaptureCmdFileNameMetadata) else None
            kept = files.add_picture(
                f"{name or 'image'}_{len(files.pictures_of(run.run_id)) + 1}.jpg",
                data.data,
                {"runId": run.run_id, "commandId": command.command_id, "prevCommandId": command.prev_command_id},
            )
            self._notifications.pictures_changed(run.run_id)
            return DataFileInfo(
                id=kept.id,
                name=kept.name,
                path=str(Path(kept.name)),
                stored=True,
                generated=True,
                file_hash=kept.content_hash,
                mime_type=MimeType.IMAGE_JPEG,
                created_at=datetime.fromisoformat(kept.created_at.replace("Z", "+00:00")),
            )

        provider = FileProvider(write)
        provider.set_run_metadata(run)
        return provider

    def body(self) -> JsonObject:
        """The switches as the robot shows them."""
        return dict(self.switches)
