"""Write docs/reference/reliability.md from the tests and from the figures of scripts/soak.

.environments/3.11-server/bin/python scripts/reliability.py           # write it
.environments/3.11-server/bin/python scripts/reliability.py --check   # only tell if it is up to date
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import kinds_of_faults  # noqa: E402
from tests.end_to_end import fault_matrix  # noqa: E402
from tests.interleavings.calls import OF_CALLS  # noqa: E402
from tests.interleavings.planted import FAULTS  # noqa: E402
from tests.interleavings.robots import OF_ROBOTS  # noqa: E402
from tests.interleavings.sessions import OF_SESSIONS  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "reliability.md"
FIGURES = ROOT / "scripts" / "soak" / "results" / "reliability.json"
"""What was tried for a long time, written down after each time."""


def page() -> str:
    """Return the page."""
    scenarios = "\n".join(f"- {scenario.name}" for scenario in (*OF_CALLS, *OF_ROBOTS, *OF_SESSIONS))
    faults = "\n".join(f"- {fault.name}" for fault in FAULTS)
    tried = "\n".join(f"| {one['what']} | {one['how']} | {one['result']} |" for one in json.loads(FIGURES.read_text()))
    return f"""\
# Reliability

<!-- Written by scripts/reliability.py; do not edit. -->

This page lists tests that try to make this server wrong about the robot, how often they ran, and their results.

## When an answer of the robot is lost

The robot can carry out a request that changes something although its answer is lost, cut off or invalid. This server
sends each such request once, and looks up its outcome on the robot. A row is a kind of request, and a column is a
fault; "before" and "after" say whether the robot has carried out the request. `succeeded` and `failed` are what the
client sees; `failed` means that nothing was done. Requests that have the same effect when they are done twice (files,
definitions, analyses, lights) are sent again, so they succeed. If the robot no longer answers at all, the outcome is
`OutcomeUnknown`. It is `unknown`, too, where the robot may carry the request out much later; nothing then moves until
it has, or somebody has called ReconcileState.

Each cell is a test with the simulated robot (`tests/end_to_end/test_fault_matrix.py`). The test also checks that the
robot has carried out the request at most once (twice if twice has the same effect as once), and that nothing is blocked
afterwards. `scripts/test.py` runs a quarter of the cells, in which each request meets four of the faults and each fault
five or six of the requests; `pytest tests/end_to_end/test_fault_matrix.py --every-fault` runs all of them. A test fails
if a request has no row.

{fault_matrix.table()}

This server concludes "not done" only if the robot has reported twice that it does not know the request, the second time
more than 30 s after it was sent: a robot-server that does not respond for a while carries out requests later. An answer
is lost if it is not complete within the time or the size that its route allows.

## Order of threads

These scenarios run under a scheduler that lets one thread run at a time. It tries every order with at most two
preemptions. A thread can be preempted where it acquires or releases a lock that others use, has written to the journal,
sends a request, reads an answer, or publishes a value. In a second pass, with one preemption, it can be preempted at
any line of the modules under test outside of locks. `scripts/interleavings.py` runs all scenarios.

{scenarios}

To show that this finds faults, the same script inserts the following faults, and reports the number of orders after
which each one is found:

{faults}

## Long tests

| test | how often | result |
| --- | --- | --- |
{tried}

## Which test finds which fault

{kinds_of_faults.table()}

## What cannot be guaranteed

- The first stop of a session waits for the current command: the robot completes a movement that it has begun. `StopRun`
  with the run's name and Force, or `ReleaseRun` with Force, sends a second stop, which ends a wait at once and a
  movement of several steps after a few of them; then the position is lost.
- If a second stop, whoever sent it, ended a run with a `waitForDuration` in it, the robot halts its hardware once more
  when the duration is over, and forgets which tips are attached, whatever it does at that moment. Until then this
  server moves nothing: starts and sessions are refused with RobotBusy, which states the time, until the time is over,
  the log of that run says that the wait has ended, or the robot has restarted. A run of another client is not held
  back, and can fail. A restart is recognized if the aborted run or a later one was current until then, or if this
  server was running; else the time is waited for. The time is counted by the robot's clock: do not set it meanwhile.
- Actions of another client between this server's last reading and its next movement are not seen. The robot itself does
  not prevent other clients from moving it during a session.
- After a power failure of this server's computer, the last entries of the journal may be missing. Look at the robot
  before you use it again.
- The fault matrix and the long tests ran with the simulated robot, which uses the Opentrons engine, not with a real
  robot.
"""


def main() -> int:
    """Write or check the page."""
    text = page()
    if PAGE.exists() and PAGE.read_text() == text:
        return 0
    if "--check" in sys.argv:
        print(f"Not up to date: {PAGE.relative_to(ROOT)}. Run: python scripts/reliability.py")
        return 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
