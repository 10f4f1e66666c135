"""The laboratory's words: turn, runs, session, protocols, lights. No SiLA, no HTTP."""
