"""The driver of one robot, composed: every part below the SiLA server is built here, once, and connected."""
