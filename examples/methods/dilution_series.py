"""A dilution series, 1:2 from well to well of a row. The sample, 200 µL, is in A1.

At the end the last well holds 200 µL, the others 100 µL.

python dilution_series.py 127.0.0.1:50064
"""

import sys

from sila_ot2.client import connect

VOLUME = 100  # µL
ROW = ["A1", "A2", "A3", "A4", "A5", "A6"]

with connect(sys.argv[1]) as ot2, ot2.session() as deck:
    tips = deck.load("opentrons_96_tiprack_300ul", 1)
    diluent = deck.load("nest_12_reservoir_15ml", 2)
    plate = deck.load("corning_96_wellplate_360ul_flat", 3)
    wells = [plate[name] for name in ROW]

    # One tip is enough for the diluent. Each dilution gets a new tip, and is mixed before the next one is made.
    deck.right.transfer(VOLUME, [diluent["A1"]] * (len(wells) - 1), wells[1:], tip_policy="Once")
    done = deck.right.transfer(VOLUME, wells[:-1], wells[1:], tip_policy="Always", mix_after=3)

print(f"diluted {len(ROW) - 1} times, with {done.tips_used} tips")
