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
    """What was found to do."""
    RunIdentifier: str
    """The run that was stopped, released, or broken off. Empty if nothing ran."""
    Explanation: str
    """What was done, and what could not be stopped."""


class OT2SafetyStopControllerBase(ABC):
    """Stops what the robot does, whoever has started it, and keeps it stopped. This is a request to the robot's
    software over the network and not an emergency stop: it protects no person, takes from a fraction of a second to
    some seconds, and does nothing if the robot does not answer. In danger, cut the robot's power.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1"

    SafetyStopActive: ObservableProperty[bool]
    """True while a stop is latched."""

    LatchedAt: ObservableProperty[list[datetime.datetime]]
    """When Stop Now was called. Empty while no stop is latched."""

    @abstractmethod
    def StopNow(self, *, execution: Any) -> StopNowResponses:
        """Stops whatever is at work on the robot, also a run of another client, and latches: from then on this server
        sends nothing that can move the robot until Release Stop, also after a restart. It waits for no other
        command and needs no lock. A run that was started is stopped like by Stop Run of the feature Run Controller:
        the robot homes and drops its tips into the trash. A run that was only created is released. A single command
        under way is broken off after a few of its steps, tips stay on, and the robot has to be homed. What somebody
        does with the Opentrons App cannot be stopped. The command lasts until the robot has settled, some seconds.
        Cancel ends the waiting and takes nothing back.

        Errors: RobotUnreachable, StopTimedOut, OutcomeUnknown, RobotRestarted, RobotRejected, RunActionNotAllowed,
        RobotChanged, CommandCancelled, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ReleaseStop(self, *, call: Any) -> None:
        """Releases the stop that Stop Now has latched, so that commands and runs are accepted again. Nothing moves,
        and nothing that was stopped goes on. It does nothing if no stop is latched. The command answers at once.

        Errors: StorageFull
        """
