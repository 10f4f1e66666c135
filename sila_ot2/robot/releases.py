"""Every difference between releases of the robot's software, in one place; chosen by what /health says.

Measured on the stock robot-server of releases 4.7.0 to 8.1.0 (docs/reference/robot-releases.md). A release newer than
any tested is served as the newest known one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sila_ot2.errors import UnsupportedByRobot

Version = tuple[int, int, int]

OLDEST: Version = (4, 7, 0)
NEWEST_TESTED: Version = (8, 1, 0)
SIMULATED_HARDWARE = "Virtual Smoothie"
"""The firmware that a robot-server without a robot's hardware reports."""
TESTED_ENGINES = frozenset({(9, 0)})
"""Releases of the engine in the simulated robot that the tests run on. No robot of these releases was seen."""


class Ability(Enum):
    """What not every release can do; the value describes it and gives the first release that can."""

    RUNS = ("run protocols through the /runs interface", (5, 0, 0))
    LABWARE_OFFSETS = ("take labware offsets", (5, 0, 0))
    LABWARE_DEFINITIONS = ("take labware definitions for a run", (5, 0, 2))
    ANALYSES = ("list analyses separately from their protocol", (6, 0, 0))
    STATELESS_COMMANDS = ("execute commands outside of runs", (6, 1, 0))
    INSTRUMENTS = ("report the ranges of its pipettes", (6, 3, 0))
    DOOR_STATUS = ("report its door", (7, 0, 0))
    MAINTENANCE_RUNS = ("have maintenance runs", (7, 0, 0))
    ANALYSIS_DOCUMENTS = ("return analyses as documents", (7, 0, 0))
    NOTIFICATIONS = ("send notifications over MQTT", (7, 2, 0))
    RUN_TIME_PARAMETERS = ("take run-time parameters", (7, 3, 0))
    REANALYSIS = ("analyze a protocol again", (7, 3, 0))
    DATA_FILES = ("take CSV data files", (8, 0, 0))
    CLIENT_DATA = ("keep client data", (8, 0, 0))

    def __init__(self, description: str, since: Version) -> None:
        self.description = description
        self.since = since


_COMMANDS_OF_5: frozenset[str] = frozenset(
    {
        "aspirate", "dispense", "dropTip", "home", "loadLabware", "loadModule", "loadPipette", "moveRelative",
        "moveToWell", "pickUpTip", "savePosition",
    }
)  # fmt: skip
_COMMANDS_SINCE: dict[str, Version] = {
    "moveToCoordinates": (6, 1, 0),  # 6.0 knows it, and fails
    "comment": (6, 3, 0),
    "dropTipInPlace": (7, 1, 0),  # 7.0 knows it, and fails without moveToAddressableAreaForDropTip
    "moveToAddressableArea": (7, 1, 0),
    "moveToAddressableAreaForDropTip": (7, 1, 0),
    "setStatusBar": (7, 0, 0),
}
"""First release of commands that came after 6.0. What is listed nowhere is taken to exist from 6.0 on: the robot's
own refusal of a command it does not know (422) is as clear as ours."""


@dataclass(frozen=True)
class Release:
    """A release of the robot's software and what it can do."""

    version: Version
    name: str
    """As the robot says it, e.g. "8.1.0" or "7.0.0-alpha.3"."""
    newer_than_tested: bool = False
    """True also when the robot's version cannot be read: it is then served as the newest known release."""

    @property
    def has_runs(self) -> bool:
        """False for releases 4.x, which have sessions instead."""
        return self.can(Ability.RUNS)

    @property
    def trash_is_labware(self) -> bool:
        """True: a run without protocol knows a labware "fixedTrash". From 7.1 on tips are dropped in place, there."""
        return self.version < (7, 1, 0)

    @property
    def obeys_flow_rate(self) -> bool:
        """False: `flowRate` is ignored. From 6.0 on aspirate, dispense and blowout are refused without it."""
        return self.version >= (6, 0, 0)

    @property
    def guards_runs(self) -> bool:
        """False: a set-up command during a run is executed in its midst, and one after its end hangs (release 5)."""
        return self.version >= (6, 0, 0)

    @property
    def keeps_runs(self) -> bool:
        """False: a restart of the robot loses all runs and protocols (releases 4 and 5)."""
        return self.version >= (6, 0, 0)

    @property
    def knows_content(self) -> bool:
        """False: an upload of the same content makes a new protocol each time."""
        return self.version >= (7, 0, 0)

    @property
    def takes_keys(self) -> bool:
        """False: the `key` of a posted command is ignored, so it cannot be found again by it (before 6.1).

        Source: the command models of the opentrons package 5.0.0, 6.0.1 and 6.1.0.
        """
        return self.version >= (6, 1, 0)

    @property
    def may_half_create_runs(self) -> bool:
        """True: a refused POST /runs may leave a current run behind that makes the next POST /runs fail, too."""
        return self.version >= (8, 0, 0)

    def can(self, ability: Ability) -> bool:
        """Return whether this release has the ability."""
        return self.version >= ability.since

    def require(self, ability: Ability) -> None:
        """Refuse if this release lacks the ability.

        Raises:
            UnsupportedByRobot: naming the release that can; nothing was sent.
        """
        if not self.can(ability):
            raise self.unsupported(ability.description, ability.since)

    def require_command(self, command_type: str) -> None:
        """Refuse if this release does not know the command.

        Raises:
            UnsupportedByRobot: naming the release that can; nothing was sent.
        """
        since = _COMMANDS_SINCE.get(command_type, (5, 0, 0) if command_type in _COMMANDS_OF_5 else (6, 0, 0))
        if self.version < since:
            raise self.unsupported(f"execute the command {command_type}", since)

    def unsupported(self, description: str, since: Version) -> UnsupportedByRobot:
        """Return the refusal for something this release cannot do."""
        return UnsupportedByRobot(
            f"Robot software {self.name} cannot {description}; release {since[0]}.{since[1]}"
            f"{f'.{since[2]}' if since[2] else ''} and later can.",
            "Update the robot's software.",
        )


def release_of(api_version: str, *, firmware: str = "") -> Release:
    """Return the release for the `api_version` and the `fw_version` a robot reports in /health."""
    match = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", api_version)
    if match is None:
        return Release(NEWEST_TESTED, api_version, newer_than_tested=True)
    version = (int(match[1]), int(match[2]), int(match[3] or 0))
    if version == (0, 0, 0):  # a development build
        return Release(NEWEST_TESTED, api_version, newer_than_tested=True)
    tested = version[:2] <= NEWEST_TESTED[:2] or (firmware == SIMULATED_HARDWARE and version[:2] in TESTED_ENGINES)
    return Release(version, api_version, newer_than_tested=not tested)
