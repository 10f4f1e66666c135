"""The feature DeviceLighting as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from sila_ot2.generated import ObservableProperty


class DeviceLightingBase(ABC):
    """Switches the rail lights of the robot, and blinks them so that a person can identify the robot. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active and while another command is
    running.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1"

    RailLights: ObservableProperty[bool]
    """True while the rail lights are on. The value is what the robot last reported, so it also follows other clients
    and the button of the robot. It is false until the robot has answered for the first time, and keeps its last
    value while the robot cannot be reached.
    """

    @abstractmethod
    def SetRailLights(self, On: bool, *, call: Any) -> None:
        """Switches the rail lights on or off. The command answers within about a second, once the robot has confirmed
        the new state; setting the state that they already have is allowed. While Blink For Identification is
        running, the lights get the state set here when the blinking ends.

        Errors: RobotUnreachable, RobotRejected, RobotFaulty
        """

    @abstractmethod
    def BlinkForIdentification(self, Duration: float, *, execution: Any) -> None:
        """Blinks the rail lights for the given time, so that a person can see which robot this server drives. It lasts
        as long as the duration, and then restores the state that the lights had before. Cancel ends the blinking at
        once and restores that state too. A second call while one is running is refused as not accepted.

        Errors: RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty
        """
