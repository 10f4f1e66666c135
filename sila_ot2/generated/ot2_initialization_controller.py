"""The feature OT2InitializationController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class OT2InitializationControllerBase(ABC):
    """Makes the robot ready for work at the beginning of a day, and brings it back to a known state after a fault.
    Neither the robot nor this server is restarted.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1"

    @abstractmethod
    def Initialize(self, *, execution: Any) -> None:
        """Checks that the robot answers, that nobody holds it, that its door does not keep it from moving, and that no
        tip is in doubt, then homes it. An open session of single commands stays open with its deck; if none is
        open, none is left open. The command lasts about half a minute. Cancel stops it between two movements.

        Errors: SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen, CalibrationMissing,
        UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Reset(self, *, execution: Any) -> None:
        """Ends what this server has left on the robot, then does what Initialize does: it settles outcomes that were
        lost, as far as the robot can tell, closes the session, releases a current run that has ended or was never
        started, and releases the stop that Stop Now has latched. A run that is active is not stopped, and what only
        a person can know is left to Reconcile State. The command lasts about half a minute. Cancel stops it between
        two steps.

        Errors: RunStillActive, StorageFull, SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen,
        CalibrationMissing, UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged,
        RobotFaulty, StopTimedOut
        """
