"""The feature OT2LabwareDefinitionService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class KeptDefinition(NamedTuple):
    """A labware definition in the library."""

    DefinitionUri: str
    """Namespace, load name and version, separated by slashes."""
    Namespace: str
    """The namespace."""
    LoadName: str
    """The name by which protocols and Load Labware load it."""
    DefinitionVersion: int
    """The version of the definition."""
    LabwareName: str
    """The name for people, as the definition has it."""
    Category: str
    """The category, as Opentrons names it, such as wellPlate or tipRack."""
    WellCount: int
    """The number of wells, or of tips."""
    AddedAt: datetime.datetime
    """When it was added."""


class FoundDefinition(NamedTuple):
    """A labware definition that was found."""

    DefinitionUri: str
    """Namespace, load name and version, separated by slashes."""
    LabwareName: str
    """The name for people."""
    Category: str
    """The category, as Opentrons names it, such as wellPlate or tipRack."""
    WellCount: int
    """The number of wells, or of tips."""
    Source: str
    """Library: it is in the library of this server. Robot: robots have it themselves."""


class AddDefinitionResponses(NamedTuple):
    """Responses of AddDefinition."""

    DefinitionUri: str
    """Namespace, load name and version, separated by slashes."""
    AlreadyPresent: bool
    """True if the same definition was in the library before."""


class OT2LabwareDefinitionServiceBase(ABC):
    """Keeps custom labware definitions on this server, because the robot forgets them. Python protocols that load
    labware of the library get its definition when they are uploaded, and the session of the feature Atomic Liquid
    Handling gets it when Load Labware names it. Labware that robots have themselves never gives way to the library:
    a custom definition with the load name of such labware is used only where its namespace is named.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1"

    Definitions: ObservableProperty[list[KeptDefinition]]
    """The definitions in the library, by namespace, load name and version."""

    @abstractmethod
    def AddDefinition(self, Content: bytes, *, call: Any) -> AddDefinitionResponses:
        """Checks a labware definition against the schema of Opentrons and keeps it. Adding the same definition again
        does nothing. Nothing is sent to the robot.

        Errors: LabwareDefinitionInvalid, LabwareDefinitionExists, StorageFull
        """

    @abstractmethod
    def RemoveDefinition(self, DefinitionUri: str, *, call: Any) -> None:
        """Removes a definition from the library. Protocols that were uploaded with it and sessions that have loaded it
        keep it.

        Errors: LabwareDefinitionNotFound, StorageFull
        """

    @abstractmethod
    def RetrieveDefinition(self, DefinitionUri: str, *, call: Any) -> bytes:
        """Returns a definition of the library as it was given, or one that robots have themselves. Of the latter, this
        server knows the newest version.

        Errors: LabwareDefinitionNotFound
        """

    @abstractmethod
    def SearchDefinitions(self, SearchText: str, *, call: Any) -> list[FoundDefinition]:
        """Finds definitions of the library and those that robots have themselves, the library first. The robot is not
        asked: a robot of an earlier release may lack some, or have earlier versions only.

        Errors: LabwareDefinitionNotFound
        """
