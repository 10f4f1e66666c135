"""Labware by the URI of its definition, and which wells the nozzles of a pipette are over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.state.labware import OFF_DECK, Labware, labware_from
from sila_ot2.driver.deck.state.pipettes import Nozzles
from sila_ot2.driver.deck.state.wells import wells_under

Definition = Mapping[str, Any]


def builtin_definition(uri: str) -> Definition | None:
    """Return a definition that robots have themselves, always its newest version."""
    namespace, _, rest = uri.partition("/")
    return builtin_definitions().get(rest.partition("/")[0]) if namespace == "opentrons" else None


class KnownLabware:
    """One per robot; what was found is kept."""

    def __init__(self, definition_of: Callable[[str], Definition | None] = builtin_definition) -> None:
        """Find definitions with this function; None: it is not known."""
        self._definition_of = definition_of
        self._found: dict[str, Labware] = {}
        self._wells: dict[tuple[str, Nozzles, str], tuple[str, ...]] = {}

    def find(self, uri: str) -> Labware | None:
        """Return labware of a definition; None if that is not known."""
        if uri not in self._found:
            definition = self._definition_of(uri)
            if definition is None:
                return None
            self._found[uri] = labware_from(definition, "", OFF_DECK)
        return self._found[uri]

    def wells_under(self, uri: str, nozzles: Nozzles, well: str) -> tuple[str, ...] | None:
        """Return the well under each nozzle in use, the primary one first, when the pipette goes to a well.

        None: it is not known, since the labware is not. A nozzle that is over no well is left out.
        """
        if nozzles.active == 1:
            return (well,)
        key = (uri, nozzles, well)
        if key not in self._wells:
            labware = self.find(uri)
            if labware is None or well not in labware.wells:
                return None
            self._wells[key] = wells_under(nozzles, labware, well)
        return self._wells[key]
