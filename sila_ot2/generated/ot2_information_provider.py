"""The feature OT2InformationProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC
from typing import NamedTuple

from sila_ot2.generated import ObservableProperty


class Ability(NamedTuple):
    """Something that not every release of the robot software can do."""

    Description: str
    """What it is, for example: take CSV data files."""
    Present: bool
    """True if the robot can do it."""
    Source: str
    """How this is known: the robot was asked (Robot), or it is taken from the number of the release (Release)."""
    Reason: str
    """What the robot answered, or which releases can do it."""


class OT2InformationProviderBase(ABC):
    """Reports which robot this server drives and which software it runs. All values are what the robot last reported.
    They are empty until the robot has answered for the first time. Reading them sends no request to the robot.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2InformationProvider/v1"

    RobotName: ObservableProperty[str]
    """The name of the robot, which can be changed on the robot."""

    SerialNumber: ObservableProperty[str]
    """The serial number of the robot. It is empty on robots with software before release 7.0, and where the robot
    cannot read it.
    """

    RobotModel: ObservableProperty[str]
    """The model, as the robot reports it, for example OT-2 Standard. It is empty on robots with software before
    release 5.0.
    """

    SoftwareVersion: ObservableProperty[str]
    """The release of the robot software, for example 8.1.0."""

    SoftwareTested: ObservableProperty[bool]
    """True if this server was tested with this release of the robot software. A release newer than all tested ones is
    treated like the newest tested one. The value is true until the robot has answered.
    """

    SystemVersion: ObservableProperty[str]
    """The version of the operating system of the robot."""

    FirmwareVersion: ObservableProperty[str]
    """The version of the firmware that controls the motors."""

    BoardRevision: ObservableProperty[str]
    """The revision of the main board of the robot."""

    MinimumProtocolLevel: ObservableProperty[str]
    """The lowest protocol API level that the robot can run, for example 2.0."""

    MaximumProtocolLevel: ObservableProperty[str]
    """The highest protocol API level that the robot can run, for example 2.20."""

    Abilities: ObservableProperty[list[Ability]]
    """What the robot can do that not every release of its software can, and how this is known. When the robot is
    reached and when its software changes, the server asks the robot for each ability that a single cheap request
    can show. All others are taken from the number of the release. The list is empty until the robot has answered
    for the first time.
    """
