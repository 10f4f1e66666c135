"""gRPC handlers: who calls, how many at a time, and what they are answered."""
