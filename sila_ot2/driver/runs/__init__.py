"""Runs: creating, starting, pausing, stopping, and whether one may start."""
