"""How long the robot is waited for; no setting: what is safe depends on the robot, not on the laboratory."""

from __future__ import annotations

from dataclasses import dataclass, field

from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.robot.transport import Timeouts


@dataclass(frozen=True)
class Timing:
    """For answers, and for what became of lost ones."""

    timeouts: Timeouts = field(default_factory=Timeouts)
    look_ups: LookUps = field(default_factory=LookUps)
