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
READ_S = 1.0
"""How long the answer of a server is waited for before the next one is read; it is read again after the others."""
SHORTEST_READ_S = 0.2
"""How long it is waited for at least, also at the end of a search."""
LAST_READS_S = 1.0
"""How long after the end of a search servers are read that announced themselves before it."""


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
        ServerNotFound: no server of this name or UUID announces itself, several of this name do, or one that does not
            answer may have the name too.
        OSError: multicast is not to be had.
    """
    wanted = UUID(uuid) if uuid is not None else None
    if wanted is not None:
        heard = _listen(timeout_s, interfaces, lambda found: found.uuid == wanted)
        matching = [found for found in heard.servers if found.uuid == wanted]
    else:  # several servers may have one name, and the robot that is meant may be that of the last one to answer
        heard = _listen(timeout_s, interfaces, lambda found: False)
        matching = [found for found in heard.servers if found.name == name]
    silent = ", ".join(heard.silent)
    if len(matching) == 1:
        if silent and wanted is None:
            raise ServerNotFound(
                f"{matching[0].uuid} is called {name}, but {silent} announced itself and did not answer, and may have "
                f"the same name. Connect by UUID."
            )
        return matching[0]
    if matching:
        uuids = ", ".join(str(found.uuid) for found in matching)
        raise ServerNotFound(f"{len(matching)} servers are called {name}. Connect by one of their UUIDs: {uuids}.")
    seen = ", ".join(f"{found.name} ({found.uuid})" for found in heard.servers) or "none"
    raise ServerNotFound(
        f"No SiLA server {name or uuid} was found within {timeout_s:g} s. Seen were: {seen}. "
        + (f"No answer came from {silent}. " if silent else "")
        + "Connect by address if the network does not pass multicast."
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
    return _listen(timeout_s, interfaces, until).servers


@dataclass(frozen=True)
class _Heard:
    """What was heard: the servers, by name, and what announced itself but did not answer."""

    servers: list[Found]
    silent: list[str]


def _listen(timeout_s: float, interfaces: Sequence[str], until: Callable[[Found], bool]) -> _Heard:
    try:
        import zeroconf
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Discovery needs the package zeroconf: pip install zeroconf") from error
    servers: dict[str, Found] = {}
    announced: set[str] = set()
    unread: dict[str, None] = {}  # in the order in which they are read
    changed = threading.Condition()

    def on_change(state_change: zeroconf.ServiceStateChange, name: str, **_: object) -> None:
        with changed:
            if state_change is zeroconf.ServiceStateChange.Removed:
                announced.discard(name)
                unread.pop(name, None)
                servers.pop(name, None)
            else:
                announced.add(name)
                unread[name] = None
            changed.notify()

    try:
        listening = zeroconf.Zeroconf(interfaces=list(interfaces) or zeroconf.InterfaceChoice.All)
    except RuntimeError as error:
        raise OSError(f"Cannot listen for announcements: {error}") from error
    deadline = time.monotonic() + timeout_s
    try:
        zeroconf.ServiceBrowser(listening, SERVICE_TYPE, handlers=[on_change])
        while (left := deadline - time.monotonic()) > 0 or (unread and left > -LAST_READS_S):
            with changed:
                if not unread:
                    changed.wait(left)
                name = next(iter(unread), None)
                if name is None:
                    continue
                del unread[name]
            left_s = max(min(deadline - time.monotonic(), READ_S), SHORTEST_READ_S)
            service = listening.get_service_info(SERVICE_TYPE, name, timeout=round(left_s * 1000))
            with changed:
                if name not in announced:
                    continue
                if service is None:
                    unread[name] = None
                    continue
                found = _read(service)
                if found is None:
                    continue
                servers[name] = found
            if until(found):
                return _Heard([found], [])
    finally:
        listening.close()
    silent = [name.removesuffix(f".{SERVICE_TYPE}") for name in unread if name not in servers]
    return _Heard(sorted(servers.values(), key=lambda found: (found.name, str(found.uuid))), silent)


def _read(service: zeroconf.ServiceInfo) -> Found | None:
    """The server of an announcement; None if the announcement does not conform to the standard."""
    if service.port is None:
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
