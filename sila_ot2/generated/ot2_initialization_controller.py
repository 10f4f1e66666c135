"""The feature OT2InitializationController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class OT2InitializationControllerBase(ABC):
    """Makes the robot ready at the beginning of a day, and brings it back to a known state after a fault. It restarts
    neither the robot nor this server.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1"

    @abstractmethod
    def Initialize(self, *, execution: Any) -> None:
        """Checks that the robot answers, that no run, maintenance run or calibration session holds it, that the door
        does not prevent movement, and that it is known which tips are attached; then homes it. An open session of
        single commands stays open with its deck. If no session was open, none is open afterwards. The command lasts
        about half a minute. Cancel stops it between two movements.

        Errors: SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen, CalibrationMissing,
        UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Reset(self, *, execution: Any) -> None:
        """Ends what this server has left on the robot, then does the same as Initialize. It resolves lost outcomes, as
        far as the robot reports them, closes the session, releases a current run that has ended or was never
        started, and releases the stop that Stop Now has latched. It does not stop an active run. What only a person
        can know has to be stated with Reconcile State. The command lasts about half a minute. Cancel stops it
        between two steps.

        Errors: RunStillActive, StorageFull, SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen,
        CalibrationMissing, UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged,
        RobotFaulty, StopTimedOut
        """
