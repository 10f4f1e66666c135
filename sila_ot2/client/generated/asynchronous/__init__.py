"""The features as classes for asyncio.

Written by scripts/generate.py from features/; never edited.
"""
