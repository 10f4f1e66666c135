"""What ended runs leave behind at the robot: tips on pipettes, waits that go on."""
