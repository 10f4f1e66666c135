"""Errors that a client can remedy while the command that has them waits."""
