"""What the audit trail says of commands in simulation mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from sila_ot2.command_audit import CommandAudit
from sila_ot2.sila import Call, Kind, Sent
from sila_ot2.store.audit.trail import AuditTrail

COMMAND = "a/b/C/v1/Command/D"


class Trail:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def add(self, entry: Callable[[], dict[str, Any]]) -> None:
        self.entries.append(entry())


@pytest.mark.parametrize("error", [None, RuntimeError("simulated")])
@pytest.mark.parametrize("simulated", [False, True])
def test_the_end_of_a_command_says_whether_the_simulated_robot_was_given_it(
    simulated: bool, error: Exception | None
) -> None:
    trail = Trail()
    ended = CommandAudit(cast(AuditTrail, trail)).sent(
        Sent(
            identifier=COMMAND, peer="ipv4:127.0.0.1:1", with_lock_identifier=False, access_token="",
            parameters=dict,
        )
    )  # fmt: skip
    ended(error, Call(feature="a/b/C/v1", identifier=COMMAND, kind=Kind.COMMAND, simulated=simulated))
    assert [(entry["event"], entry.get("simulated", False)) for entry in trail.entries] == [
        ("sent", False),
        ("ended", simulated),
    ]


def test_a_command_that_could_not_be_read_was_given_to_nobody() -> None:
    trail = Trail()
    audit = CommandAudit(cast(AuditTrail, trail))
    audit.sent(
        Sent(
            identifier=COMMAND, peer="ipv4:127.0.0.1:1", with_lock_identifier=False, access_token="",
            parameters=dict,
        )
    )(RuntimeError("no metadata"), None)  # fmt: skip
    assert "simulated" not in trail.entries[-1]
