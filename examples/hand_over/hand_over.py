"""Lets an arm of another vendor bring a plate to the OT-2, pipettes, and lets the arm take it away.

python arm.py 50065                                  # in another terminal
python hand_over.py 127.0.0.1:50064 127.0.0.1:50065

The OT-2 keeps still from the end of a preparation until the delivery or the removal is reported.
"""

import sys

from sila2.client import SilaClient

from sila_ot2.client import connect
from sila_ot2.client.generated.labware_transfer_site_controller import HandoverPosition

SLOT = 3
HERE = HandoverPosition(position="Deck", sub_position=SLOT)

arm_host, _, arm_port = sys.argv[2].rpartition(":")
arm = SilaClient(arm_host, int(arm_port), insecure=True)
with connect(sys.argv[1]) as ot2:
    site = ot2.labware_transfer_site_controller

    site.prepare_for_input(HERE, SLOT, "corning_96_wellplate_360ul_flat", "plate 7").result()
    arm.ArmController.MoveLabware("stacker 1", f"OT-2 slot {SLOT}")
    site.labware_delivered(HERE).result()

    with ot2.session() as deck:
        tips = deck.load("opentrons_96_tiprack_300ul", 1)
        (plate,) = (each for each in deck.labware if each.location == str(SLOT))  # loaded because it was delivered
        feature = ot2.atomic_liquid_handling
        feature.transfer("right", plate.labware_identifier, ["A1"], plate.labware_identifier, ["B1"], [50]).result()

    site.prepare_for_output(HERE, SLOT).result()
    arm.ArmController.MoveLabware(f"OT-2 slot {SLOT}", "reader")
    site.labware_removed(HERE).result()

print("the plate came, was pipetted, and left")
