"""The sila2 package made fit for service. Knows nothing of robots."""
