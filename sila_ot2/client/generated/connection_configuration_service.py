"""The feature ConnectionConfigurationService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSiLAClients:
    """The clients that the server is connected to, tries to connect to, or remembers.

    Attributes:
        client_name: The name under which the connection is known.
        sila_client_host: The host name or IP address of the client.
        sila_client_port: The port on which the client waits for servers.
    """

    client_name: str
    sila_client_host: str
    sila_client_port: int


_FEATURE = FeatureDefinition("org.silastandard/core/ConnectionConfigurationService/v1")
_CONFIGURED_SILA_CLIENTS = wire.Structure(
    ConfiguredSiLAClients, client_name=wire.STRING, sila_client_host=wire.STRING, sila_client_port=wire.INTEGER
)
ENABLE_SERVER_INITIATED_CONNECTION_MODE: CallDefinition[None] = _FEATURE.command(
    "EnableServerInitiatedConnectionMode", ResponseMessage(Message(), nothing)
)
DISABLE_SERVER_INITIATED_CONNECTION_MODE: CallDefinition[None] = _FEATURE.command(
    "DisableServerInitiatedConnectionMode", ResponseMessage(Message(), nothing)
)
CONNECT_SILA_CLIENT: CallDefinition[None] = _FEATURE.command(
    "ConnectSiLAClient",
    ResponseMessage(Message(), nothing),
    ClientName=wire.STRING,
    SiLAClientHost=wire.STRING,
    SiLAClientPort=wire.INTEGER,
    Persist=wire.BOOLEAN,
)
DISCONNECT_SILA_CLIENT: CallDefinition[None] = _FEATURE.command(
    "DisconnectSiLAClient", ResponseMessage(Message(), nothing), ClientName=wire.STRING, Remove=wire.BOOLEAN
)
SERVER_INITIATED_CONNECTION_MODE_STATUS: CallDefinition[bool] = _FEATURE.property(
    "ServerInitiatedConnectionModeStatus", wire.BOOLEAN
)
CONFIGURED_SILA_CLIENTS: CallDefinition[list[ConfiguredSiLAClients]] = _FEATURE.property(
    "ConfiguredSiLAClients", wire.Repeated(_CONFIGURED_SILA_CLIENTS)
)


class ConnectionConfigurationService(Feature[Link]):
    """Lets the server open connections to SiLA clients (server-initiated connections), for clients that cannot reach
    the server, such as those outside of the laboratory's network. The mode is off by default; the server remembers
    it, and the clients that were connected persistently, across restarts. Over such a connection a client has
    everything that the server offers to those that connect to it.
    """

    IDENTIFIER = "org.silastandard/core/ConnectionConfigurationService/v1"

    def enable_server_initiated_connection_mode(self) -> None:
        """Turns the mode on and connects to every configured client. The server tries again for as long as the mode is
        on, after at most 30 seconds. If the mode is on already, connections that were ended are opened again.
        """
        self._link.command(ENABLE_SERVER_INITIATED_CONNECTION_MODE, ())

    def disable_server_initiated_connection_mode(self) -> None:
        """Turns the mode off and ends every connection that the server has opened, also the one over which this is
        called; its answer is still sent. Commands that run go on.
        """
        self._link.command(DISABLE_SERVER_INITIATED_CONNECTION_MODE, ())

    def connect_sila_client(
        self, client_name: str, sila_client_host: str, sila_client_port: int, persist: bool
    ) -> None:
        """Opens a connection to a client, and opens it again whenever it is lost. Waits until the client is reached,
        for at most 5 seconds. The mode must be on.

        Args:
            client_name: The name under which the connection is known. No other configured client may have it.
            sila_client_host: The host name or IP address of the client.
            sila_client_port: The port on which the client waits for servers. More than 0, at most 65536.
            persist: Whether the server remembers the client and connects to it again after a restart.

        Errors: InvalidSiLAClient.
        """
        self._link.command(
            CONNECT_SILA_CLIENT,
            (
                client_name,
                sila_client_host,
                sila_client_port,
                persist,
            ),
        )

    def disconnect_sila_client(self, client_name: str, remove: bool) -> None:
        """Ends the connection to a configured client, also if it is the one over which this is called; the answer is
        still sent. Commands that run go on.

        Args:
            client_name: The name of the configured client.
            remove: Whether the server forgets the client. If it does not, it connects to a persistent client again
                after a restart, and when the mode is enabled.

        Errors: InvalidSiLAClient.
        """
        self._link.command(
            DISCONNECT_SILA_CLIENT,
            (
                client_name,
                remove,
            ),
        )

    @property
    def server_initiated_connection_mode_status(self) -> Property[bool]:
        """Whether the mode is on."""
        return Property(self._link, SERVER_INITIATED_CONNECTION_MODE_STATUS)

    @property
    def configured_sila_clients(self) -> Property[list[ConfiguredSiLAClients]]:
        """The clients that the server is connected to, tries to connect to, or remembers."""
        return Property(self._link, CONFIGURED_SILA_CLIENTS)
