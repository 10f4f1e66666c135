"""The feature OT2ModuleProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class AttachedModule(NamedTuple):
    """A module."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Kind: str
    """The kind of module."""
    Model: str
    """The exact model as protocols name it, for example temperatureModuleV2."""
    State: str
    """What the module does, as the robot reports it, for example idle, heating, or holding at target. It is empty if
    the robot does not report it.
    """
    FirmwareVersion: str
    """The version of the firmware of the module."""
    HardwareRevision: str
    """The revision of the hardware of the module."""
    UpdateAvailable: bool
    """True if the robot has newer firmware for the module."""


class MissingModule(NamedTuple):
    """A module that the robot no longer lists."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Kind: str
    """The kind of module."""
    Model: str
    """The exact model as protocols name it, for example temperatureModuleV2."""
    MissedAt: datetime.datetime
    """When the robot was first seen not to list the module, by the clock of the server."""


class ActivePart(NamedTuple):
    """A part of a module that heats, cools, shakes, or is raised, or that is still hot."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it, for example temperatureModuleV2."""
    Part: str
    """Which part of the module it is."""
    Activity: str
    """What it does, in words, for example: set to 70 °C, at 62.1 °C."""


class OT2ModuleProviderBase(ABC):
    """Reports which modules are attached to the robot, and what they have measured. Modules may be attached and
    removed while the robot is on; the change is shown here within a few seconds.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1"

    AttachedModules: ObservableProperty[list[AttachedModule]]
    """The attached modules, in the order of the robot. A module that the robot does not list for up to three seconds
    stays in the list. The list is empty if there are no modules, and until the robot has answered for the first
    time.
    """

    MissingModules: ObservableProperty[list[MissingModule]]
    """The modules that were attached and that the robot has not listed for more than three seconds, with the time at
    which each was first missed. A module leaves the list when the robot lists it again. The list is empty when this
    server starts: a module that was removed before then is not known.
    """

    ActiveParts: ObservableProperty[list[ActivePart]]
    """What of the attached modules heats, cools, shakes or is raised, whoever has commanded it, and what is hotter
    than 50 °C although it is switched off. No module switches off by itself, and none when a session or a run ends.
    """

    @abstractmethod
    def RetrieveModuleHistory(self, ModuleIdentifier: str, *, call: Any) -> bytes:
        """Returns what modules have reported in the last hours: temperatures, speeds, heights, latches and lids,
        whoever has commanded them, also of modules that are no longer attached. The newest 10000 changes of each
        part are kept in memory. With the default settings these are 14 hours if every reading differs, or 2.7 hours
        while something is waited for. What was before the start of this server is lost. The command answers at
        once, no request is sent to the robot, and nothing moves.

        Errors: ModuleMissing
        """
