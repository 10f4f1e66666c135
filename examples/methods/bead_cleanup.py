"""Cleans up a sample with magnetic beads: binds, removes the supernatant, washes, elutes into a new plate.

python bead_cleanup.py 127.0.0.1:50064 60     # waits 60 s for the beads to settle

The magnets are lowered at the end, also after an error: nothing else lowers them.
"""

import sys

from sila_ot2.client import connect

SETTLE_S = float(sys.argv[2])
HEIGHT = 6.0  # mm above the base of the labware: try it out with your plate
SAMPLE, BEADS, WASH, ELUTION = 50, 90, 100, 40  # µL

with connect(sys.argv[1]) as ot2:
    magnets = ot2.magnetic_module_controller
    with ot2.session() as deck:
        for slot in (1, 4):
            deck.load("opentrons_96_tiprack_300ul", slot)
        reagents = deck.load("nest_12_reservoir_15ml", 2)
        eluate = deck.load("corning_96_wellplate_360ul_flat", 3)
        plate = deck.load("nest_96_wellplate_2ml_deep", deck.load_module("magneticModuleV2", 6))
        well, beads, wash, buffer, waste = plate["A1"], reagents["A1"], reagents["A2"], reagents["A3"], reagents["A12"]
        try:
            deck.right.transfer(BEADS, beads, well, mix_before=3, mix_after=5)
            magnets.engage(HEIGHT)
            deck.delay(SETTLE_S)
            deck.right.transfer(SAMPLE + BEADS, well, waste)
            deck.right.transfer(WASH, wash, well)  # the magnets hold the beads
            deck.right.transfer(WASH, well, waste)
            magnets.disengage()
            deck.right.transfer(ELUTION, buffer, well, mix_after=5)
            magnets.engage(HEIGHT)
            deck.delay(SETTLE_S)
            deck.right.transfer(ELUTION, well, eluate["A1"])
        finally:
            magnets.disengage()

print(f"{ELUTION} µL of eluate are in A1 of the plate in slot 3")
