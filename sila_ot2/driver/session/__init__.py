"""The session in which single commands run: its life, its commands, its reconciliation."""
