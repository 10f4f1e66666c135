"""Each request that changes the robot against faults: done at most once, its outcome true, and nothing blocked.

A quarter of the cells of the matrix, unless `--every-fault` is given, which takes five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sila_ot2.client import errors
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.robot.transport import Timeouts
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.fault_matrix import TROUBLES, Trouble, cells, outcome
from tests.end_to_end.laboratory import laboratory
from tests.end_to_end.requests_that_change import ALLOWED, KINDS, RequestKind, RequestLaboratory
from tests.processes import SimulatorProcess
from tests.proxy import Proxy, proxy_to
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("spoils requests on their way")

BRIEF = Timing(
    Timeouts(read_s=5.0, change_s=0.7, long_s=0.7, upload_s=1.0),
    LookUps(every_s=0.05, certain_after_s=0.4, for_s=5.0),
)


@pytest.fixture(scope="module")
def served(
    simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RequestLaboratory, Proxy]]:
    simulator_process.reset()
    with (
        proxy_to(simulator_process.url) as proxy,
        laboratory(proxy.url, tmp_path_factory.mktemp("state"), timing=BRIEF, maintenance=ALLOWED) as lab,
    ):
        yield RequestLaboratory(lab, AtomicClient(lab, simulator_process)), proxy


def done(robot: SimulatorProcess, kind: RequestKind) -> int:
    """Return how often the robot has done what requests of this kind ask for."""
    route, word = kind.counted
    return sum(
        one["count"]
        for one in robot.request("GET", "/simulator/executed")["data"]
        if one["route"] == route and one["kind"] == word
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "trouble" in metafunc.fixturenames:
        chosen = cells(every=metafunc.config.getoption("--every-fault"))
        ids = [f"{kind.name}-{trouble.name}" for kind, trouble in chosen]
        metafunc.parametrize(("kind", "trouble"), chosen, ids=ids)


def test_a_quarter_of_the_cells_has_each_request_and_each_fault() -> None:
    quarter = cells(every=False)
    assert len(cells(every=True)) == len(KINDS) * len(TROUBLES)
    for kind in KINDS:
        executed = [trouble.executed for one, trouble in quarter if one is kind]
        assert len(executed) == 4
        assert set(executed) == {True, False}, kind.name
    for trouble in TROUBLES:
        assert sum(one is trouble for _, one in quarter) >= 5, trouble.name


def test_outcome_is_true(served: tuple[RequestLaboratory, Proxy], kind: RequestKind, trouble: Trouble) -> None:
    site, proxy = served
    robot = site.atomic.robot
    robot.control("speed", speed=60)
    site.lab.clear()  # the driver may have examined the last run only now
    site.subject = kind.prepare(site)
    before = done(robot, kind)
    fault = proxy.plan(trouble.of(kind))
    try:
        kind.command(site)
    except errors.DefinedExecutionError as error:
        learned, said = "failed", str(error)
    else:
        learned, said = "succeeded", ""
    finally:
        unknown = site.lab.server.driver.request_log.unknown
        count = done(robot, kind) - before
        proxy.clear()
        if unknown:
            site.atomic.do("ReconcileState")
        site.lab.clear()
    assert fault.count == 0, "the request was not sent"
    assert ("unknown" if unknown else learned) == outcome(kind, trouble), said
    assert count <= (2 if kind.repeatable else 1)
    if kind.name != "delete a protocol" and kind.counted != ("", ""):
        assert (count > 0) == (learned == "succeeded"), said
    wait_for(lambda: not site.lab.obstacles(), lambda: f"{site.lab.obstacles()} keep a run from being started")
