"""The features as Python types and classes.

Written by scripts/generate.py from features/; never edited.
"""
