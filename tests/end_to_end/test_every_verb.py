"""Every verb of the command line: JSON for programs, tables of 80 columns for people, whole values when piped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sila_ot2.cli import verbs
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2
from tests import command_line
from tests.end_to_end.laboratory import QUICK, lasting
from tests.end_to_end.verbs import saved
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("plugs a module in, and sets the speed")
COLUMNS = 80
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
TUBES = "demonstration_24_tuberack_2ml"
DEFINITION = Path(verbs.__file__).parent / "demo_protocol" / f"{TUBES}.json"
TABLE, ONCE = True, False
STEPS = [
    ("status", (), TABLE),
    ("config explain", ("server",), TABLE),
    ("config show", ("--robot", "http://ot2"), ONCE),
    ("config check", ("{settings}",), ONCE),
    ("labware list", (), TABLE),
    ("labware add", (str(DEFINITION),), ONCE),
    ("labware search", ("corning",), TABLE),
    ("labware show", (f"sila_ot2/{TUBES}/1",), ONCE),
    ("labware list", (), TABLE),
    ("labware remove", (f"sila_ot2/{TUBES}/1",), ONCE),
    ("offsets set", (RACK, "1", "0.2", "-0.1", "0"), ONCE),
    ("offsets list", (), TABLE),
    ("offsets export", (), ONCE),
    ("offsets import", ("{offsets}",), ONCE),
    ("offsets remove", (RACK, "1"), ONCE),
    ("deck", (), TABLE),
    ("tips", ("reset", "9", RACK), TABLE),
    ("liquids", (), TABLE),
    ("lights", ("on",), TABLE),
    ("blink", ("1",), ONCE),
    ("call", ("DeviceLighting.SetRailLights", "On=false"), ONCE),
    ("watch", ("DeviceLighting.RailLights", "--count", "1"), TABLE),
    ("upload", ("{protocol}",), ONCE),
    ("protocols", (), TABLE),
    ("analyze", ("{protocol}",), TABLE),
    ("run", ("{protocol}", "--label", "a label that is long enough to be broken into several lines"), ONCE),
    ("runs", (), TABLE),
    ("log", (), TABLE),
    ("log", ("--wells",), TABLE),
    ("package save", ("--output", "{package}"), ONCE),
    ("package verify", ("{package}",), ONCE),
    ("worklist", ("report",), TABLE),
    ("session", ("open",), TABLE),
    ("session", ("close",), TABLE),
    ("run", ("{long}", "--detach"), ONCE),
    ("pause", (), ONCE),
    ("resume", (), ONCE),
    ("stop", (), ONCE),
    ("release", ("--force",), ONCE),
    ("module set", ("plate", "37"), ONCE),
    ("module wait", ("plate",), ONCE),
    ("module list", (), TABLE),
    ("module off", ("plate",), ONCE),
    ("module history", (), ONCE),
    ("camera picture", ("{picture}",), ONCE),
    ("bundle", ("{bundle}",), ONCE),
    ("audit show", (), TABLE),
    ("audit verify", (), ONCE),
    ("lock", (), ONCE),
    ("lock", ("--release", "{identifier}"), ONCE),
]
"""Verbs in an order in which each can be carried out; those that show a table are also called on a terminal."""
ELSEWHERE = {
    "discover": "test_command_line",
    "doctor": "test_doctor",
    "user list": "test_users",
    "camera movie": "test_maintenance_and_camera",
}
"""Verbs with JSON that need another surrounding, and the module that tests them."""
WITHOUT_JSON = {
    *("demo", "serve", "simulate", "web"),  # they run until they are ended
    *("accept-robot", "unlock", "backup", "restore", "user add", "user remove", "user password"),  # they print no value
    *("export protos", "export features", "service show", "service install"),  # they write files
}


def leaves(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every verb by its whole name."""
    for name, each in getattr(command, "commands", {}).items():
        yield from leaves(each, *path, name) if hasattr(each, "commands") else [(" ".join((*path, name)), each)]


VERBS = dict(leaves(get_command(verbs.application_with(verbs.VERBS))))


def test_every_verb_is_tested() -> None:
    with_json = {name for name, verb in VERBS.items() if any(each.name == "as_json" for each in verb.params)}
    assert set(VERBS) - with_json - {"labware show"} == WITHOUT_JSON, "labware show prints a definition, which is JSON"
    assert {verb for verb, _, _ in STEPS} | set(ELSEWHERE) == set(VERBS) - WITHOUT_JSON


@pytest.mark.timeout(900)  # some ninety verbs, one after the other
def test_every_verb_prints_json_fits_a_terminal_and_is_whole_when_piped(
    ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess
) -> None:
    simulator_process.control("module", model="temperatureModuleV2")
    wait_for(ot2.temperature_module_controller.temperature_modules.get)
    places = {
        "settings": saved(tmp_path, '[robot]\nurl = "ot2"', "settings.toml"),
        "offsets": str(tmp_path / "offsets.json"),
        "protocol": saved(tmp_path, QUICK),
        "long": saved(tmp_path, lasting(3500), "long.py"),
        **{name: str(tmp_path / name) for name in ("package", "picture", "bundle")},
    }
    for verb, arguments, is_table in STEPS:
        if "{long}" in arguments:
            simulator_process.control("speed", speed=20)
        given = [*verb.split(), *(each.format(**places) for each in arguments)]
        done = command_line.sila_ot2(*given, *([] if verb == "labware show" else ["--json"]))
        assert done.returncode == ExitCode.SUCCESS, (given, done)
        values = as_json(done.stdout)
        assert values, given
        if verb == "offsets export":
            Path(places["offsets"]).write_text(done.stdout)
        if verb == "lock" and not arguments:
            places["identifier"] = values[0]["LockIdentifier"]
        if is_table:
            piped = command_line.sila_ot2(*given)
            assert (piped.returncode, "…" in piped.stdout) == (ExitCode.SUCCESS, False), (given, piped)
            shown = command_line.sila_ot2(*given, columns=COLUMNS)
            assert shown.returncode == ExitCode.SUCCESS, (given, shown)
            assert max(map(len, shown.stdout.splitlines()), default=0) <= COLUMNS, shown.stdout


def as_json(text: str) -> list[Any]:
    """The values that were printed: one over several lines, or one a line."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]
