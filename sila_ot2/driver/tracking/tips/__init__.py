"""Which pipettes hold a tip, and which tips the commands of a run use."""
