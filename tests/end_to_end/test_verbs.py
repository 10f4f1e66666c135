"""The verbs of the command line that are clients of a server, as a person or a script uses them."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2
from tests import command_line
from tests.end_to_end.laboratory import NO_TIP, QUICK, lasting
from tests.end_to_end.python_client.protocol_files import PARAMETERS
from tests.end_to_end.verbs import as_json, saved, sila_ot2
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
NARROW = 80


# --- protocols and runs -----------------------------------------------------------------------------------------------


def test_a_file_is_run_with_parameters_and_a_data_file(ot2: OT2, tmp_path: Path) -> None:
    steps = "    protocol.comment(f'{protocol.params.volume} {protocol.params.samples.contents}')\n"
    file = saved(tmp_path, PARAMETERS + QUICK.partition("\n")[2] + steps)
    samples = saved(tmp_path, "a,b\n", "samples.csv")
    record = as_json("run", file, "-p", "volume=50", "--csv", f"samples={samples}", "--label", "plate 7")
    assert (record["Result"], record["Label"], record["TipsUsed"]) == ("Succeeded", "plate 7", 1)
    assert "50.0 a,b" in sila_ot2("log", record["RunIdentifier"])
    assert "50.0 a,b" in json.dumps(as_json("log"))
    assert sila_ot2("log", "--csv").startswith("index,commandType,")
    used = as_json("log", "--wells")
    volumes = [(well["Well"], well["DrawnVolume"], well["DispensedVolume"], well["InDoubt"]) for well in used["Wells"]]
    assert volumes == [("A1", 100, 0, False), ("B1", 0, 100, False)]
    assert (used["Tips"][0]["TakenTips"], used["Complete"]) == (["A1"], True)
    assert "taken" in sila_ot2("log", "--wells")
    assert [record["RunIdentifier"], "plate 7"] == [run.strip() for run in re.findall(
        rf"{record['RunIdentifier']}|^plate 7", sila_ot2("runs"), re.MULTILINE
    )]  # fmt: skip


def test_an_uploaded_protocol_is_analyzed_and_run_by_its_name(ot2: OT2, tmp_path: Path) -> None:
    file = saved(tmp_path, QUICK.replace('"a test"', '"Dilution of the day"'))
    identifier = sila_ot2("upload", file, "--key", "of the day").strip()
    assert as_json("upload", file)["ProtocolIdentifier"] == identifier
    assert identifier in sila_ot2("protocols")
    assert as_json("analyze", identifier)["Result"] == "Ok"
    assert "right p300_single_gen2" in sila_ot2("analyze", "of the day")
    assert f"{identifier}" == as_json("run", "Dilution of the day")["ProtocolIdentifier"]


def test_a_protocol_with_faults_ends_the_analysis_with_a_code(ot2: OT2, tmp_path: Path) -> None:
    done = command_line.sila_ot2("analyze", saved(tmp_path, NO_TIP))
    assert done.returncode == ExitCode.FAILED
    assert "NotOk: it has faults" in done.stdout
    assert re.search(r"^Fault +line \d+: .*tip", done.stdout, re.MULTILINE | re.IGNORECASE)


def test_tip_racks_are_declared_and_shown(ot2: OT2) -> None:
    assert "No tip rack" in sila_ot2("tips")
    assert "96 unused" in sila_ot2("tips", "reset", "9", "opentrons/opentrons_96_tiprack_20ul/1")
    shown = sila_ot2("tips", "mark", "9", "empty", "a1", "B2")
    assert re.search(r"A \. o.*\n +B o \. o", shown)
    (rack,) = as_json("tips")["TipRacks"]
    assert (rack["EmptyPlaces"], len(rack["FreeTips"])) == (["A1", "B2"], 94)
    assert "Trash: 0 tips since" in sila_ot2("tips", "emptied")
    assert as_json("tips", "remove", "9")["TipRacks"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "nowhere.py"], ExitCode.USAGE, "no file nowhere.py"),
        (["run", "nothing of this name"], ExitCode.USAGE, "no uploaded protocol"),
        (["log", "nothing"], ExitCode.USAGE, "RunIdentifier"),
        (["pause"], ExitCode.FAILED, "RunNotFound"),
        (["lights", "bright"], ExitCode.USAGE, "bright"),
        (["call", "DeviceLighting.SetRailLights"], ExitCode.USAGE, "no default for On"),
        (["call", "DeviceLighting.BlinkForIdentification", "Duration=1000"], ExitCode.USAGE, "Duration"),
        (["lock", "--release", "nonsense"], ExitCode.FAILED, "ServerNotLocked"),
        (["tips", "mark", "9", "full"], ExitCode.USAGE, "free, reserved, used, empty, unknown"),
        (["tips", "reset"], ExitCode.USAGE, "No slot"),
        (["tips", "reset", "9"], ExitCode.FAILED, "TipRackNotDeclared"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_code(ot2: OT2, arguments: list[str], code: ExitCode, said: str) -> None:
    assert said in sila_ot2(*arguments, code=code)


def test_a_parameter_that_is_refused_says_so(ot2: OT2, tmp_path: Path) -> None:
    line = sila_ot2("run", saved(tmp_path, QUICK), "-p", "color=red", code=ExitCode.FAILED)
    assert line.startswith("sila-ot2: ParameterUnknown: ")
    assert "color" in line


def test_a_run_is_detached_from_paused_resumed_and_stopped(
    ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess
) -> None:
    simulator_process.control("speed", speed=20)
    started = as_json("run", saved(tmp_path, lasting(3500)), "--detach")
    assert ot2.run_controller.current_run.get()[0].run_identifier == started["RunIdentifier"]
    assert not ot2.execution(started["Execution"]).done
    assert as_json("pause")["RunStatus"] == "Paused"
    assert "running" in sila_ot2("resume", started["RunIdentifier"]).lower()
    assert as_json("runs")["CurrentRun"][0]["RunIdentifier"] == started["RunIdentifier"]
    stopped = as_json("stop")
    assert (stopped["RunIdentifier"], stopped["FinalStatus"]) == (started["RunIdentifier"], "Stopped")
    assert "Stopped" in sila_ot2("runs")


def test_what_holds_the_robot_is_released(ot2: OT2, simulator_process: SimulatorProcess) -> None:
    simulator_process.request("POST", "/runs", {"data": {}})
    wait_for(lambda: not ot2.run_controller.start_permission.get().allowed)
    assert sila_ot2("release", "--force").startswith("Released. A run may start now.")
    assert ot2.run_controller.start_permission.get().allowed


def test_stop_now_holds_until_it_is_released(ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess) -> None:
    simulator_process.control("speed", speed=20)
    started = as_json("run", saved(tmp_path, lasting(3500)), "--detach")
    assert as_json("stop", "--now")["RunIdentifier"] == started["RunIdentifier"]
    assert ot2.run_controller.run_status.get() == "Stopped"
    assert "SafetyStopActive" in sila_ot2("run", saved(tmp_path, QUICK), code=ExitCode.FAILED)
    assert "--force" in sila_ot2("stop", "--now", "--force", code=ExitCode.USAGE)
    sila_ot2("release", "--stop")
    assert ot2.safety_stop_controller.safety_stop_active.get() is False


# --- Ctrl-C -----------------------------------------------------------------------------------------------------------


class VerbTerminal:
    """A verb on a terminal: what it has shown, and a keyboard."""

    def __init__(self, process: subprocess.Popen[bytes], side: int) -> None:
        self.process = process
        self._side = side
        self._shown = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def shown(self) -> str:
        """Everything that was shown, without colors and cursor movements."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self._shown.decode(errors="replace"))

    def until(self, text: str, count: int = 1) -> None:
        """Wait until a text has been shown so many times."""
        wait_for(lambda: self.shown.count(text) >= count, lambda: f"{text!r} is not in {self.shown!r}")

    def press_ctrl_c(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def type(self, line: str) -> None:
        os.write(self._side, f"{line}\n".encode())

    def ends_with(self, code: ExitCode) -> None:
        assert self.process.wait(60) == code, self.shown
        self._reader.join(60)

    def _read(self) -> None:
        with suppress(OSError):  # how Linux says that nobody holds the other end
            while part := os.read(self._side, 65536):
                self._shown += part


@contextmanager
def on_terminal(*arguments: str) -> Iterator[VerbTerminal]:
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", *arguments],
        env={**os.environ, "TERM": "xterm", "COLUMNS": str(NARROW)},
        stdin=there, stdout=there, stderr=there,
    )  # fmt: skip
    os.close(there)
    try:
        yield VerbTerminal(process, here)
    finally:
        process.kill()
        process.wait()
        os.close(here)


@pytest.fixture
def long_run(ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess) -> Iterator[VerbTerminal]:
    """`sila-ot2 run` on a terminal, of a protocol that waits."""
    simulator_process.control("speed", speed=20)
    with on_terminal("run", saved(tmp_path, lasting(3500))) as terminal:
        wait_for(lambda: ot2.run_controller.run_status.get() == "Running", lambda: terminal.shown)
        terminal.until("Delay")
        yield terminal


def test_the_run_is_shown_with_step_and_remaining_time(long_run: VerbTerminal) -> None:
    long_run.until(" left")
    assert re.search(r"plate\.py .*\d+/\d+ +\d+:\d+ left +Delay", long_run.shown), long_run.shown


def test_ctrl_c_pauses_resumes_and_stops_a_run_as_answered(long_run: VerbTerminal, ot2: OT2) -> None:
    status = ot2.run_controller.run_status
    for number, (answer, so) in enumerate([("pause", "Paused"), ("resume", "Running")], start=1):
        long_run.press_ctrl_c()
        long_run.until("What now?", number)
        assert answer in long_run.shown
        long_run.type(answer)
        wait_for(lambda so=so: status.get() == so, status.get)  # type: ignore[misc]
        if so == "Paused":  # the server says so before its client does, which then offers to resume
            long_run.until("paused")
    long_run.press_ctrl_c()
    long_run.until("What now?", 3)
    long_run.type("stop")
    long_run.ends_with(ExitCode.FAILED)
    assert "CommandCancelled: " in long_run.shown
    assert status.get() == "Stopped"


def test_ctrl_c_twice_detaches_from_a_run(long_run: VerbTerminal, ot2: OT2) -> None:
    long_run.press_ctrl_c()
    long_run.until("What now?")
    long_run.press_ctrl_c()
    long_run.ends_with(ExitCode.INTERRUPTED)
    assert "The run goes on." in long_run.shown
    assert ot2.run_controller.run_status.get() == "Running"


def test_an_interrupted_run_without_a_terminal_goes_on(
    ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess
) -> None:
    simulator_process.control("speed", speed=20)
    process = subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", "run", saved(tmp_path, lasting(3500))],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: ot2.run_controller.run_status.get() == "Running")
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, shown) == (ExitCode.INTERRUPTED, "")
    assert said.splitlines()[-1].startswith("sila-ot2: The run goes on.")
    assert ot2.run_controller.run_status.get() == "Running"


# --- the robot and the server -----------------------------------------------------------------------------------------


def test_lights_are_switched_and_read(ot2: OT2) -> None:
    for state in ("on", "off"):
        assert sila_ot2("lights", state) == sila_ot2("lights") == f"{state}\n"
        assert ot2.device_lighting.rail_lights.get() is (state == "on")
    assert as_json("blink", "1") == {"RailLights": False}


def test_a_session_is_opened_shown_and_closed(ot2: OT2) -> None:
    load = ("AtomicLiquidHandling.LoadLabware", "LoadName=opentrons_96_tiprack_300ul", "Location=1")
    called = command_line.sila_ot2("call", *load, "--json")
    assert "A session is open, which keeps runs from starting" in called.stderr
    slot = json.loads(called.stdout)
    opened = as_json("session", "open")
    assert opened["Session"][0]["State"] == "Ready"
    assert [pipette["Mount"] for pipette in opened["PipetteStates"]] == ["left", "right"]
    shown = sila_ot2("session")
    assert "opentrons_96_tiprack_300ul" in shown
    assert slot["LabwareIdentifier"] in shown
    assert sila_ot2("session", "close") == sila_ot2("session")
    assert as_json("session")["Session"] == []


def test_the_lock_is_taken_used_and_given_back(ot2: OT2, monkeypatch: pytest.MonkeyPatch) -> None:
    identifier = sila_ot2("lock", "--timeout", "60").strip()
    assert "locked by a client" in sila_ot2("lights", "on", code=ExitCode.FAILED)
    assert sila_ot2("lights", "on", "--lock", identifier) == "on\n"
    monkeypatch.setenv("OT2_CLIENT_LOCK", identifier)
    assert sila_ot2("lights", "off") == "off\n"
    sila_ot2("lock", "--release", identifier)
    monkeypatch.delenv("OT2_CLIENT_LOCK")
    assert sila_ot2("lights") == "off\n"
    assert ot2.lock_controller.is_locked.get() is False


def test_any_command_is_called(ot2: OT2) -> None:
    assert sila_ot2("call", "DeviceLighting.SetRailLights", "On=true") == ""
    assert ot2.device_lighting.rail_lights.get() is True
    assert as_json("call", "DeviceLighting.BlinkForIdentification", "Duration=1") is None
