"""The audit trail: who asked the server for what, when, and how it ended."""
