"""The clients that the server connects to, and whether it does; both are kept across restarts."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import grpc

from sila_ot2.files import private_folder, replace_file
from sila_ot2.sila.connections.connection import Connection, SiLAClient
from sila_ot2.sila.connections.requests import Requests
from sila_ot2.sila.errors import NotAccepted
from sila_ot2.sila.identity import Identity, IdentityDamaged

_log = logging.getLogger(__name__)

MOST_CLIENTS = 16
_CONNECT_TIMEOUT_S = 5.0
_GRACE_S = 2.0
"""How long answers to requests under way may take when a connection is ended."""
_HOST = re.compile(r"[A-Za-z0-9._:%-]+")


class InvalidSiLAClient(Exception):
    """The client cannot be connected or disconnected; nothing was changed."""


@dataclass(frozen=True)
class ChannelOptions:
    """How connections to clients are opened.

    Attributes:
        identity: the server's, whose certificate it shows; None for connections without encryption.
        ca: PEM of the authorities whose certificates the clients show; None for those that gRPC trusts.
        keepalive_s: after this time without a message, a ping is sent to the client.
        message_bytes: the largest message received.
    """

    identity: Identity | None
    ca: bytes | None = None
    keepalive_s: float = 300.0
    message_bytes: int = 32 * 1024**2

    def open(self, client: SiLAClient) -> grpc.Channel:
        """Make a channel to a client, which connects when it is used."""
        options = [
            ("grpc.max_receive_message_length", self.message_bytes),
            ("grpc.keepalive_time_ms", int(self.keepalive_s * 1000)),
            ("grpc.keepalive_timeout_ms", 20_000),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.use_local_subchannel_pool", 1),  # else an attempt waits for gRPC's own delay after the one before
        ]
        target = f"dns:///{client.address}"
        if self.identity is None:
            return grpc.insecure_channel(target, options)
        credentials = grpc.ssl_channel_credentials(self.ca, self.identity.private_key, self.identity.certificate_chain)
        return grpc.secure_channel(target, credentials, options)


@dataclass
class _State:
    """What is kept."""

    enabled: bool
    clients: list[SiLAClient] = field(default_factory=list)


class Connections:
    """The server-initiated connections of a server.

    Args:
        directory: where mode and clients are kept.
        always: clients that are configured by the operator; with one, the mode is on until it is disabled.
        open_channel: makes a gRPC channel to a client.

    Raises:
        IdentityDamaged: what is kept cannot be read any more.
    """

    def __init__(
        self, directory: Path, always: Sequence[SiLAClient], open_channel: Callable[[SiLAClient], grpc.Channel]
    ) -> None:
        self._file = directory / "connections.json"
        self._always = tuple(always)
        self._open_channel = open_channel
        self._state = self._kept()
        self._lock = threading.Lock()
        self._connections: dict[str, Connection] = {}
        self._requests: Requests | None = None
        self._serving = False

    # --- for the server -----------------------------------------------------------------------------------------------

    def use(self, requests: Requests) -> None:
        """Answer the requests of clients by this."""
        self._requests = requests

    def start(self) -> None:
        """Connect to the configured clients if the mode is on; from now on clients can be connected."""
        with self._lock:
            self._serving = True
            if self._state.enabled:
                self._connect_all()
            elif self._always:
                _log.warning("server-initiated connections were disabled by a client: outbound.clients is not used")

    def stop(self, grace_s: float) -> None:
        """End every connection within so long."""
        with self._lock:
            self._serving = False
            ended, self._connections = list(self._connections.values()), {}
        for thread in [_end(connection, grace_s) for connection in ended]:
            thread.join(grace_s)

    # --- for clients --------------------------------------------------------------------------------------------------

    @property
    def enabled(self) -> bool:
        """Whether the mode is on."""
        return self._state.enabled

    @property
    def configured(self) -> list[SiLAClient]:
        """The clients that are connected, tried, or kept."""
        with self._lock:
            return list(self._configured().values())

    def enable(self) -> None:
        """Turn the mode on, and connect to every configured client.

        Raises:
            NotAccepted: the mode cannot be kept; nothing was changed.
        """
        with self._lock:
            self._keep(_State(True, self._state.clients))
            self._connect_all()

    def disable(self) -> None:
        """Turn the mode off and end every connection, a moment later: answers under way are still sent.

        Raises:
            NotAccepted: the mode cannot be kept; nothing was changed.
        """
        with self._lock:
            self._keep(_State(False, self._state.clients))
            ended, self._connections = list(self._connections.values()), {}
        for connection in ended:
            _end(connection, _GRACE_S)

    def connect(self, client: SiLAClient, *, persist: bool) -> None:
        """Connect to a client; wait some seconds until it is reached.

        Raises:
            InvalidSiLAClient: the mode is off, name or address is taken or impossible, or the client is not reached.
            NotAccepted: the client cannot be kept; it is not connected.
        """
        _check(client)
        with self._lock:
            self._check_free(client)
            connection = self._connect(client)
        reason = connection.why_not_reached(_CONNECT_TIMEOUT_S)
        try:
            with self._lock:
                if self._connections.get(client.name) is not connection:
                    raise InvalidSiLAClient(f"The connection to {client.name!r} was ended while it was being opened")
                if reason:
                    raise InvalidSiLAClient(f"{client.address} was not reached: {reason}")
                if persist and client not in self._state.clients:
                    self._keep(_State(self._state.enabled, [*self._state.clients, client]))
        except BaseException:
            with self._lock:
                if self._connections.get(client.name) is connection:
                    del self._connections[client.name]
            _end(connection, 0.0)
            raise

    def disconnect(self, name: str, *, remove: bool) -> None:
        """End the connection to a client, a moment later: answers under way are still sent.

        Raises:
            InvalidSiLAClient: there is no such client, or it cannot be removed.
            NotAccepted: the change cannot be kept; nothing was changed.
        """
        with self._lock:
            if name not in self._configured():
                raise InvalidSiLAClient(f"No client {name[:100]!r} is configured")
            if remove and any(client.name == name for client in self._always):
                raise InvalidSiLAClient(f"{name} is in the server's settings (outbound.clients): take it out there")
            kept = [client for client in self._state.clients if client.name != name]
            if remove and kept != self._state.clients:
                self._keep(_State(self._state.enabled, kept))
            connection = self._connections.pop(name, None)
        if connection is not None:
            _end(connection, _GRACE_S)

    # --- all with the lock held ---------------------------------------------------------------------------------------

    def _configured(self) -> dict[str, SiLAClient]:
        connected = (connection.client for connection in self._connections.values())
        return {client.name: client for client in (*self._always, *self._state.clients, *connected)}

    def _connect_all(self) -> None:
        for client in (*self._always, *self._state.clients):
            if client.name not in self._connections:
                self._connect(client)

    def _connect(self, client: SiLAClient) -> Connection:
        if not self._serving or self._requests is None:
            raise NotAccepted("The server is starting or stopping")
        connection = Connection(client, self._open_channel, self._requests)
        self._connections[client.name] = connection
        connection.start()
        return connection

    def _check_free(self, client: SiLAClient) -> None:
        if not self._state.enabled:
            raise InvalidSiLAClient(
                "The server-initiated connection mode is off: call EnableServerInitiatedConnectionMode before"
            )
        if client.name in self._connections:
            raise InvalidSiLAClient(f"{client.name} is connected, or being connected, already: choose another name")
        configured = self._configured()
        for other in configured.values():
            if (other.name == client.name) != (other.address.lower() == client.address.lower()):
                raise InvalidSiLAClient(f"{other.name} is configured already, with the address {other.address}")
        if client.name not in configured and len(configured) >= MOST_CLIENTS:
            raise InvalidSiLAClient(f"{MOST_CLIENTS} clients are configured: disconnect and remove one before")

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _kept(self) -> _State:
        if not self._file.exists():
            return _State(enabled=bool(self._always))
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            clients = [SiLAClient(str(one["name"]), str(one["host"]), int(one["port"])) for one in kept["clients"]]
            fixed = {client.name for client in self._always}
            return _State(bool(kept["enabled"]), [client for client in clients if client.name not in fixed])
        except (ValueError, KeyError, TypeError) as error:
            raise IdentityDamaged(
                self._file, otherwise="move it away and start again, and connect its SiLA clients anew."
            ) from error

    def _keep(self, state: _State) -> None:
        content = {"enabled": state.enabled, "clients": [asdict(client) for client in state.clients]}
        try:
            private_folder(self._file.parent)
            replace_file(self._file, json.dumps(content, indent=1).encode())
        except OSError as error:
            raise NotAccepted(f"{self._file} cannot be written: {error.strerror}. Nothing was changed") from error
        self._state = state


def _check(client: SiLAClient) -> None:
    if not client.name:
        raise InvalidSiLAClient("The client needs a name")
    if not _HOST.fullmatch(client.host):
        raise InvalidSiLAClient(f"{client.host!r} is not a host name or an IP address")
    if not 0 < client.port < 65536:
        raise InvalidSiLAClient(f"{client.port} is not a port: 1 to 65535")


def _end(connection: Connection, grace_s: float) -> threading.Thread:
    """End a connection in a thread of its own: the request that wants it may have come over it."""
    thread = threading.Thread(target=connection.stop, args=(grace_s,), name="sila-connection-end", daemon=True)
    thread.start()
    return thread
