"""`sila-ot2 config`: what can be set, and whether a settings file is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sila_ot2 import config
from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for group, name, _ in config.fields():
        monkeypatch.delenv(config.variable(group, name), raising=False)


def test_every_setting_is_explained_with_its_default_and_its_variable(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "explain"]) == ExitCode.SUCCESS
    shown = capsys.readouterr().out
    for group, name, field in config.fields():
        assert f"{group}.{name}" in shown
        assert config.variable(group, name) in shown
        assert (field.description or "-") in shown, "whole, however narrow the terminal: this is no terminal"
    assert "server.port = 50064" in shown
    assert "robot.url: must be given" in shown
    assert "server.name: unset" in shown
    assert "tls.enabled = true" in shown


@pytest.mark.parametrize(("name", "count"), [("server.port", 1), ("grpc", 2)])
def test_one_setting_or_one_group_is_explained(name: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "explain", name]) == ExitCode.SUCCESS
    assert capsys.readouterr().out.count("SILA_OT2_") == count


def test_settings_are_explained_and_shown_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "explain", "server.port", "--json"]) == ExitCode.SUCCESS
    explained = json.loads(capsys.readouterr().out)["server.port"]
    assert (explained["Default"], explained["Variable"]) == (50064, "SILA_OT2_SERVER_PORT")
    file = tmp_path / "sila-ot2.toml"
    file.write_text('[robot]\nurl = "ot2"\n[server]\nport = 50999\n')
    assert run(["config", "show", str(file), "--json"]) == ExitCode.SUCCESS
    (in_force,) = json.loads(capsys.readouterr().out)
    assert (in_force["server.port"], in_force["tls.enabled"]) == (50999, True)
    assert set(in_force) == {f"{group}.{name}" for group, name, _ in config.fields()}
    assert run(["config", "check", str(file), "--json"]) == ExitCode.SUCCESS
    assert json.loads(capsys.readouterr().out) == [{"robot.url": "http://ot2:31950", "server.port": 50999}]


def test_an_unknown_name_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "explain", "server.prot"]) == ExitCode.USAGE
    assert "unknown setting server.prot; did you mean server.port?" in capsys.readouterr().err


def test_a_file_is_checked_and_what_it_changes_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sila-ot2.toml"
    file.write_text('[robot]\nurl = "ot2"\n[server]\nport = 50999\n[tls]\nenabled = true')
    assert run(["config", "check", str(file)]) == ExitCode.SUCCESS
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "The settings for the robot http://ot2:31950 are valid. Other than by default:",
        'robot.url = "http://ot2:31950"',
        "server.port = 50999",
    ]


def test_the_environment_is_checked_with_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SILA_OT2_SERVER_PORT", "70000")
    file = tmp_path / "sila-ot2.toml"
    file.write_text('[robot]\nurl = "ot2"')
    assert run(["config", "check", str(file)]) == ExitCode.USAGE
    assert "server.port = '70000'" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["[server]\nprot = 1", "[server", "", '[robot]\nurl = "not a url"'])
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sila-ot2.toml"
    file.write_text(text)
    assert run(["config", "check", str(file)]) == ExitCode.USAGE
    assert capsys.readouterr().out == ""
