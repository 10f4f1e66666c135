"""How commands find a running server, and verify that it is the right one."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints
from uuid import UUID

import platformdirs
import typer

from sila_ot2 import config
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.places import checked_place
from sila_ot2.cli.terminal import beside, somebody_is_there

if TYPE_CHECKING:
    from sila_ot2.client import OT2, ClientIdentity

DEFAULT_PLACE = "127.0.0.1:50064"
SERVER_VARIABLE = "OT2_CLIENT_SERVER"
TIMEOUT_S = 5.0
CERTIFICATES = "*/identity/server.crt"
"""Below a state directory: the certificates of all servers that were ever started with it."""

Place = Annotated[
    str,
    typer.Option("--server", metavar="HOST:PORT", envvar=SERVER_VARIABLE, help="Address of the SiLA server."),
]
ServerName = Annotated[
    str | None,
    typer.Option(
        "--name", metavar="NAME", help="Name of the SiLA server, instead of --server: it is searched on the network."
    ),
]
ServerUuid = Annotated[
    str | None, typer.Option("--uuid", metavar="UUID", help="As --name, by the UUID that `sila-ot2 discover` shows.")
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
Pinned = Annotated[
    bool,
    typer.Option(
        "--pin",
        envvar="OT2_CLIENT_PIN",
        help="Instead of --ca: trust the certificate that the server has when you first connect to it, and no other "
        "from then on. Not the default: at the first connection, it cannot detect another server in its place.",
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
    Errors of the client end it in one line. Verbs that stop or pause do not log in, because nothing may delay them.
    """

    def verb(
        place: Place = DEFAULT_PLACE,
        server_name: ServerName = None,
        server_uuid: ServerUuid = None,
        ca: Certificate = None,
        pin: Pinned = False,
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

        server = Wanted.by(place, server_name, server_uuid)
        identity = identity_of(client_certificate, client_key)
        with faults_of_the_server(), beside().status("Connecting"):
            connected = connect_to(server, ca, state_dir, pin=pin, insecure=insecure, identity=identity)
        with faults_of_the_server(), connected as client, logged_in(client, user if logs_in else None):
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
    """Make a verb like `on_server`, without a log-in."""
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
        raise _wrong(f"The password of {user} is not known", f"Set {PASSWORD}.")
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
        raise _wrong("--client-certificate and --client-key belong together", "Give both.")
    return ClientIdentity(certificate, key)


@dataclass(frozen=True)
class Wanted:
    """How the user names a server: by its address, its name or its UUID.

    Attributes:
        address: HOST:PORT.
        name: its name, to be searched.
        uuid: its UUID, to be searched.
    """

    address: str | None = None
    name: str | None = None
    uuid: str | None = None

    def __str__(self) -> str:
        return f"at {self.address}" if self.address else str(self.name or self.uuid)

    @classmethod
    def by(cls, place: str, name: str | None, uuid: str | None) -> Wanted:
        """Take the options of a verb.

        Raises:
            CommandLineError: they make no sense.
        """
        others = [name is not None, uuid is not None, place != os.environ.get(SERVER_VARIABLE, DEFAULT_PLACE)]
        if others.count(True) > 1:
            raise _wrong("More than one of --server, --name and --uuid was given", "Give one of them.")
        if name is not None:
            return cls(name=name)
        if uuid is not None:
            try:
                return cls(uuid=str(UUID(uuid)))
            except ValueError as error:
                raise _wrong(f"{uuid!r} is not a UUID", "`sila-ot2 discover` shows those of all servers.") from error
        return cls(address=checked_place(place))


def connect_to(
    server: Wanted, ca: Path | None, state_dir: Path | None, *, pin: bool, insecure: bool,
    identity: ClientIdentity | None = None, within_s: float | None = None,
) -> OT2:  # fmt: skip
    """Connect to a server.

    Without `ca` and `pin`, those that were started on this computer are trusted, and no other. `ca` and `insecure` have
    precedence over `pin`. The server is waited for `within_s` seconds, also later, or as long as verbs do.

    Raises:
        ConnectionProblem: it is not found, nobody answers there, or what answers is no SiLA server.
        CommandLineError: there is no certificate to trust, the server does not have it, or its encryption is not as
            `insecure` says.
    """
    from sila_ot2.client import connect, errors

    pin = pin and not (ca or insecure)
    waits = {"timeout": TIMEOUT_S} if within_s is None else {"timeout": within_s, "reconnect": within_s}
    trusted = None if insecure or pin else _trusted(ca, state_directory(state_dir))
    try:
        return connect(
            server.address, name=server.name, uuid=server.uuid, certificate=trusted, insecure=insecure,
            identity=identity, **waits,
        )  # fmt: skip
    except errors.ClientCertificateNeeded as error:
        raise _not_connected(
            f"The server {server} asks for a certificate, and was shown none that it accepts",
            "Give one that the authority in tls.client_ca has signed: --client-certificate and --client-key.",
        ) from error
    except OSError as error:
        if identity is None or error.filename not in (str(identity.certificate), str(identity.key)):
            raise CommandLineError(str(error), remedy="", code=ExitCode.UNAVAILABLE) from error
        raise _wrong(f"The certificate of the client cannot be read: {error}", "") from error
    except errors.Encrypted as error:
        raise _not_connected(f"The server {server} encrypts", "Leave out --insecure.") from error
    except errors.NotEncrypted as error:
        raise _not_connected(
            f"The server {server} does not encrypt", "Give --insecure if that is meant to be so."
        ) from error
    except errors.WrongCertificate as error:
        reason = f"The server {server} does not have the trusted certificate"
        raise _not_connected(reason, _way_to_trust(pinned=pin)) from error
    except ValueError as error:  # what is trusted is no certificate, or the file of the pinned ones is damaged
        raise _wrong(
            str(error) if pin or (identity and ca is None) else f"{ca or 'What this computer trusts'}: {error}",
            "Give the server's certificate with --ca, and the client's with its own key.",
        ) from error


def _way_to_trust(*, pinned: bool) -> str:
    if pinned:
        from sila_ot2.client.pins import Pins

        return (
            f"It is another server, or its certificate was renewed. If you know that it is right, delete its entry in "
            f"{Pins().path}."
        )
    return (
        "Give its certificate with --ca; the server writes it with its option --export-ca FILE. On the computer of the "
        "server, its --state-dir is enough. Or give --pin, if you know that nobody else answers in its place now."
    )


def _wrong(reason: str, remedy: str) -> CommandLineError:
    return CommandLineError(reason, remedy=remedy, code=ExitCode.USAGE)


def _not_connected(reason: str, remedy: str) -> CommandLineError:
    return CommandLineError(reason, remedy=remedy, code=ExitCode.UNREACHABLE)


def _trusted(ca: Path | None, state_dir: Path) -> bytes:
    files = [ca] if ca else sorted(state_dir.glob(CERTIFICATES))
    try:
        certificates = b"".join(file.read_bytes() for file in files)
    except OSError as error:
        raise _wrong(f"The certificate cannot be read: {error}", "") from error
    if not certificates:
        raise _wrong(
            f"No certificate to trust the server by: no server was ever started with {state_dir}",
            "Give the --state-dir that the server was started with, its certificate with --ca, or --pin; or --insecure "
            "if it does not encrypt.",
        )
    return certificates
