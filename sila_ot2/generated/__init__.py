"""Written by scripts/generate.py from features/; never edited."""
