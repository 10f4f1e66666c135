"""What the audit trail says of commands in simulation mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sila_ot2.command_audit import CommandAudit
from sila_ot2.sila import Sent
from sila_ot2.store.audit.trail import AuditTrail


class Trail:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def add(self, entry: Callable[[], dict[str, Any]]) -> None:
        self.entries.append(entry())


def test_commands_of_simulation_mode_are_told_from_the_others() -> None:
    trail, simulated = Trail(), [False]
    audit = CommandAudit(cast(AuditTrail, trail), None, lambda: simulated[0])
    command = Sent(
        identifier="a/b/C/v1/Command/D", peer="ipv4:127.0.0.1:1", with_lock_identifier=False, access_token="",
        parameters=dict,
    )  # fmt: skip
    audit.sent(command)(None)
    simulated[0] = True
    audit.sent(command)(None)
    sent = [entry for entry in trail.entries if entry["event"] == "sent"]
    assert [entry.get("simulated", False) for entry in sent] == [False, True]
