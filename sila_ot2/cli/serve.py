"""`sila-ot2 serve`: the SiLA server of one robot."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2 import config
from sila_ot2.children import DIE_WITH_PARENT, ending_signals
from sila_ot2.cli.account import account_name
from sila_ot2.cli.exits import END_WITHIN_S, CommandLineError, ExitCode, end_within
from sila_ot2.cli.logs import write_log
from sila_ot2.cli.options import PORT_RANGE, Verbose
from sila_ot2.cli.places import place_of
from sila_ot2.cli.supervision import READY, STOPPING, ServiceManager
from sila_ot2.robot.descriptors import raise_limit

if TYPE_CHECKING:
    from sila_ot2.config.service_settings import LogSettings
    from sila_ot2.server import Description
    from sila_ot2.servers import Servers

log = logging.getLogger(__name__)

SLICE_S = 0.25


def serve(
    robot: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of the robot, such as http://192.168.1.20:31950.")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen on: 127.0.0.1 for this computer only (default), 0.0.0.0 for the network.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", **PORT_RANGE, help="Port to listen on; 0 uses a free one. Default 50064."),
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option("--insecure", help="Do not encrypt. Anyone on the network can then move the robot."),
    ] = False,
    no_discovery: Annotated[
        bool, typer.Option("--no-discovery", help="Do not announce the server on the network (mDNS).")
    ] = False,
    state_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where identity, certificate and archive are kept.")
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings file (TOML). Options override it.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the server shown to SiLA clients.")] = None,
    export_ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the certificate that clients need to FILE.")
    ] = None,
    die_with_parent: Annotated[
        bool, typer.Option(DIE_WITH_PARENT, help="End when the process that started this has ended.", hidden=True)
    ] = False,
    log_format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="text for people (default), json for programs.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Serve an OT-2 as a SiLA 2 device.

    The robot may be off: the server starts anyway and reports to clients that the robot is unreachable. Connections
    are encrypted with a certificate made at the first start and kept. End it with Ctrl-C.

    A settings file with several [[robot]] tables gives one server for each. After a change of that file, the signal
    SIGHUP makes this program start and end servers accordingly; robots whose settings are the same are not touched.
    """
    flags: dict[str, dict[str, object]] = {
        "robot": {"url": robot},
        "server": {"address": address, "port": port, "name": name, "state_directory": state_dir},
        "discovery": {"enabled": False if no_discovery else None},
        "log": {"format": log_format},
        "tls": {"enabled": False if insecure else None, "export_ca": export_ca},
    }
    wanted = config.load_each(flags, settings_file)
    with _explaining_failures(wanted[0]):
        write_log(wanted[0].log)
    if verbose:
        logging.getLogger("sila_ot2").setLevel(logging.DEBUG)
    parent = os.getppid()
    manager = ServiceManager()
    ending, changing = threading.Event(), threading.Event()
    for number in ending_signals():
        signal.signal(number, lambda *_: ending.set())
    if config.lists_robots(settings_file) and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: changing.set())

    raise_limit()
    with _no_collection():
        with _explaining_failures(wanted[0]):
            from sila_ot2.servers import Servers  # it compiles the features

        servers = Servers()
        for settings in wanted:
            with _explaining_failures(settings):
                servers.build(settings)
    try:
        for settings in wanted:
            with _explaining_failures(settings):
                servers.start(settings)
        gc.freeze()  # what was made until now stays: the collector need not look through it again and again
        servers.describe(lambda served, settings: typer.echo(greeting(served, settings)))
        manager.send(READY)
        while not ending.wait(timeout=SLICE_S):  # in slices: on Windows a signal does not end a wait
            manager.send_alive(alive=servers.is_alive)
            if changing.is_set():
                changing.clear()
                _read_again(servers, flags, settings_file, wanted[0].log)
            if die_with_parent and os.getppid() != parent:
                break
    finally:
        manager.send(STOPPING)
        end_within(END_WITHIN_S, ExitCode.UNEXPECTED)
        servers.stop()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking through what is made in here several times: nearly all of it stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read_again(
    servers: Servers, flags: Mapping[str, Mapping[str, object]], file: Path | None, written: LogSettings
) -> None:
    """Serve the robots that the settings file has now; if it cannot be used, nothing is changed."""
    try:
        wanted = config.load_each(flags, file)
    except config.SettingsInvalid as error:
        log.error(
            "the settings cannot be used, nothing is changed: %s. Correct the file, check it with `sila-ot2 config "
            "check`, and send SIGHUP again.",
            error,
        )
        return
    servers.change(wanted)
    if wanted[0].log != written:
        log.warning("the settings of the log have changed: they are used when this program is started again")


def greeting(served: Description, settings: config.Settings) -> str:
    """Return the lines that show where the server is and how a client connects to it."""
    host = socket.gethostname() if served.address in ("0.0.0.0", "::") else served.address  # noqa: S104 - compared
    trust = "" if served.ca_file else ", insecure=True"
    lines = [
        f"{served.name} is served at {place_of(served.address, served.port)} for the robot {settings.robot.url}",
        f"  UUID          {served.uuid}",
        f"  certificate   {served.ca_file}\n  fingerprint   {served.fingerprint}"
        if served.ca_file
        else "  NOT ENCRYPTED: anyone who can reach this address can read and send commands",
        f'  connect with  sila_ot2.client.connect("{place_of(host, served.port)}"{trust})',
        f"  announced     {'yes; see it with: sila-ot2 discover' if settings.discovery.enabled else 'no'}",
    ]
    return "\n".join(lines)


@contextlib.contextmanager
def _explaining_failures(settings: config.Settings) -> Iterator[None]:
    """Turn what prevents a start into an error that names its cause."""
    from sila_ot2.sila.discovery.addresses import PortUnusable
    from sila_ot2.store.unusable import StateUnusable

    try:
        yield
    except StateUnusable as error:
        raise CommandLineError(
            f"The state directory {settings.robot_directory} cannot be used: {error}",
            remedy=error.remedy,
            code=ExitCode.UNAVAILABLE,
        ) from error
    except PortUnusable as error:
        raise CommandLineError(str(error), remedy=error.remedy, code=ExitCode.UNAVAILABLE) from error
    except OSError as error:
        raise CommandLineError(
            f"The server cannot start: {error}", remedy=_remedy(error, settings), code=ExitCode.UNAVAILABLE
        ) from error


def _remedy(error: OSError, settings: config.Settings) -> str:
    """Return the remedy for a file that cannot be used; empty if the cause is not a file."""
    if not isinstance(error.filename, str):
        return ""
    usable = f"Make it usable for the user {account_name()} that this server runs as."
    if not Path(error.filename).is_relative_to(settings.server.state_directory):
        return usable
    return f"{usable} Choose another --state-dir only if no other server drives this robot."
