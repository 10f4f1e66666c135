"""Plans: which of the robot's commands carry out a command of the laboratory."""
