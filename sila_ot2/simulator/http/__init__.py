"""The HTTP interface of the simulated robot."""
