"""How commands that are clients of a running server find it and verify that it is the right one."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import platformdirs
import typer

from sila_ot2 import config
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.terminal import beside, somebody_is_there

if TYPE_CHECKING:
    from sila_ot2.client import OT2, ClientIdentity

DEFAULT_PLACE = "127.0.0.1:50064"
TIMEOUT_S = 5.0
CERTIFICATES = "*/identity/server.crt"
"""Below a state directory: the certificates of all servers that were ever started with it."""

Place = Annotated[
    str,
    typer.Option("--server", metavar="HOST:PORT", envvar="OT2_CLIENT_SERVER", help="Address of the SiLA server."),
]
Verb = Callable[..., int | None]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--ca",
        metavar="FILE",
        help="Certificate of the server (PEM). Not needed for a server that was started on this computer.",
    ),
]
Insecure = Annotated[bool, typer.Option("--insecure", help="The server does not encrypt.")]
StateDirectory = Annotated[
    Path | None, typer.Option("--state-dir", metavar="DIR", help="Where servers on this computer keep their files.")
]
LockIdentifier = Annotated[
    str | None,
    typer.Option(
        "--lock",
        metavar="IDENTIFIER",
        envvar="OT2_CLIENT_LOCK",
        help="The identifier that `sila-ot2 lock` printed; needed while the server is locked.",
    ),
]
UserName = Annotated[
    str | None,
    typer.Option(
        "--user",
        metavar="NAME",
        envvar="OT2_CLIENT_USER",
        help="Log in as this user; the password comes from OT2_CLIENT_PASSWORD, or is asked for.",
    ),
]
OwnCertificate = Annotated[
    Path | None,
    typer.Option(
        "--client-certificate",
        metavar="FILE",
        envvar="OT2_CLIENT_CERTIFICATE",
        help="Certificate (PEM) to show to a server that asks for one (tls.client_ca).",
    ),
]
OwnKey = Annotated[
    Path | None,
    typer.Option(
        "--client-key", metavar="FILE", envvar="OT2_CLIENT_KEY", help="Private key (PEM) of that certificate."
    ),
]
PASSWORD = "OT2_CLIENT_PASSWORD"  # noqa: S105 (the name of a variable)


def on_server(function: Verb, *, logs_in: bool = True) -> Verb:
    """Make a verb of a function whose first parameter is a client of the server.

    The verb has the other parameters of the function and the options by which every verb finds and trusts the server.
    Errors of the client end it in one line. What stops or pauses does not log in: nothing is to delay it.
    """

    def verb(
        place: Place = DEFAULT_PLACE,
        ca: Certificate = None,
        insecure: Insecure = False,
        state_dir: StateDirectory = None,
        lock: LockIdentifier = None,
        user: UserName = None,
        client_certificate: OwnCertificate = None,
        client_key: OwnKey = None,
        verbose: Verbose = False,
        **given: Any,
    ) -> int | None:
        from sila_ot2.cli.answers import faults_of_the_server

        with (
            faults_of_the_server(),
            connect_to(
                place, ca, state_dir, insecure=insecure, identity=identity_of(client_certificate, client_key)
            ) as client,
            logged_in(client, user if logs_in else None),
        ):
            if lock is not None:
                client.lock(identifier=lock).use()
            return function(client, **given)

    hints = get_type_hints(function, localns={"OT2": Any}, include_extras=True)
    hints |= get_type_hints(verb, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]
    finding = [each for each in inspect.signature(verb).parameters.values() if each.kind is not each.VAR_KEYWORD]
    parameters = [each.replace(annotation=hints[each.name], kind=each.KEYWORD_ONLY) for each in own + finding]
    verb.__doc__, verb.__name__ = function.__doc__, function.__name__
    verb.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(verb)["__signature__"] = inspect.Signature(parameters)
    return verb


def at_once(function: Verb) -> Verb:
    """Make a verb as `on_server` does, of what no user has to log in for."""
    return on_server(function, logs_in=False)


@contextmanager
def logged_in(client: OT2, user: str | None) -> Iterator[None]:
    """Be logged in within, if a user is given."""
    from sila_ot2.client import errors

    if user is None:
        yield
        return
    client.log_in(user, password_of(user))
    try:
        yield
    finally:
        with suppress(errors.ClientError):  # the token ends by itself
            client.log_out()


def password_of(user: str) -> str:
    """Return the password of a user: from the environment, or asked for."""
    password = os.environ.get(PASSWORD)
    if password is None and not somebody_is_there():
        raise CommandLineError(f"The password of {user} is not known", remedy=f"Set {PASSWORD}.", code=ExitCode.USAGE)
    return typer.prompt(f"Password of {user}", hide_input=True, err=True) if password is None else password


def state_directory(given: Path | None) -> Path:
    """Return the directory that servers of this computer use by default."""
    by_environment = os.environ.get(config.variable("server", "state_directory"))
    return given or (Path(by_environment) if by_environment else platformdirs.user_state_path("sila-ot2"))


def identity_of(certificate: Path | None, key: Path | None) -> ClientIdentity | None:
    """Return what a client shows to servers that ask for it; None shows nothing.

    Raises:
        CommandLineError: one of both is missing.
    """
    from sila_ot2.client import ClientIdentity

    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise CommandLineError(
            "--client-certificate and --client-key belong together", remedy="Give both.", code=ExitCode.USAGE
        )
    return ClientIdentity(certificate, key)


def connect_to(
    place: str, ca: Path | None, state_dir: Path | None, *, insecure: bool, identity: ClientIdentity | None = None
) -> OT2:
    """Connect to a server; without `ca` those started on this computer are trusted, and no other.

    Raises:
        ConnectionProblem: nobody answers there, or what answers is no SiLA server.
        CommandLineError: `place` makes no sense, there is no certificate to trust, the server does not have it, or it
            does not encrypt as was said.
    """
    from sila_ot2.client import connect, errors

    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal():
        raise CommandLineError(f"{place!r} is not HOST:PORT", remedy="Example: 127.0.0.1:50064.", code=ExitCode.USAGE)
    trusted = None if insecure else _trusted(ca, state_directory(state_dir))
    try:
        with beside().status("Connecting"):
            return connect(place, certificate=trusted, insecure=insecure, timeout=TIMEOUT_S, identity=identity)
    except errors.ClientCertificateNeeded as error:
        raise _not_connected(
            f"The server at {place} asks for a certificate, and was shown none that it accepts",
            "Give one that the authority in tls.client_ca has signed: --client-certificate and --client-key.",
        ) from error
    except OSError as error:
        raise CommandLineError(
            f"The certificate of the client cannot be read: {error}", remedy="", code=ExitCode.USAGE
        ) from error
    except errors.Encrypted as error:
        raise _not_connected(f"The server at {place} encrypts", "Leave out --insecure.") from error
    except errors.NotEncrypted as error:
        raise _not_connected(
            f"The server at {place} does not encrypt", "Give --insecure if that is meant to be so."
        ) from error
    except errors.WrongCertificate as error:
        trust = "Give its certificate with --ca; the server writes it with its option --export-ca FILE."
        raise _not_connected(f"The server at {place} does not have the trusted certificate", trust) from error
    except ValueError as error:  # what is trusted is no certificate
        raise CommandLineError(
            str(error) if identity and ca is None else f"{ca or 'What this computer trusts'}: {error}",
            remedy="Give the server's certificate with --ca, and the client's with its own key.",
            code=ExitCode.USAGE,
        ) from error


def _not_connected(reason: str, remedy: str) -> CommandLineError:
    return CommandLineError(reason, remedy=remedy, code=ExitCode.UNREACHABLE)


def _trusted(ca: Path | None, state_dir: Path) -> bytes:
    files = [ca] if ca else sorted(state_dir.glob(CERTIFICATES))
    try:
        certificates = b"".join(file.read_bytes() for file in files)
    except OSError as error:
        raise CommandLineError(f"The certificate cannot be read: {error}", remedy="", code=ExitCode.USAGE) from error
    if not certificates:
        raise CommandLineError(
            f"No certificate to trust the server by: no server was ever started with {state_dir}",
            remedy="Give the server's certificate with --ca, or --insecure if it does not encrypt.",
            code=ExitCode.USAGE,
        )
    return certificates
