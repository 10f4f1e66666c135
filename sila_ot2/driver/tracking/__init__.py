"""A run's status, progress, remaining time, log and archive."""
