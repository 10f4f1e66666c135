"""`sila-ot2 audit`: the record of which client sent which command, and the proof that nobody has changed it."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from sila_ot2.cli.connection import StateDirectory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson, Verbose, number_within
from sila_ot2.cli.plain import line
from sila_ot2.cli.state_directories import Robot, directory_of
from sila_ot2.cli.terminal import beside, json_text, local, show_json, show_list
from sila_ot2.store.audit.chain import ChainBroken, End, read

audit = typer.Typer(no_args_is_help=True, help="Show and verify the audit trail of a server on this computer.")


MOST_SHOWN = 1_000_000_000
"""More entries than a trail has: Python keeps no list of any length."""


@audit.command("verify")
def verify(
    as_json: AsJson = False, robot: Robot = None, state_dir: StateDirectory = None, verbose: Verbose = False
) -> None:
    """Check that no entry of the audit trail was changed, removed or inserted.

    Prints the number and the hash of the last entry. Keep them elsewhere: anyone who can write the files can also
    remove the last entries or write a new trail, and only an entry that you know from before shows that.
    """
    first: int | None = None
    last = End()
    for entry, end in _entries(_folder(state_dir, robot)):
        first, last = first or entry["number"], end
    if as_json:
        show_json({"FirstEntry": first, "LastEntry": last.number, "Hash": last.digest})
    elif first is None:
        print("The audit trail is empty.")
    else:
        print(f"Entries {first} to {last.number} are unchanged.\nHash of entry {last.number}: {last.digest}")


@audit.command("show")
def show(
    last: Annotated[
        int,
        typer.Option(
            "--last", **number_within(1, MOST_SHOWN, whole=True), metavar="N", help="How many commands are shown."
        ),
    ] = 50,
    command: Annotated[
        str, typer.Option(metavar="TEXT", help="Only commands with this in their identifier, such as StopRun.")
    ] = "",
    client: Annotated[str, typer.Option(metavar="ADDRESS", help="Only commands of this client.")] = "",
    as_json: AsJson = False,
    robot: Robot = None,
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> None:
    """Print the commands that clients have sent, the newest last, and how they ended.

    With --json, print the entries themselves, one a line.
    """
    chosen: deque[dict[str, Any]] = deque(maxlen=last)
    by_id: dict[str, dict[str, Any]] = {}
    for entry, _ in _entries(_folder(state_dir, robot)):
        event = entry.get("event")
        if event == "ended":
            if sent := by_id.pop(entry["id"], None):
                sent["end"] = entry
        elif event != "sent" or (command in entry["command"] and client in entry["client"]):
            chosen.append(entry)
            if event == "sent":
                by_id[entry["id"]] = entry
    if as_json:
        for entry in chosen:
            print(json_text(entry))
    else:
        show_list(("Time", "Client", "Command", "Parameters", "Outcome"), map(_row, chosen), empty="No command.")


def _folder(state_dir: Path | None, robot: str | None) -> Path:
    return directory_of(state_dir, robot) / "audit"


def _entries(folder: Path) -> Iterator[tuple[dict[str, Any], End]]:
    try:
        with beside().status("Reading the audit trail"):
            yield from read(folder)
    except ChainBroken as broken:
        raise CommandLineError(
            f"The audit trail was changed: {broken}",
            remedy="Compare it with a backup; entries before this one are unchanged.",
            code=ExitCode.FAILED,
        ) from broken
    except OSError as error:
        raise CommandLineError(
            f"The audit trail cannot be read: {error}",
            remedy="Run this as the user the server runs as.",
            code=ExitCode.UNAVAILABLE,
        ) from error


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    at = local(dt.datetime.fromisoformat(entry["time"]))
    if entry["event"] != "sent":
        rest = {key: value for key, value in entry.items() if key not in ("number", "time", "event", "previous")}
        return at, "", entry["event"], _listed(rest), ""
    end = entry.get("end")
    outcome = ": ".join(filter(None, (end["outcome"], end.get("message", "")))) if end else "not ended"
    if end and end.get("simulated"):
        outcome += " (simulated robot)"
    client = "@".join(filter(None, (entry.get("user"), entry["client"])))
    return at, client, entry["command"].rpartition("/")[2], _listed(entry["parameters"]), outcome


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={line(value)}" for name, value in values.items())
