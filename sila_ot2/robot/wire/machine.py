"""Answers about the machine: health, door, pipettes, modules, calibration, settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from sila_ot2.robot.wire.base import Time, Wire


class Health(Wire):
    """Answer to GET /health; its keys are in snake_case on the wire, too."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    name: str
    api_version: str
    fw_version: str = ""
    board_revision: str = ""
    system_version: str = ""
    robot_model: str | None = None
    """Absent before release 5.0."""
    robot_serial: str | None = None
    """From release 7.0 on; None also where the robot could not read it."""
    minimum_protocol_api_version: tuple[int, int] | None = None
    maximum_protocol_api_version: tuple[int, int] | None = None


class Pipette(Wire):
    """A pipette attached to a mount; on the wire its fields are null where none is attached."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    mount: str
    name: str
    model: str
    id: str
    """Serial number."""


class Instrument(Wire):
    """An attached pipette with its ranges; before release 6.3 the ranges are not known."""

    mount: str
    instrument_model: str = ""
    instrument_name: str = ""
    serial_number: str = ""
    ok: bool = True
    channels: int | None = None
    min_volume_ul: float | None = Field(default=None, alias="min_volume")
    max_volume_ul: float | None = Field(default=None, alias="max_volume")

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and isinstance(data := value.get("data"), Mapping):
            return {
                **value,
                "channels": data.get("channels"),
                "min_volume": data.get("min_volume"),
                "max_volume": data.get("max_volume"),
            }
        return value


class Module(Wire):
    """A module attached to the robot, in the shape of header version 3 and later."""

    id: str
    serial_number: str
    module_type: str
    module_model: str
    firmware_version: str = ""
    hardware_revision: str = ""
    has_available_update: bool = False
    data: dict[str, Any] = Field(default_factory=dict)
    """`status` and what the type measures: currentTemperature, targetTemperature (degrees C), lidStatus, ..."""

    @model_validator(mode="before")
    @classmethod
    def _modernize(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or "serialNumber" in value:
            return value
        data = {_MODULE_DATA_NAMES.get(name, name): datum for name, datum in (value.get("data") or {}).items()}
        return {
            "id": value.get("serial"),
            "serialNumber": value.get("serial"),
            "moduleType": _MODULE_TYPES.get(str(value.get("name")), str(value.get("name"))),
            "moduleModel": value.get("moduleModel"),
            "firmwareVersion": value.get("fwVersion") or "",
            "hardwareRevision": value.get("revision") or "",
            "hasAvailableUpdate": value.get("hasAvailableUpdate", False),
            "data": {"status": value.get("status"), **data},
        }


_MODULE_TYPES = {
    "thermocycler": "thermocyclerModuleType",
    "tempdeck": "temperatureModuleType",
    "magdeck": "magneticModuleType",
    "heatershaker": "heaterShakerModuleType",
}
_MODULE_DATA_NAMES = {
    "currentTemp": "currentTemperature",
    "targetTemp": "targetTemperature",
    "lid": "lidStatus",
    "lidTemp": "lidTemperature",
    "lidTarget": "lidTargetTemperature",
}


class Door(Wire):
    """Whether the front door or top window is open, and whether the robot requires it closed."""

    status: str
    """open or closed."""
    door_required_closed_for_protocol: bool

    @property
    def blocks_movement(self) -> bool:
        """Whether it is open, and the robot's safety setting wants it closed."""
        return self.status == "open" and self.door_required_closed_for_protocol


class CalibrationStatus(Wire):
    """Answer to GET /calibration/status."""

    deck_calibration: dict[str, Any]
    """`{"status": "OK" | "IDENTITY" | ..., "data": ...}`."""


class PipetteOffset(Wire):
    """The calibrated offset of one pipette on one mount."""

    id: str
    mount: str
    pipette: str
    offset: tuple[float, float, float]
    last_modified: Time | None = None
    status: dict[str, Any] = Field(default_factory=dict)


class TipLength(Wire):
    """The calibrated length of one type of tip on one pipette, in mm."""

    id: str
    pipette: str
    tip_length: float
    uri: str | None = None
    tiprack: str | None = None
    last_modified: Time | None = None
    status: dict[str, Any] = Field(default_factory=dict)


class Setting(Wire):
    """One of the robot's advanced settings."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    id: str
    value: bool | None = None
    title: str = ""
    description: str = ""
    restart_required: bool = False


class SettingList(Wire):
    """Answer of GET and POST /settings."""

    settings: tuple[Setting, ...]
