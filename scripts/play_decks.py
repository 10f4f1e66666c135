"""Play sessions, worklists, runs of others, restarts, hand-overs and people on a deck, and compare what is known of it.

After each step, what the server says of tips and volumes must be what the robot's own record says, or not known. The
tests play a few such stories; this script plays many, which differ each time.

python scripts/play_decks.py [--examples 200] [--steps 30]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.driver.session.test_tips_of_the_deck import TipsOfTheDeck


def main() -> None:
    """Play, and report how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="how many stories are played")
    parser.add_argument("--steps", type=int, default=30, help="how many steps each has at most")
    options = parser.parse_args()
    many = settings(
        max_examples=options.examples, stateful_step_count=options.steps, deadline=None, database=None,
        phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(TipsOfTheDeck, settings=many)  # type: ignore[no-untyped-call]
    print(f"{options.examples} stories were played: what is known agrees with the robot's record after each step.")


if __name__ == "__main__":
    main()
