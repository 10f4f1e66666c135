"""The demonstration's main steps as data: what every independent client sends."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "sila_ot2" / "cli" / "demo_protocol"
PROTOCOL = FOLDER / "dilution_row.py"
LABWARE = FOLDER / "demonstration_24_tuberack_2ml.json"
TIPRACK = "opentrons_96_tiprack_300ul"
PLATE = "corning_96_wellplate_360ul_flat"
