"""Write docs/reference/deck-rules.md: what the driver and the engine's protocol interface say of 500 generated decks.

Run it with the simulator's environment: .environments/3.11-simulator/bin/python scripts/compare_decks.py
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "reference" / "deck-rules.md"
DECKS = 500
HEAD = """# Decks and movements that are refused

The robot's engine checks a Python protocol more than it checks single commands: what may stand next to what, and where
an 8-channel pipette fits with only some of its nozzles. This server refuses single commands and worklists by the same
rules (`DeckUnsafe`, `SlotNotAvailable`). `scripts/compare_decks.py` compares the engine and this server on {decks}
generated decks and writes this page; a test does the same with 60 other decks.

| step | engine | this server | how often |
|---|---|---|---:|
"""
TAIL = """
*Fails*: the robot refuses the command itself, so this server does not have to refuse it (for example, a slot that is
occupied). Only this server refuses {trash} movements: other nozzles would hit the fixed trash, which is 82 mm high; the
engine calculates with a height of 0.

Other differences: **{differences}**.
"""


def main() -> int:
    """Compare and write; returns 1 if there is a difference that has no reason."""
    logging.disable(logging.ERROR)
    decks: Any = importlib.import_module("tests.simulator.generated_decks")
    counted: Counter[tuple[str, str, str]] = Counter()
    trash = differences = 0
    for seed in range(DECKS):
        for answer in decks.deck_of(seed).answers:
            kind = "movement with some nozzles" if answer.is_movement else "load a module or labware"
            counted[kind, answer.engine, answer.driver] += 1
            trash += answer.is_about_the_trash
            if not answer.agree:
                differences += 1
                print(seed, answer)
    rows = [f"| {kind} | {engine} | {driver} | {many} |" for (kind, engine, driver), many in sorted(counted.items())]
    tail = TAIL.format(trash=trash, differences=differences)
    PAGE.write_text(HEAD.format(decks=DECKS) + "\n".join(rows) + "\n" + tail, encoding="utf-8")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
