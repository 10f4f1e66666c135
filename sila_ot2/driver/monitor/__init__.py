"""The one poller of the robot: liveness, notifications, and the robot's state."""
