"""Events at the robot, the logs of the robot and of this server, and all that a support case needs in one file."""
