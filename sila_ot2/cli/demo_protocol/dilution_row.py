"""The protocol of the demonstration: one row of a plate gets buffer and a falling volume of sample."""

from opentrons import protocol_api

metadata = {
    "protocolName": "Dilution row",
    "author": "sila-ot2",
    "description": "Buffer from a custom tube rack into one row of a plate, then sample in falling volumes.",
}
requirements = {"robotType": "OT-2", "apiLevel": "2.15"}

TOTAL_UL = 200
SAMPLE_UL = (180, 120, 80, 50, 30, 20)


def run(protocol: protocol_api.ProtocolContext) -> None:
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1)
    rack = protocol.load_labware("demonstration_24_tuberack_2ml", 2, namespace="sila_ot2", version=1)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 3)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])

    buffer = protocol.define_liquid("Buffer", "what the sample is diluted with", display_color="#3b82f6")
    sample = protocol.define_liquid("Sample", "what is diluted", display_color="#ef4444")
    rack["A1"].load_liquid(buffer, 1500)
    rack["B1"].load_liquid(sample, 800)
    wells = plate.rows()[0][: len(SAMPLE_UL)]

    protocol.comment("Buffer into the row, with one tip")
    pipette.pick_up_tip()
    for well, sample_ul in zip(wells, SAMPLE_UL):
        pipette.aspirate(TOTAL_UL - sample_ul, rack["A1"])
        pipette.dispense(TOTAL_UL - sample_ul, well)
    pipette.blow_out(wells[-1].top())
    pipette.drop_tip()

    for well, sample_ul in zip(wells, SAMPLE_UL):
        protocol.comment(f"{sample_ul} µL of sample into {well.well_name}, with a fresh tip")
        pipette.pick_up_tip()
        pipette.aspirate(sample_ul, rack["B1"])
        pipette.dispense(sample_ul, well)
        pipette.mix(2, 100, well)
        pipette.drop_tip()
