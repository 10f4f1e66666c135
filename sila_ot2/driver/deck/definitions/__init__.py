"""Labware definitions: those of Opentrons, the library of custom ones, and how they are checked."""
