"""The feature OT2InformationProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty

Source = Literal["Robot", "Release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """Something that not every release of the robot software can do.

    Attributes:
        description: What it is, for example: take CSV data files.
        present: True if the robot can do it.
        source: How this is known: the robot was asked (Robot), or it is taken from the number of the release
            (Release).
        reason: What the robot answered, or which releases can do it.
    """

    description: str
    present: bool
    source: Source
    reason: str


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2InformationProvider/v1")
_ABILITY = wire.Structure(
    Ability, description=wire.STRING, present=wire.BOOLEAN, source=wire.STRING, reason=wire.STRING
)
_DEFINED_ABILITY = wire.Defined(_ABILITY)
ROBOT_NAME: CallDefinition[str] = _FEATURE.observable_property("RobotName", wire.STRING)
SERIAL_NUMBER: CallDefinition[str] = _FEATURE.observable_property("SerialNumber", wire.STRING)
ROBOT_MODEL: CallDefinition[str] = _FEATURE.observable_property("RobotModel", wire.STRING)
SOFTWARE_VERSION: CallDefinition[str] = _FEATURE.observable_property("SoftwareVersion", wire.STRING)
SOFTWARE_TESTED: CallDefinition[bool] = _FEATURE.observable_property("SoftwareTested", wire.BOOLEAN)
SYSTEM_VERSION: CallDefinition[str] = _FEATURE.observable_property("SystemVersion", wire.STRING)
FIRMWARE_VERSION: CallDefinition[str] = _FEATURE.observable_property("FirmwareVersion", wire.STRING)
BOARD_REVISION: CallDefinition[str] = _FEATURE.observable_property("BoardRevision", wire.STRING)
MINIMUM_PROTOCOL_LEVEL: CallDefinition[str] = _FEATURE.observable_property("MinimumProtocolLevel", wire.STRING)
MAXIMUM_PROTOCOL_LEVEL: CallDefinition[str] = _FEATURE.observable_property("MaximumProtocolLevel", wire.STRING)
ABILITIES: CallDefinition[list[Ability]] = _FEATURE.observable_property("Abilities", wire.Repeated(_DEFINED_ABILITY))


class OT2InformationProvider(Feature[Link]):
    """Reports which robot this server drives and which software it runs. All values are what the robot last reported.
    They are empty until the robot has answered for the first time. Reading them sends no request to the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2InformationProvider/v1"

    @property
    def robot_name(self) -> ObservableProperty[str]:
        """The name of the robot, which can be changed on the robot."""
        return ObservableProperty(self._link, ROBOT_NAME)

    @property
    def serial_number(self) -> ObservableProperty[str]:
        """The serial number of the robot. It is empty on robots with software before release 7.0, and where the robot
        cannot read it.
        """
        return ObservableProperty(self._link, SERIAL_NUMBER)

    @property
    def robot_model(self) -> ObservableProperty[str]:
        """The model, as the robot reports it, for example OT-2 Standard. It is empty on robots with software before
        release 5.0.
        """
        return ObservableProperty(self._link, ROBOT_MODEL)

    @property
    def software_version(self) -> ObservableProperty[str]:
        """The release of the robot software, for example 8.1.0."""
        return ObservableProperty(self._link, SOFTWARE_VERSION)

    @property
    def software_tested(self) -> ObservableProperty[bool]:
        """True if this server was tested with this release of the robot software. A release newer than all tested ones
        is treated like the newest tested one. The value is true until the robot has answered.
        """
        return ObservableProperty(self._link, SOFTWARE_TESTED)

    @property
    def system_version(self) -> ObservableProperty[str]:
        """The version of the operating system of the robot."""
        return ObservableProperty(self._link, SYSTEM_VERSION)

    @property
    def firmware_version(self) -> ObservableProperty[str]:
        """The version of the firmware that controls the motors."""
        return ObservableProperty(self._link, FIRMWARE_VERSION)

    @property
    def board_revision(self) -> ObservableProperty[str]:
        """The revision of the main board of the robot."""
        return ObservableProperty(self._link, BOARD_REVISION)

    @property
    def minimum_protocol_level(self) -> ObservableProperty[str]:
        """The lowest protocol API level that the robot can run, for example 2.0."""
        return ObservableProperty(self._link, MINIMUM_PROTOCOL_LEVEL)

    @property
    def maximum_protocol_level(self) -> ObservableProperty[str]:
        """The highest protocol API level that the robot can run, for example 2.20."""
        return ObservableProperty(self._link, MAXIMUM_PROTOCOL_LEVEL)

    @property
    def abilities(self) -> ObservableProperty[list[Ability]]:
        """What the robot can do that not every release of its software can, and how this is known. When the robot is
        reached and when its software changes, the server asks the robot for each ability that a single cheap
        request can show. All others are taken from the number of the release. The list is empty until the robot has
        answered for the first time.
        """
        return ObservableProperty(self._link, ABILITIES)
