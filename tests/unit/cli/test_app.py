"""The command line as a whole: help, version, one-line faults, exit codes."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from sila_ot2 import errors
from sila_ot2.cli import app
from sila_ot2.cli.app import run
from sila_ot2.cli.application import without_verbs
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.terminal import show_json
from sila_ot2.cli.verbs import VERBS, application_with


def parameters_of(verb: Any) -> set[str]:
    return {parameter.name for parameter in verb.params}


COMMANDS = get_command(application_with(VERBS)).commands  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A verb `fail` that raises what the test puts into the list."""
    faults: list[BaseException] = []

    def fail() -> None:
        raise faults[0]

    application = without_verbs()
    application.command("fail")(fail)
    monkeypatch.setattr(app, "application_with", lambda _: application)
    return faults


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == ExitCode.SUCCESS
    assert capsys.readouterr().out.startswith("sila-ot2 0.")


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == ExitCode.SUCCESS
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in COMMANDS)


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_and_every_option_is_explained(verb: str) -> None:
    command = COMMANDS[verb]
    assert command.help
    assert all(option.help for option in command.params), [o.name for o in command.params if not o.help]


@pytest.mark.parametrize("verb", [name for name, verb in COMMANDS.items() if "lock" in parameters_of(verb)])
def test_every_verb_on_a_server_prints_json_for_programs(verb: str) -> None:
    assert "as_json" in parameters_of(COMMANDS[verb])


@pytest.mark.parametrize("arguments", [[], ["export"]])
def test_without_a_verb_the_help_is_all_that_is_shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == ExitCode.USAGE
    shown = capsys.readouterr()
    assert "Usage: sila-ot2" in shown.out + shown.err
    assert "sila-ot2: " not in shown.err


@pytest.mark.parametrize("arguments", [["srve"], ["serve", "--prot", "1"], ["serve", "--port", "x"]])
def test_wrong_usage_is_one_line_that_names_the_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == ExitCode.USAGE
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "--help`" in shown


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (CommandLineError("No\nway.", remedy="Turn back.", code=ExitCode.UNAVAILABLE), ExitCode.UNAVAILABLE),
        (errors.RobotUnreachable("no answer"), ExitCode.UNREACHABLE),
        (errors.DoorOpen("the door is open"), ExitCode.FAILED),
        (KeyError("bug"), ExitCode.UNEXPECTED),
        (IsADirectoryError(21, "Is a directory", "plate.py"), ExitCode.UNAVAILABLE),
        (OSError(36, "File name too long", b"plate.py"), ExitCode.UNAVAILABLE),
        (OSError(9, "Bad file descriptor"), ExitCode.UNEXPECTED),
    ],
)
def test_faults_are_one_line_without_a_trace(
    failing: list[BaseException], fault: BaseException, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(fault)
    assert run(["fail"]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("sila-ot2: ")
    assert shown.err.count("\n") == 1


def test_reason_and_remedy_are_two_sentences(failing: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    failing.append(CommandLineError("The port is taken.", remedy="Take another.", code=ExitCode.UNAVAILABLE))
    run(["fail"])
    assert capsys.readouterr().err == "sila-ot2: The port is taken. Take another.\n"


def test_trace_only_with_verbose(failing: list[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    failing.append(KeyError("bug"))
    run(["fail"])
    assert not caplog.records
    run(["-v", "fail"])
    assert any(record.exc_info for record in caplog.records)


def test_interrupt_has_its_own_code(failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    assert run(["fail"]) == ExitCode.INTERRUPTED


LIST_SETTINGS = [sys.executable, "-m", "sila_ot2", "config", "explain"]


@pytest.mark.slow  # it starts a Python
def test_an_output_that_nobody_reads_ends_the_verb_quietly() -> None:
    process = subprocess.Popen([*LIST_SETTINGS], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert (process.stderr.read(), process.wait(60)) == (b"", ExitCode.OUTPUT_CLOSED)
    process.stderr.close()


@pytest.mark.slow  # it starts a Python
def test_an_output_that_cannot_be_written_is_reported_without_a_traceback() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(LIST_SETTINGS, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.UNAVAILABLE
    assert done.stderr == "sila-ot2: The output cannot be written: No space left on device.\n"


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_stream_that_the_caller_has_closed_ends_no_verb(monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert run(["config", "explain", "server.port"]) == ExitCode.SUCCESS
    assert run(["config", "explain", "server.portt"]) == ExitCode.USAGE
    getattr(sys, stream).close()


def test_a_terminal_that_is_not_utf_8_ends_no_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.BytesIO()
    shown = io.TextIOWrapper(terminal, encoding="ascii")
    monkeypatch.setattr("sys.stdout", shown)
    assert run(["module", "set", "--help"]) == ExitCode.SUCCESS
    show_json({"Unit": "µL"})
    shown.flush()
    text = terminal.getvalue().decode()
    assert "In \\xb0C" in text
    assert text.endswith('{\n  "Unit": "\\u00b5L"\n}\n')


@pytest.mark.slow  # it starts a Python
@pytest.mark.parametrize("verb", ["serve", "web", "lights", "config"])
def test_a_verb_loads_no_other(verb: str) -> None:
    script = (
        "import sys; from sila_ot2.cli.app import run; run([sys.argv[1], '--help']); "
        "print(*(each for each in sys.modules if each.startswith('sila_ot2.cli.')), file=sys.stderr)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script, verb], check=True, capture_output=True, text=True
    ).stderr.split()
    assert f"sila_ot2.cli.{verb}" in loaded
    assert not {"sila_ot2.cli.audit", "sila_ot2.cli.backup"} & set(loaded)


def test_every_verb_alone_is_as_among_all() -> None:
    assert set(COMMANDS) == VERBS
    for verb in VERBS:
        alone = get_command(application_with([verb])).commands  # type: ignore[attr-defined]
        assert alone.keys() == {verb}
        assert [each.name for each in alone[verb].params] == [each.name for each in COMMANDS[verb].params]
