"""What the commands of a run do to liquids."""
