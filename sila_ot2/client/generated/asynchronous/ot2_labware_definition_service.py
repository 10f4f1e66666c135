"""The feature OT2LabwareDefinitionService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_labware_definition_service import (
    ADD_DEFINITION,
    DEFINITIONS,
    REMOVE_DEFINITION,
    RETRIEVE_DEFINITION,
    SEARCH_DEFINITIONS,
    AddDefinitionResponses,
    FoundDefinition,
    KeptDefinition,
)


class AsyncOT2LabwareDefinitionService(Feature[AsyncLink]):
    """Keeps custom labware definitions on this server, because the robot forgets them. Python protocols that load
    labware of the library get its definition when they are uploaded, and the session of the feature Atomic Liquid
    Handling gets it when Load Labware names it. Labware that robots have themselves never gives way to the library:
    a custom definition with the load name of such labware is used only where its namespace is named.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1"

    @property
    def definitions(self) -> AsyncObservableProperty[list[KeptDefinition]]:
        """The definitions in the library, by namespace, load name and version."""
        return AsyncObservableProperty(self._link, DEFINITIONS)

    async def add_definition(self, content: bytes) -> AddDefinitionResponses:
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
        return await self._link.command(ADD_DEFINITION, (content,))

    async def remove_definition(self, definition_uri: str) -> None:
        """Removes a definition from the library. Protocols that were uploaded with it and sessions that have loaded it
        keep it.

        Args:
            definition_uri: A definition of the library: namespace, load name and version, separated by slashes.

        Errors: LabwareDefinitionNotFound, StorageFull.
        """
        await self._link.command(REMOVE_DEFINITION, (definition_uri,))

    async def retrieve_definition(self, definition_uri: str) -> bytes:
        """Returns a definition of the library as it was given, or one that robots have themselves. Of the latter, this
        server knows the newest version.

        Args:
            definition_uri: Namespace, load name and version, separated by slashes.

        Returns:
            content: The labware definition (JSON).

        Errors: LabwareDefinitionNotFound.
        """
        return await self._link.command(RETRIEVE_DEFINITION, (definition_uri,))

    async def search_definitions(self, *, search_text: str | None = None) -> list[FoundDefinition]:
        """Finds definitions of the library and those that robots have themselves, the library first. The robot is not
        asked: a robot of an earlier release may lack some, or have earlier versions only.

        Args:
            search_text: Words, separated by spaces, that all stand in the URI, the display name or the category of
                what is found; upper and lower case are the same. None means everything.

        Returns:
            found_definitions: What was found.

        Errors: LabwareDefinitionNotFound.
        """
        return await self._link.command(SEARCH_DEFINITIONS, ("" if search_text is None else search_text,))
