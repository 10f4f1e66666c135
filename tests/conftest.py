"""What all tests share: a simulated robot and SiLA servers as processes, and the demand that nothing is left behind.

`--robot http://HOST:31950` runs the tests that drive a robot against that one instead of the simulator, in real time;
what its release cannot do is skipped, and a table at the end says why. It moves: load nothing that can break.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, settings

from tests import processes, robot_under_test
from tests.processes import ServerProcess, SimulatorProcess, start_server, start_simulator, undeclared_errors
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILES = (
    "interleavings/test_interleavings.py",
    "end_to_end/test_obstacles.py",
    "end_to_end/test_fault_matrix.py",
    "end_to_end/test_lock_matrix.py",
    "end_to_end/test_demo.py",
    "end_to_end/test_atomic_errors.py",
    "end_to_end/test_future_robots.py",
    "conformance/test_churn.py",
    "end_to_end/test_command_line.py",
    "docs/test_documents.py",
    "end_to_end/test_web.py",
    "end_to_end/test_mqtt.py",
    "conformance/test_client_environments.py",
    "unit/driver/test_hostile_files.py",
    "unit/driver/ownership/test_owner_table.py",
    "unit/driver/session/test_forgotten_tips.py",
)
"""Below this folder. They come first: of several processes none has a long file left when the others have ended."""
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # on a busy computer everything is slow


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--robot", metavar="URL", help="drive this robot instead of the simulator; it will move")
    parser.addoption("--quick", action="store_true", help="leave out the tests that take long by their nature")
    parser.addoption("--every-fault", action="store_true", help="try the whole fault matrix, not a quarter of it")


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Shells start what runs in the background like that; processes that the tests interrupt would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if url := config.getoption("--robot"):
        robot_under_test.ask(url)


def pytest_collection(session: pytest.Session) -> None:
    """Collect no garbage while thousands of tests are made, none of which is garbage."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()  # from here on, what was imported and made is not looked at each time
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    gc.unfreeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bring the longest files to the front.

    With `--quick`, leave out what is slow. With `--robot`, skip what that robot cannot take, and give the rest the time
    that a robot needs.
    """
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
    robot = robot_under_test.given()
    if robot is None:
        return
    for item in items:
        if reason := robot.reason_to_skip(item):
            robot.skipped[reason] += 1
            item.add_marker(pytest.mark.skip(reason=reason))
        else:
            given = item.get_closest_marker("timeout")
            timeout_s = given.args[0] if given is not None else float(config.getini("timeout"))
            item.add_marker(pytest.mark.timeout(timeout_s * robot_under_test.TIMEOUT_FACTOR), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if (robot := robot_under_test.given()) is not None:
        terminalreporter.write_line(robot.describe())


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """A test ends the threads and processes it started; what wider fixtures started was there before."""
    threads = set(threading.enumerate())
    children = _children()
    yield
    wait_for(
        lambda: not [t for t in threading.enumerate() if t not in threads and not t.daemon],
        lambda: f"threads left behind: {[t.name for t in threading.enumerate() if t not in threads and not t.daemon]}",
    )
    wait_for(lambda: _children() <= children, lambda: f"processes left behind: {_children() - children}")


@pytest.fixture(autouse=True)
def _no_undeclared_error() -> Iterator[None]:
    """A server in this process raises no error of ours that the call does not declare."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.extend(undeclared_errors(record.getMessage()))  # type: ignore[method-assign]
    log = logging.getLogger("sila_ot2.sila.errors")
    log.addHandler(handler)
    yield
    log.removeHandler(handler)
    assert not found


@pytest.fixture(scope="session")
def simulator_python() -> Path:
    """The Python with the Opentrons engine; skips where there is none."""
    python = processes.simulator_python()
    if not python.exists():
        pytest.skip(f"no simulator: {python} does not exist (made by scripts/test.py on Python 3.10 to 3.12)")
    return python


@pytest.fixture(scope="session")
def client_python() -> Path:
    """The Python with nothing but what the Python client needs, notebooks and pyright; skips where there is none."""
    environment = ROOT / ".environments" / "{}.{}-client".format(*sys.version_info)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        pytest.skip(f"no client environment: {python} does not exist (made by scripts/test.py)")
    return python


@pytest.fixture(scope="session")
def simulator_process(simulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One simulated robot for the whole test run; use `simulator`, which is as new for each test."""
    with start_simulator(simulator_python, tmp_path_factory.mktemp("simulator")) as robot:
        yield robot


@pytest.fixture
def simulator(simulator_process: SimulatorProcess) -> SimulatorProcess:
    """A simulated robot that has just been switched on, with access to its faults."""
    simulator_process.reset()
    return simulator_process


@pytest.fixture(scope="session")
def _robot_under_test(request: pytest.FixtureRequest) -> str | SimulatorProcess:
    """The address given with --robot, or the simulator, which is not even started where another robot is given."""
    given: str | None = request.config.getoption("--robot")
    if given:
        return given
    simulated: SimulatorProcess = request.getfixturevalue("simulator_process")
    return simulated


@pytest.fixture
def robot_url(_robot_under_test: str | SimulatorProcess) -> str:
    """Address of the robot under test: the simulator, just switched on, or the one given with --robot."""
    if isinstance(_robot_under_test, str):
        return _robot_under_test
    _robot_under_test.reset()
    return _robot_under_test.url


@pytest.fixture
def server_process(robot_url: str, tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Starts `sila-ot2 serve` for the robot, with more options if given; ended after the test."""
    started: list[ServerProcess] = []

    def start(*options: str, robot: str = robot_url) -> ServerProcess:
        started.append(start_server("--robot", robot, "--state-dir", str(tmp_path / "state"), *options))
        return started[-1]

    yield start
    for server in started:
        server.end()


def _children() -> set[int]:
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return {child.pid for child in psutil.Process().children()}
    found = set()  # on Linux without a look at every process of the computer: this runs twice per test
    for task in tasks.iterdir():
        with contextlib.suppress(OSError):  # the thread has ended
            found |= set(map(int, (task / "children").read_text().split()))
    return found
