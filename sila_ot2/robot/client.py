"""One method for each request the robot understands: typed answer or one of our errors, and no decision.

Answers have the same form for every release of the robot; what a release cannot do is refused before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, TypeAdapter

from sila_ot2.errors import RobotRejected
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.app_requests import AppRequests
from sila_ot2.robot.camera_requests import CameraRequests
from sila_ot2.robot.log_requests import LogRequests
from sila_ot2.robot.maintenance_requests import MaintenanceRequests
from sila_ot2.robot.protocol_requests import ProtocolRequests
from sila_ot2.robot.run_requests import RunRequests
from sila_ot2.robot.transport import Request

_INSTRUMENTS = TypeAdapter(tuple[wire.Instrument, ...])
_OFFSETS = TypeAdapter(tuple[wire.PipetteOffset, ...])
_OFFSETS_OF_STORE = TypeAdapter(tuple[wire.OffsetOfStore, ...])
_TIP_LENGTHS = TypeAdapter(tuple[wire.TipLength, ...])
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


class _Mounted(wire.Wire):
    """What a mount holds; every member is null if no pipette is attached."""

    name: str | None = None
    model: str | None = None
    id: str | None = None


_PIPETTES = TypeAdapter(dict[str, _Mounted])


class _LightsAnswer(wire.Wire):
    on: bool


class _Modules(wire.Wire):
    """Under "data", or under "modules" where header version 2 is all the robot knows."""

    data: tuple[wire.Module, ...] = ()
    modules: tuple[wire.Module, ...] = Field(default=())


class RobotClient(ProtocolRequests, RunRequests, AppRequests, CameraRequests, MaintenanceRequests, LogRequests):
    """All the requests to one robot. Thread-safe; makes no connection before the first request."""

    def rail_lights(self) -> bool:
        """Return whether the rail lights are on."""
        request = self.get("/robot/lights", "report its rail lights")
        return self.transport.read(_LightsAnswer, request, unwrap=False).on

    def set_rail_lights(self, *, on: bool) -> bool:
        """Switch the rail lights; returns what the robot then reports."""
        what = f"switch its rail lights {'on' if on else 'off'}"
        request = Request("POST", "/robot/lights", what, self.transport.timeouts.change_s, json={"on": on})
        return self.transport.read(_LightsAnswer, request, unwrap=False).on

    def identify(self, *, seconds: int) -> None:
        """Blink the rail lights for some seconds; returns at once."""
        self.transport.send(
            Request(
                "POST",
                "/identify",
                "blink its rail lights",
                self.transport.timeouts.change_s,
                query={"seconds": seconds},
            )
        )

    def door_status(self) -> wire.Door:
        """Return whether the door is open.

        Raises:
            UnsupportedByRobot: before release 7.0.
        """
        self.release.require(Ability.DOOR_STATUS)
        return self.transport.read(wire.Door, self.get("/robot/door/status", "report its door"))

    def pipettes(self) -> tuple[wire.Pipette, ...]:
        """List the attached pipettes, as far as the robot knows them: it looks when it starts and when it homes."""
        request = self.get("/pipettes", "list its pipettes")
        mounts = self.transport.read(_PIPETTES, request, unwrap=False)
        return tuple(
            wire.Pipette(mount=mount, name=held.name, model=held.model or "", id=held.id or "")
            for mount, held in mounts.items()
            if held.name is not None
        )

    def instruments(self) -> tuple[wire.Instrument, ...]:
        """List the attached pipettes with their ranges; before release 6.3 without them."""
        if self.release.can(Ability.INSTRUMENTS):
            return self.transport.read(_INSTRUMENTS, self.get("/instruments", "list its pipettes"))
        return tuple(
            wire.Instrument(
                mount=pipette.mount,
                instrument_model=pipette.model,
                instrument_name=pipette.name,
                serial_number=pipette.id,
                channels=8 if "multi" in pipette.name else 1,
            )
            for pipette in self.pipettes()
        )

    def modules(self) -> tuple[wire.Module, ...]:
        """List the attached modules with what they measure."""
        answer = self.transport.read(_Modules, self.get("/modules", "list its modules"), unwrap=False)
        return answer.data or answer.modules

    def calibration_status(self) -> wire.CalibrationStatus:
        """Return the state of the deck's and the pipettes' calibration."""
        request = self.get("/calibration/status", "report its calibration")
        return self.transport.read(wire.CalibrationStatus, request, unwrap=False)

    def pipette_offsets(self) -> tuple[wire.PipetteOffset, ...]:
        """List the calibrated pipette offsets."""
        return self.transport.read(_OFFSETS, self.get("/calibration/pipette_offset", "list its pipette offsets"))

    def tip_lengths(self) -> tuple[wire.TipLength, ...]:
        """List the calibrated tip lengths."""
        return self.transport.read(_TIP_LENGTHS, self.get("/calibration/tip_length", "list its tip lengths"))

    def stored_labware_offsets(self) -> tuple[wire.OffsetOfStore, ...]:
        """List the labware offsets in the robot's own store; it applies none of them by itself.

        Raises:
            UnsupportedByRobot: it has no such store (before release 8.4).
        """
        self.release.require(Ability.OFFSET_STORE)
        return self.transport.read(_OFFSETS_OF_STORE, self.get("/labwareOffsets", "list its labware offsets"))

    def keep_labware_offsets(self, offsets: Sequence[Mapping[str, Any]]) -> None:
        """Add labware offsets to the robot's own store.

        Args:
            offsets: each `{"definitionUri", "locationSequence", "vector": {"x", "y", "z"}}`, mm.

        Raises:
            UnsupportedByRobot: it has no such store (before release 8.4).
        """
        self.release.require(Ability.OFFSET_STORE)
        timeout_s = self.transport.timeouts.change_s
        data = {"data": [dict(offset) for offset in offsets]}
        self.transport.send(Request("POST", "/labwareOffsets", "keep labware offsets", timeout_s, json=data))

    def client_data(self, key: str) -> Any:
        """Return what a client has stored under the key, None if nothing.

        Raises:
            UnsupportedByRobot: before release 8.0.
        """
        self.release.require(Ability.CLIENT_DATA)
        try:
            return self.transport.read(_ANYTHING, self.get(f"/clientData/{key}", f"read client data {key}"))
        except RobotRejected:
            return None

    def put_client_data(self, key: str, data: Any) -> None:
        """Store something for all clients under the key; lost when the robot restarts.

        Raises:
            UnsupportedByRobot: before release 8.0.
        """
        self.release.require(Ability.CLIENT_DATA)
        self.transport.send(
            Request(
                "PUT",
                f"/clientData/{key}",
                f"store client data {key}",
                self.transport.timeouts.change_s,
                json={"data": data},
            )
        )
