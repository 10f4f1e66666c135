"""OT-2s on this network: those that announce themselves by multicast DNS, and those at given addresses."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import zeroconf

from sila_ot2.errors import OT2Fault
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.transport import Timeouts

SERVICE_TYPE = "_http._tcp.local."
PORT = 31950
"""Robots announce a web server, as many devices do; this port tells them from the others."""
PROBE_S = 3.0
AT_A_TIME = 16


@dataclass(frozen=True)
class NearbyRobot:
    """A robot that answers.

    Attributes:
        url: where.
        name: its name.
        serial: its serial number, empty where it does not say.
        software: its release.
    """

    url: str
    name: str
    serial: str
    software: str


def find_robots(
    listen_s: float, urls: Sequence[str] = (), *, interfaces: Sequence[str] = (), port: int = PORT
) -> list[NearbyRobot]:
    """Find robots, and read the name, serial number and release of each.

    Args:
        listen_s: how long to listen for announcements.
        urls: where to look, too.
        interfaces: addresses of the interfaces to listen on; empty: all.
        port: the port by which announcements of robots are known.

    Returns:
        the robots that answer, by name; what is no OT-2 is left out.

    Raises:
        OSError: multicast is not available, and no address was given.
    """
    try:
        announced = _announced(listen_s, interfaces, port)
    except OSError:
        if not urls:
            raise
        announced = []
    places = list(dict.fromkeys([*urls, *announced]))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = [robot for robot in pool.map(_ask, places) if robot is not None]
    return sorted(_each_once(found), key=lambda robot: (robot.name, robot.url))


def _announced(listen_s: float, interfaces: Sequence[str], port: int) -> list[str]:
    names: set[str] = set()
    try:
        listening = zeroconf.Zeroconf(interfaces=list(interfaces) or zeroconf.InterfaceChoice.All)
    except RuntimeError as error:
        raise OSError(f"Cannot listen for announcements: {error}") from error

    def on_change(name: str, state_change: zeroconf.ServiceStateChange, **_: object) -> None:
        if state_change is not zeroconf.ServiceStateChange.Removed:
            names.add(name)

    try:
        zeroconf.ServiceBrowser(listening, SERVICE_TYPE, handlers=[on_change])
        threading.Event().wait(listen_s)
        services = [listening.get_service_info(SERVICE_TYPE, name, timeout=500) for name in sorted(names)]
    finally:
        listening.close()
    return [
        f"http://{f'[{address}]' if ':' in address else address}:{port}"
        for service in services
        if service is not None and service.port == port
        for address in service.parsed_scoped_addresses()
    ]


def _ask(url: str) -> NearbyRobot | None:
    try:
        with RobotClient(url, timeouts=Timeouts(connect_s=PROBE_S, read_s=PROBE_S)) as robot:
            health = robot.health()
    except OT2Fault:
        return None
    return NearbyRobot(url, health.name, health.robot_serial or "", health.api_version)


def _each_once(found: Iterable[NearbyRobot]) -> list[NearbyRobot]:
    """A robot that is reached in several ways is listed once, by its first address."""
    robots: dict[str, NearbyRobot] = {}
    for robot in found:
        robots.setdefault(robot.serial or str(urlsplit(robot.url).netloc), robot)
    return list(robots.values())
