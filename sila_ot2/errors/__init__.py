"""All that can go wrong, as one tree. Its second level answers a scheduler's question: retry, correct, or go and look?

* OT2Fault
  x RobotUnreachable   no answer; the message states whether the robot may have acted        -> retry later
  x RobotRefused       the robot, or this server for it, did nothing                         -> correct, then repeat
    + RobotBusy, DoorOpen, RunNotFound, VolumeOutOfRange, ... (one for each reason a client can act on)
  x ActionFailed       it began and could not finish (motion, tip, liquid, labware, module)  -> look, then correct
    + RunFailed, RunStopped, RobotRestarted, CommandCancelled, MotionFailed, ...
  x OutcomeUnknown     nobody can say whether it acted                                       -> go and look
  x RobotFaulty        it broke its own promises (an answer that makes no sense)             -> call service

The name of a class is the identifier of its SiLA defined execution error. `fault` has what every error says, `kinds`
the second level; the other modules have the errors by subject. All are imported from here.
"""

from sila_ot2.errors.commands import *
from sila_ot2.errors.deck import *
from sila_ot2.errors.fault import *
from sila_ot2.errors.kinds import *
from sila_ot2.errors.modules import *
from sila_ot2.errors.pipettes import *
from sila_ot2.errors.protocols import *
from sila_ot2.errors.robot import *
from sila_ot2.errors.runs import *
