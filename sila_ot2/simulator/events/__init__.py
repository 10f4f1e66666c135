"""MQTT notifications of the simulated robot."""
