"""Worklists: read, checked, and run step by step or as a run of the robot."""
