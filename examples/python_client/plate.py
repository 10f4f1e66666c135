"""Fills the second column of a plate from the first: the protocol of the README."""

requirements = {"robotType": "OT-2", "apiLevel": "2.20"}
metadata = {"protocolName": "Fill a column"}


def add_parameters(parameters):
    """Declare what may differ from run to run."""
    parameters.add_float(variable_name="volume", display_name="Volume", default=30, minimum=20, maximum=100, unit="µL")


def run(protocol):
    """Transfer the volume from the first column to the second."""
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", "1")
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "2")
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    pipette.transfer(protocol.params.volume, plate.columns()[0], plate.columns()[1])
