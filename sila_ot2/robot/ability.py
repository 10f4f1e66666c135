"""What not every release of the robot's software can do: since when, how that is known, and how a robot is asked."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

Version = tuple[int, int, int]


class Certainty(Enum):
    """How it is known which release has an ability first."""

    MEASURED = "measured on the robot-server of these releases"
    READ = "read in published source or packages; no robot of such a release was seen"


class Probe(NamedTuple):
    """A cheap request that shows whether a robot has an ability."""

    path: str
    """Of a GET. Any answer but that there is no such route shows the ability."""
    setting: str = ""
    """If this is given, the ability is shown by this entry in the robot's list of settings."""


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
    DATA_FILES = ("take CSV data files", (8, 0, 0), Certainty.MEASURED, Probe("/dataFiles"))
    CLIENT_DATA = ("keep client data", (8, 0, 0), Certainty.MEASURED, Probe("/clientData/none"))
    RECOVERY_SETTINGS = (
        "have settings for error recovery", (8, 2, 0), Certainty.READ, Probe("/errorRecovery/settings"),
    )  # fmt: skip
    OFFSET_STORE = ("keep labware offsets between runs", (8, 4, 0), Certainty.READ, Probe("/labwareOffsets"))
    CAMERA_SWITCH = ("switch its camera on and off", (8, 8, 0), Certainty.READ, Probe("/camera"))
    RUN_PICTURES = ("keep the pictures of a run", (8, 8, 0), Certainty.READ, Probe("/dataFiles/none/images"))
    CAMERA_PREVIEW = (
        "take pictures with settings", (9, 0, 0), Certainty.READ, Probe("/camera/capturePreviewImage"),
    )  # fmt: skip
    FRONT_BUTTON = (
        "pause and resume a run with its front button", (26, 0, 0), Certainty.READ,
        Probe("/settings", "disableOT2FrontButton"),
    )  # fmt: skip

    def __init__(
        self, description: str, since: Version, certainty: Certainty = Certainty.MEASURED, probe: Probe | None = None
    ) -> None:
        self.description = description
        self.since = since
        self.certainty = certainty
        self.probe = probe


def text_of(version: Version) -> str:
    """Return a version as people write it: 8.1, or 5.0.2."""
    return f"{version[0]}.{version[1]}{f'.{version[2]}' if version[2] else ''}"
