"""The feature OT2InitializationController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.calls import FeatureDefinition, ObservableCommand, ResponseMessage, nothing
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1")
INITIALIZE: ObservableCommand[None, None] = _FEATURE.observable_command(
    "Initialize", ResponseMessage(Message(), nothing), None
)
RESET: ObservableCommand[None, None] = _FEATURE.observable_command("Reset", ResponseMessage(Message(), nothing), None)


class OT2InitializationController(Feature[Link]):
    """Makes the robot ready at the beginning of a day, and brings it back to a known state after a fault. It restarts
    neither the robot nor this server.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1"

    def initialize(self) -> Execution[None, None]:
        """Checks that the robot answers, that no run, maintenance run or calibration session holds it, that the door
        does not prevent movement, and that it is known which tips are attached; then homes it. An open session of
        single commands stays open with its deck. If no session was open, none is open afterwards. The command lasts
        about half a minute. Cancel stops it between two movements.

        Errors: SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen, CalibrationMissing,
        UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged, RobotFaulty,
        StorageFull.
        """
        return Execution.start(self._link, INITIALIZE, ())

    def reset(self) -> Execution[None, None]:
        """Ends what this server has left on the robot, then does the same as Initialize. It resolves lost outcomes, as
        far as the robot reports them, closes the session, releases a current run that has ended or was never
        started, and releases the stop that Stop Now has latched. It does not stop an active run. What only a person
        can know has to be stated with Reconcile State. The command lasts about half a minute. Cancel stops it
        between two steps.

        Errors: RunStillActive, StorageFull, SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen,
        CalibrationMissing, UnsupportedByRobot, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged,
        RobotFaulty, StopTimedOut.
        """
        return Execution.start(self._link, RESET, ())
