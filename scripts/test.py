"""Run every check of this repository: set up the environments, then formal checks, tests and the other Pythons.

Arguments go to pytest: `python3 scripts/test.py -k lights tests/unit`. Every check runs even if one before it failed.
Ends with a table and a line `N passed, N failed`; the exit code is 1 if anything failed.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from environments import PYTHONS, ROOT, SIMULATOR_PYTHONS, EnvironmentFailed, environment_python, interpreters

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 5
NO_TESTS_COLLECTED = 5  # pytest's exit code when -k or the paths select nothing
OPTIONS_WITH_VALUE = ("-k", "-m", "-n", "-o", "-p", "-W", "--robot", "--maxfail", "--timeout", "--dist")
"""Options of pytest whose value could be mistaken for a path."""
NOT_THE_SERVERS = ("--exclude", "^(sila_ot2/simulator|scripts/bench|scripts/soak)/")
"""For mypy: the simulator has its own environment, benches and soaks need more packages than either."""


@dataclass
class Result:
    """What one check found."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    seconds: float = 0


@dataclass
class Checks:
    """Runs checks one after the other and keeps what they found."""

    results: list[Result] = field(default_factory=list)

    def run(self, name: str, check: Callable[[], Result]) -> None:
        """Run a check; the next one runs whatever comes out of it."""
        print(f"\n--- {name} " + "-" * max(4, 110 - len(name)), flush=True)
        started = time.monotonic()
        try:
            result = check()
        except (EnvironmentFailed, OSError, subprocess.SubprocessError) as error:
            print(error, flush=True)
            result = Result(name, failed=1, note=str(error).splitlines()[0])
        result.name = name
        result.seconds = time.monotonic() - started
        self.results.append(result)

    def leave_out(self, name: str, reason: str) -> None:
        """Record a check that cannot run here."""
        print(f"\n--- {name}: left out: {reason}", flush=True)
        self.results.append(Result(name, skipped=1, note=f"left out: {reason}"))

    def report(self) -> int:
        """Print the table and the closing line; return the exit code."""
        print("\n" + "=" * 116)
        for result in self.results:
            verdict = "FAILED" if result.failed else "ok" if result.passed else "-"
            counts = f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped  "
            found = (counts if result.passed > 1 else "") + result.note
            print(f"{verdict:6}  {result.name:44}  {result.seconds:5.0f} s  {found}")
        passed, failed, skipped = (sum(getattr(r, n) for r in self.results) for n in ("passed", "failed", "skipped"))
        print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
        return 1 if failed or not passed else 0


def main(arguments: Sequence[str]) -> int:
    """Run all checks; return the exit code."""
    here = sys.version_info[:2]
    if here not in PYTHONS:
        print(f"Python {here[0]}.{here[1]} is not supported; use one of {', '.join(f'{a}.{b}' for a, b in PYTHONS)}.")
        return 1
    checks = Checks()
    try:
        server = environment_python("server")
        simulator = environment_python("simulator") if here in SIMULATOR_PYTHONS else None
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    no_simulator = f"the Opentrons engine has no wheels for Python {here[0]}.{here[1]}"

    for name, command in {
        "generated code in sync": [server, "scripts/generate.py", "--check"],
        "generated documents in sync": [server, "scripts/document.py", "--check"],
        "ruff check": [server, "-m", "ruff", "check", "."],
        "ruff format": [server, "-m", "ruff", "format", "--check", "."],
        "import contracts": [server.with_name("lint-imports")],
        "mypy --strict, server": [server, "-m", "mypy", *NOT_THE_SERVERS, "sila_ot2", "scripts"],
    }.items():
        checks.run(name, lambda command=command: _command(command))  # type: ignore[misc]
    if simulator:
        checks.run("mypy --strict, simulator", lambda: _command([simulator, "-m", "mypy", "sila_ot2/simulator"]))
    else:
        checks.leave_out("mypy --strict, simulator", no_simulator)

    server_arguments, simulator_arguments = _share(arguments)
    if server_arguments is not None:
        checks.run("tests", lambda: _pytest(server, ["-n", "2", "--dist", "loadfile", *server_arguments]))
    if simulator_arguments is not None and simulator:
        checks.run("tests of the simulator", lambda: _pytest(simulator, simulator_arguments))
    elif simulator_arguments is not None:
        checks.leave_out("tests of the simulator, and with it", no_simulator)

    for version, interpreter in interpreters().items():
        if version != here:
            checks.run(
                "import and start on Python {}.{}".format(*version),
                lambda path=interpreter: _start_on(path),  # type: ignore[misc]
            )
    return checks.report()


def _command(command: Sequence[str | Path]) -> Result:
    code = subprocess.call(list(map(str, command)), cwd=ROOT)
    return Result("", passed=code == 0, failed=code != 0)


def _share(arguments: Sequence[str]) -> tuple[list[str] | None, list[str] | None]:
    """Return pytest's arguments in the server's and in the simulator's environment; None where no path leads there."""
    ours = ROOT / "tests" / "simulator"
    options: list[str] = []
    paths: list[str] = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        is_path = not argument.startswith("-") and (ROOT / argument.split("::")[0]).exists()
        (paths if is_path and before not in OPTIONS_WITH_VALUE else options).append(argument)
    if not paths:
        return ["tests", "--ignore", str(ours), *options], [str(ours), *options]
    of_simulator = [path for path in paths if (ROOT / path.split("::")[0]).resolve().is_relative_to(ours)]
    of_server = [path for path in paths if path not in of_simulator]
    return (
        [*of_server, "--ignore", str(ours), *options] if of_server else None,
        [*of_simulator, *options] if of_simulator else None,
    )


def _pytest(python: Path, arguments: Sequence[str]) -> Result:
    """Run pytest; what fails beside other tests gets one more try alone, and the table says so.

    The tests drive real processes: on a busy machine one may miss its time without anything being wrong.
    """
    first = _pytest_once(python, arguments)
    if not first.failed:
        return first
    print("\nOnce more, alone, what failed:", flush=True)
    again = _pytest_once(python, [*arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none"])
    if again.failed or not again.passed:
        return first
    note = f"{again.passed} of them at the second try, alone: see above"
    return Result("", passed=first.passed + again.passed, skipped=first.skipped, note=note)


def _pytest_once(python: Path, arguments: Sequence[str]) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        code = subprocess.call(command, cwd=ROOT)
        if code == NO_TESTS_COLLECTED:
            return Result("", note="no test selected")
        if not report.exists():
            return Result("", failed=1, note=f"pytest ended with exit code {code}")
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, failures, faults, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + faults
    return Result("", passed=max(0, tests - failed - skipped), failed=failed or int(code != 0), skipped=skipped)


def _start_on(interpreter: str) -> Result:
    """Install what a user installs, start the server without a robot, and end it."""
    python = environment_python("runtime", interpreter)
    with tempfile.TemporaryDirectory() as state:
        options = ["--robot", "http://127.0.0.1:9", "--port", "0", "--no-discovery", "--state-dir", state]
        command = [str(python), "-m", "sila_ot2", "serve", *options]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            greeting = _first_line(server, START_TIMEOUT_S)
            server.terminate()
            code = server.wait(STOP_TIMEOUT_S) if greeting else None
        except subprocess.TimeoutExpired:
            code = None
        finally:
            server.kill()
            server.wait()
    print(greeting or "the server said nothing", f"(exit code {code})", flush=True)
    return Result("", passed=code == 0, failed=code != 0, note="" if code == 0 else "did not start or did not end")


def _first_line(process: subprocess.Popen[str], timeout_s: float) -> str:
    """Return the first line a process prints; empty if it ends or the time is up."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    try:
        return lines.get(timeout=timeout_s).strip()
    except queue.Empty:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
