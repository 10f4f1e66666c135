"""The robot's camera: pictures on request, and of runs."""
