"""Composition root: builds each part once and joins them."""
