"""The feature SimulationController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core/SimulationController/v1")
START_SIMULATION_MODE: CallDefinition[None] = _FEATURE.command(
    "StartSimulationMode", ResponseMessage(Message(), nothing)
)
START_REAL_MODE: CallDefinition[None] = _FEATURE.command("StartRealMode", ResponseMessage(Message(), nothing))
SIMULATION_MODE: CallDefinition[bool] = _FEATURE.property("SimulationMode", wire.BOOLEAN)


class SimulationController(Feature[Link]):
    """Switches this server between its robot and a simulated robot. In simulation mode all features show the simulated
    robot and send commands to it, and subscriptions go on with its values. It has the same pipettes and modules as
    the robot, an empty deck, and protocols, labware, tips and run records of its own. Lock, users and connections
    are those of the server, in both modes. The robot is watched meanwhile, and Stop Now stops both. The mode
    outlives a restart of this server: only Start Real Mode ends it.
    """

    IDENTIFIER = "org.silastandard/core/SimulationController/v1"

    def start_simulation_mode(self) -> None:
        """Starts a simulated robot and lets it carry out everything that follows. It is refused unless the robot is at
        rest: no command, run, session or hand-over, nobody who uses it with another client, no module at work, no
        safety stop, no tip and no outcome in doubt. The command answers when the simulated robot can be used, after
        some seconds. In simulation mode it does nothing, unless the simulated robot has ended by itself: then it is
        switched on again.

        Errors: StartSimulationModeFailed.
        """
        self._link.command(START_SIMULATION_MODE, ())

    def start_real_mode(self) -> None:
        """Lets the robot carry out everything that follows, and ends the simulated robot, whose run records can be
        read no longer. It is refused while the simulated robot has a session, a run that has not ended, a hand-over
        or a running command: whoever uses it would continue on the robot. If the simulated robot has ended by
        itself, it is accepted. Nothing moves on the robot. The command answers within some seconds. In real mode it
        does nothing.

        Errors: StartRealModeFailed.
        """
        self._link.command(START_REAL_MODE, ())

    @property
    def simulation_mode(self) -> Property[bool]:
        """True in simulation mode. The property Simulated of the feature OT2 Status Provider says the same to
        subscribers.
        """
        return Property(self._link, SIMULATION_MODE)
