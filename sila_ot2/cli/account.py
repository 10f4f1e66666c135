"""The user of this computer that runs the command."""

from __future__ import annotations

import getpass
import os


def account_name() -> str:
    """Return the name of the user; the number of one without a name, as containers have them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # as Python before 3.13 and since reports it
        return str(os.getuid())
