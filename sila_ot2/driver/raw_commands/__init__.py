"""Commands in the robot's own terms, checked against the robot's schema."""
