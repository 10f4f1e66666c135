"""Run every check of this repository: set up the environments, then formal checks, tests and the other Pythons.

    python3 scripts/test.py                        # every check: up to half an hour on two cores
    python3 scripts/test.py --quick                # formal checks, unit and contract tests
    python3 scripts/test.py --tolerate-flaky       # a flaky test is reported and fails nothing
    python3 scripts/test.py -k lights tests/unit   # further arguments go to pytest

Every check runs even if one before it failed. A test that fails and then passes is flaky, and counts as failed.
Ends with a table and a line `N passed, N failed, N skipped`; the exit code is 1 if anything failed.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clients import client_environment
from environments import PYTHONS, ROOT, SIMULATOR_PYTHONS, EnvironmentFailed, environment_python, interpreters, run

START_TIMEOUT_S = 60
"""Within this the server of another Python has started and ended."""
NO_TESTS_COLLECTED = 5  # pytest's exit code when -k or the paths select nothing
OPTIONS_WITH_VALUE = ("-k", "-m", "-n", "-o", "-p", "-W", "--robot", "--maxfail", "--timeout", "--dist")
"""Options of pytest whose value could be mistaken for a path."""
SIMULATOR_TESTS = ROOT / "tests" / "simulator"
QUICK_TESTS = ("tests/unit", "tests/contract")
LEAST_COVERED_PERCENT = {"driver": 85, "robot": 90}
"""Share of the branches of these packages of `sila_ot2` that the tests take, when all run."""
HOOK = re.compile(r"- id: (?P<id>\S+)\n +name: (?P<name>.+)\n +entry: python3 (?P<entry>.+)\n")
"""How .pre-commit-config.yaml lists a check; this script has no YAML parser."""


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

    def run(self, name: str, check: Callable[..., Result], *arguments: object) -> None:
        """Run a check; the next one runs whatever comes out of it."""
        print(f"\n--- {name} " + "-" * max(4, 110 - len(name)), flush=True)
        started = time.monotonic()
        try:
            result = check(*arguments)
        except (EnvironmentFailed, OSError, subprocess.SubprocessError) as error:
            print(error, flush=True)
            result = Result(name, failed=1, note=str(error).splitlines()[0])
        result.name = name
        result.seconds = time.monotonic() - started
        self.results.append(result)

    def skip(self, name: str, reason: str) -> None:
        """Record a check that cannot run here."""
        print(f"\n--- {name}: skipped: {reason}", flush=True)
        self.results.append(Result(name, skipped=1, note=f"skipped: {reason}"))

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
    quick = "--quick" in arguments
    tolerate_flaky = "--tolerate-flaky" in arguments
    arguments = [argument for argument in arguments if argument not in ("--quick", "--tolerate-flaky")]
    has_simulator = here in SIMULATOR_PYTHONS and not quick
    no_simulator = "--quick" if quick else f"the Opentrons engine has no wheels for Python {here[0]}.{here[1]}"
    try:
        server = environment_python("server")
        simulator = environment_python("simulator") if has_simulator else None
        if not quick:
            environment_python("client")
            try:
                client_environment("schedulers")
            except EnvironmentFailed as error:  # packages of others may not be there for every Python
                print(f"{error} Its tests are skipped.", file=sys.stderr)
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    checks = Checks()
    for hook in HOOK.finditer((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")):
        if hook["id"] == "mypy-simulator" and not simulator:
            checks.skip(hook["name"], no_simulator)
        else:
            checks.run(hook["name"], _command, [sys.executable, *shlex.split(hook["entry"])])

    server_arguments, simulator_arguments = _share(arguments, QUICK_TESTS if quick else ())
    if server_arguments is not None:
        with tempfile.TemporaryDirectory() as folder:
            measured = Path(folder) / "coverage.json"
            everything = not quick and not arguments
            coverage = ["--cov=sila_ot2", "--cov-branch", f"--cov-report=json:{measured}"] if everything else []
            pytest_arguments = ["-n", "2", "--dist", "loadfile", *coverage, *server_arguments]
            checks.run("tests", _pytest, server, pytest_arguments, tolerate_flaky)
            if everything:
                checks.run("covered branches", _covered_branches, measured)
    if simulator_arguments is not None and simulator:
        checks.run("tests of the simulator", _pytest, simulator, simulator_arguments, tolerate_flaky)
    elif simulator_arguments is not None:
        checks.skip("tests of the simulator, and with it", no_simulator)
    for version, interpreter in interpreters().items():
        if version != here and not quick:
            checks.run("import and start on Python {}.{}".format(*version), _start_on, interpreter)
    return checks.report()


def _command(command: Sequence[str]) -> Result:
    try:
        run(command)
    except subprocess.CalledProcessError:  # its output has been shown
        return Result("", failed=1)
    print(" passed")
    return Result("", passed=1)


def _share(arguments: Sequence[str], otherwise: Sequence[str]) -> tuple[list[str] | None, list[str] | None]:
    """Divide pytest's arguments between the server's and the simulator's environment; None where no path leads there.

    Without a path among them the tests of `otherwise` run; if that is empty, all.
    """
    options: list[str] = []
    paths: list[str] = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        is_path = not argument.startswith("-") and (ROOT / argument.split("::")[0]).exists()
        (paths if is_path and before not in OPTIONS_WITH_VALUE else options).append(argument)
    paths = paths or list(otherwise) or ["tests", str(SIMULATOR_TESTS)]
    of_simulator = [path for path in paths if (ROOT / path.split("::")[0]).resolve().is_relative_to(SIMULATOR_TESTS)]
    of_server = [path for path in paths if path not in of_simulator]
    return (
        [*of_server, "--ignore", str(SIMULATOR_TESTS), *options] if of_server else None,
        [*of_simulator, *options] if of_simulator else None,
    )


def _pytest(python: Path, arguments: Sequence[str], tolerate_flaky: bool) -> Result:
    """Run pytest. What fails is tried again, alone, to see if it is flaky; that counts as failed unless tolerated."""
    result = _pytest_once(python, arguments)
    if result.failed:
        print("\nOnce more, alone, what failed, to see what is flaky:", flush=True)
        measuring_nothing = [argument for argument in arguments if not argument.startswith("--cov")]
        alone = ["-n", "0", "--last-failed", "--last-failed-no-failures", "none"]
        again = _pytest_once(python, [*measuring_nothing, *alone])
        if again.passed:
            result.note = f"{again.passed} flaky: passed at the second try; see above"
        if tolerate_flaky and not again.failed and again.passed >= result.failed:
            result.passed, result.failed = result.passed + result.failed, 0
    return result


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


def _covered_branches(measured: Path) -> Result:
    """Compare the share of branches that the tests have taken with what is demanded."""
    files = json.loads(measured.read_text(encoding="utf-8"))["files"]
    shares = {}
    for package in LEAST_COVERED_PERCENT:
        found = [one["summary"] for name, one in files.items() if Path(name).is_relative_to(f"sila_ot2/{package}")]
        taken, all_of_them = (sum(one[key] for one in found) for key in ("covered_branches", "num_branches"))
        shares[package] = 100 * taken / all_of_them
    note = ", ".join(
        f"{package}/ {share:.1f} % (at least {LEAST_COVERED_PERCENT[package]} %)" for package, share in shares.items()
    )
    print(note)
    failed = sum(share < LEAST_COVERED_PERCENT[package] for package, share in shares.items())
    return Result("", passed=not failed, failed=failed, note=note)


def _start_on(interpreter: str) -> Result:
    """Install what a user installs, start the server without a robot, and end it."""
    python = environment_python("runtime", interpreter)
    with tempfile.TemporaryDirectory() as state:
        options = ["--robot", "http://127.0.0.1:9", "--port", "0", "--no-discovery", "--state-dir", state]
        command = [str(python), "-m", "sila_ot2", "serve", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
            watchdog = threading.Timer(START_TIMEOUT_S, server.kill)
            watchdog.start()
            greeting = server.stdout.readline().strip() if server.stdout else ""
            server.terminate()
            code = server.wait()
            watchdog.cancel()
    print(greeting or "the server printed nothing", f"(exit code {code})", flush=True)
    succeeded = bool(greeting) and code == 0
    return Result("", passed=succeeded, failed=not succeeded, note="" if succeeded else "did not start or did not end")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
