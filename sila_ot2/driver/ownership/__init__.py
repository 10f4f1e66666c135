"""Who may move the robot: the turn, and the owner of the current run."""
