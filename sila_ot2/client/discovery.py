"""SiLA servers that announce themselves on the network; needs the package zeroconf."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sila_ot2.client.base_errors import ServerNotFound

if TYPE_CHECKING:
    import zeroconf

SERVICE_TYPE = "_sila._tcp.local."


@dataclass(frozen=True)
class Found:
    """A server that announces itself. None of it is verified.

    Attributes:
        uuid: its UUID.
        name: its name.
        description: what it is for.
        version: its version.
        addresses: IP addresses.
        port: its port.
        ca: PEM of the certificate it uses, None when it announces none.
    """

    uuid: UUID
    name: str
    description: str
    version: str
    addresses: tuple[str, ...]
    port: int
    ca: bytes | None


def find(
    *, name: str | None = None, uuid: str | None = None, timeout_s: float = 5.0, interfaces: Sequence[str] = ()
) -> Found:
    """Find a server by its name or UUID.

    A search by UUID ends when the server is found; one by name takes the whole time, as several may have the name.

    Args:
        name: the name.
        uuid: the UUID.
        timeout_s: how long to listen.
        interfaces: addresses of the interfaces to listen on; none stands for all.

    Raises:
        ServerNotFound: no server of this name or UUID announces itself, or several of this name do.
        OSError: multicast is not to be had.
    """
    wanted = UUID(uuid) if uuid is not None else None
    if wanted is not None:
        servers = browse(timeout_s, interfaces=interfaces, until=lambda found: found.uuid == wanted)
        matching = [found for found in servers if found.uuid == wanted]
    else:  # several servers may have one name, and the robot that is meant may be that of the last one to answer
        servers = browse(timeout_s, interfaces=interfaces)
        matching = [found for found in servers if found.name == name]
    if len(matching) == 1:
        return matching[0]
    if matching:
        uuids = ", ".join(str(found.uuid) for found in matching)
        raise ServerNotFound(f"{len(matching)} servers are called {name}. Connect by one of their UUIDs: {uuids}.")
    seen = ", ".join(f"{found.name} ({found.uuid})" for found in servers) or "none"
    raise ServerNotFound(
        f"No SiLA server {name or uuid} announced itself within {timeout_s:g} s. Seen were: {seen}. Connect by address "
        f"if the network does not pass multicast."
    )


def browse(
    timeout_s: float, *, interfaces: Sequence[str] = (), until: Callable[[Found], bool] = lambda found: False
) -> list[Found]:
    """Listen for announcements for some time, and read every server that has announced itself until then.

    Args:
        timeout_s: how long.
        interfaces: addresses of the interfaces to listen on; none stands for all.
        until: the search ends early with the first server for which this is true, which is returned alone.

    Returns:
        the servers found, by name.

    Raises:
        ModuleNotFoundError: the package zeroconf is not installed.
        OSError: multicast is not to be had.
    """
    try:
        import zeroconf
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Discovery needs the package zeroconf: pip install zeroconf") from error
    servers: dict[str, Found] = {}
    names: set[str] = set()
    changed = threading.Condition()

    def on_change(state_change: zeroconf.ServiceStateChange, name: str, **_: object) -> None:
        with changed:
            if state_change is zeroconf.ServiceStateChange.Removed:
                names.discard(name)
                servers.pop(name, None)
            else:
                names.add(name)
            changed.notify()

    try:
        listening = zeroconf.Zeroconf(interfaces=list(interfaces) or zeroconf.InterfaceChoice.All)
    except RuntimeError as error:
        raise OSError(f"Cannot listen for announcements: {error}") from error
    deadline = time.monotonic() + timeout_s
    try:
        zeroconf.ServiceBrowser(listening, SERVICE_TYPE, handlers=[on_change])
        while (left := deadline - time.monotonic()) > 0 or names:
            with changed:
                if not names:
                    changed.wait(left)
                wanted = names.copy()
                names.clear()
            for name in wanted:
                left_ms = max(int((deadline - time.monotonic()) * 1000), 200)
                found = _read(listening.get_service_info(SERVICE_TYPE, name, timeout=left_ms))
                if found is not None:
                    servers[name] = found
                    if until(found):
                        return [found]
    finally:
        listening.close()
    return sorted(servers.values(), key=lambda found: (found.name, str(found.uuid)))


def _read(service: zeroconf.ServiceInfo | None) -> Found | None:
    """What an announcement says; None where it does not keep to the standard."""
    if service is None or service.port is None:
        return None
    try:
        uuid = UUID(service.name.split(".")[0])
    except ValueError:
        return None
    texts = {
        key.decode(errors="replace"): (value or b"").decode(errors="replace")
        for key, value in service.properties.items()
    }
    lines: list[str] = []
    while (line := texts.get(f"ca{len(lines)}")) is not None:
        lines.append(line.strip() + "\n")
    return Found(
        uuid,
        texts.get("server_name", ""),
        texts.get("description", ""),
        texts.get("version", ""),
        tuple(service.parsed_addresses()),
        service.port,
        "".join(lines).encode() or None,
    )
