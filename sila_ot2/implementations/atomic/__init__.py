"""The feature AtomicLiquidHandling, in parts by subject."""
