"""The feature ConnectionConfigurationService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class ConfiguredSiLAClientsItem(NamedTuple):
    """The clients that the server is connected to, tries to connect to, or remembers."""

    ClientName: str
    """The name under which the connection is known."""
    SiLAClientHost: str
    """The host name or IP address of the client."""
    SiLAClientPort: int
    """The port on which the client waits for servers."""


class ConnectionConfigurationServiceBase(ABC):
    """Lets the server open connections to SiLA clients (server-initiated connections), for clients that cannot reach
    the server, such as those outside of the laboratory's network. The mode is off by default; the server remembers
    it, and the clients that were connected persistently, across restarts. Over such a connection a client has
    everything that the server offers to those that connect to it.
    """

    FEATURE = "org.silastandard/core/ConnectionConfigurationService/v1"

    @abstractmethod
    def EnableServerInitiatedConnectionMode(self, *, call: Any) -> None:
        """Turns the mode on and connects to every configured client. The server tries again for as long as the mode is
        on, after at most 30 seconds. If the mode is on already, connections that were ended are opened again.
        """

    @abstractmethod
    def DisableServerInitiatedConnectionMode(self, *, call: Any) -> None:
        """Turns the mode off and ends every connection that the server has opened, also the one over which this is
        called; its answer is still sent. Commands that run go on.
        """

    @abstractmethod
    def ConnectSiLAClient(
        self, ClientName: str, SiLAClientHost: str, SiLAClientPort: int, Persist: bool, *, call: Any
    ) -> None:
        """Opens a connection to a client, and opens it again whenever it is lost. Waits until the client is reached,
        for at most 5 seconds. The mode must be on.

        Errors: InvalidSiLAClient
        """

    @abstractmethod
    def DisconnectSiLAClient(self, ClientName: str, Remove: bool, *, call: Any) -> None:
        """Ends the connection to a configured client, also if it is the one over which this is called; the answer is
        still sent. Commands that run go on.

        Errors: InvalidSiLAClient
        """

    @abstractmethod
    def ServerInitiatedConnectionModeStatus(self, *, call: Any) -> bool:
        """Whether the mode is on."""

    @abstractmethod
    def ConfiguredSiLAClients(self, *, call: Any) -> list[ConfiguredSiLAClientsItem]:
        """The clients that the server is connected to, tries to connect to, or remembers."""
