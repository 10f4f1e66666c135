"""Copies wells from one plate to another, as a CSV file lists them, with a new tip for each.

python plate_copy.py 127.0.0.1:50064 plate_copy.csv

The whole list is checked before anything moves; the message of an error names each step that is wrong.
"""

import csv
import json
import sys
from pathlib import Path

from sila_ot2.client import connect

SOURCE, TARGET = "2", "3"  # slots

steps = []
for row in csv.DictReader(Path(sys.argv[2]).read_text().splitlines()):
    volume = float(row["volume"])
    steps += [
        {"Command": "PickUpTip", "Mount": "right"},
        {"Command": "Aspirate", "Mount": "right", "LabwareIdentifier": SOURCE, "Well": row["source"], "Volume": volume},
        {"Command": "Dispense", "Mount": "right", "LabwareIdentifier": TARGET, "Well": row["target"], "Volume": volume},
        {"Command": "DropTip", "Mount": "right"},
    ]

with connect(sys.argv[1]) as ot2, ot2.session() as deck:
    deck.load("opentrons_96_tiprack_300ul", 1)
    deck.load("corning_96_wellplate_360ul_flat", SOURCE)
    deck.load("corning_96_wellplate_360ul_flat", TARGET)
    copied = ot2.atomic_liquid_handling.execute_worklist(json.dumps(steps).encode(), "Json").result()

print(f"copied with {copied.tips_used} tips, in {copied.completed_steps} movements")
