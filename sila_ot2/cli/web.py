"""`sila-ot2 web`: the operator's page in a browser."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2.children import DIE_WITH_PARENT
from sila_ot2.cli.connection import (
    CERTIFICATES,
    DEFAULT_PLACE,
    Certificate,
    Insecure,
    OwnCertificate,
    OwnKey,
    StateDirectory,
    UserName,
    identity_of,
    password_of,
    state_directory,
)
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.logs import write_to_standard_error
from sila_ot2.cli.options import PORT_RANGE, Verbose
from sila_ot2.cli.places import checked_place, place_of
from sila_ot2.files import replace_file

LOOPBACK = "127.0.0.1"
PORT = 8080
PASSWORD_FILE = "web-password"  # noqa: S105 - a file name
"""In the state directory: the hash of the password."""
VARIABLE = "SILA_OT2_WEB_PASSWORD"
SHORTEST = 8
"""Characters of the shortest password."""


def web(
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST:PORT", help="Address of a SiLA server; give it once for each robot."),
    ] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Also show the servers that announce themselves on the network.")
    ] = False,
    control: Annotated[
        bool, typer.Option("--control", help="Let people who log in with the password pause, resume, stop and run.")
    ] = False,
    set_password: Annotated[
        bool, typer.Option("--set-password", help="Ask for a new password first, and keep its hash.")
    ] = False,
    users: Annotated[
        bool, typer.Option("--users", help="With --control: people log in as users of the servers, with their names.")
    ] = False,
    address: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for the network.")
    ] = LOOPBACK,
    port: Annotated[
        int, typer.Option(metavar="PORT", **PORT_RANGE, help="Port to listen on; 0 uses a free one.")
    ] = PORT,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate (PEM) with which the page is encrypted.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Private key (PEM) of that certificate.")] = None,
    ca: Certificate = None,
    insecure: Insecure = False,
    state_dir: StateDirectory = None,
    user: UserName = None,
    client_certificate: OwnCertificate = None,
    client_key: OwnKey = None,
    die_with_parent: Annotated[
        bool, typer.Option(DIE_WITH_PARENT, help="End when the process that started this has ended.", hidden=True)
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Show robots in a browser: their status, runs, deck and history.

    The page is a SiLA client: if it ends, the robots go on. Without further options it listens on this computer only,
    and nobody can control a robot with it. Anyone who can reach it can read it. End it with Ctrl-C.
    """
    if (certificate is None) != (key is None):
        raise _wrong("--certificate and --key belong together", "Give both.")
    if certificate is not None and key is not None:
        _require_pair(certificate, key)
    if control and certificate is None and not _is_loopback(address):
        raise _wrong(
            "--control on the network needs encryption, or others could read the password",
            "Give --certificate and --key.",
        )
    if users and (set_password or not control):
        raise _wrong("--users belongs to --control, without --set-password", "Give --control --users.")
    if users and (discover or insecure):
        raise _wrong(
            "--users passes passwords on to the servers: to none that was only found, and none without encryption",
            "Name each server with --server, and leave out --discover and --insecure.",
        )
    require_page()
    write_to_standard_error()
    from sila_ot2.web.libraries import left_out

    with left_out():
        from sila_ot2.web.access import LogIns, hash_of, is_hash
        from sila_ot2.web.application import serve
        from sila_ot2.web.robots import Robots, ServerPlace
        from sila_ot2.web.server_users import ServerUsers

    state, secret = state_directory(state_dir), None
    if set_password or (control and not users):
        secret = _password_hash(state / PASSWORD_FILE, hash_of, anew=set_password)
        if not is_hash(secret):
            raise _wrong(f"{state / PASSWORD_FILE} is damaged", "Set a new password with --set-password.")
    named = server if server else [] if discover else [DEFAULT_PLACE]
    known_as = ServerPlace(
        "",
        insecure=insecure,
        user=user,
        password=password_of(user) if user else "",
        identity=identity_of(client_certificate, client_key),
    )
    places = [replace(known_as, address=checked_place(each), trust=_trust(each, ca, state)) for each in named]
    parent = os.getppid()
    with _listening(address, port) as listening:
        host = socket.gethostname() if address in ("0.0.0.0", "::") else address  # noqa: S104 - compared
        scheme = "http" if certificate is None else "https"
        print(f"{scheme}://{place_of(host, listening.getsockname()[1])}/", flush=True)
        robots = Robots(places, found_as=known_as if discover else None)
        serve(
            robots,
            LogIns(secret if control else None, servers=ServerUsers(robots) if users else None),
            listening,
            certificate=certificate,
            key=key,
            ended=lambda: die_with_parent and os.getppid() != parent,
        )


def require_page() -> None:
    """Return if what the page needs is installed.

    Raises:
        CommandLineError: it is not.
    """
    if find_spec("nicegui") is None:
        raise CommandLineError(
            "The page needs the package nicegui",
            remedy="Install it in the source folder of sila-ot2 with: pip install '.[web]'.",
            code=ExitCode.UNAVAILABLE,
        )


def _password_hash(file: Path, hash_of: Callable[[str], str], *, anew: bool) -> str:
    """Return the hash of the password: given by the environment, kept in a file, or asked for and kept."""
    if given := os.environ.get(VARIABLE):
        return hash_of(given)
    try:
        if not anew and file.exists():
            return file.read_text("utf-8", errors="replace").strip()  # if it is damaged, it is no hash
        if not sys.stdin.isatty():
            raise _wrong("There is no password yet", f"Set one in a terminal with --set-password, or in {VARIABLE}.")
        password = typer.prompt("New password for the page", hide_input=True, confirmation_prompt=True)
        if len(password) < SHORTEST:
            raise _wrong(f"The password has fewer than {SHORTEST} characters", "Choose a longer one.")
        kept = hash_of(password)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, kept.encode())
    except OSError as error:
        raise CommandLineError(
            f"The password cannot be kept in {file}: {error.strerror}", remedy="", code=ExitCode.UNAVAILABLE
        ) from error
    return kept


def _trust(place: str, ca: Path | None, state: Path) -> Callable[[], bytes | None]:
    """Return what reads the certificate to trust: the given one, or those of servers on this computer.

    It is read when it is needed, because a server may be started after the page. Other servers are trusted by the
    certificate that they have when they are connected to for the first time.
    """
    if ca is not None:
        try:
            given = ca.read_bytes()
        except OSError as error:
            remedy = "Give the server's certificate with --ca."
            raise _wrong(f"The certificate {ca} cannot be read ({error.strerror})", remedy) from error
        if not given:
            raise _wrong(f"The certificate {ca} is empty", "Give the server's certificate with --ca.")
        return lambda: given
    if place.rpartition(":")[0] in (LOOPBACK, "localhost"):
        return lambda: b"".join(each.read_bytes() for each in sorted(state.glob(CERTIFICATES))) or None
    return lambda: None


def _listening(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except (OSError, UnicodeError) as error:  # UnicodeError: not a valid name, such as "a..b"
        raise CommandLineError(
            f"The page cannot be served at {place_of(address, port)}: {error}",
            remedy="Choose another --port or --address.",
            code=ExitCode.UNAVAILABLE,
        ) from error


def _require_pair(certificate: Path, key: Path) -> None:
    """Return if a certificate and its private key can be used."""
    try:
        for file in (certificate, key):
            file.read_bytes()  # its error names the file, that of load_cert_chain does not
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:  # ssl.SSLError among them
        raise _wrong(
            f"{certificate} and {key} are not a certificate with its private key ({error})",
            "Give files in PEM format, with a key that has no password.",
        ) from error


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _wrong(reason: str, remedy: str) -> CommandLineError:
    return CommandLineError(reason, remedy=remedy, code=ExitCode.USAGE)
