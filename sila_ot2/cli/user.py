"""`sila-ot2 user`: the users of the servers on this computer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from sila_ot2.cli.connection import StateDirectory, state_directory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson, Verbose
from sila_ot2.cli.terminal import show_json, show_list
from sila_ot2.store import users
from sila_ot2.store.unusable import StateUnusable

user = typer.Typer(no_args_is_help=True, help="Add, remove and list the users who can log in (`users.required`).")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the user.")]
RoleName = Annotated[
    Literal["observe", "operate", "administer"],
    typer.Option(
        "--role",
        help="What the user may do: observe: read; operate: also run the robot; administer: also change its settings.",
    ),
]
File = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="The file with the users, if `users.file` names one.")
]


@user.command("add")
def add(
    name: Name,
    role: RoleName,
    by_certificate: Annotated[
        bool,
        typer.Option(
            "--by-certificate",
            help="The user has no password: the common name of a client certificate is NAME (tls.client_ca).",
        ),
    ] = False,
    file: File = None,
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> None:
    """Add a user, and ask for the password; without a terminal, the password is the first line of the input."""
    with _changing(file, state_dir) as known:
        users.check_name(name)
        if name in known:
            raise CommandLineError(
                f"There is a user {name}",
                remedy="Change the password with `sila-ot2 user password`, or remove the user first.",
                code=ExitCode.USAGE,
            )
        password_hash = "" if by_certificate else users.hash_password(_new_password(name))
        known[name] = users.User(name, users.Role[role.upper()], password_hash)
    print(f"{name} was added with the role {role}.")


@user.command("remove")
def remove(name: Name, file: File = None, state_dir: StateDirectory = None, verbose: Verbose = False) -> None:
    """Remove a user. What the user has started goes on; nothing more is accepted, also by running servers."""
    with _changing(file, state_dir) as known:
        _require(name, known)
        del known[name]
    print(f"{name} was removed.")


@user.command("password")
def password(name: Name, file: File = None, state_dir: StateDirectory = None, verbose: Verbose = False) -> None:
    """Give a user another password; the user has to log in again."""
    with _changing(file, state_dir) as known:
        _require(name, known)
        known[name] = users.User(name, known[name].role, users.hash_password(_new_password(name)))
    print(f"The password of {name} was changed.")


@user.command("list")
def list_users(
    file: File = None, state_dir: StateDirectory = None, as_json: AsJson = False, verbose: Verbose = False
) -> None:
    """Print the users and their roles."""
    with _explaining():
        known = sorted(users.read(_file(file, state_dir)).values(), key=lambda one: one.name)
    if as_json:
        show_json([{"Name": one.name, "Role": one.role.word} for one in known])
    else:
        show_list(("User", "Role"), ((one.name, one.role.word) for one in known), empty="There are no users.")


def _file(file: Path | None, state_dir: Path | None) -> Path:
    return file or state_directory(state_dir) / users.FILE_NAME


@contextmanager
def _changing(file: Path | None, state_dir: Path | None) -> Iterator[dict[str, users.User]]:
    with _explaining(), users.changing(_file(file, state_dir)) as known:
        yield known


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except users.UserUnfit as unfit:
        raise CommandLineError(str(unfit), remedy="Nothing was changed.", code=ExitCode.USAGE) from unfit
    except StateUnusable as unusable:
        raise CommandLineError(str(unusable), remedy=unusable.remedy, code=ExitCode.UNAVAILABLE) from unusable
    except OSError as error:
        raise CommandLineError(
            f"The users cannot be changed: {error}",
            remedy="Run this as the user that the server runs as.",
            code=ExitCode.UNAVAILABLE,
        ) from error


def _require(name: str, known: dict[str, users.User]) -> None:
    if name not in known:
        raise CommandLineError(
            f"There is no user {name}", remedy="`sila-ot2 user list` lists them.", code=ExitCode.USAGE
        )


def _new_password(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True))
    try:
        given = sys.stdin.readline().rstrip("\r\n")
        given.encode()
    except UnicodeError:  # whose text would show a part of the password
        raise CommandLineError("The password is not text in UTF-8", remedy="", code=ExitCode.USAGE) from None
    return given
