"""Every schedule of threads that meet, up to two preemptions: nothing is done twice, or waited for forever."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path

import pytest

import sila_ot2
from tests.interleavings.calls import OF_CALLS
from tests.interleavings.exploration import Exploration, Scenario
from tests.interleavings.planted import FAULTS, PlantedFault
from tests.interleavings.robots import OF_ROBOTS
from tests.interleavings.sessions import OF_SESSIONS
from tests.waiting import wait_for

PACKAGE = str(Path(sila_ot2.__file__).parent)
QUICK = (*OF_CALLS, *OF_ROBOTS)


@pytest.fixture(scope="module", autouse=True)
def _no_server_beside() -> None:
    """The clock, locks and methods of all modules are replaced.

    A server in this process would never continue, and a client that waits a little before it asks again would
    ask without end.
    """
    wait_for(lambda: not _at_work(), lambda: f"another test file has left threads behind in this process: {_at_work()}")


def _at_work() -> list[str]:
    """Return the names of the other threads that execute code of this package."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return [
        names.get(ident, "?")
        for ident, frame in sys._current_frames().items()
        if any(PACKAGE in called.f_code.co_filename for called, _ in traceback.walk_stack(frame))
    ]


@pytest.mark.parametrize("scenario", QUICK, ids=lambda scenario: scenario.name)
def test_every_schedule_with_two_preemptions_is_right(scenario: Scenario) -> None:
    findings = Exploration(scenario, preemptions=2).run()
    assert findings.failure is None, findings.explain()
    assert findings.schedules > 1


@pytest.mark.parametrize("scenario", QUICK, ids=lambda scenario: scenario.name)
def test_preemption_at_any_line_outside_locks_is_harmless(scenario: Scenario) -> None:
    findings = Exploration(scenario, preemptions=1, lines=True).run()
    assert findings.failure is None, findings.explain()


@pytest.mark.timeout(900)  # one of them takes a minute on a machine that does nothing else
@pytest.mark.parametrize("scenario", OF_SESSIONS, ids=lambda scenario: scenario.name)
def test_every_schedule_of_sessions_with_one_preemption_is_right(scenario: Scenario) -> None:
    """With two by scripts/interleavings.py: it takes minutes."""
    findings = Exploration(scenario, preemptions=1).run()
    assert findings.failure is None, findings.explain()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_planted_fault_is_found(fault: PlantedFault) -> None:
    assert fault.search(QUICK).failure is not None
