"""The feature OT2LabwareDefinitionService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.generated.ot2_labware_definition_service import (
    AddDefinitionResponses,
    FoundDefinition,
    KeptDefinition,
    OT2LabwareDefinitionServiceBase,
)
from sila_ot2.sila import Call, ObservableProperty
from sila_ot2.store.labware_definitions import StoredDefinition


class OT2LabwareDefinitionService(OT2LabwareDefinitionServiceBase):
    """Custom labware."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"RetrieveDefinition", "SearchDefinitions"})

    def __init__(self, library: DefinitionLibrary) -> None:
        self._library = library
        self.Definitions: ObservableProperty[list[KeptDefinition]] = ObservableProperty([])
        library.entries.subscribe(lambda entries: self.Definitions.set([_kept(entry) for entry in entries]))

    def AddDefinition(self, Content: bytes, *, call: Call) -> AddDefinitionResponses:
        """Check a definition and keep it."""
        return AddDefinitionResponses(*self._library.add_definition(Content))

    def RemoveDefinition(self, DefinitionUri: str, *, call: Call) -> None:
        """Remove a definition."""
        self._library.remove_definition(DefinitionUri)

    def RetrieveDefinition(self, DefinitionUri: str, *, call: Call) -> bytes:
        """Return a definition."""
        return self._library.definition_content(DefinitionUri)

    def SearchDefinitions(self, SearchText: str, *, call: Call) -> list[FoundDefinition]:
        """Find definitions."""
        return [
            FoundDefinition(found.uri, found.display_name, found.category, found.well_count, found.source)
            for found in self._library.search_definitions(SearchText)
        ]


def _kept(stored: StoredDefinition) -> KeptDefinition:
    return KeptDefinition(
        DefinitionUri=stored.uri,
        Namespace=stored.namespace,
        LoadName=stored.load_name,
        DefinitionVersion=stored.version,
        LabwareName=stored.display_name,
        Category=stored.category,
        WellCount=stored.well_count,
        AddedAt=stored.added_at,
    )
