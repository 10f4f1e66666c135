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

What was tried to make this server wrong about the robot, how often, and with what result.

## When an answer of the robot is lost

A request that changes something on the robot can be carried out though its answer is lost, cut off or senseless. This
server sends each such request once, and looks up on the robot what has become of it. A row is a kind of request, a
column what goes wrong with it; "before" and "after" say whether the robot has carried it out. `succeeded` and
`failed` are what the client learns; `failed` means that nothing was done. Requests that are the same done twice
(files, definitions, analyses, lights) are sent again, so they succeed. A robot that cannot be asked any more gives
`OutcomeUnknown`.

Every cell is a test against the simulated robot (`tests/end_to_end/test_fault_matrix.py`), which also counts that the
robot has carried the request out at most once (twice where twice is the same as once), and that nothing is blocked
afterwards. A request without its row fails a test.

{fault_matrix.table()}

Before "not done" is believed, the robot must have said twice that it does not know the request, the second time more
than 30 s after it was sent: a robot-server that stands still carries out later what has arrived meanwhile. An answer
is lost when it is not complete within the time or the size that its route allows.

## When threads meet

These scenarios are run under a scheduler that lets one thread run at a time. It tries every order with at most two
preemptions; a thread can be preempted where it takes or gives back a lock that others use, has written to the journal,
sends a request, reads an answer, and publishes a value. In a second pass, with one preemption, it can be preempted at
any line of the modules under test outside of locks. `scripts/interleavings.py` runs all of it.

{scenarios}

To show that this finds faults, the same script plants these, and reports after how many orders each is found:

{faults}

## For a long time

| what | how often | result |
| --- | --- | --- |
{tried}

## Which test finds what

{kinds_of_faults.table()}

## What cannot be guaranteed

- The first stop of a session waits for the command under way: the robot ends a movement that it has begun. `StopRun`
  with the run's name and Force, or `ReleaseRun` with Force, sends a second stop, which ends a wait at once and a
  movement of several steps after a few of them; the position is lost then.
- What another client does between this server's last look and its next movement is not seen. The robot itself keeps
  nobody from moving beside a session.
- After a power cut of this server's computer the last entries of the journal may be missing. Look at the robot before
  anything else is asked of it.
- The fault matrix and the long trials ran against the simulated robot, which executes with the Opentrons engine, not on
  a robot.
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
