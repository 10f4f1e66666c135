"""What a plan is checked for before anything moves: volumes, modules, nozzles."""
