"""The simulator as a process."""

from __future__ import annotations

import ast
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.simulator.simulated_robot import SimulatorUnderTest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "sila_ot2.simulator"]


def test_interrupt_ends_it_and_leaves_nothing_behind(
    start_robot: Callable[..., SimulatorUnderTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    robot = start_robot()
    assert list(tmp_path.iterdir())
    robot.process.send_signal(signal.SIGINT)
    assert robot.process.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_parent() -> None:
    script = (
        "import subprocess, sys, time\n"
        "process = subprocess.Popen([sys.executable, '-m', 'sila_ot2.simulator', '--port', '0', '--die-with-parent'],"
        " stdout=subprocess.PIPE, text=True)\n"
        "print(process.stdout.readline().strip(), process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline().split()[1]))
    parent.kill()
    parent.wait(60)
    parent.stdout.close()
    _, alive = psutil.wait_procs([child], timeout=60)
    assert alive == []


@pytest.mark.parametrize(
    ("options", "status", "text"),
    [
        (["--speed", "slow"], 2, "--speed"),
        (["--left", "p20"], 2, "no such pipette: p20"),
        (["--module", "vacuum"], 2, "no such module: vacuum"),
    ],
)
def test_wrong_options_end_with_a_reason(options: list[str], status: int, text: str) -> None:
    ended = subprocess.run([*COMMAND, "--port", "0", *options], capture_output=True, text=True, timeout=60)
    assert ended.returncode == status
    assert text in ended.stderr
    assert "Traceback" not in ended.stderr


def test_missing_engine_is_reported(tmp_path: Path) -> None:
    (tmp_path / "opentrons.py").write_text("raise ModuleNotFoundError(\"No module named 'opentrons'\")")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    ended = subprocess.run([*COMMAND, "--port", "0"], capture_output=True, text=True, timeout=60, env=environment)
    assert ended.returncode == 2
    assert "No module named 'opentrons': in the source folder of sila-ot2, pip install '.[simulator]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_taken_port_is_reported() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr


@pytest.mark.parametrize("options", [["--port", "70000"], ["--address", "a..b"]])
def test_what_cannot_be_listened_on_is_reported(options: list[str]) -> None:
    ended = subprocess.run([*COMMAND, "--port", "0", *options], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("cannot listen on ")


def test_taken_port_of_notifications_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*COMMAND, "--port", "0", "--mqtt-port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_ipv6_address_is_in_brackets(start_robot: Callable[..., SimulatorUnderTest]) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    assert start_robot("--address", "::1").url.startswith("http://[::1]:")


def test_equipment_is_as_asked_for(start_robot: Callable[..., SimulatorUnderTest]) -> None:
    robot = start_robot("--left", "none", "--right", "p1000_single_gen2", "--module", "magneticModuleV2")
    pipettes = robot.request_json("GET", "/pipettes")
    assert (pipettes["left"]["name"], pipettes["right"]["name"]) == (None, "p1000_single_gen2")
    assert robot.request_json("GET", "/modules")["data"][0]["moduleModel"] == "magneticModuleV2"


def test_another_engine_is_refused_with_the_remedy() -> None:
    reported = _in_python(
        "from types import SimpleNamespace\n"
        "from sila_ot2.simulator.machine.self_test import check, WrongEngine\n"
        "hardware = SimpleNamespace(api=SimpleNamespace(), backend=SimpleNamespace(_position=None))\n"
        "try: check(hardware, version='10.2.0')\n"
        "except WrongEngine as error: print(error)\n"
    )
    assert "needs opentrons==9.0.0, installed is 10.2.0" in reported
    assert "SimpleNamespace._run_flag" in reported
    assert "_position" not in reported
    assert "pip install 'opentrons==9.0.0'" in reported


def test_it_imports_nothing_of_the_driver() -> None:
    reported = _in_python(
        "import sys\n"
        "import sila_ot2.simulator.process\n"
        "print([name for name in sys.modules if name.startswith('sila_ot2.') and 'simulator' not in name])"
    )
    assert ast.literal_eval(reported) == ["sila_ot2.files"]  # which needs the standard library alone


def _in_python(script: str) -> str:
    """Run a script with the engine in a Python of its own; answers what it said."""
    with tempfile.TemporaryDirectory() as configuration:
        environment = {**os.environ, "OT_API_CONFIG_DIR": configuration}
        command = [sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True).stdout
