"""Labware offsets: kept, chosen for a run, imported, exported."""
