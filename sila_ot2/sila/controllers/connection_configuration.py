"""ConnectionConfigurationService: clients tell the server which clients it shall connect to."""

from __future__ import annotations

import logging
from typing import NamedTuple

from sila_ot2.sila.admission import Call
from sila_ot2.sila.connections.connection import SiLAClient
from sila_ot2.sila.connections.connections import Connections

_log = logging.getLogger(__name__)

_FEATURE = "org.silastandard/core/ConnectionConfigurationService/v1"
CONNECTION_COMMANDS = frozenset(
    f"{_FEATURE}/Command/{command}"
    for command in (
        "EnableServerInitiatedConnectionMode",
        "DisableServerInitiatedConnectionMode",
        "ConnectSiLAClient",
        "DisconnectSiLAClient",
    )
)
"""The commands of the feature: each may take the server away from who has locked it, or give it to others."""


class ConfiguredSiLAClientsItem(NamedTuple):
    """One configured client, as the property tells of it."""

    ClientName: str
    SiLAClientHost: str
    SiLAClientPort: int


class ConnectionConfigurationService:
    """The feature ConnectionConfigurationService: changes the server's connections to clients."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def EnableServerInitiatedConnectionMode(self, *, call: Call) -> None:  # noqa: N802
        """Turn the mode on."""
        _log.info("%s enables server-initiated connections", call.peer)
        self._connections.enable()

    def DisableServerInitiatedConnectionMode(self, *, call: Call) -> None:  # noqa: N802
        """Turn the mode off."""
        _log.info("%s disables server-initiated connections", call.peer)
        self._connections.disable()

    def ConnectSiLAClient(  # noqa: N802
        self,
        ClientName: str,  # noqa: N803
        SiLAClientHost: str,  # noqa: N803
        SiLAClientPort: int,  # noqa: N803
        Persist: bool,  # noqa: N803, FBT001
        *,
        call: Call,
    ) -> None:
        """Connect to a client; wait until it is reached."""
        client = SiLAClient(ClientName, SiLAClientHost, SiLAClientPort)
        _log.info("%s connects the server to %s at %s", call.peer, client.name, client.address)
        self._connections.connect(client, persist=Persist)

    def DisconnectSiLAClient(self, ClientName: str, Remove: bool, *, call: Call) -> None:  # noqa: N802, N803, FBT001
        """End the connection to a client."""
        _log.info("%s disconnects the server from %s", call.peer, ClientName)
        self._connections.disconnect(ClientName, remove=Remove)

    def ServerInitiatedConnectionModeStatus(self, *, call: Call) -> bool:  # noqa: N802
        """Whether the mode is on."""
        return self._connections.enabled

    def ConfiguredSiLAClients(self, *, call: Call) -> list[ConfiguredSiLAClientsItem]:  # noqa: N802
        """The configured clients."""
        return [
            ConfiguredSiLAClientsItem(client.name, client.host, client.port) for client in self._connections.configured
        ]
