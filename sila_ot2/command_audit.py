"""What the audit trail holds of each command: who sent it, with which parameters, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sila_ot2.config import Settings
from sila_ot2.sila import Call, Ended, Sent, host_of, outcome_of
from sila_ot2.store.audit.trail import AuditTrail

AUDIT_FOLDER = "audit"
"""Of a robot's directory."""


class CommandAudit:
    """Adds two entries to the trail for each command: one when it is sent and one when it has ended.

    Args:
        trail: where they are added.
        user_of: returns the name of the user of an access token, empty if it is not valid; None without users.
    """

    def __init__(
        self,
        trail: AuditTrail,
        user_of: Callable[[str], str] | None = None,
    ) -> None:
        self._trail = trail
        self._user_of = user_of

    def sent(self, command: Sent) -> Ended:
        """Add that a client has sent a command; the returned function adds how it ended."""
        key, since = uuid4().hex, time.monotonic()
        user = {} if self._user_of is None else {"user": self._user_of(command.access_token) or _named(command)}
        self._trail.add(
            lambda: {
                "event": "sent",
                "id": key,
                "client": host_of(command.peer),
                **user,
                **_certificate(command),
                "lock_identifier": command.with_lock_identifier,
                "command": command.identifier,
                "parameters": command.parameters(),
            }
        )

        def ended(error: BaseException | None, call: Call | None) -> None:
            seconds = round(time.monotonic() - since, 3)
            # Only now is it known which robot the command was given to: the mode may change while it is received.
            simulated = {"simulated": True} if call is not None and call.simulated else {}
            self._trail.add(lambda: {"event": "ended", "id": key, **_outcome(error), "seconds": seconds, **simulated})

        return ended


def _named(command: Sent) -> str:
    return command.certificate.name if command.certificate else ""


def _certificate(command: Sent) -> dict[str, str]:
    if command.certificate is None:
        return {}
    return {"certificate": command.certificate.name, "certificate_sha256": command.certificate.fingerprint}


def audit_trail(settings: Settings) -> AuditTrail | None:
    """Return the audit trail of a server, None if it is switched off."""
    audit = settings.audit
    if not audit.enabled:
        return None
    return AuditTrail(
        settings.robot_directory / AUDIT_FOLDER, file_bytes=round(audit.file_mb * 1e6), kept_files=audit.kept_files
    )


def _outcome(error: BaseException | None) -> dict[str, Any]:
    text = {} if error is None else {"message": getattr(error, "message", str(error))}
    return {"outcome": outcome_of(error), **text}
