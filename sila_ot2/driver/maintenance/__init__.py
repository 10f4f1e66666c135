"""What a robot needs beside its work: its motors, its clock, its settings."""
