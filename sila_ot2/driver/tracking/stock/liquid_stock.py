"""What the wells on the deck hold beyond the end of a run: as it was stated, and as commands have changed it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sila_ot2.driver.deck.checks.volume_limits import check_well_volume
from sila_ot2.driver.deck.state.contents import ContentsDeck
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.stock.deck_records import DeckRecords
from sila_ot2.errors import TransferInvalid, WellUnknown
from sila_ot2.store.labware_contents import LabwareContents
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

Contents = Mapping[str, LabwareContents]
"""By slot; of slots that are not in it nothing is known."""
_WELL = re.compile(r"[A-Z]{1,2}[1-9][0-9]?")


class LiquidStock:
    """One per robot; safe to use from any thread. People change it here, and commands through the tip stock."""

    def __init__(self, records: DeckRecords, labware: KnownLabware) -> None:
        """Go on where the last process has ended."""
        self._records = records
        self._labware = labware
        self.contents: Observable[Contents] = Observable(MappingProxyType(records.store.contents()))

    def declare(
        self, slot: str, definition_uri: str, wells: Sequence[str], volumes_ul: Sequence[float], liquid: str
    ) -> None:
        """State what wells of the labware in a slot hold.

        Args:
            slot: where it stands.
            definition_uri: its definition.
            wells: empty: all of them.
            volumes_ul: one for all wells, or one for each.
            liquid: its name; empty: it has none, and differs from well to well.

        Raises:
            WellUnknown: the labware has no such well, or none at all, or is a tip rack, or its wells are not known.
            VolumeOutOfRange: a well does not hold as much.
            TransferInvalid: the numbers of wells and volumes do not fit together.
            StorageFull: it could not be written down; it holds until this server ends.
        """
        stated = self._checked(definition_uri, wells, volumes_ul)
        with self._records.changing:
            deck = self.begin()
            here = self.contents.value.get(slot)
            if here is not None and here.definition_uri != definition_uri:
                deck.forget(slot)
            deck.state(slot, definition_uri, stated, liquid)
            self.keep(deck)
            self._records.write()

    def forget(self, slot: str = "") -> None:
        """Know nothing of the wells in a slot any more, or in all slots if `slot` is empty.

        Raises:
            StorageFull: as `declare`.
        """
        with self._records.changing:
            deck = self.begin()
            deck.forget(slot)
            self.keep(deck)
            self._records.write()

    def begin(self) -> ContentsDeck:
        """Return what is known, to be changed; `keep` takes it over."""
        return ContentsDeck(self.contents.value, utc_now())

    def keep(self, deck: ContentsDeck) -> None:
        """Take over what has changed; the caller holds the lock and writes it down."""
        for problem in deck.problems:
            if problem.kind == "Shortage":
                log.warning("A command was carried out for which there was too little liquid: %s", problem)
        before, unwritten, contents = self.contents.value, self._records.unwritten, deck.contents
        changed = {slot: one for slot, one in contents.items() if before.get(slot) is not one}
        removed = before.keys() - contents.keys()
        if changed or removed:
            unwritten.contents = {**{s: c for s, c in unwritten.contents.items() if s not in removed}, **changed}
            unwritten.forgotten = (unwritten.forgotten | removed) - changed.keys()
            self.contents.set(MappingProxyType(contents))

    def _checked(self, uri: str, wells: Sequence[str], volumes_ul: Sequence[float]) -> dict[str, float]:
        labware = self._labware.find(uri)
        if labware is not None and labware.is_tip_rack:
            raise WellUnknown(f"{uri} is a tip rack, and holds no liquid.", "Name a slot with other labware.")
        if labware is None and not wells:
            raise WellUnknown(
                f"Which wells {uri} has is not known, since its definition is not.",
                "Name the wells, or add the definition to the library (AddDefinition).",
            )
        named = list(wells) or list(labware.wells if labware else ())
        if not named:
            raise WellUnknown(f"{uri} has no wells.", "Name a slot with other labware.")
        for well in named:
            if not _WELL.fullmatch(well) or (labware is not None and well not in labware.wells):
                raise WellUnknown(f"{uri} has no well {well}.", "Name one of its wells.")
        if len(volumes_ul) not in (1, len(named)):
            raise TransferInvalid(
                f"{len(named)} wells and {len(volumes_ul)} volumes do not fit together.",
                "Give one volume for all wells, or one for each.",
            )
        if len(volumes_ul) > 1 and (twice := sorted(well for well, count in Counter(named).items() if count > 1)):
            raise TransferInvalid(f"Named more than once: {', '.join(twice)}.", "Name each well once.")
        stated = dict(zip(named, volumes_ul if len(volumes_ul) > 1 else [volumes_ul[0]] * len(named), strict=True))
        for well, volume_ul in stated.items():
            check_well_volume(well, uri, labware.wells[well].capacity_ul if labware is not None else 0.0, volume_ul)
        return stated
