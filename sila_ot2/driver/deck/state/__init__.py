"""What the session knows of the deck: labware, wells, pipettes, modules, and where each stands."""
