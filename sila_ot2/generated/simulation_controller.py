"""The feature SimulationController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class SimulationControllerBase(ABC):
    """Switches this server between its robot and a simulated robot. In simulation mode all features show the simulated
    robot and send commands to it, and subscriptions go on with its values. It has the same pipettes and modules as
    the robot, an empty deck, and protocols, labware, tips and run records of its own. Lock, users and connections
    are those of the server, in both modes. The robot is watched meanwhile, and Stop Now stops both. The mode
    outlives a restart of this server: only Start Real Mode ends it.
    """

    FEATURE = "org.silastandard/core/SimulationController/v1"

    @abstractmethod
    def StartSimulationMode(self, *, call: Any) -> None:
        """Starts a simulated robot and lets it carry out everything that follows. It is refused unless the robot is at
        rest: no command, run, session or hand-over, nobody who uses it with another client, no module at work, no
        safety stop, no tip and no outcome in doubt. The command answers when the simulated robot can be used, after
        some seconds. In simulation mode it does nothing, unless the simulated robot has ended by itself: then it is
        switched on again.

        Errors: StartSimulationModeFailed
        """

    @abstractmethod
    def StartRealMode(self, *, call: Any) -> None:
        """Lets the robot carry out everything that follows, and ends the simulated robot, whose run records can be
        read no longer. It is refused while the simulated robot has a session, a run that has not ended, a hand-over
        or a running command: whoever uses it would continue on the robot. If the simulated robot has ended by
        itself, it is accepted. Nothing moves on the robot. The command answers within some seconds. In real mode it
        does nothing.

        Errors: StartRealModeFailed
        """

    @abstractmethod
    def SimulationMode(self, *, call: Any) -> bool:
        """True in simulation mode. The property Simulated of the feature OT2 Status Provider says the same to
        subscribers.
        """
