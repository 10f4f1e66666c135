"""Protocols: the library, their files, analyses, parameters and data files."""
