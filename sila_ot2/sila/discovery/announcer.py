"""SiLA server discovery, the server's side: the standard's announcement by multicast DNS."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import zeroconf

from sila_ot2.sila.errors import shortened

_log = logging.getLogger(__name__)

SERVICE_TYPE = "_sila._tcp.local."
_ENTRY_BYTES = 255
"""DNS's limit for one ``key=value`` of a TXT record."""
_LOOK_MS = 1000
"""How long another server with the same UUID has to answer."""
_RECORD_BYTES = 1100
"""With the other records of an answer this stays within one packet; some clients do not put two together."""


class Announcer:
    """Announces one server on chosen interfaces, from `start` to `stop`; makes no socket before.

    Args:
        uuid: the server's.
        name: its name.
        description: what it says about itself, shortened where it is too long.
        version: its version.
        port: where it serves.
        addresses: the IP addresses clients shall use; loopback is announced only if there is no other, because clients
            on other computers take the first that is announced.
        interfaces: the addresses of the interfaces to announce on; empty: those of `addresses`.
        ca: PEM of the certificate clients need, None for a server without encryption or with a public authority.
    """

    def __init__(
        self,
        *,
        uuid: UUID,
        name: str,
        description: str,
        version: str,
        port: int,
        addresses: Sequence[str],
        interfaces: Sequence[str] = (),
        ca: bytes | None = None,
    ) -> None:
        self._uuid, self._name, self._description, self._version = uuid, name, description, version
        self._port, self._ca = port, ca
        self._addresses = [a for a in addresses if not ipaddress.ip_address(a).is_loopback] or list(addresses)
        self._interfaces = list(interfaces or addresses)
        self._lock = threading.Lock()
        self._zeroconf: zeroconf.Zeroconf | None = None

    def start(self) -> bool:
        """Begin to announce, on a thread of its own; False, with a warning logged, where there is no multicast."""
        with self._lock:
            try:
                for interface in self._interfaces:
                    _check(interface)
                self._zeroconf = zeroconf.Zeroconf(interfaces=self._interfaces)
            except (OSError, RuntimeError) as error:
                _log.warning("the server is not announced on %s: %s", ", ".join(self._interfaces), error)
                return False
        threading.Thread(target=self._notify, args=("register_service",), name="sila-announcer", daemon=True).start()
        return True

    def rename(self, name: str) -> None:
        """Announce another name from now on."""
        with self._lock:
            self._name = name
            if self._zeroconf is None:
                return
        threading.Thread(target=self._notify, args=("update_service",), name="sila-announcer", daemon=True).start()

    def stop(self) -> None:
        """Withdraw the announcement and close the sockets; a second time is harmless."""
        with self._lock:
            announcing, self._zeroconf = self._zeroconf, None
        if announcing is not None:
            announcing.unregister_all_services()
            announcing.close()

    def _notify(self, how: Literal["register_service", "update_service"]) -> None:
        """Runs on a thread of its own: it takes about a second until the announcements are out."""
        with self._lock:
            announcing = self._zeroconf
        if announcing is None:
            return
        if how == "register_service" and (other := self._other_server(announcing)):
            _log.error(
                "the server is not announced: another one at %s announces the same UUID %s, so one of the two state "
                "directories is a copy of the other. Stop one of the servers, delete the folder 'identity' in its "
                "state directory, and start it again: it gets a UUID of its own.",
                other,
                self._uuid,
            )
            self.stop()
            return
        with self._lock:
            if self._zeroconf is None:
                return
            try:
                if how == "register_service":
                    # zeroconf need not ask whether the name is free: that has just been done.
                    self._zeroconf.register_service(self._service(), cooperating_responders=True)
                else:
                    self._zeroconf.update_service(self._service())
            except (OSError, zeroconf.Error) as error:
                _log.warning("the server is not announced: %s", error)
            else:
                _log.info("announced as %r on %s", self._name, ", ".join(self._interfaces))

    def _other_server(self, announcing: zeroconf.Zeroconf) -> str:
        """Return where another server announces our UUID; empty if none answers within a second."""
        try:
            found = announcing.get_service_info(SERVICE_TYPE, self._service().name, timeout=_LOOK_MS)
        except (OSError, zeroconf.Error):  # stopped meanwhile
            return ""
        if found is None or (found.port == self._port and set(found.parsed_addresses()) == set(self._addresses)):
            return ""
        return ", ".join(f"{address}:{found.port}" for address in found.parsed_addresses())

    def _service(self) -> zeroconf.ServiceInfo:
        return zeroconf.ServiceInfo(
            SERVICE_TYPE,
            f"{self._uuid}.{SERVICE_TYPE}",
            parsed_addresses=self._addresses,
            port=self._port,
            properties=self._properties(),
            server=f"{self._uuid}.local.",
        )

    def _properties(self) -> dict[str, str]:
        properties = {
            key: shortened(value, _ENTRY_BYTES - len(key) - 1)
            for key, value in {"version": self._version, "server_name": self._name}.items()
        }
        if self._ca is not None:
            certificate = {f"ca{i}": line for i, line in enumerate(self._ca.decode("ascii").splitlines())}
            if _size(properties | certificate) <= _RECORD_BYTES:
                properties |= certificate
            else:
                _log.warning("the certificate is too long to be announced: give it to the clients as a file")
        left = _RECORD_BYTES - _size(properties) - len("description=") - 1
        properties["description"] = shortened(self._description, max(min(left, _ENTRY_BYTES - len("description=")), 3))
        return properties


def _check(interface: str) -> None:
    """Raise OSError for what is no address of this machine (zeroconf would leave sockets behind)."""
    with socket.socket(socket.AF_INET6 if ":" in interface else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((interface, 0))


def _size(properties: dict[str, str]) -> int:
    return sum(len(key) + 2 + len(value.encode()) for key, value in properties.items())
