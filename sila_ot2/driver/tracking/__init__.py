"""Runs, each followed from its first command to its last: status, progress, remaining time, tips, liquids, archive."""
