"""Requests that change the robot: written to the journal, sent once, looked up when the answer is lost."""
