"""What a server may be called: clients show the name, and find the server by it."""

from __future__ import annotations

LONGEST_NAME_BYTES = 255 - len("server_name=")
"""So much of a name fits into its entry of the announcement (DNS limits it); clients look for the whole name."""


class NameUnfit(ValueError):
    """A server cannot be called that; the text says why."""


def check_name(name: str) -> None:
    """Return if a server can be called `name`.

    Raises:
        NameUnfit: it is empty or too long, begins or ends with a space, or has characters that cannot be shown.
    """
    if not name or name != name.strip():
        raise NameUnfit(f"the server's name must not be empty and not begin or end with a space: {name[:80]!r}")
    if not name.isprintable():
        raise NameUnfit(f"the server's name must have no line breaks, tabs or other control characters: {name[:80]!r}")
    if (size := len(name.encode())) > LONGEST_NAME_BYTES:
        raise NameUnfit(f"the server's name has {size} bytes (UTF-8); {LONGEST_NAME_BYTES} is the most")
