"""A plate: buffer into as many columns as are asked for, with one tip."""

from opentrons import protocol_api

metadata = {"protocolName": "Buffer plate"}
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}


def add_parameters(parameters: protocol_api.Parameters) -> None:
    parameters.add_int(display_name="Columns", variable_name="columns", default=1, minimum=1, maximum=12)


def run(protocol: protocol_api.ProtocolContext) -> None:
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1)
    reservoir = protocol.load_labware("nest_12_reservoir_15ml", 2)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 3)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    wells = [well for column in plate.columns()[: protocol.params.columns] for well in column]
    pipette.transfer(50, reservoir["A1"], wells, new_tip="once")
