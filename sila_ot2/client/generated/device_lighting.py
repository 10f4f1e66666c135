"""The feature DeviceLighting.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/DeviceLighting/v1")
SET_RAIL_LIGHTS: CallDefinition[None] = _FEATURE.command(
    "SetRailLights", ResponseMessage(Message(), nothing), On=wire.BOOLEAN
)
BLINK_FOR_IDENTIFICATION: ObservableCommand[None, None] = _FEATURE.observable_command(
    "BlinkForIdentification", ResponseMessage(Message(), nothing), None, Duration=wire.REAL
)
RAIL_LIGHTS: CallDefinition[bool] = _FEATURE.observable_property("RailLights", wire.BOOLEAN)


class DeviceLighting(Feature[Link]):
    """Switches the rail lights of the robot, and blinks them so that a person can identify the robot. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active and while another command is
    running.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1"

    def set_rail_lights(self, on: bool) -> None:
        """Switches the rail lights on or off. The command answers within about a second, once the robot has confirmed
        the new state; setting the state that they already have is allowed. While Blink For Identification is
        running, the lights get the state set here when the blinking ends.

        Args:
            on: True switches the rail lights on, false switches them off.

        Errors: RobotUnreachable, RobotRejected, RobotFaulty.
        """
        self._link.command(SET_RAIL_LIGHTS, (on,))

    def blink_for_identification(self, duration: float) -> Execution[None, None]:
        """Blinks the rail lights for the given time, so that a person can see which robot this server drives. It lasts
        as long as the duration, and then restores the state that the lights had before. Cancel ends the blinking at
        once and restores that state too. A second call while one is running is refused as not accepted.

        Args:
            duration: How long to blink, from 1 second to 5 minutes. In s, at least 1, at most 300.

        Errors: RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty.
        """
        return Execution.start(self._link, BLINK_FOR_IDENTIFICATION, (duration,))

    @property
    def rail_lights(self) -> ObservableProperty[bool]:
        """True while the rail lights are on. The value is what the robot last reported, so it also follows other
        clients and the button of the robot. It is false until the robot has answered for the first time, and keeps
        its last value while the robot cannot be reached.
        """
        return ObservableProperty(self._link, RAIL_LIGHTS)
