"""Run every check of this repository: set up the environments, then tests, formal checks and the other Pythons.

    python3 scripts/test.py                        # every check: up to half an hour on two cores
    python3 scripts/test.py --quick                # within a minute: most formal checks, unit and contract tests
    python3 scripts/test.py --tolerate-flaky       # a flaky test is reported and fails nothing
    python3 scripts/test.py -k lights tests/unit   # further arguments go to pytest

Every check runs even if another one fails. A test that fails and then passes is flaky, and counts as failed.
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
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from clients import client_environment
from environments import ROOT, SIMULATOR_PYTHONS, EnvironmentFailed, environment_python, interpreters

START_TIMEOUT_S = 60
"""Within this the server of another Python has started and ended."""
NO_TESTS_COLLECTED = 5  # pytest's exit code when -k or the paths select nothing
OPTIONS_WITH_VALUE = ("-k", "-m", "-n", "-o", "-p", "-W", "--robot", "--maxfail", "--timeout", "--dist")
"""Options of pytest whose value could be mistaken for a path."""
SIMULATOR_TESTS = ROOT / "tests" / "simulator"
QUICK_TESTS = ("tests/unit", "tests/contract")
MEASURED_TESTS = ("tests/unit/driver", "tests/unit/robot", "tests/unit/implementations", "tests/contract")
"""Whose branches are counted. This doubles the processor time of everything they run, so the others go without."""
SLOW_HOOKS = ("mypy", "mypy-simulator", "website")
"""Formal checks that `--quick` leaves out, as it does the tests with the marker `slow`."""
LEAST_COVERED_PERCENT = {"driver": 95, "robot": 95}
"""Share of the branches of these packages of `sila_ot2` that the tests above take."""
WAITING_WORKERS = 4
"""Processes for the other tests, which wait for servers and robots half of their time, on two cores."""
HOOK = re.compile(r"- id: (?P<id>\S+)\n +name: (?P<name>.+)\n +entry: python3 (?P<entry>.+)\n")
"""How .pre-commit-config.yaml lists a check; this script has no YAML parser."""


@dataclass
class Result:
    """What one check found."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    name: str = ""
    seconds: float = 0


Check = Callable[[IO[str]], Result]
"""Writes what it finds to a file, which is shown when it has ended; the terminal shows it at once."""


@dataclass
class Checks:
    """Runs checks and keeps what they found."""

    results: list[Result] = field(default_factory=list)

    def run(self, name: str, check: Check) -> None:
        """Run a check on this terminal."""
        _print_heading(name)
        self._run(name, check, sys.stdout)

    def run_beside(self, checks: Iterable[tuple[str, Check]]) -> None:
        """Run checks one after the other while others have the terminal; each is shown when it has ended."""
        for name, check in checks:
            with tempfile.TemporaryFile("w+") as output:
                self._run(name, check, output)
                output.seek(0)
                _print_heading(name)
                print(output.read(), end="", flush=True)

    def _run(self, name: str, check: Check, output: IO[str]) -> None:
        started = time.monotonic()
        try:
            result = check(output)
        except (EnvironmentFailed, OSError, subprocess.SubprocessError) as error:
            print(error, file=output, flush=True)
            result = Result(failed=1, note=str(error).splitlines()[0])
        result.name = name
        result.seconds = time.monotonic() - started
        self.results.append(result)

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
    quick = "--quick" in arguments
    tolerate_flaky = "--tolerate-flaky" in arguments
    arguments = [argument for argument in arguments if argument not in ("--quick", "--tolerate-flaky")]
    has_simulator = here in SIMULATOR_PYTHONS and not quick
    no_simulator = f"the Opentrons engine has no wheels for Python {here[0]}.{here[1]}"
    try:
        pythons = _environments(["server", *(["simulator"] if has_simulator else []), *([] if quick else ["client"])])
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1

    server_arguments, simulator_arguments = _share(arguments, QUICK_TESTS if quick else ())
    beside: list[tuple[str, Check]] = []
    for hook in HOOK.finditer((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")):
        check = partial(_command, [sys.executable, *shlex.split(hook["entry"])])
        if quick and hook["id"] in SLOW_HOOKS:
            check = partial(_skip, "--quick")
        elif hook["id"] == "mypy-simulator" and not has_simulator:
            check = partial(_skip, no_simulator)
        beside.append((hook["name"], check))
    if simulator_arguments is not None:
        tests = partial(_skip, "--quick" if quick else no_simulator)
        if has_simulator:
            tests = partial(_pytest, pythons["simulator"], simulator_arguments, tolerate_flaky=tolerate_flaky)
        beside.append(("tests of the simulator", tests))
    for version, interpreter in interpreters().items():
        if version != here and not quick:
            beside.append(("import and start on Python {}.{}".format(*version), partial(_start_on, interpreter)))

    checks = Checks()

    def pytest(name: str, options: Sequence[str]) -> None:
        options = ["--dist", "loadfile", "--no-loadscope-reorder", *options]
        checks.run(name, partial(_pytest, pythons["server"], options, tolerate_flaky=tolerate_flaky))

    with ThreadPoolExecutor(1) as pool, tempfile.TemporaryDirectory() as folder:
        others = pool.submit(checks.run_beside, beside)
        if not quick and not arguments:
            measured = Path(folder) / "coverage.json"
            coverage = [f"--cov=sila_ot2/{package}" for package in LEAST_COVERED_PERCENT]
            coverage += ["--cov-branch", f"--cov-report=json:{measured}"]
            pytest("tests whose branches are counted", ["-n", "2", *coverage, *MEASURED_TESTS])
            checks.run("covered branches", partial(_covered_branches, measured))
            rest = ["tests", *_without((*MEASURED_TESTS, SIMULATOR_TESTS))]
            pytest("other tests", ["-n", str(WAITING_WORKERS), *rest])
        elif server_arguments is not None:
            pytest("tests", ["-n", "2", *(["--quick"] if quick else []), *server_arguments])
        others.result()
    return checks.report()


def _environments(kinds: Sequence[str]) -> dict[str, Path]:
    """Make the environments, two at a time; return their Pythons by kind."""
    with ThreadPoolExecutor(2) as pool:
        made = {kind: pool.submit(environment_python, kind) for kind in kinds}
        schedulers = pool.submit(client_environment, "schedulers") if "client" in kinds else None
        pythons = {kind: each.result() for kind, each in made.items()}
        try:
            if schedulers is not None:
                schedulers.result()
        except EnvironmentFailed as error:  # packages of others may not be there for every Python
            print(f"{error} Its tests are skipped.", file=sys.stderr)
    return pythons


def _without(paths: Iterable[str | Path]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def _print_heading(name: str) -> None:
    print(f"\n--- {name} " + "-" * max(4, 110 - len(name)), flush=True)


def _skip(reason: str, output: IO[str]) -> Result:
    print(f"skipped: {reason}", file=output)
    return Result(skipped=1, note=f"skipped: {reason}")


def _command(command: Sequence[str], output: IO[str]) -> Result:
    """Run a command, whose output is shown if it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    succeeded = done.returncode == 0
    print("passed" if succeeded else done.stdout, file=output)
    return Result(passed=succeeded, failed=not succeeded)


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


def _pytest(python: Path, arguments: Sequence[str], output: IO[str], *, tolerate_flaky: bool) -> Result:
    """Run pytest. What fails is tried again, alone, to see if it is flaky; that counts as failed unless tolerated."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [*arguments, "-o", f"cache_dir={folder}"]  # of what failed: another pytest runs beside this one
        result = _pytest_once(python, arguments, output)
        if result.failed:
            print("\nOnce more, alone, what failed, to see what is flaky:", file=output, flush=True)
            measuring_nothing = [argument for argument in arguments if not argument.startswith("--cov")]
            alone = ["-n", "0", "--last-failed", "--last-failed-no-failures", "none"]
            again = _pytest_once(python, [*measuring_nothing, *alone], output)
            if again.passed:
                result.note = f"{again.passed} flaky: passed at the second try; see above"
            if tolerate_flaky and not again.failed and again.passed >= result.failed:
                result.passed, result.failed = result.passed + result.failed, 0
    return result


def _pytest_once(python: Path, arguments: Sequence[str], output: IO[str]) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        code = subprocess.call(command, cwd=ROOT, stdout=output, stderr=output)
        if code == NO_TESTS_COLLECTED:
            return Result(note="no test selected")
        if not report.exists():
            return Result(failed=1, note=f"pytest ended with exit code {code}")
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, failures, faults, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + faults
    return Result(passed=max(0, tests - failed - skipped), failed=failed or int(code != 0), skipped=skipped)


def _covered_branches(measured: Path, output: IO[str]) -> Result:
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
    print(note, file=output)
    failed = sum(share < LEAST_COVERED_PERCENT[package] for package, share in shares.items())
    return Result(passed=not failed, failed=failed, note=note)


def _start_on(interpreter: str, output: IO[str]) -> Result:
    """Install what a user installs, start the server without a robot, and end it."""
    python = environment_python("runtime", interpreter)
    with tempfile.TemporaryDirectory() as state:
        options = ["--robot", "http://127.0.0.1:9", "--port", "0", "--no-discovery", "--state-dir", state]
        command = [str(python), "-m", "sila_ot2", "serve", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=output, text=True, cwd=ROOT) as server:
            watchdog = threading.Timer(START_TIMEOUT_S, server.kill)
            watchdog.start()
            greeting = server.stdout.readline().strip() if server.stdout else ""
            server.terminate()
            code = server.wait()
            watchdog.cancel()
    print(greeting or "the server printed nothing", f"(exit code {code})", file=output, flush=True)
    succeeded = bool(greeting) and code == 0
    return Result(passed=succeeded, failed=not succeeded, note="" if succeeded else "did not start or did not end")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
