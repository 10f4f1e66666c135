"""Tables of the laboratory that the settings name: liquid classes, and the columns of transfer lists."""

from __future__ import annotations

from sila_ot2.config import Settings, SettingsInvalid
from sila_ot2.driver.liquid_handling.liquid_classes import (
    NO_CLASSES,
    LiquidClasses,
    LiquidClassesInvalid,
    read_liquid_classes,
)
from sila_ot2.driver.worklists.transfer_list import TransferList


def liquid_classes(settings: Settings) -> LiquidClasses:
    """Return the table of liquid classes.

    Raises:
        SettingsInvalid: it has problems; the message names each with its place.
    """
    file = settings.session.liquid_classes
    if file is None:
        return NO_CLASSES
    try:
        return read_liquid_classes(file.read_bytes(), is_toml=file.suffix.lower() == ".toml")
    except (OSError, LiquidClassesInvalid) as error:
        raise SettingsInvalid(f"session.liquid_classes: {file}: {error}") from error


def transfer_lists(settings: Settings) -> TransferList:
    """Return how transfer lists of other programs are read."""
    columns = {
        "SourceLabware": settings.worklists.source_labware_column,
        "SourceWell": settings.worklists.source_well_column,
        "TargetLabware": settings.worklists.target_labware_column,
        "TargetWell": settings.worklists.target_well_column,
        "Volume": settings.worklists.volume_column,
        "Mount": settings.worklists.mount_column,
        "LiquidClass": settings.worklists.liquid_class_column,
    }
    return TransferList(
        columns={name: column for name, column in columns.items() if column},
        labware={name: slot for name, _, slot in (one.rpartition("=") for one in settings.worklists.labware)},
        mount=settings.worklists.mount,
        ul_per_unit=0.001 if settings.worklists.volume_unit == "nl" else 1,
    )
