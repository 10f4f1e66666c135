"""Texts of the command line as arguments of commands."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from sila_ot2.cli.call import arguments, session_told
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.named import command_of, commands_of, features_of
from sila_ot2.client.errors import ServerUnreachable
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.run_controller import ParameterValue
from tests.contract.feature_style import ROOT, below, generator, text

CLIENT: Any = Features(None)  # type: ignore[arg-type]  # nothing is sent


def command(
    run_label: str, volume: float, count: int, on: bool, mount: Literal["left", "right"], content: bytes = b"",
    when: datetime.datetime | None = None, names: Sequence[str] = (), values: Sequence[ParameterValue] = (),
) -> None:  # fmt: skip
    """A command with a parameter of each type."""


GIVEN = ["RunLabel=true", "Volume=50", "Count=3", "On=true", "Mount=left"]


@pytest.mark.parametrize(
    ("before", "after", "single", "said"),
    [([], ["it"], True, True), (["it"], ["it"], True, False), ([], [], True, False), ([], ["it"], False, False)],
)
def test_a_session_that_was_opened_is_reported_also_if_the_command_fails(
    before: list[str], after: list[str], single: bool, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = list(before)
    session = SimpleNamespace(get=lambda: list(shown))
    client: Any = SimpleNamespace(atomic_liquid_handling=SimpleNamespace(session=session))

    def fail() -> None:
        shown[:] = after
        raise ServerUnreachable("It failed.")

    with pytest.raises(ServerUnreachable), session_told(client, single=single):
        fail()
    assert ("A session is open" in capsys.readouterr().err) == said


def test_every_command_is_found_by_its_name() -> None:
    for path in (ROOT / "features").rglob("*.sila.xml"):
        root = generator().read(path).root
        found = commands_of(features_of(CLIENT)[text(root, "Identifier")])
        assert set(found) == {text(node, "Identifier") for node in below(root, "Command")}


def test_an_unknown_command_is_answered_with_those_that_are_there() -> None:
    with pytest.raises(CommandLineError, match="SetRailLights") as refused:
        command_of(CLIENT, "DeviceLighting.SetLights")
    assert refused.value.code is ExitCode.USAGE


def test_texts_become_what_the_parameters_are() -> None:
    assert arguments(command, "F.C", GIVEN) == {
        "run_label": "true", "volume": 50.0, "count": 3, "on": True, "mount": "left",
    }  # fmt: skip


def test_names_of_python_are_taken_too() -> None:
    assert arguments(command, "F.C", ["run_label=x", *GIVEN[1:]])["run_label"] == "x"


def test_lists_and_structures_are_json(tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text(json.dumps([{"Name": "volume", "Value": "20"}]))
    for value in (f"@{file}", file.read_text()):
        found = arguments(command, "F.C", [*GIVEN, 'Names=["a","b"]', f"Values={value}"])
        assert list(found["names"]) == ["a", "b"]
        assert list(found["values"]) == [ParameterValue(name="volume", value="20")]


def test_bytes_are_the_content_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "protocol.py").write_bytes(b"\x00\xff")
    assert arguments(command, "F.C", [*GIVEN, f"Content=@{tmp_path / 'protocol.py'}"])["content"] == b"\x00\xff"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([*GIVEN, "Color=red"], "no parameter 'Color'.*RunLabel, Volume"),
        ([*GIVEN, "Volume"], "no parameter 'Volume'"),
        (GIVEN[:1], "no default for Volume, Count, On, Mount"),
        ([*GIVEN[:1], "Volume=much", *GIVEN[2:]], "Volume: .*number"),
        ([*GIVEN[:4], "Mount=middle"], "Mount: .*left.*right"),
        ([*GIVEN, "Content=@nowhere"], "Content: .*nowhere"),
        ([*GIVEN, "Values=[{"], "Values: "),
        ([*GIVEN, f"Values={'[' * 100_000}"], "Values: .*recursion"),
        ([*GIVEN, 'Values=[{"Name": "volume"}]'], "Values: .*value"),
    ],
)
def test_what_does_not_fit_is_named(texts: list[str], said: str) -> None:
    with pytest.raises(CommandLineError, match=said) as refused:
        arguments(command, "F.C", texts)
    assert refused.value.code is ExitCode.USAGE


@pytest.mark.parametrize("feature", features_of(CLIENT).values(), ids=lambda feature: type(feature).__name__)
def test_the_types_of_all_parameters_are_known(feature: Any) -> None:
    for name, method in commands_of(feature).items():
        with pytest.raises(CommandLineError, match="no parameter 'Nothing'"):
            arguments(method, name, ["Nothing=1"])
