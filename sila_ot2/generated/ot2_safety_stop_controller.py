"""The feature OT2SafetyStopController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class StopNowResponses(NamedTuple):
    """Responses of StopNow."""

    Effect: str
    """What was stopped."""
    RunIdentifier: str
    """The run that was stopped, released, or aborted. It is empty if nothing was running."""
    Explanation: str
    """What was done, and what could not be stopped."""


class OT2SafetyStopControllerBase(ABC):
    """Stops what the robot does, whoever started it, and keeps it stopped. This is a request to the robot's software
    over the network. It is not an emergency stop: it protects no person, takes from a fraction of a second to
    several seconds, and does nothing if the robot does not answer. In danger, switch off the robot's power.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1"

    SafetyStopActive: ObservableProperty[bool]
    """True while a stop is latched."""

    LatchedAt: ObservableProperty[list[datetime.datetime]]
    """When Stop Now was called. Empty while no stop is latched."""

    @abstractmethod
    def StopNow(self, *, execution: Any) -> StopNowResponses:
        """Stops everything that is running on the robot, also a run of another client, and latches: until Release
        Stop, this server sends nothing that can move the robot, also after a restart. It does not wait for other
        commands and needs no lock. A run that was started is stopped as by Stop Run of the feature Run Controller:
        the robot homes and drops its tips into the trash. A run that was only created is released. A single command
        that is running is aborted after a few of its steps; tips stay attached, and the robot has to be homed. Work
        with the Opentrons App cannot be stopped. The command lasts until the robot has stopped, a few seconds.
        Cancel ends only the wait; the stop stays in effect.

        Errors: RobotUnreachable, StopTimedOut, OutcomeUnknown, RobotRestarted, RobotRejected, RunActionNotAllowed,
        RobotChanged, CommandCancelled, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ReleaseStop(self, *, call: Any) -> None:
        """Releases the stop that Stop Now has latched, so that commands and runs are accepted again. Nothing moves,
        and nothing that was stopped continues. It does nothing if no stop is latched. The command answers at once.

        Errors: StorageFull
        """
