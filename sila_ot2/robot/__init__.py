"""The robot's interface: the only HTTP, its JSON, its refusals, its notifications."""
