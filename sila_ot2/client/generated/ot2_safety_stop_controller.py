"""The feature OT2SafetyStopController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Effect = Literal["NothingRan", "RunStopped", "RunReleased", "SessionBrokenOff"]


@dataclass(frozen=True, slots=True)
class StopNowResponses:
    """What StopNow returns.

    Attributes:
        effect: What was stopped.
        run_identifier: The run that was stopped, released, or aborted. It is empty if nothing was running.
        explanation: What was done, and what could not be stopped.
    """

    effect: Effect
    run_identifier: str
    explanation: str


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1")
STOP_NOW: ObservableCommand[StopNowResponses, None] = _FEATURE.observable_command(
    "StopNow", ResponseMessage(Message(wire.STRING, wire.STRING, wire.STRING), StopNowResponses), None
)
RELEASE_STOP: CallDefinition[None] = _FEATURE.command("ReleaseStop", ResponseMessage(Message(), nothing))
SAFETY_STOP_ACTIVE: CallDefinition[bool] = _FEATURE.observable_property("SafetyStopActive", wire.BOOLEAN)
LATCHED_AT: CallDefinition[list[datetime.datetime]] = _FEATURE.observable_property(
    "LatchedAt", wire.Repeated(wire.TIMESTAMP)
)


class OT2SafetyStopController(Feature[Link]):
    """Stops what the robot does, whoever started it, and keeps it stopped. This is a request to the robot's software
    over the network. It is not an emergency stop: it protects no person, takes from a fraction of a second to
    several seconds, and does nothing if the robot does not answer. In danger, switch off the robot's power.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1"

    def stop_now(self) -> Execution[StopNowResponses, None]:
        """Stops everything that is running on the robot, also a run of another client, and latches: until Release
        Stop, this server sends nothing that can move the robot, also after a restart. It does not wait for other
        commands and needs no lock. A run that was started is stopped as by Stop Run of the feature Run Controller:
        the robot homes and drops its tips into the trash. A run that was only created is released. A single command
        that is running is aborted after a few of its steps; tips stay attached, and the robot has to be homed. Work
        with the Opentrons App cannot be stopped. The command lasts until the robot has stopped, a few seconds.
        Cancel ends only the wait; the stop stays in effect.

        The result of the execution:
            effect: What was stopped.
            run_identifier: The run that was stopped, released, or aborted. It is empty if nothing was running.
            explanation: What was done, and what could not be stopped.

        Errors: RobotUnreachable, StopTimedOut, OutcomeUnknown, RobotRestarted, RobotRejected, RunActionNotAllowed,
        RobotChanged, CommandCancelled, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, STOP_NOW, ())

    def release_stop(self) -> None:
        """Releases the stop that Stop Now has latched, so that commands and runs are accepted again. Nothing moves,
        and nothing that was stopped continues. It does nothing if no stop is latched. The command answers at once.

        Errors: StorageFull.
        """
        self._link.command(RELEASE_STOP, ())

    @property
    def safety_stop_active(self) -> ObservableProperty[bool]:
        """True while a stop is latched."""
        return ObservableProperty(self._link, SAFETY_STOP_ACTIVE)

    @property
    def latched_at(self) -> ObservableProperty[list[datetime.datetime]]:
        """When Stop Now was called. Empty while no stop is latched."""
        return ObservableProperty(self._link, LATCHED_AT)
