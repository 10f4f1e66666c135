"""Plans of single commands: aspirate, dispense, transfer, tips, motions."""
