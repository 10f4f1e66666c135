"""The deck as a picture."""
