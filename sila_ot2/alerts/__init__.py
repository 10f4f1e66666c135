"""Messages to people about what happens at the robot: by a webhook, by mail, or both."""
