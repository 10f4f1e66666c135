"""The feature OT2InformationProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_information_provider import (
    ABILITIES,
    BOARD_REVISION,
    FIRMWARE_VERSION,
    MAXIMUM_PROTOCOL_LEVEL,
    MINIMUM_PROTOCOL_LEVEL,
    ROBOT_MODEL,
    ROBOT_NAME,
    SERIAL_NUMBER,
    SOFTWARE_TESTED,
    SOFTWARE_VERSION,
    SYSTEM_VERSION,
    Ability,
)


class AsyncOT2InformationProvider(Feature[AsyncLink]):
    """Reports which robot this server drives and which software it runs. All values are what the robot last reported.
    They are empty until the robot has answered for the first time. Reading them sends no request to the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2InformationProvider/v1"

    @property
    def robot_name(self) -> AsyncObservableProperty[str]:
        """The name of the robot, which can be changed on the robot."""
        return AsyncObservableProperty(self._link, ROBOT_NAME)

    @property
    def serial_number(self) -> AsyncObservableProperty[str]:
        """The serial number of the robot. It is empty on robots with software before release 7.0, and where the robot
        cannot read it.
        """
        return AsyncObservableProperty(self._link, SERIAL_NUMBER)

    @property
    def robot_model(self) -> AsyncObservableProperty[str]:
        """The model, as the robot reports it, for example OT-2 Standard. It is empty on robots with software before
        release 5.0.
        """
        return AsyncObservableProperty(self._link, ROBOT_MODEL)

    @property
    def software_version(self) -> AsyncObservableProperty[str]:
        """The release of the robot software, for example 8.1.0."""
        return AsyncObservableProperty(self._link, SOFTWARE_VERSION)

    @property
    def software_tested(self) -> AsyncObservableProperty[bool]:
        """True if this server was tested with this release of the robot software. A release newer than all tested ones
        is treated like the newest tested one. The value is true until the robot has answered.
        """
        return AsyncObservableProperty(self._link, SOFTWARE_TESTED)

    @property
    def system_version(self) -> AsyncObservableProperty[str]:
        """The version of the operating system of the robot."""
        return AsyncObservableProperty(self._link, SYSTEM_VERSION)

    @property
    def firmware_version(self) -> AsyncObservableProperty[str]:
        """The version of the firmware that controls the motors."""
        return AsyncObservableProperty(self._link, FIRMWARE_VERSION)

    @property
    def board_revision(self) -> AsyncObservableProperty[str]:
        """The revision of the main board of the robot."""
        return AsyncObservableProperty(self._link, BOARD_REVISION)

    @property
    def minimum_protocol_level(self) -> AsyncObservableProperty[str]:
        """The lowest protocol API level that the robot can run, for example 2.0."""
        return AsyncObservableProperty(self._link, MINIMUM_PROTOCOL_LEVEL)

    @property
    def maximum_protocol_level(self) -> AsyncObservableProperty[str]:
        """The highest protocol API level that the robot can run, for example 2.20."""
        return AsyncObservableProperty(self._link, MAXIMUM_PROTOCOL_LEVEL)

    @property
    def abilities(self) -> AsyncObservableProperty[list[Ability]]:
        """What the robot can do that not every release of its software can, and how this is known. When the robot is
        reached and when its software changes, the server asks the robot for each ability that a single cheap
        request can show. All others are taken from the number of the release. The list is empty until the robot has
        answered for the first time.
        """
        return AsyncObservableProperty(self._link, ABILITIES)
