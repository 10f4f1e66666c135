"""What stands on the deck and hangs on the mounts, and commands planned against it."""
