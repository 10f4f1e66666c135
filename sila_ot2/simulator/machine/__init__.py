"""The simulated machine: Opentrons' engine and hardware, its time and its faults."""
