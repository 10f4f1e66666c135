"""Every setting of the server, in one model: file, environment (SILA_OT2_...), flags; later ones win."""
