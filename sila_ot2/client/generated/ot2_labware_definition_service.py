"""The feature OT2LabwareDefinitionService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Source = Literal["Library", "Robot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDefinition:
    """A labware definition in the library.

    Attributes:
        definition_uri: Namespace, load name and version, separated by slashes.
        namespace: The namespace.
        load_name: The name by which protocols and Load Labware load it.
        definition_version: The version of the definition.
        labware_name: The name for people, as the definition has it.
        category: The category, as Opentrons names it, such as wellPlate or tipRack.
        well_count: The number of wells, or of tips.
        added_at: When it was added.
    """

    definition_uri: str
    namespace: str
    load_name: str
    definition_version: int
    labware_name: str
    category: str
    well_count: int
    added_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class AddDefinitionResponses:
    """What AddDefinition returns.

    Attributes:
        definition_uri: Namespace, load name and version, separated by slashes.
        already_present: True if the same definition was in the library before.
    """

    definition_uri: str
    already_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDefinition:
    """A labware definition that was found.

    Attributes:
        definition_uri: Namespace, load name and version, separated by slashes.
        labware_name: The name for people.
        category: The category, as Opentrons names it, such as wellPlate or tipRack.
        well_count: The number of wells, or of tips.
        source: Library: it is in the library of this server. Robot: robots have it themselves.
    """

    definition_uri: str
    labware_name: str
    category: str
    well_count: int
    source: Source


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1")
_KEPT_DEFINITION = wire.Structure(
    KeptDefinition,
    definition_uri=wire.STRING,
    namespace=wire.STRING,
    load_name=wire.STRING,
    definition_version=wire.INTEGER,
    labware_name=wire.STRING,
    category=wire.STRING,
    well_count=wire.INTEGER,
    added_at=wire.TIMESTAMP,
)
_DEFINED_KEPT_DEFINITION = wire.Defined(_KEPT_DEFINITION)
_FOUND_DEFINITION = wire.Structure(
    FoundDefinition,
    definition_uri=wire.STRING,
    labware_name=wire.STRING,
    category=wire.STRING,
    well_count=wire.INTEGER,
    source=wire.STRING,
)
_DEFINED_FOUND_DEFINITION = wire.Defined(_FOUND_DEFINITION)
DEFINITIONS: CallDefinition[list[KeptDefinition]] = _FEATURE.observable_property(
    "Definitions", wire.Repeated(_DEFINED_KEPT_DEFINITION)
)
ADD_DEFINITION: CallDefinition[AddDefinitionResponses] = _FEATURE.command(
    "AddDefinition", ResponseMessage(Message(wire.STRING, wire.BOOLEAN), AddDefinitionResponses), Content=wire.BINARY
)
REMOVE_DEFINITION: CallDefinition[None] = _FEATURE.command(
    "RemoveDefinition", ResponseMessage(Message(), nothing), DefinitionUri=wire.STRING
)
RETRIEVE_DEFINITION: CallDefinition[bytes] = _FEATURE.command(
    "RetrieveDefinition", ResponseMessage(Message(wire.BINARY), same), DefinitionUri=wire.STRING
)
SEARCH_DEFINITIONS: CallDefinition[list[FoundDefinition]] = _FEATURE.command(
    "SearchDefinitions",
    ResponseMessage(Message(wire.Repeated(_DEFINED_FOUND_DEFINITION)), same),
    SearchText=wire.STRING,
)


class OT2LabwareDefinitionService(Feature[Link]):
    """Keeps custom labware definitions on this server, because the robot forgets them. Python protocols that load
    labware of the library get its definition when they are uploaded, and the session of the feature Atomic Liquid
    Handling gets it when Load Labware names it. Labware that robots have themselves never gives way to the library:
    a custom definition with the load name of such labware is used only where its namespace is named.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1"

    @property
    def definitions(self) -> ObservableProperty[list[KeptDefinition]]:
        """The definitions in the library, by namespace, load name and version."""
        return ObservableProperty(self._link, DEFINITIONS)

    def add_definition(self, content: bytes) -> AddDefinitionResponses:
        """Checks a labware definition against the schema of Opentrons and keeps it. Adding the same definition again
        does nothing. Nothing is sent to the robot.

        Args:
            content: An Opentrons labware definition (JSON, schema 2), at most 2 megabytes, as the Opentrons Labware
                Creator makes it.

        Returns:
            definition_uri: Namespace, load name and version, separated by slashes.
            already_present: True if the same definition was in the library before.

        Errors: LabwareDefinitionInvalid, LabwareDefinitionExists, StorageFull.
        """
        return self._link.command(ADD_DEFINITION, (content,))

    def remove_definition(self, definition_uri: str) -> None:
        """Removes a definition from the library. Protocols that were uploaded with it and sessions that have loaded it
        keep it.

        Args:
            definition_uri: A definition of the library: namespace, load name and version, separated by slashes.

        Errors: LabwareDefinitionNotFound, StorageFull.
        """
        self._link.command(REMOVE_DEFINITION, (definition_uri,))

    def retrieve_definition(self, definition_uri: str) -> bytes:
        """Returns a definition of the library as it was given, or one that robots have themselves. Of the latter, this
        server knows the newest version.

        Args:
            definition_uri: Namespace, load name and version, separated by slashes.

        Returns:
            content: The labware definition (JSON).

        Errors: LabwareDefinitionNotFound.
        """
        return self._link.command(RETRIEVE_DEFINITION, (definition_uri,))

    def search_definitions(self, *, search_text: str | None = None) -> list[FoundDefinition]:
        """Finds definitions of the library and those that robots have themselves, the library first. The robot is not
        asked: a robot of an earlier release may lack some, or have earlier versions only.

        Args:
            search_text: Words, separated by spaces, that all stand in the URI, the display name or the category of
                what is found; upper and lower case are the same. None means everything.

        Returns:
            found_definitions: What was found.

        Errors: LabwareDefinitionNotFound.
        """
        return self._link.command(SEARCH_DEFINITIONS, ("" if search_text is None else search_text,))
