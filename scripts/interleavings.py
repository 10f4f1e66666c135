"""Explore the schedules of threads that meet in the server, and show that faults planted in it are found.

    .environments/3.11-server/bin/python scripts/interleavings.py            # two preemptions, and the planted faults
    .environments/3.11-server/bin/python scripts/interleavings.py --planted  # the planted faults only

The exit code is 1 if a schedule is wrong, or a planted fault is not found.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.interleavings.calls import OF_CALLS  # noqa: E402
from tests.interleavings.exploration import Exploration  # noqa: E402
from tests.interleavings.planted import FAULTS  # noqa: E402
from tests.interleavings.robots import OF_ROBOTS  # noqa: E402
from tests.interleavings.sessions import OF_SESSIONS  # noqa: E402

SCENARIOS = (*OF_CALLS, *OF_ROBOTS, *OF_SESSIONS)


def main() -> int:
    """Explore and report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--planted", action="store_true", help="only look for the planted faults")
    arguments.add_argument("--preemptions", type=int, default=2)
    given = arguments.parse_args()
    wrong = 0
    for scenario in () if given.planted else SCENARIOS:
        begun = time.monotonic()
        findings = Exploration(scenario, preemptions=given.preemptions).run()
        took_s = time.monotonic() - begun
        print(f"{findings.schedules:6} schedules, {took_s:5.0f} s: {scenario.name}", flush=True)
        if findings.failure is not None:
            wrong += 1
            print(findings.explain(), flush=True)
    missed = 0
    for fault in FAULTS:
        findings = fault.search(SCENARIOS)
        found = findings.failure is not None
        missed += not found
        print(f"{'found' if found else 'MISSED'} after {findings.schedules} schedules: {fault.name}", flush=True)
        if found:
            print("    " + findings.explain().replace("\n", "\n    "), flush=True)
    print(f"{wrong} scenarios are wrong; {len(FAULTS) - missed} of {len(FAULTS)} planted faults were found")
    return 1 if wrong or missed else 0


if __name__ == "__main__":
    sys.exit(main())
