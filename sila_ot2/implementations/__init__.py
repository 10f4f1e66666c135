"""The implementations of the features: one class per feature, a few lines per command."""
