"""Labware offsets as a file: what is exported can be imported here or at another server."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sila_ot2.constraints import limits, longest, pattern
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.errors import LabwareOffsetInvalid
from sila_ot2.robot.wire.base import problems_in
from sila_ot2.store.offsets import StoredOffset

log = logging.getLogger(__name__)

LARGEST_BYTES = 2_000_000
_EARLIEST = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
"""No clock of a robot shows an earlier time. The first hours of the year 1 may not exist in UTC."""
_SET_OFFSET = ("OT2LabwareOffsetService", "SetOffset")
_LEAST_MM, _MOST_MM = limits(*_SET_OFFSET, "X")
_Mm = Annotated[float, Field(ge=_LEAST_MM, le=_MOST_MM)]


class _OffsetEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    definition_uri: Annotated[str, Field(alias="definitionUri", pattern=pattern(*_SET_OFFSET, "DefinitionUri"))]
    slot: Annotated[str, Field(pattern=pattern(*_SET_OFFSET, "Slot"))]
    module_model: Annotated[str, Field(alias="moduleModel", max_length=longest(*_SET_OFFSET, "ModuleModel"))] = ""
    x: _Mm
    y: _Mm
    z: _Mm
    measured_at: Annotated[AwareDatetime | None, Field(alias="measuredAt", ge=_EARLIEST)] = None
    robot_serial: Annotated[str, Field(alias="robotSerial", max_length=100)] = ""


class _OffsetFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["sila-ot2 labware offsets 1"]
    offsets: list[_OffsetEntry]


def write_offsets(offsets: Iterable[StoredOffset]) -> bytes:
    """Return a file (JSON) with these offsets, without those that `read_offsets` would refuse: robots take more."""
    entries = []
    for offset in offsets:
        members = {
            "definitionUri": offset.definition_uri,
            "slot": offset.slot,
            "moduleModel": offset.module_model,
            "x": offset.x_mm,
            "y": offset.y_mm,
            "z": offset.z_mm,
            "measuredAt": offset.measured_at,
            "robotSerial": offset.robot_serial,
        }
        try:
            entries.append(_OffsetEntry.model_validate(members))
        except ValidationError as error:
            where = f"{offset.definition_uri} in slot {offset.slot}"
            log.warning("The offset of %s is left out of the file: %s", where, problems_in(error))
    file = _OffsetFile(format="sila-ot2 labware offsets 1", offsets=entries)
    return file.model_dump_json(by_alias=True, indent=2).encode()


def read_offsets(content: bytes, now: datetime.datetime) -> Sequence[StoredOffset]:
    """Return the offsets of a file.

    Args:
        content: JSON, as `write_offsets` makes it.
        now: the time of offsets without one, and of those whose time is in the future.

    Raises:
        LabwareOffsetInvalid: it is no such file; the message names each place that is wrong.
    """
    try:
        read_json(content, largest_bytes=LARGEST_BYTES)
        file = _OffsetFile.model_validate_json(content.decode("utf-8-sig"))
    except JsonInvalid as error:
        raise LabwareOffsetInvalid(
            f"The file cannot be read: {error}, line {error.line}, column {error.column}.",
            "Correct the file, then import it again.",
        ) from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in error.errors()[:10]]
        raise LabwareOffsetInvalid(
            f"The file is not one of labware offsets: {'; '.join(faults)}.", "Use a file that Export Offsets made."
        ) from error
    return [
        StoredOffset(
            definition_uri=entry.definition_uri,
            slot=entry.slot,
            module_model=entry.module_model,
            x_mm=entry.x,
            y_mm=entry.y,
            z_mm=entry.z,
            measured_at=min(entry.measured_at or now, now),
            source="Client",
            robot_serial=entry.robot_serial,
        )
        for entry in file.offsets
    ]
