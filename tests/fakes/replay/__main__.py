"""Serve a robot of an old release until standard input ends: `python -m tests.fakes.replay 5.0.0`; prints its URL."""

from __future__ import annotations

import sys

from tests.fakes.replay.robot import ReplayRobot
from tests.fakes.replay.sessions import SessionRobot


def main() -> None:
    """Serve it."""
    release = sys.argv[1]
    with (SessionRobot if release < "5" else ReplayRobot)(release) as robot:
        print(robot.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
