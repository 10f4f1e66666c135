"""What is on or hot in modules, in the terms of the contract: three features have a structure of the same members."""

from __future__ import annotations

from sila_ot2.store.runs import ActivePart


def part_fields(part: ActivePart) -> tuple[str, str, str, str]:
    """Return the members of the structure ActivePart, in their order."""
    return part.serial_number, part.model, part.part, part.activity
