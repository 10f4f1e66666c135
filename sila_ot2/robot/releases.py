"""Every difference between releases of the robot's software, in one place; chosen by what /health says.

Measured on the stock robot-server of releases 4.7.0 to 8.1.0 (docs/reference/robot-releases.md). A release newer than
any tested is served as the newest known one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sila_ot2.errors import UnsupportedByRobot
from sila_ot2.robot.ability import Ability, Version, text_of
from sila_ot2.robot.command_members import unknown_members
from sila_ot2.robot.command_types import first_with, is_for_flex

OLDEST: Version = (4, 7, 0)
NEWEST_TESTED: Version = (8, 1, 0)
SIMULATED_HARDWARE = "Virtual Smoothie"
"""The firmware that a robot-server without a robot's hardware reports."""
TESTED_ENGINES = frozenset({(9, 0)})
"""Releases of the engine in the simulated robot that the tests run on. No robot of these releases was seen."""


_PRE_RELEASE = re.compile(r"(?<![a-z])(?P<stage>dev|alpha|beta|rc|a|b)\.?(?P<number>\d{0,9})")
_STAGES = ("d", "a", "b", "r")
"""Development, alpha, beta and release candidate, by their first letters."""


class AbilityFound(NamedTuple):
    """What a robot's answer shows of an ability."""

    present: bool
    answer: str
    """The answer, as a sentence."""


@dataclass(frozen=True)
class AbilityReport:
    """Whether a robot has an ability, and how that is known."""

    ability: Ability
    present: bool
    is_found: bool
    """Whether the robot's answer shows it; otherwise it is taken from the number of its release."""
    reason: str


@dataclass(frozen=True)
class Release:
    """A release of the robot's software and what it can do."""

    version: Version
    name: str
    """As the robot says it, e.g. "8.1.0" or "7.0.0-alpha.3"."""
    newer_than_tested: bool = False
    """True also when the robot's version cannot be read: it is then served as the newest known release."""
    found: Mapping[Ability, AbilityFound] = field(default_factory=dict, compare=False)
    """What the answers of this robot show, independent of its release."""

    @property
    def order(self) -> tuple[Version, int, int]:
        """What versions are sorted by: a pre-release comes before its release."""
        stage = _PRE_RELEASE.search(self.name)
        if stage is None:
            return (self.version, len(_STAGES), 0)
        return (self.version, _STAGES.index(stage["stage"][0]), int(stage["number"] or 0))

    @property
    def has_runs(self) -> bool:
        """False for releases 4.x, which have sessions instead; a newer robot never has sessions."""
        return self.version >= Ability.RUNS.since

    @property
    def trash_is_labware(self) -> bool:
        """True: a run without protocol knows a labware "fixedTrash". From 7.1 on tips are dropped in place, there."""
        return self.version < (7, 1, 0)

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
        """Return whether the robot has the ability: as it was found to, or else by the number of its release."""
        found = self.found.get(ability)
        return self.version >= ability.since if found is None else found.present

    def reports(self) -> tuple[AbilityReport, ...]:
        """Return whether the robot has each ability, and how that is known."""
        return tuple(self._report(ability) for ability in Ability)

    def _report(self, ability: Ability) -> AbilityReport:
        found = self.found.get(ability)
        if found is not None:
            return AbilityReport(ability, found.present, True, found.answer)
        why = f"Releases from {text_of(ability.since)} on can; the robot reports {self.name}. {ability.why_not_asked}"
        return AbilityReport(ability, self.can(ability), False, why.rstrip())

    def require(self, ability: Ability) -> None:
        """Refuse if the robot lacks the ability.

        Raises:
            UnsupportedByRobot: naming the release that can, or the robot's answer; nothing was sent.
        """
        if self.can(ability):
            return
        if self.version < ability.since:
            raise self.unsupported(ability.description, ability.since)
        raise UnsupportedByRobot(
            f"This robot with software {self.name} cannot {ability.description}. {self._report(ability).reason}",
            "Update the robot's software, or do without.",
        )

    def require_command(self, command_type: str, params: Mapping[str, Any] | None = None) -> None:
        """Refuse if only a Flex can, this release does not know the command, or would drop a parameter without a word.

        Raises:
            UnsupportedByRobot: naming the release that can, if one can; nothing was sent.
        """
        if is_for_flex(command_type):
            raise UnsupportedByRobot(
                f"No OT-2 can execute the command {command_type}: it needs the hardware of a Flex.", "Use others."
            )
        for member, known_since in unknown_members(command_type, params or {}, self.version):
            raise self.unsupported(f"execute the command {command_type} with {member}", known_since)
        if not self.knows(command_type):
            raise self.unsupported(f"execute the command {command_type}", first_with(command_type))

    def knows(self, command_type: str) -> bool:
        """Return whether this release knows a type of command; a release that cannot be read knows none after 8.1."""
        return self.version >= first_with(command_type)

    def unsupported(self, description: str, since: Version) -> UnsupportedByRobot:
        """Return the refusal for something this release cannot do."""
        return UnsupportedByRobot(
            f"Robot software {self.name} cannot {description}; release {text_of(since)} and later can.",
            "Update the robot's software.",
        )


def release_of(api_version: str, *, firmware: str = "") -> Release:
    """Return the release for the `api_version` and the `fw_version` a robot reports in /health."""
    match = re.match(r"v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?", api_version)
    if match is None:
        return Release(NEWEST_TESTED, api_version, newer_than_tested=True)
    version = (int(match[1]), int(match[2]), int(match[3] or 0))
    if version == (0, 0, 0):  # a development build
        return Release(NEWEST_TESTED, api_version, newer_than_tested=True)
    tested = version[:2] <= NEWEST_TESTED[:2] or (firmware == SIMULATED_HARDWARE and version[:2] in TESTED_ENGINES)
    return Release(version, api_version, newer_than_tested=not tested)
