"""Executions of observable commands, and the threads that serve calls."""
