"""What `sila-ot2 doctor` checks: the way to the robot, the robot, this computer, and the SiLA server."""
