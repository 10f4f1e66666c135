"""The status of a run: its name, its progress, why it is paused, what went wrong."""
