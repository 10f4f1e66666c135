"""Transfer lists of other programs: one transfer a row, with columns that the settings map to ours.

A row becomes four steps: a new tip, aspirate, dispense, drop the tip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sila_ot2.number_text import read_number

REQUIRED = ("SourceLabware", "SourceWell", "TargetLabware", "TargetWell", "Volume")
_WELL = re.compile(r"([A-Za-z]{1,2})0*([1-9][0-9]?)")
_STEPS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("PickUpTip", {"Mount": "Mount"}),
    (
        "Aspirate",
        {
            "Mount": "Mount",
            "LabwareIdentifier": "SourceLabware",
            "Well": "SourceWell",
            "Volume": "Volume",
            "LiquidClass": "LiquidClass",
        },
    ),
    (
        "Dispense",
        {
            "Mount": "Mount",
            "LabwareIdentifier": "TargetLabware",
            "Well": "TargetWell",
            "Volume": "Volume",
            "LiquidClass": "LiquidClass",
        },
    ),
    ("DropTip", {"Mount": "Mount"}),
)
"""Commands and their parameters, by what each parameter is taken from."""


@dataclass(frozen=True)
class TransferList:
    """How transfer lists are read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The name of their column by what it is: one of REQUIRED, Mount or LiquidClass."""
    labware: Mapping[str, str] = field(default_factory=dict)
    """Slots (or identifiers of labware) by the names that they use."""
    mount: str = "right"
    """Of rows without a column for it."""
    ul_per_unit: float = 1.0
    """Of their volumes."""

    def reads(self, header: Sequence[str]) -> bool:
        """Return whether a list with these columns is one that can be read."""
        return all(self.columns.get(name) in header for name in REQUIRED)

    def steps(self, cells: Mapping[str, str]) -> list[tuple[dict[str, str], dict[str, str]]]:
        """Return the steps of a row: their command and parameters, and the column that each of these comes from.

        Args:
            cells: by the names of their columns; empty ones are left out.
        """
        given = {name: cells[column] for name, column in self.columns.items() if column in cells}
        values = {"Mount": self.mount, **{name: self._ours(name, text) for name, text in given.items()}}
        return [
            (
                {"Command": command, **{name: values[source] for name, source in parts.items() if source in values}},
                {name: self.columns[source] for name, source in parts.items() if source in self.columns},
            )
            for command, parts in _STEPS
        ]

    def _ours(self, name: str, text: str) -> str:
        """Return a value as our steps have it; what is not understood stays as it is, and is refused as such."""
        if name.endswith("Labware"):
            return self.labware.get(text, text)
        if name.endswith("Well") and (well := _WELL.fullmatch(text)):
            return f"{well[1].upper()}{well[2]}"
        if name == "Mount":
            return text.lower()
        if name == "Volume" and self.ul_per_unit != 1 and (volume := read_number(text)) is not None:
            return repr(volume * self.ul_per_unit)
        return text


NO_TRANSFER_LISTS = TransferList()
"""Only lists of commands are read."""
