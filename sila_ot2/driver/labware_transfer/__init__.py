"""Labware handed over between the deck and an arm, and the gantry out of its way."""
