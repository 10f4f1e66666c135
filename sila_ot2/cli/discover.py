"""`sila-ot2 discover`: the SiLA servers that announce themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sila_ot2 import config
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose, number_within
from sila_ot2.cli.places import place_of
from sila_ot2.cli.terminal import beside, harmless, person, show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client.discovery import Found


LONGEST_S = 86_400
"""The longest search: a day. Waiting fails for times of many digits."""


def discover(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ADDRESS]...", help="With --robots: addresses at which to look for robots, too."),
    ] = None,
    robots: Annotated[
        bool,
        typer.Option("--robots", help="List OT-2 robots instead of SiLA servers, with their names and serial numbers."),
    ] = False,
    seconds: Annotated[
        float, typer.Option(metavar="SECONDS", **number_within(0.1, LONGEST_S), help="How long to listen.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    verbose: Verbose = False,
) -> None:
    """List all SiLA 2 servers that announce themselves on this computer and on this network.

    A server on another computer is found only if it listens on the network (`serve --address 0.0.0.0`) and the network
    forwards multicast. The same is true for robots (--robots), except for those whose address is given.
    """
    if robots:
        _list_robots(seconds, addresses or [], as_json=as_json)
        return
    if addresses:
        remedy = "Add --robots to look for robots there."
        raise CommandLineError("Addresses were given", remedy=remedy, code=ExitCode.USAGE)
    from sila_ot2.client.discovery import browse

    try:
        with beside().status("Listening"):
            servers = browse(seconds)
    except OSError as error:
        raise CommandLineError(
            str(error), remedy="Discovery needs a network interface with multicast.", code=ExitCode.UNAVAILABLE
        ) from error
    if as_json:
        print(json.dumps([record(found) for found in servers], indent=2))
    elif servers:
        person().print(table(servers))
    if not servers:
        raise CommandLineError(
            f"No SiLA server announced itself in {seconds:g} s",
            remedy="Start one with `sila-ot2 serve`, or connect by address if the network does not pass multicast.",
            code=ExitCode.UNREACHABLE,
        )


def record(found: Found) -> dict[str, object]:
    """Return what is known of a server, for programs."""
    return {
        "uuid": str(found.uuid),
        "name": found.name,
        "description": found.description,
        "version": found.version,
        "addresses": list(found.addresses),
        "port": found.port,
        "certificate": found.ca.decode() if found.ca else None,
    }


def table(servers: list[Found]) -> Table:
    """Return the servers as a table for people."""
    shown = Table()
    for heading in ("Name and UUID", "Address", "Certificate"):
        shown.add_column(heading, overflow="fold", min_width=len(heading))
    for found in servers:
        places = "\n".join(place_of(address, found.port) for address in found.addresses)
        certificate = "announced" if found.ca else "none"
        shown.add_row(*map(harmless, (f"{found.name}\n{found.uuid}", places, certificate)), end_section=True)
    return shown


def _list_robots(seconds: float, addresses: list[str], *, as_json: bool) -> None:
    from sila_ot2.robot.nearby import find_robots

    try:
        settings = [config.load({"robot": {"url": address}}) for address in addresses]
        with beside().status("Listening"):
            found = find_robots(seconds, [each.robot.url for each in settings])
    except OSError as error:
        raise CommandLineError(
            str(error), remedy="Discovery needs a network interface with multicast.", code=ExitCode.UNAVAILABLE
        ) from error
    if as_json:
        show_json(
            [
                {"Url": each.url, "Name": each.name, "SerialNumber": each.serial, "SoftwareVersion": each.software}
                for each in found
            ]
        )
    else:
        rows = [(each.name, each.url, each.software, each.serial) for each in found]
        show_list(("Name", "Address", "Software", "Serial number"), rows, empty="")
    if not found:
        raise CommandLineError(
            f"No OT-2 announced itself in {seconds:g} s or answers at the given addresses",
            remedy="Give its address, which the Opentrons App shows in its network settings.",
            code=ExitCode.UNREACHABLE,
        )
