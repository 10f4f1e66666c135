"""The feature DeviceLighting as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from sila_ot2.generated import ObservableProperty


class DeviceLightingBase(ABC):
    """Switches the rail lights of the robot and blinks them to identify it among others. Nothing of this feature moves
    the robot, so it works at any time, also while a run is active and while another command is at work.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1"

    RailLights: ObservableProperty[bool]
    """True while the rail lights are on. The value is what the robot said last, so it also follows other clients and
    the button of the robot; it is false until the robot has answered for the first time, and keeps its last value
    while the robot cannot be reached.
    """

    @abstractmethod
    def SetRailLights(self, On: bool, *, call: Any) -> None:
        """Switches the rail lights on or off. The command answers within about a second, once the robot has confirmed
        the new state; setting the state they already have is allowed. While Blink For Identification is at work,
        the state set here is the one that is left behind when the blinking ends.

        Errors: RobotUnreachable, RobotRejected, RobotFaulty
        """

    @abstractmethod
    def BlinkForIdentification(self, Duration: float, *, execution: Any) -> None:
        """Blinks the rail lights for the given time, so that a person can tell which robot this server drives. It
        lasts as long as the duration says and then restores the state that the lights had before. Cancel ends the
        blinking at once and restores that state too. A second call while one is at work is refused as not accepted.

        Errors: RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty
        """
