"""Labware and modules as a session has loaded them, with the geometry that checks need.

Locations are texts as clients give them: a slot "1" to "11", the identifier of the module or labware that carries the
labware, or "offDeck".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sila_ot2.robot.wire.labware import LabwareDefinition, WellDefinition

OFF_DECK = "offDeck"
SLOTS = tuple(str(number) for number in range(1, 12))
"""Slot 12 holds the fixed trash."""
_SLOTS_BY_COORDINATES = {
    f"{row}{column + 1}": str(3 * number + column + 1) for number, row in enumerate("DCBA") for column in range(3)
}
"""The other names that a robot takes: A1 is slot 10, D3 slot 3."""


class ArrivedLabware(Protocol):
    """Labware that an arm has put on a slot."""

    @property
    def slot(self) -> str:
        """Where it stands."""

    @property
    def labware_type(self) -> str:
        """Opentrons' load name, or namespace/load name/version; or empty, or a name that the laboratory uses."""

    @property
    def labware_id(self) -> str:
        """The laboratory's name for it; may be empty."""


@dataclass(frozen=True)
class Well:
    """A well or a place of a tip; positions from the labware's front left bottom corner, in mm."""

    x_mm: float
    y_mm: float
    bottom_mm: float
    depth_mm: float
    width_mm: float
    """Along x; the diameter of a round well."""
    length_mm: float
    """Along y; the diameter of a round well."""
    capacity_ul: float
    is_round: bool = False


@dataclass(frozen=True)
class Labware:
    """A piece of labware of a session."""

    labware_id: str
    load_name: str
    namespace: str
    version: int
    location: str
    display_name: str = ""
    definition_name: str = ""
    """What its definition calls it for people."""
    wells: Mapping[str, Well] = field(default_factory=dict)
    columns: tuple[tuple[str, ...], ...] = ()
    """Names of the wells, column by column from the left, each from the back."""
    is_tip_rack: bool = False
    quirks: frozenset[str] = frozenset()
    is_adapter: bool = False
    height_mm: float = 0.0
    tip_length_mm: float = 0.0
    """Of the tips in a tip rack."""
    engage_height_mm: float | None = None
    """How high the magnets of a module below it are raised, above its base; None: its definition does not say."""
    sunk_in_labware_mm: Mapping[str, float] = field(default_factory=dict)
    """How far its bottom lies below the top of labware that it stands on, by load name, or "default"."""
    sunk_in_modules_mm: Mapping[str, float] = field(default_factory=dict)
    """How far its bottom lies below where labware stands on a module, by model."""

    @property
    def uri(self) -> str:
        """Return namespace/load name/version."""
        return f"{self.namespace}/{self.load_name}/{self.version}"

    @property
    def name(self) -> str:
        """Return what messages call it."""
        return f"{self.display_name or self.load_name} (location {self.location})"

    @property
    def is_on_deck(self) -> bool:
        """Whether the robot can reach it."""
        return self.location != OFF_DECK


@dataclass(frozen=True)
class SessionModule:
    """A module of a session."""

    module_id: str
    model: str
    slot: str
    serial_number: str = ""


def labware_from(definition: Any, labware_id: str, location: str, display_name: str = "") -> Labware:
    """Return a labware of the given definition (schema 2, as the robot returns it from loadLabware).

    Raises:
        ValidationError: it is not understood; its errors name the members.
    """
    known = LabwareDefinition.model_validate(definition)
    return Labware(
        labware_id=labware_id,
        load_name=known.parameters.load_name,
        namespace=known.namespace,
        version=known.version,
        location=location,
        display_name=display_name,
        definition_name=known.metadata.display_name,
        wells={name: _well(well) for name, well in known.wells.items()},
        columns=known.ordering,
        is_tip_rack=known.parameters.is_tiprack,
        quirks=frozenset(known.parameters.quirks),
        is_adapter="adapter" in known.allowed_roles,
        height_mm=known.dimensions.z_dimension,
        tip_length_mm=known.parameters.tip_length,
        engage_height_mm=_engage_height_mm(known),
        sunk_in_labware_mm={name: offset.z for name, offset in known.stacking_offset_with_labware.items()},
        sunk_in_modules_mm={name: offset.z for name, offset in known.stacking_offset_with_module.items()},
    )


_IN_HALF_MM = frozenset(
    {
        "opentrons/biorad_96_wellplate_200ul_pcr/1",
        "opentrons/nest_96_wellplate_100ul_pcr_full_skirt/1",
        "opentrons/usascientific_96_wellplate_2.4ml_deep/1",
    }
)
"""Labware whose definitions give the height for magnets in half millimeters; the robot's engine lists them, too."""


def _engage_height_mm(definition: LabwareDefinition) -> float | None:
    parameters = definition.parameters
    height = parameters.magnetic_module_engage_height
    if height is None or parameters.is_magnetic_module_compatible is False:
        return None
    uri = f"{definition.namespace}/{parameters.load_name}/{definition.version}"
    return height / 2 if uri in _IN_HALF_MM else height


def _well(well: WellDefinition) -> Well:
    width_mm, length_mm = well.outline_mm
    return Well(
        x_mm=well.x,
        y_mm=well.y,
        bottom_mm=well.z,
        depth_mm=well.depth,
        width_mm=width_mm,
        length_mm=length_mm,
        capacity_ul=well.total_liquid_volume,
        is_round=well.diameter is not None,
    )


def location_from_wire(location: Any) -> str:
    """Return the text for a location in the robot's terms."""
    if not isinstance(location, Mapping):
        return str(location)
    for key in ("slotName", "moduleId", "labwareId", "addressableAreaName"):
        if key in location:
            name = str(location[key])
            return _SLOTS_BY_COORDINATES.get(name, name) if key == "slotName" else name
    return str(location)


def location_to_wire(location: str, modules: Mapping[str, SessionModule]) -> Any:
    """Return a location in the robot's terms."""
    if location == OFF_DECK:
        return OFF_DECK
    if location in SLOTS:
        return {"slotName": location}
    return {"moduleId": location} if location in modules else {"labwareId": location}
