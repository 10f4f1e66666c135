"""What the simulated robot holds: runs, protocols, analyses, data files, settings."""
