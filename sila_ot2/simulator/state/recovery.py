"""What was set about error recovery, which an OT-2 never enters."""

from __future__ import annotations

from dataclasses import dataclass, field

from sila_ot2.simulator.errors import JsonObject


@dataclass
class RecoverySettings:
    """The settings.

    Attributes:
        enabled: for the robot.
        policies: by run.
    """

    enabled: bool = True
    policies: dict[str, JsonObject] = field(default_factory=dict)
