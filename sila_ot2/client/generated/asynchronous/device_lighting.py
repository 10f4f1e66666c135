"""The feature DeviceLighting for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.device_lighting import BLINK_FOR_IDENTIFICATION, RAIL_LIGHTS, SET_RAIL_LIGHTS


class AsyncDeviceLighting(Feature[AsyncLink]):
    """Switches the rail lights of the robot, and blinks them so that a person can identify the robot. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active and while another command is
    running.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1"

    async def set_rail_lights(self, on: bool) -> None:
        """Switches the rail lights on or off. The command answers within about a second, once the robot has confirmed
        the new state; setting the state that they already have is allowed. While Blink For Identification is
        running, the lights get the state set here when the blinking ends.

        Args:
            on: True switches the rail lights on, false switches them off.

        Errors: RobotUnreachable, RobotRejected, RobotFaulty.
        """
        await self._link.command(SET_RAIL_LIGHTS, (on,))

    async def blink_for_identification(self, duration: float) -> AsyncExecution[None, None]:
        """Blinks the rail lights for the given time, so that a person can see which robot this server drives. It lasts
        as long as the duration, and then restores the state that the lights had before. Cancel ends the blinking at
        once and restores that state too. A second call while one is running is refused as not accepted.

        Args:
            duration: How long to blink, from 1 second to 5 minutes. In s, at least 1, at most 300.

        Errors: RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty.
        """
        return await AsyncExecution.start(self._link, BLINK_FOR_IDENTIFICATION, (duration,))

    @property
    def rail_lights(self) -> AsyncObservableProperty[bool]:
        """True while the rail lights are on. The value is what the robot last reported, so it also follows other
        clients and the button of the robot. It is false until the robot has answered for the first time, and keeps
        its last value while the robot cannot be reached.
        """
        return AsyncObservableProperty(self._link, RAIL_LIGHTS)
