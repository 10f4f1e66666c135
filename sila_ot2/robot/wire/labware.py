"""A labware definition (schema 2) as the robot returns it from loadLabware: what this server relies on of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator
from pydantic.alias_generators import to_camel

Names = Annotated[tuple[str, ...], BeforeValidator(lambda names: () if names is None else names)]
Real = Annotated[float, Field(strict=True)]
Size = Annotated[float, Field(strict=True, ge=0)]
SizeOrNone = Annotated[Size, BeforeValidator(lambda number: 0.0 if number is None else number)]
"""0 if it is not there."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, allow_inf_nan=False)


class WellDefinition(_Part):
    """A well, or a place of a tip; lengths in mm, volumes in µL."""

    x: Real
    y: Real
    z: Real
    depth: Size
    shape: str | None = None
    diameter: Size | None = None
    x_dimension: Size | None = None
    y_dimension: Size | None = None
    total_liquid_volume: Size = 0.0

    @model_validator(mode="after")
    def _require_outline(self) -> WellDefinition:
        if self.diameter is None and (self.shape == "circular" or None in (self.x_dimension, self.y_dimension)):
            raise ValueError("diameter, or xDimension and yDimension, is missing")
        return self

    @property
    def outline_mm(self) -> tuple[float, float]:
        """Its width along x and its length along y; the diameter of a round well is both."""
        width_mm = self.x_dimension if self.diameter is None else self.diameter
        length_mm = self.y_dimension if self.diameter is None else self.diameter
        return width_mm or 0.0, length_mm or 0.0


class LabwareParameters(_Part):
    """What its maker says of it."""

    load_name: str
    is_tiprack: StrictBool = False
    quirks: Names = ()
    tip_length: SizeOrNone = 0.0
    magnetic_module_engage_height: Real | None = None
    is_magnetic_module_compatible: StrictBool | None = None


class LabwareMetadata(_Part):
    """What it is called for people."""

    display_name: str = ""


class LabwareDimensions(_Part):
    """Its size, in mm."""

    z_dimension: Size = 0.0


class StackingOffset(_Part):
    """How deep it sinks into what it stands on, in mm."""

    z: Real = 0.0


StackingOffsets = Annotated[
    dict[str, StackingOffset], BeforeValidator(lambda offsets: {} if offsets is None else offsets)
]


class LabwareDefinition(_Part):
    """Labware of one kind."""

    schema_version: Literal[2] = 2
    """Others count positions from another corner."""
    namespace: str
    version: StrictInt
    parameters: LabwareParameters
    metadata: LabwareMetadata = LabwareMetadata()
    wells: dict[str, WellDefinition] = Field(default_factory=dict)
    ordering: tuple[tuple[str, ...], ...] = ()
    allowed_roles: Names = ()
    dimensions: LabwareDimensions = LabwareDimensions()
    stacking_offset_with_labware: StackingOffsets = Field(default_factory=dict)
    stacking_offset_with_module: StackingOffsets = Field(default_factory=dict)
