"""The feature OT2ModuleProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Kind = Literal["TemperatureModule", "MagneticModule", "Thermocycler", "HeaterShaker", "Unknown"]
Part = Literal["Plate", "Heater", "Shaker", "Block", "Lid", "Magnets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedModule:
    """A module.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        kind: The kind of module.
        model: The exact model as protocols name it, for example temperatureModuleV2.
        state: What the module does, as the robot reports it, for example idle, heating, or holding at target. It is
            empty if the robot does not report it.
        firmware_version: The version of the firmware of the module.
        hardware_revision: The revision of the hardware of the module.
        update_available: True if the robot has newer firmware for the module.
    """

    serial_number: str
    kind: Kind
    model: str
    state: str
    firmware_version: str
    hardware_revision: str
    update_available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingModule:
    """A module that the robot no longer lists.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        kind: The kind of module.
        model: The exact model as protocols name it, for example temperatureModuleV2.
        missed_at: When the robot was first seen not to list the module, by the clock of the server.
    """

    serial_number: str
    kind: Kind
    model: str
    missed_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePart:
    """A part of a module that heats, cools, shakes, or is raised, or that is still hot.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it, for example temperatureModuleV2.
        part: Which part of the module it is.
        activity: What it does, in words, for example: set to 70 °C, at 62.1 °C.
    """

    serial_number: str
    model: str
    part: Part
    activity: str


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1")
_ATTACHED_MODULE = wire.Structure(
    AttachedModule,
    serial_number=wire.STRING,
    kind=wire.STRING,
    model=wire.STRING,
    state=wire.STRING,
    firmware_version=wire.STRING,
    hardware_revision=wire.STRING,
    update_available=wire.BOOLEAN,
)
_DEFINED_ATTACHED_MODULE = wire.Defined(_ATTACHED_MODULE)
_MISSING_MODULE = wire.Structure(
    MissingModule, serial_number=wire.STRING, kind=wire.STRING, model=wire.STRING, missed_at=wire.TIMESTAMP
)
_DEFINED_MISSING_MODULE = wire.Defined(_MISSING_MODULE)
_ACTIVE_PART = wire.Structure(
    ActivePart, serial_number=wire.STRING, model=wire.STRING, part=wire.STRING, activity=wire.STRING
)
_DEFINED_ACTIVE_PART = wire.Defined(_ACTIVE_PART)
RETRIEVE_MODULE_HISTORY: CallDefinition[bytes] = _FEATURE.command(
    "RetrieveModuleHistory", ResponseMessage(Message(wire.BINARY), same), ModuleIdentifier=wire.STRING
)
ATTACHED_MODULES: CallDefinition[list[AttachedModule]] = _FEATURE.observable_property(
    "AttachedModules", wire.Repeated(_DEFINED_ATTACHED_MODULE)
)
MISSING_MODULES: CallDefinition[list[MissingModule]] = _FEATURE.observable_property(
    "MissingModules", wire.Repeated(_DEFINED_MISSING_MODULE)
)
ACTIVE_PARTS: CallDefinition[list[ActivePart]] = _FEATURE.observable_property(
    "ActiveParts", wire.Repeated(_DEFINED_ACTIVE_PART)
)


class OT2ModuleProvider(Feature[Link]):
    """Reports which modules are attached to the robot, and what they have measured. Modules may be attached and
    removed while the robot is on; the change is shown here within a few seconds.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1"

    def retrieve_module_history(self, *, module_identifier: str | None = None) -> bytes:
        """Returns what modules have reported in the last hours: temperatures, speeds, heights, latches and lids,
        whoever has commanded them, also of modules that are no longer attached. The newest 10000 changes of each
        part are kept in memory. With the default settings these are 14 hours if every reading differs, or 2.7 hours
        while something is waited for. What was before the start of this server is lost. The command answers at
        once, no request is sent to the robot, and nothing moves.

        Args:
            module_identifier: The serial number of the module. None means all modules.

        Returns:
            history: Comma-separated text in UTF-8 with the columns SerialNumber, Model, Part (Plate, Heater,
                Shaker, Latch, Block, Lid, LidPosition, or Magnets), FirstReportedAt, LastReportedAt, Value, Target,
                Unit (°C, rpm, or mm), and Status, ordered by module, part, and time. Latch and LidPosition have a
                Status alone, as LatchStatus and LidStatus of their modules. A row lasts as long as the robot
                reported the same values, by the clock of the server. If the next row of a part begins much later
                than this one ends, nothing was reported between them. Target is empty if there is none, and for
                magnets.

        Errors: ModuleMissing.
        """
        return self._link.command(RETRIEVE_MODULE_HISTORY, ("" if module_identifier is None else module_identifier,))

    @property
    def attached_modules(self) -> ObservableProperty[list[AttachedModule]]:
        """The attached modules, in the order of the robot. A module that the robot does not list for up to three
        seconds stays in the list. The list is empty if there are no modules, and until the robot has answered for
        the first time.
        """
        return ObservableProperty(self._link, ATTACHED_MODULES)

    @property
    def missing_modules(self) -> ObservableProperty[list[MissingModule]]:
        """The modules that were attached and that the robot has not listed for more than three seconds, with the time
        at which each was first missed. A module leaves the list when the robot lists it again. The list is empty
        when this server starts: a module that was removed before then is not known.
        """
        return ObservableProperty(self._link, MISSING_MODULES)

    @property
    def active_parts(self) -> ObservableProperty[list[ActivePart]]:
        """What of the attached modules heats, cools, shakes or is raised, whoever has commanded it, and what is hotter
        than 50 °C although it is switched off. No module switches off by itself, and none when a session or a run
        ends.
        """
        return ObservableProperty(self._link, ACTIVE_PARTS)
