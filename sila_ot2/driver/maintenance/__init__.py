"""What a robot needs beside its work: initialization and restart, its motors, its clock, its settings."""
