"""Judge 200 right and 200 wrong decks by the engine, which runs a protocol on them, and by the driver, which compares.

Run it with the simulator's environment: .environments/3.11-simulator/bin/python scripts/judge_decks.py
It prints how often each fault was found, and returns 1 if the two differ about a deck.
"""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEEDS = 200
AT_ONCE = 10
"""Seeds of one process: the engine keeps its threads and memory until the process ends."""


def main() -> int:
    """Judge all decks, some in each process; returns 1 if there is a difference."""
    if len(sys.argv) > 1:
        return _judge(range(int(sys.argv[1]), int(sys.argv[1]) + AT_ONCE))
    parts = [
        subprocess.run([sys.executable, __file__, str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        for first in range(0, SEEDS, AT_ONCE)
    ]
    lines = [line for part in parts for line in part.stdout.splitlines()]
    for line, many in sorted(Counter(lines).items()):
        print(f"{many:4} {line}")
    return max(part.returncode for part in parts)


def _judge(seeds: range) -> int:
    logging.disable(logging.ERROR)
    sys.path.insert(0, str(ROOT))
    decks: Any = importlib.import_module("tests.simulator.deck_judges")
    differences = 0
    with tempfile.TemporaryDirectory() as directory:
        server = decks.Server(Path(directory))
        for seed in seeds:
            for judgment in decks.judgments(server, seed):
                if judgment.agree:
                    print(f"{judgment.fault or 'right'}: {'refused' if judgment.driver else 'accepted'} by both")
                else:
                    differences += 1
                    print(f"seed {seed}: {judgment}")
        server.close()
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
