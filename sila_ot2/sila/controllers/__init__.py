"""Features of the SiLA standard that every server can offer."""
