"""Completion in the shell: names of features, and names of the server's protocols and runs if it answers at once."""

from __future__ import annotations

import glob
import inspect
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.feature import Feature

T = TypeVar("T")
WITHIN_S = 0.5
"""How long to wait for a server after the tab key was pressed."""
SUFFIXES = (".py", ".json", ".zip")


def complete_command(incomplete: str) -> list[str]:
    """Return the commands (`Feature.Command`) that begin so."""
    from sila_ot2.cli.named import commands_of

    return _beginning(incomplete, commands_of)


def complete_property(incomplete: str) -> list[str]:
    """Return the properties (`Feature.Property`) that begin so."""
    from sila_ot2.cli.named import properties_of

    return _beginning(incomplete, properties_of)


def complete_parameter(context: typer.Context, incomplete: str) -> list[str]:
    """Return the parameters (`Name=`) of the command that were not given yet and begin so."""
    from sila_ot2.cli.named import commands_of
    from sila_ot2.cli.plain import identifier

    feature, _, command = (context.params.get("command") or "").partition(".")
    found = _features().get(feature)
    method = commands_of(found).get(command) if found else None
    if method is None:
        return []
    given = {text.partition("=")[0] for text in context.params.get("parameters") or ()}
    names = map(identifier, inspect.signature(method).parameters)
    return [f"{name}=" for name in names if name not in given and name.startswith(incomplete)]


def complete_protocol(context: typer.Context, incomplete: str) -> list[str]:
    """Return the protocol files and the names of uploaded protocols that begin so."""
    files = [file for file in glob.glob(f"{glob.escape(incomplete)}*") if file.endswith(SUFFIXES)]
    names = _asked(context, _protocols)
    return sorted({*files, *(name for name in names if name.startswith(incomplete))})


def complete_run(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the identifiers of runs that begin so, with their labels."""
    return [(run, label) for run, label in _asked(context, _runs) if run.startswith(incomplete)]


def complete_setting(incomplete: str) -> list[str]:
    """Return the settings and their groups that begin so."""
    from sila_ot2 import config

    names = {*config.tables(), *(f"{group}.{setting}" for group, setting, _ in config.fields())}
    return sorted(name for name in names if name.startswith(incomplete))


def _features() -> dict[str, Feature[Any]]:
    from sila_ot2.cli.named import features_of
    from sila_ot2.client.generated.features import Features

    nowhere: Any = None
    return features_of(Features(nowhere))


def _beginning(incomplete: str, members_of: Callable[[Any], Iterable[str]]) -> list[str]:
    names = (f"{feature}.{member}" for feature, found in _features().items() for member in members_of(found))
    return sorted(name for name in names if name.startswith(incomplete))


def _asked(context: typer.Context, ask: Callable[[OT2], list[T]]) -> list[T]:
    """Ask the server that the options name; return nothing if that fails or takes long."""
    from sila_ot2.cli.connection import DEFAULT_PLACE, PASSWORD, Wanted, connect_to, identity_of, logged_in
    from sila_ot2.client.pins import Pins

    given = context.params
    try:
        server = Wanted.by(given.get("place") or DEFAULT_PLACE, given.get("server_name"), given.get("server_uuid"))
        pin = bool(given.get("pin"))
        if pin and Pins().find(address=server.address or "", uuid=server.uuid or "") is None:
            return []  # a completion does not decide which server is trusted
        identity = identity_of(given.get("client_certificate"), given.get("client_key"))
        user = given.get("user") if PASSWORD in os.environ else None
        client = connect_to(
            server, given.get("ca"), given.get("state_dir"), pin=pin, insecure=bool(given.get("insecure")),
            identity=identity, within_s=WITHIN_S,
        )  # fmt: skip
        with client, logged_in(client, user):
            return ask(client)
    except Exception:  # noqa: BLE001 - any error: the user is in the middle of a line
        return []


def _protocols(client: OT2) -> list[str]:
    return [each.name for each in client.protocol_service.protocols.get()]


def _runs(client: OT2) -> list[tuple[str, str]]:
    controller = client.run_controller
    current = {each.run_identifier: each.label for each in controller.current_run.get()}
    ended = {each.run_identifier: each.label for each in controller.run_history.get()}
    return list((current | ended).items())
