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

    target: str
    """Path and query of a GET. Any answer but that there is no such route shows the ability."""
    member: str = ""
    """If this is given, the ability is shown by this member of the newest entry of the list that is answered."""
    setting: str = ""
    """If this is given, the ability is shown by this entry in the robot's list of settings."""


class Ability(Enum):
    """What not every release can do.

    The value describes it, and gives the first release that can, how a robot is asked, or why it is not, and how it is
    known which release is the first.
    """

    RUNS = ("run protocols through the /runs interface", (5, 0, 0), Probe("/runs?pageLength=1"))
    LABWARE_OFFSETS = ("take labware offsets", (5, 0, 0), Probe("/runs/none/labware_offsets"))
    LABWARE_DEFINITIONS = (
        "take labware definitions for a run", (5, 0, 2), Probe("/runs/none/labware_definitions"),
    )  # fmt: skip
    ANALYSES = ("list analyses separately from their protocol", (6, 0, 0), Probe("/protocols/none/analyses"))
    STATELESS_COMMANDS = (
        "execute commands outside of runs", (6, 1, 0), "Release 6.0 has the route, too, and refuses each command.",
    )  # fmt: skip
    INSTRUMENTS = ("report the ranges of its pipettes", (6, 3, 0), Probe("/instruments"))
    DOOR_STATUS = ("report its door", (7, 0, 0), Probe("/robot/door/status"))
    MAINTENANCE_RUNS = ("have maintenance runs", (7, 0, 0), Probe("/maintenance_runs/current_run"))
    ANALYSIS_DOCUMENTS = (
        "return analyses as documents", (7, 0, 0), Probe("/protocols/none/analyses/none/asDocument"),
    )  # fmt: skip
    NOTIFICATIONS = (
        "send notifications over MQTT", (7, 2, 0), "No request shows it: the notifications come from another program.",
    )  # fmt: skip
    RUN_TIME_PARAMETERS = ("take run-time parameters", (7, 3, 0), Probe("/runs?pageLength=1", "runTimeParameters"))
    REANALYSIS = (
        "analyze a protocol again", (7, 3, 0), "Its route also lists analyses, on older releases, too.",
    )  # fmt: skip
    DATA_FILES = ("take CSV data files", (8, 0, 0), Probe("/dataFiles"))
    CLIENT_DATA = ("keep client data", (8, 0, 0), Probe("/clientData/none"))
    RECOVERY_SETTINGS = (
        "have settings for error recovery", (8, 2, 0), Probe("/errorRecovery/settings"), Certainty.READ,
    )  # fmt: skip
    OFFSET_STORE = ("keep labware offsets between runs", (8, 4, 0), Probe("/labwareOffsets"), Certainty.READ)
    CAMERA_SWITCH = ("switch its camera on and off", (8, 8, 0), Probe("/camera"), Certainty.READ)
    RUN_PICTURES = ("keep the pictures of a run", (8, 8, 0), Probe("/dataFiles/none/images"), Certainty.READ)
    CAMERA_PREVIEW = (
        "take pictures with settings", (9, 0, 0), Probe("/camera/capturePreviewImage"), Certainty.READ,
    )  # fmt: skip
    FRONT_BUTTON = (
        "pause and resume a run with its front button", (26, 0, 0),
        Probe("/settings", setting="disableOT2FrontButton"), Certainty.READ,
    )  # fmt: skip

    def __init__(
        self, description: str, since: Version, asked_by: Probe | str, certainty: Certainty = Certainty.MEASURED
    ) -> None:
        self.description = description
        self.since = since
        self.certainty = certainty
        self.probe = asked_by if isinstance(asked_by, Probe) else None
        self.why_not_asked = asked_by if isinstance(asked_by, str) else ""
        """Why the number of the release decides; empty if a robot is asked."""


def text_of(version: Version) -> str:
    """Return a version as people write it: 8.1, or 5.0.2."""
    return f"{version[0]}.{version[1]}{f'.{version[2]}' if version[2] else ''}"
