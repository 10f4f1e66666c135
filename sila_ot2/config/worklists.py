"""The settings of worklists."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from sila_ot2.config.group import Group


class WorklistSettings(Group):
    """Transfer lists of other programs: CSV files with one transfer a row, which ExecuteWorklist takes as well."""

    source_labware_column: str = Field("", description="Their column with the labware to aspirate from.")
    source_well_column: str = Field("", description="Their column with the well to aspirate from.")
    target_labware_column: str = Field("", description="Their column with the labware to dispense into.")
    target_well_column: str = Field("", description="Their column with the well to dispense into.")
    volume_column: str = Field("", description="Their column with the volume.")
    mount_column: str = Field("", description="Their column with the mount of the pipette, if they have one.")
    liquid_class_column: str = Field("", description="Their column with a liquid class, if they have one.")
    mount: Literal["left", "right"] = Field("right", description="The mount where they have no column for it.")
    volume_unit: Literal["ul", "nl"] = Field("ul", description="The unit of their volumes: microliters or nanoliters.")
    labware: tuple[str, ...] = Field(
        (), description="The slot of each piece of labware, as `NAME=SLOT` with the name that they use for it."
    )

    @field_validator("labware")
    @classmethod
    def _slots(cls, labware: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what names no slot, and names that are given twice."""
        for one in labware:
            if not re.fullmatch(r".+=([1-9]|1[01])", one):
                raise ValueError(f"{one!r} is not NAME=SLOT; example: Source[1]=2")
        names = [one.rpartition("=")[0] for one in labware]
        if len(set(names)) < len(names):
            raise ValueError("a name is given twice")
        return labware

    @model_validator(mode="after")
    def _all_or_none(self) -> WorklistSettings:
        """Refuse a list that cannot be read for want of a column."""
        optional = ("mount_column", "liquid_class_column")
        needed = {name: value for name, value in self if name.endswith("_column") and name not in optional}
        missing = [name for name, value in needed.items() if not value]
        if missing and len(missing) < len(needed):
            raise ValueError(f"name all columns or none; missing: {', '.join(missing)}")
        return self
