"""What the robot said last, as one value that does not change, with the time it was said."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sila_ot2.driver.tracking.run_status import PAUSED, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import RobotUnreachable
from sila_ot2.robot import wire


@dataclass(frozen=True)
class Equipment:
    """What changes seldom: read now and then."""

    door: wire.Door | None = None
    """None: this release does not say."""
    pipettes: tuple[wire.Pipette, ...] = ()
    modules: tuple[wire.Module, ...] = ()
    deck_calibration: str = ""
    """The robot's term: OK, IDENTITY (never calibrated), BAD_CALIBRATION, ..."""


@dataclass(frozen=True)
class Snapshot:
    """The robot as it was seen last."""

    reported_at: datetime.datetime | None = None
    """When the robot answered last, by this computer's clock; None: never since the start."""
    trouble: str = "The robot has not been read yet."
    """Why it cannot be read now; empty: it can. Everything else is then as it was said last."""
    health: wire.Health | None = None
    run: RunView | None = None
    """The current run, whoever created it; a session of atomic commands is none."""
    equipment: Equipment = Equipment()

    @property
    def reachable(self) -> bool:
        """Whether the robot answered when it was asked last."""
        return not self.trouble

    @property
    def run_status(self) -> RunStatus:
        """The status of the current run; unknown while the robot cannot be read."""
        if not self.reachable:
            return RunStatus.UNKNOWN
        return self.run.status if self.run else RunStatus.NO_RUN

    @property
    def own_run_is_paused(self) -> bool:
        """Whether the current run is one of this server and is paused, by whatever means.

        Raises:
            RobotUnreachable: the robot cannot be read.
        """
        if not self.reachable:
            raise RobotUnreachable(f"Whether a run is paused is not known: {self.trouble}")
        return self.run is not None and self.run.start.origin == "ThisServer" and self.run.status in PAUSED
