"""SiLA 2 server for the Opentrons OT-2."""
