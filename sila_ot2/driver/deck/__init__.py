"""The deck that commands are planned for: what stands on it and hangs on the mounts, plans, and their checks."""
