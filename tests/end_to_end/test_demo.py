"""`sila-ot2 demo` as a stranger runs it: on a terminal, interrupted, killed, and with something missing."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from typer.main import get_command

from sila_ot2.cli.demo import next_commands
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.verbs import VERBS, application_with

pytestmark = pytest.mark.simulator_only("starts a simulated robot itself")
COMMANDS = get_command(application_with(VERBS)).commands  # type: ignore[attr-defined]
DEMO = [sys.executable, "-m", "sila_ot2", "demo"]
SPEED_TO_FOLLOW = 5.0
"""At this speed, the run of the demonstration takes half a minute."""


@pytest.fixture
def start(simulator_python: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the demonstration; ended after the test whatever happens."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*DEMO, *options],
            env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator_python)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], beginning: str) -> str:
    """Read what it prints until a line begins so; return everything read."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(beginning):
            return "".join(lines)
    raise AssertionError(f"{beginning!r} was not printed:\n{''.join(lines)}")


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def assert_gone(children: list[psutil.Process]) -> None:
    gone, alive = psutil.wait_procs(children, timeout=60)
    assert not alive
    assert len(gone) == len(children)


def test_shows_everything_on_a_terminal(simulator_python: Path) -> None:
    here, there = pty.openpty()
    process = subprocess.Popen(
        DEMO,
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator_python), "TERM": "xterm", "COLUMNS": "120"},
        stdin=subprocess.DEVNULL,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    shown = b""
    try:
        while part := os.read(here, 65536):
            shown += part
    except OSError:  # how Linux says that nobody holds the other end
        pass
    os.close(here)
    assert process.wait(60) == ExitCode.SUCCESS
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).replace("\r", "\n")
    for beginning in ("Robot", "Server", "Features", "Upload", "Analysis", "Run", "Lights", "Commands", "Done"):
        assert re.search(rf"^{beginning} ", text, re.MULTILINE), f"{beginning} is missing in:\n{text}"
    total = re.search(r"Ok: (\d+) commands", text)
    assert total
    assert "succeeded in" in text
    assert f"{total[1]} of {total[1]} commands, 7 tips" in text
    counts = {int(n) for n in re.findall(rf"(\d+)/{total[1]} ", text)}
    assert len(counts) > 5, "the bar moves with the commands"
    assert re.search(r"\d+ s left", text)
    assert re.search(r"Aspirat\w+", text), "the bar names the step"


def test_what_is_next_can_be_copied_and_names_what_is_there() -> None:
    commands = next_commands("/opt/my python/bin/python")
    assert [shlex.split(line)[-1] for line in commands][1] == "http://127.0.0.1:31950"
    assert "'/opt/my python/bin/python'" in commands[0]
    for line in commands:
        program, *arguments = shlex.split(line)
        assert shutil.which(program), line
        verb = arguments[arguments.index("sila_ot2") + 1 :] if "sila_ot2" in arguments else arguments
        COMMANDS[verb[0]].make_context(verb[0], verb[1:])
        assert all(Path(word).exists() for word in verb if word.endswith((".py", ".json")))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_leaves_no_process(start: Callable[..., subprocess.Popen[str]], number: signal.Signals) -> None:
    process = start()
    read_until(process, "Analysis")  # the next thing is a run that moves
    children = children_of(process)
    assert len(children) == 2
    process.send_signal(number)
    _, faults = process.communicate(timeout=60)
    assert (process.returncode, faults) == (ExitCode.INTERRUPTED, "")
    assert_gone(children)


def test_killed_leaves_no_process(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start()
    read_until(process, "Server")
    children = children_of(process)
    assert len(children) == 2
    process.kill()
    assert_gone(children)


def test_robot_that_dies_under_way_fails_with_the_reason(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start()
    read_until(process, "Server")
    simulator = next(child for child in children_of(process) if "sila_ot2.simulator" in child.cmdline())
    simulator.kill()
    _, faults = process.communicate(timeout=60)
    assert process.returncode in (ExitCode.UNREACHABLE, ExitCode.FAILED), faults
    assert "robot" in faults.lower()
    assert faults.count("\n") == 1


def test_missing_simulator_is_reported_with_the_remedy() -> None:
    done = subprocess.run(
        DEMO,
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode == ExitCode.SUCCESS:
        pytest.skip("this Python has the Opentrons engine")
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "pip install" in done.stderr


def test_without_a_robot_the_rest_is_shown() -> None:
    done = subprocess.run([*DEMO, "--without-robot"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.SUCCESS, done.stderr
    assert "left out" in done.stdout
    assert "DeviceLighting" in done.stdout
    assert "AuthenticationService" not in done.stdout, "a server without users does not have it"


def test_page_is_shown_until_interrupted() -> None:
    process = subprocess.Popen(
        [*DEMO, "--without-robot", "--web"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        address = read_until(process, "Page").split()[-1]
        children = children_of(process)
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert "OT-2" in answer.read().decode()
        assert process.stdout is not None
        assert "Log in with the password" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, faults = process.communicate(timeout=60)
        assert (process.returncode, faults) == (ExitCode.INTERRUPTED, "")
        assert_gone(children)
    finally:
        process.kill()
        process.communicate()


def test_the_robot_of_the_page_leaves_time_to_pause_a_run(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("--web")
    read_until(process, "Robot")
    children = children_of(process)
    (robot,) = [command for command in (child.cmdline() for child in children) if "--speed" in command]
    assert float(robot[robot.index("--speed") + 1]) <= SPEED_TO_FOLLOW
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert_gone(children)


def test_lines_break_between_words_on_a_terminal() -> None:
    width = 80  # that of a "dumb" terminal, on which nothing is styled
    program = f"import pty, sys; sys.exit(pty.spawn({[*DEMO, '--without-robot']!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert any("AtomicLiquidHandling" in line for line in lines), done.stdout + done.stderr
    assert any("OT2InformationProvider" in line for line in lines)
    to_be_copied = [line for line in lines if " -m sila_ot2 " in line]  # as long as the paths on this computer
    assert to_be_copied
    assert max(len(line) for line in lines if line not in to_be_copied) <= width, lines
