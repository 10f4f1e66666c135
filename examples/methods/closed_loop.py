"""Dilutes samples until a reader says that they are dilute enough: measure, decide, pipette, measure again.

python closed_loop.py 127.0.0.1:50064

`absorbance` stands for your reader: replace its body with a call of your reader.
"""

import sys

from sila_ot2.client import connect

LIMIT, AIM = 1.0, 0.9  # absorbance
SMALLEST, LARGEST = 20.0, 100.0  # µL that the pipette moves at once
volumes = {"A1": 50.0, "B1": 50.0, "C1": 50.0}  # µL in each well
DYE = {"A1": 40.0, "B1": 90.0, "C1": 300.0}


def absorbance(well: str) -> float:
    """Return what a reader would measure in a well."""
    return DYE[well] / volumes[well]


rounds = 0
with connect(sys.argv[1]) as ot2, ot2.session() as deck:
    tips = deck.load("opentrons_96_tiprack_300ul", 1)
    diluent = deck.load("nest_12_reservoir_15ml", 2)
    plate = deck.load("corning_96_wellplate_360ul_flat", 3)
    while True:
        plate.move("offDeck")  # a person or an arm takes it to the reader; the session goes on
        measured = {well: absorbance(well) for well in volumes}
        plate.move(3)  # it is back
        high = {well: value for well, value in measured.items() if value > LIMIT}
        if not high:
            break
        rounds += 1
        added = {well: min(max(volumes[well] * (value / AIM - 1), SMALLEST), LARGEST) for well, value in high.items()}
        wells = [plate[well] for well in added]
        deck.right.transfer(list(added.values()), [diluent["A1"]] * len(wells), wells, tip_policy="Always", mix_after=2)
        for well, volume in added.items():
            volumes[well] += volume

print(f"below {LIMIT} after {rounds} rounds")
