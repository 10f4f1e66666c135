"""Labware offsets that are kept between runs. Read in published source (8.4); no run takes them from here."""

from __future__ import annotations

import uuid
from typing import Any, Literal

import pydantic
from opentrons.protocol_engine.types import LabwareOffsetVector
from opentrons.protocol_engine.types.labware_offset_location import LabwareOffsetLocationSequence

from sila_ot2.simulator.errors import JsonObject, refusal
from sila_ot2.simulator.events.notifications import SimulatedNotifications
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.state.persistence import Disk


class SimulatedOffset(pydantic.BaseModel):
    """An offset that a client wants kept."""

    definitionUri: str  # noqa: N815 - the robot's terms
    locationSequence: LabwareOffsetLocationSequence | Literal["anyLocation"]  # noqa: N815
    vector: LabwareOffsetVector


class OffsetFilter(pydantic.BaseModel):
    """What an offset must be like to be found; what is missing does not matter."""

    id: str | None = None
    definitionUri: str | None = None  # noqa: N815
    locationSequence: list[JsonObject] | Literal["anyLocation"] | None = None  # noqa: N815
    mostRecentOnly: bool = False  # noqa: N815

    def found(self, offsets: list[JsonObject]) -> list[JsonObject]:
        """Those that match, oldest first."""
        wanted = self.model_dump(exclude_none=True, exclude={"mostRecentOnly"})
        matching = [one for one in offsets if all(one[name] == value for name, value in wanted.items())]
        return matching[-1:] if self.mostRecentOnly else matching


class SimulatedLabwareOffsets:
    """The offsets, oldest first."""

    def __init__(self, disk: Disk, clock: Clock, notifications: SimulatedNotifications) -> None:
        self._disk = disk
        self._clock = clock
        self._notifications = notifications
        self._offsets: dict[str, JsonObject] = dict(disk.load("labware-offsets"))

    def all(self) -> list[JsonObject]:
        """Every offset."""
        return list(self._offsets.values())

    def add(self, wanted: SimulatedOffset) -> JsonObject:
        """Keep one."""
        offset = {
            "id": str(uuid.uuid4()),
            "createdAt": timestamp(self._clock.now()),
            **wanted.model_dump(mode="json"),
        }
        self._offsets[offset["id"]] = offset
        self._disk.save("labware-offsets", offset["id"], offset)
        self._notifications.labware_offsets_changed()
        return offset

    def search(self, filters: list[OffsetFilter]) -> list[JsonObject]:
        """Those that match any of the filters, oldest first; without a filter none."""
        ids: set[Any] = {one["id"] for wanted in filters for one in wanted.found(self.all())}
        return [one for one in self.all() if one["id"] in ids]

    def remove(self, offset_id: str) -> JsonObject:
        """Forget one.

        Raises:
            Problem: there is none of that id (404).
        """
        if offset_id not in self._offsets:
            raise refusal(
                404, "LabwareOffsetNotFound", "Labware Offset Not Found", f"No offset found with ID '{offset_id}'."
            )
        self._disk.remove("labware-offsets", offset_id)
        self._notifications.labware_offsets_changed()
        return self._offsets.pop(offset_id)

    def clear(self) -> None:
        """Forget all."""
        for offset_id in list(self._offsets):
            self.remove(offset_id)
