"""What must survive a restart: SQLite and files in the state directory."""
