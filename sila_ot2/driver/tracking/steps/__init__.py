"""The steps of a run: their text, how long each takes, and which come next."""
