"""SiLAService: what every SiLA server reports about itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sila2
from sila2.framework.errors.validation_error import ValidationError

from sila_ot2.sila.admission import Call
from sila_ot2.sila.names import NameUnfit, check_name

SET_SERVER_NAME = "org.silastandard/core/SiLAService/v1/Command/SetServerName"
DEFINITION = Path(sila2.resource_dir).parent / "features" / "silaservice" / "SiLAService.sila.xml"


@dataclass(frozen=True, kw_only=True)
class ServerInfo:
    """What a server reports about itself.

    Attributes:
        name: chosen by the user, can be changed by clients (SetServerName).
        type: letters and digits, the first a capital.
        description: what the server is for.
        version: such as ``1.2`` or ``1.2.3``.
        vendor_url: begins with ``https://`` or ``http://``.
        uuid: the same for the life of the server.
    """

    name: str
    type: str
    description: str
    version: str
    vendor_url: str
    uuid: UUID


class UnimplementedFeature(Exception):
    """There is no such feature on this server."""


class SiLAService:
    """The feature SiLAService.

    Args:
        info: what is reported.
        definitions: the texts of all definitions by fully qualified identifier, filled in by the server.
        on_rename: called with the new name.
    """

    def __init__(self, info: ServerInfo, definitions: dict[str, str], on_rename: Callable[[str], None]) -> None:
        self._info = info
        self._definitions = definitions
        self._on_rename = on_rename
        self.name = info.name

    def GetFeatureDefinition(self, FeatureIdentifier: str, *, call: Call) -> str:  # noqa: D102, N802, N803
        for identifier, definition in self._definitions.items():
            if identifier.lower() == FeatureIdentifier.lower():
                return definition
        raise UnimplementedFeature(f"This server has no feature {FeatureIdentifier}")

    def SetServerName(self, ServerName: str, *, call: Call) -> None:  # noqa: D102, N802, N803
        try:
            check_name(ServerName)
        except NameUnfit as unfit:
            refusal = ValidationError(str(unfit))
            refusal.parameter_fully_qualified_identifier = f"{SET_SERVER_NAME}/Parameter/ServerName"
            raise refusal from unfit
        self._on_rename(ServerName)
        self.name = ServerName

    def ServerName(self, *, call: Call) -> str:  # noqa: D102, N802
        return self.name

    def ServerType(self, *, call: Call) -> str:  # noqa: D102, N802
        return self._info.type

    def ServerUUID(self, *, call: Call) -> str:  # noqa: D102, N802
        return str(self._info.uuid)

    def ServerDescription(self, *, call: Call) -> str:  # noqa: D102, N802
        return self._info.description

    def ServerVersion(self, *, call: Call) -> str:  # noqa: D102, N802
        return self._info.version

    def ServerVendorURL(self, *, call: Call) -> str:  # noqa: D102, N802
        return self._info.vendor_url

    def ImplementedFeatures(self, *, call: Call) -> Sequence[str]:  # noqa: D102, N802
        return list(self._definitions)
