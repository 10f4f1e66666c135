"""The robot's words: the only HTTP, its JSON, its refusals, its notifications."""
