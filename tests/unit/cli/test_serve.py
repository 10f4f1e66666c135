"""`sila-ot2 serve` around a stand-in server: what it prints, and that it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sila_ot2.cli.exits import ExitCode

pytestmark = pytest.mark.slow  # each test starts a process

STAND_IN = """
import sys, threading, time, types, uuid
from pathlib import Path

class Server:
    is_alive = True
    def __init__(self, settings):
        self.settings = settings
    def start(self):
        {start}
    def stop(self):
        {stop}
        print("stopped", flush=True)
    def describe(self):
        port = self.settings.server.port or 4711
        tls = self.settings.tls.enabled
        return types.SimpleNamespace(
            name="OT-2 here", uuid=uuid.UUID(int=7), address=self.settings.server.address, port=port,
            fingerprint="AB:CD" if tls else None, ca_file=Path("/state/ca.pem") if tls else None,
        )

server = types.ModuleType("sila_ot2.server")
server.build = Server
sys.modules["sila_ot2.server"] = server
from sila_ot2.__main__ import main
main(["serve", "--robot", "ot2", *sys.argv[1:]])
"""


def serve(
    *options: str, start: str = "pass", stop: str = "pass", hangup: signal.Handlers = signal.SIG_DFL
) -> subprocess.Popen[str]:
    """Start it with a closed terminal's signal as `hangup` says, whatever this test itself was started with."""
    program = f"import signal\nsignal.signal(signal.SIGHUP, {int(hangup)})" + STAND_IN.format(start=start, stop=stop)
    return subprocess.Popen(
        [sys.executable, "-c", program, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("  announced"):
            break
    return "".join(lines)


def test_greeting_says_what_a_client_needs() -> None:
    process = serve("--port", "50123")
    reported = greeting(process)
    process.terminate()
    process.communicate(timeout=60)
    assert "OT-2 here is served at 127.0.0.1:50123 for the robot http://ot2:31950" in reported
    assert "UUID          00000000-0000-0000-0000-000000000007" in reported
    assert "fingerprint   AB:CD" in reported
    assert 'sila_ot2.client.connect("127.0.0.1:50123")' in reported


def test_plain_text_is_loud_and_not_announced_when_unwanted() -> None:
    process = serve("--insecure", "--no-discovery")
    reported = greeting(process)
    process.terminate()
    process.communicate(timeout=60)
    assert "NOT ENCRYPTED" in reported
    assert 'sila_ot2.client.connect("127.0.0.1:50064", insecure=True)' in reported
    assert "announced     no" in reported


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_the_server(number: signal.Signals) -> None:
    process = serve()
    greeting(process)
    process.send_signal(number)
    shown, faults = process.communicate(timeout=60)
    assert (process.returncode, shown, faults) == (ExitCode.SUCCESS, "stopped\n", "")


def test_closed_terminal_does_not_end_it_under_nohup() -> None:
    process = serve(start="signal.getsignal(signal.SIGHUP) is signal.SIG_IGN or print('heard')", hangup=signal.SIG_IGN)
    assert "heard" not in greeting(process)
    process.terminate()
    process.communicate(timeout=60)


@pytest.mark.parametrize(
    "stop", ["time.sleep(3600)", "threading.Thread(target=time.sleep, args=(3600,)).start()", "raise KeyError"]
)
def test_ends_whatever_hangs(stop: str) -> None:
    process = serve(stop=stop)
    greeting(process)
    process.terminate()
    process.communicate(timeout=60)


@pytest.mark.parametrize(
    ("failure", "explanation", "remedy"),
    [
        (
            "sila_ot2.sila.discovery.addresses.PortUnusable('Cannot serve on h:1: taken', remedy='Choose another.')",
            "Cannot serve on h:1: taken",
            "Choose another.",
        ),
        ("PermissionError(13, 'Permission denied', '/s')", "Permission denied: '/s'", "Make it usable for the user"),
        ("OSError(24, 'Too many open files')", "Too many open files.\n", ""),
        (
            "sila_ot2.store.unusable.StateUnusable('it is damaged', remedy='Restore it.')",
            "it is damaged",
            "Restore it.",
        ),
    ],
)
def test_a_start_that_fails_is_one_line_with_the_cause_and_the_remedy(
    failure: str, explanation: str, remedy: str
) -> None:
    imports = "import sila_ot2.sila.discovery.addresses, sila_ot2.store.unusable"
    process = serve(start=f"{imports}; raise {failure}")
    shown, faults = process.communicate(timeout=60)
    assert process.returncode == ExitCode.UNAVAILABLE
    assert shown == ""
    assert faults.startswith("sila-ot2: ")
    assert explanation in faults
    assert remedy in faults
    assert faults.count("\n") == 1


def test_a_fault_after_the_start_ends_the_process() -> None:
    process = serve(start="self.describe = None")
    process.communicate(timeout=60)
    assert process.returncode == ExitCode.UNEXPECTED


def test_ends_with_its_parent() -> None:
    child = [sys.executable, "-c", STAND_IN.format(start="pass", stop="pass"), "--die-with-parent"]
    program = f"import subprocess, time; subprocess.Popen({child!r}); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    greeting(parent)
    parent.kill()
    assert parent.stdout is not None
    assert parent.stdout.read() == "stopped\n"  # the end of the pipe: nobody holds it any more
    parent.wait()
    parent.stdout.close()


def test_thread_left_by_a_failed_build_does_not_keep_it() -> None:
    program = STAND_IN.format(start="pass", stop="pass").replace(
        "self.settings = settings", "threading.Thread(target=time.sleep, args=(60,)).start(); raise OSError('no space')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "no space" in done.stderr


def test_settings_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sila-ot2.toml"
    file.write_text("[server]\nport = 50999\n[tls]\nenabled = false")
    process = serve("--config", str(file))
    reported = greeting(process)
    process.terminate()
    process.communicate(timeout=60)
    assert "127.0.0.1:50999" in reported
