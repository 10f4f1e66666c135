"""What is on the deck beyond the end of a run: labware, tips, liquids."""
