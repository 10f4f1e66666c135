"""What is kept of a run: its log, its deck, and its documents."""
