"""`python -m sila_ot2`: the command line."""
