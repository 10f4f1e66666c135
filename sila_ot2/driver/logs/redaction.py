"""Texts without secrets: keys of wireless networks, passwords, tokens."""

from __future__ import annotations

import re

REDACTED = "[redacted]"
_KINDS = "psk|passw(?:or)?d|passphrase|secret|token|api[_-]?key|authorization|private[_-]?key"
_NAME = rf"[\w-]{{0,40}}(?:{_KINDS})[\w-]{{0,40}}"
_VALUE = r"\"[^\"\n]*\"|'[^'\n]*'|(?:Bearer |Basic )?[^\s,;}\]]+"
_NAMED = re.compile(rf"(?i)(?P<name>[\"']?\b{_NAME}[\"']?\s*[:=]\s*)(?:{_VALUE})")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_IN_ADDRESS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^/\s:@]+:[^/\s@]+@")


def redacted(text: str) -> str:
    """Return a text with the values of everything that is named like a secret taken out."""
    text = _PEM.sub(REDACTED, text)
    text = _IN_ADDRESS.sub(rf"\g<scheme>{REDACTED}@", text)
    return _NAMED.sub(_without_value, text)


def _without_value(named: re.Match[str]) -> str:
    """Return a name without its value; JSON stays JSON."""
    quote = '"' if '"' in named["name"] else ""
    return f"{named['name']}{quote}{REDACTED}{quote}"
