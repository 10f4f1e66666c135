"""What each release of the robot's software offers, as far as the simulator can stand for it.

The HTTP layer was recorded on 7.5.0 and 8.1.0. What came later was read: commands, members and ranges in the published
packages of 8.2 to 9.0, routes in the public source of the server; nobody has measured the statuses of those routes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Version = tuple[int, int]

FRONT_BUTTON: Version = (26, 0)
PROTOCOL_API: Mapping[Version, Version] = {
    (7, 5): (2, 19),
    (8, 0): (2, 20),
    (8, 1): (2, 20),
    (8, 2): (2, 21),
    (8, 3): (2, 22),
    (8, 4): (2, 23),
    (8, 5): (2, 24),
    (8, 6): (2, 25),
    (8, 7): (2, 26),
    (8, 8): (2, 27),
    (9, 0): (2, 28),
    FRONT_BUTTON: (2, 28),
}
"""The releases the simulator can stand for, and the highest Protocol API level of each."""
NAMES: Mapping[Version, str] = {(7, 5): "7.5.0", (8, 1): "8.1.0", (9, 0): "9.0.0", FRONT_BUTTON: "26.6.0"}
"""What a release that is named by its line calls itself."""

ROUTES: Mapping[str, Version] = {
    "GET /protocols/{protocol_id}/dataFiles": (8, 0),
    "POST /dataFiles": (8, 0),
    "GET /dataFiles": (8, 0),
    "GET /dataFiles/{file_id}": (8, 0),
    "GET /dataFiles/{file_id}/download": (8, 0),
    "PUT /clientData/{key}": (8, 0),
    "GET /clientData/{key}": (8, 0),
    "DELETE /clientData/{key}": (8, 0),
    "DELETE /clientData": (8, 0),
    "GET /runs/{run_id}/commandErrors": (8, 0),
    "PUT /runs/{run_id}/errorRecoveryPolicy": (8, 0),
    "DELETE /dataFiles/{file_id}": (8, 2),
    "GET /errorRecovery/settings": (8, 2),
    "PATCH /errorRecovery/settings": (8, 2),
    "DELETE /errorRecovery/settings": (8, 2),
    "GET /runs/{run_id}/currentState": (8, 2),
    "GET /runs/{run_id}/errorRecoveryPolicy": (8, 3),
    "POST /labwareOffsets": (8, 4),
    "GET /labwareOffsets": (8, 4),
    "POST /labwareOffsets/searches": (8, 4),
    "DELETE /labwareOffsets/{offset_id}": (8, 4),
    "DELETE /labwareOffsets": (8, 4),
    "GET /camera": (8, 8),
    "POST /camera": (8, 8),
    "GET /camera/stream": (8, 8),
    "GET /camera/stream/settings": (8, 8),
    "POST /runs/{run_id}/camera/settings": (8, 8),
    "GET /dataFiles/{run_id}/images": (8, 8),
    "DELETE /dataFiles/{run_id}/images": (8, 8),
    "GET /dataFiles/{run_id}/images/download": (8, 8),
    "GET /dataFiles/{run_id}/all": (8, 8),
    "POST /camera/capturePreviewImage": (9, 0),
    "POST /camera/cameraSettings": (9, 0),
    "GET /camera/cameraSettings/{camera_id}": (9, 0),
    "POST /runs/{run_id}/camera/cameraSettings": (9, 0),
    "POST /runs/{run_id}/camera/capturePreviewImage": (9, 0),
    "GET /runs/{run_id}/cameraSettings/{camera_id}": (9, 0),
}
"""Routes that not every release has, and the first that does."""

COMMANDS: Mapping[str, Version] = {
    **dict.fromkeys(
        (
            "absorbanceReader/initialize", "liquidProbe", "tryLiquidProbe", "unsafe/blowOutInPlace",
            "unsafe/dropTipInPlace", "unsafe/engageAxes", "unsafe/updatePositionEstimators",
        ),
        (8, 0),
    ),
    **dict.fromkeys(
        (
            "absorbanceReader/closeLid", "absorbanceReader/openLid", "absorbanceReader/read",
            "thermocycler/runExtendedProfile", "unsafe/placeLabware", "unsafe/ungripLabware",
        ),
        (8, 2),
    ),
    **dict.fromkeys(
        (
            "airGapInPlace", "getNextTip", "loadLid", "loadLidStack", "loadLiquidClass", "robot/closeGripperJaw",
            "robot/moveAxesRelative", "robot/moveAxesTo", "robot/moveTo", "robot/openGripperJaw",
        ),
        (8, 3),
    ),
    **dict.fromkeys(
        (
            "aspirateWhileTracking", "dispenseWhileTracking", "flexStacker/empty", "flexStacker/fill",
            "flexStacker/retrieve", "flexStacker/setStoredLabware", "flexStacker/store", "pressureDispense",
            "sealPipetteToTip", "unsealPipetteFromTip",
        ),
        (8, 4),
    ),
    **dict.fromkeys(
        (
            "identifyModule", "unsafe/flexStacker/closeLatch", "unsafe/flexStacker/manualRetrieve",
            "unsafe/flexStacker/openLatch", "unsafe/flexStacker/prepareShuttle",
        ),
        (8, 6),
    ),
    **dict.fromkeys(
        (
            "captureImage", "createTimer", "heaterShaker/setShakeSpeed", "setTipState",
            "thermocycler/startRunExtendedProfile", "waitForTasks",
        ),
        (8, 8),
    ),
}  # fmt: skip
"""Types of commands that 7.5 does not have, and the first release that does."""

MEMBERS: Mapping[str, Version] = {
    **dict.fromkeys(
        (
            "hasEverEnteredErrorRecovery", "isDefined", "compatibleWithRobot", "protocolKind",
            "liquidPresenceDetection", "analysisSummaries.runTimeParameters",
        ),
        (8, 0),
    ),
    **dict.fromkeys(("volumeOffset", "outputFileIds"), (8, 2)),
    **dict.fromkeys(("mmFromEdge", "liquidClasses"), (8, 3)),
    **dict.fromkeys(
        (
            "locationSequence", "originLocationSequence", "immediateDestinationLocationSequence",
            "eventualDestinationLocationSequence", "correctionVolume", "scrape_tips", "lidTempStatus",
        ),
        (8, 4),
    ),
    **dict.fromkeys(
        ("taskId", "ramp_rate", "cameraSettings", "commandAnnotations", "commandPreconditions", "disk_details"), (8, 8)
    ),
}  # fmt: skip
"""Members of answers and of commands that not every release has: ``name`` or ``parent.name``, and the first release.

A member that a release does not know is not in its answers, and is ignored without a word in a command's parameters.
"""
LOGS: Mapping[str, Version] = {
    "api.log": (0, 0),
    "serial.log": (0, 0),
    "server.log": (0, 0),
    "combined_api_server.log": (0, 0),
    "update_server.log": (8, 0),
    "touchscreen.log": (0, 0),
}
"""The logs of the robot, and the first release that gives them out."""
_NOTE_OF_AN_ERROR = "debugErrorRecovery"
_NOT_THE_ROBOTS = frozenset({"metadata", "definition"})
"""Members whose content comes from the client or from a labware's or module's definition."""


@dataclass(frozen=True)
class SimulatedRelease:
    """A release of the robot's software.

    Attributes:
        version: decides what there is.
        name: what ``GET /health`` says.
    """

    version: Version
    name: str

    @property
    def protocol_api(self) -> Version:
        """The highest Protocol API level."""
        return PROTOCOL_API[self.version]

    @property
    def half_creates_runs(self) -> bool:
        """Whether run-time parameters are loaded, and refused, when the run is created; before, when it is played."""
        return self.version >= (8, 0)

    @property
    def notes_errors(self) -> bool:
        """Whether the notes of a failed command have one with the text of its error."""
        return self.version >= (8, 2)

    @property
    def has_meniscus(self) -> bool:
        """Whether a place in a well may be given from the liquid's surface."""
        return self.version >= (8, 2)

    @property
    def pages_end_at_current(self) -> bool:
        """Whether a page of commands without a cursor ends with the current one; before, it begins there."""
        return self.version >= (8, 5)

    @property
    def lowest_shaker_temperature_c(self) -> float:
        """The lowest target of a heater-shaker (8.4: 37, 8.6: 0; the packages of 8.5 were not read)."""
        return 0 if self.version >= (8, 6) else 37

    @property
    def logs(self) -> tuple[str, ...]:
        """The logs that can be read."""
        return tuple(name for name, since in LOGS.items() if self.version >= since)

    @property
    def camera_is_optional(self) -> bool:
        """Whether the camera can be switched off, and is until somebody switches it on."""
        return self.version >= (8, 8)

    @property
    def has_front_button(self) -> bool:
        """Whether the front button pauses and resumes runs."""
        return self.version >= FRONT_BUTTON

    @property
    def takes_sequences(self) -> bool:
        """Whether the place of a labware offset may be given as a path through the deck."""
        return self.version >= (8, 4)

    @property
    def tells_sources(self) -> bool:
        """Whether a data file says where it comes from."""
        return self.version >= (8, 2)

    @property
    def topic_of_commands(self) -> str:
        """Where the robot announces that another command is the current one."""
        return "runs/commands_links" if self.version >= (8, 0) else "runs/current_command"

    def has_route(self, method: str, path: str) -> bool:
        """Whether there is a route."""
        return self.version >= ROUTES.get(f"{method} {path}", (0, 0))

    def has_command(self, command_type: str) -> bool:
        """Whether the engine knows a type of command."""
        return self.version >= COMMANDS.get(command_type, (0, 0))

    def without_unknown(self, value: Any, parent: str = "") -> Any:
        """A JSON value without the members that this release does not know."""
        if isinstance(value, list):
            return [self.without_unknown(one, parent) for one in value if self._notes(one)]
        if not isinstance(value, dict):
            return value
        return {
            name: inner if name in _NOT_THE_ROBOTS else self.without_unknown(inner, name)
            for name, inner in value.items()
            if name not in self._unknown and f"{parent}.{name}" not in self._unknown
        }

    def _notes(self, value: Any) -> bool:
        return self.notes_errors or not (isinstance(value, dict) and value.get("noteKind") == _NOTE_OF_AN_ERROR)

    @cached_property
    def _unknown(self) -> frozenset[str]:
        return frozenset(name for name, since in MEMBERS.items() if since > self.version)


def release_named(text: str) -> SimulatedRelease:
    """The release of a name: a line (``8.1``, ``26.x``), or a version of one (``9.0.1``, ``26.5.2601-alpha``).

    Raises:
        ValueError: the simulator cannot stand for it.
    """
    match = re.match(r"(\d+)\.(\d+|x)", text)
    if match is None:
        raise _unknown_release(text)
    calendar = int(match[1]) >= FRONT_BUTTON[0]
    if match[2] == "x" and not calendar:
        raise _unknown_release(text)
    version = FRONT_BUTTON if calendar else (int(match[1]), int(match[2]))
    if version not in PROTOCOL_API:
        raise _unknown_release(text)
    is_line = text == match[0] and (match[2] == "x" or not calendar)
    return SimulatedRelease(version, NAMES.get(version, f"{text}.0") if is_line else text)


def _unknown_release(text: str) -> ValueError:
    lines = ", ".join("26.x" if version == FRONT_BUTTON else f"{version[0]}.{version[1]}" for version in PROTOCOL_API)
    return ValueError(f"no such release: {text} (there are {lines}, and versions of these)")


DEFAULT = release_named("8.1")
"""The release whose every recorded answer the simulator is compared with."""
