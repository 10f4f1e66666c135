"""The names of the files that the demonstration uploads."""

from __future__ import annotations

PROTOCOL = "dilution_row.py"
LABWARE = "demonstration_24_tuberack_2ml.json"
