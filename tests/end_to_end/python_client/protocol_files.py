"""Protocols for the tests of the Python client."""

from __future__ import annotations

from pathlib import Path

PARAMETERS = (
    'metadata = {"apiLevel": "2.20"}\n'
    "def add_parameters(parameters):\n"
    "    parameters.add_float(variable_name='volume', display_name='Volume', default=30, minimum=20, maximum=100)\n"
    "    parameters.add_bool(variable_name='mix', display_name='Mix', default=False)\n"
    "    parameters.add_csv_file(variable_name='samples', display_name='Samples')\n"
)


def saved(folder: Path, text: str, name: str = "protocol.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path
