"""Decisions about the robot: who may move it, runs, session, protocols. No SiLA, no HTTP."""
