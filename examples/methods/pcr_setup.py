"""Sets up a PCR in a thermocycler: heats the lid, pipettes mix and samples, closes the lid, runs the profile.

python pcr_setup.py 127.0.0.1:50064 20     # holds each step of the profile for 20 s

The thermocycler stays cold at the end, with its lid closed; nothing switches it off by itself.
"""

import sys

from sila_ot2.client import connect
from sila_ot2.client.generated.ot2_thermocycler_controller import ProfileStep

SAMPLES = ["A1", "B1"]
HOLD_S = float(sys.argv[2])
CYCLE = [ProfileStep(step_temperature=celsius, hold_time=HOLD_S) for celsius in (95, 60, 72)]
CYCLES = 3

with connect(sys.argv[1]) as ot2:
    cycler = ot2.thermocycler_controller
    cycler.set_lid_temperature(105)  # returns at once: the lid heats while the robot pipettes
    with ot2.session() as deck:
        tips = deck.load("opentrons_96_tiprack_300ul", 1)
        mix = deck.load("opentrons_24_tuberack_nest_1.5ml_snapcap", 2)
        samples = deck.load("corning_96_wellplate_360ul_flat", 3)
        plate = deck.load("nest_96_wellplate_100ul_pcr_full_skirt", deck.load_module("thermocyclerModuleV2", 7))
        cycler.open_lid().result()
        targets = [plate[name] for name in SAMPLES]
        deck.right.transfer(25, [mix["A1"]] * len(targets), targets, tip_policy="Once")
        deck.right.transfer(20, [samples[name] for name in SAMPLES], targets, tip_policy="Always", mix_after=2)
        cycler.close_lid().result()
    cycler.wait_for_lid_temperature(timeout=600).result()
    cycler.run_profile(CYCLE, CYCLES, maximum_volume=45).result()
    cycler.deactivate_lid()
    cycler.set_block_temperature(4)

print(f"{CYCLES} cycles for {len(SAMPLES)} samples; the block cools to 4 °C")
