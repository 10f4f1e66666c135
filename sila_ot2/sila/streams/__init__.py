"""Observable properties and the bounded queues between a writer and its readers."""
