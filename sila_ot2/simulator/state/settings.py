"""The advanced settings of an OT-2. Facts: robot-server 8.1.0, recorded (get_settings); 26.x: read."""

from __future__ import annotations

from sila_ot2.simulator.errors import JsonObject, Problem
from sila_ot2.simulator.release import SimulatedRelease
from sila_ot2.simulator.state.persistence import Disk

DOOR_SAFETY_SWITCH = "enableDoorSafetySwitch"

FRONT_BUTTON_DISABLED = "disableOT2FrontButton"

_KNOWN: dict[str, JsonObject] = {
    "shortFixedTrash": {
        "old_id": "short-fixed-trash",
        "title": "Short (55mm) fixed trash",
        "description": "Trash box is 55mm tall (rather than the 77mm default)",
    },
    "deckCalibrationDots": {
        "old_id": "dots-deck-type",
        "title": "Deck calibration to dots",
        "description": "Perform deck calibration to dots rather than crosses, for robots that do not have crosses"
        " etched on the deck",
    },
    "disableHomeOnBoot": {
        "old_id": "disable-home-on-boot",
        "title": "Disable home on boot",
        "description": "Prevent robot from homing motors on boot",
    },
    "useOldAspirationFunctions": {
        "old_id": None,
        "title": "Use older aspirate behavior",
        "description": "Aspirate with the less accurate volumetric calibrations that were used before version 3.7.0."
        " Use this if you need consistency with pre-v3.7.0 results. This only affects GEN1 P10S, P10M, P50S, P50M, and"
        " P300S pipettes.",
    },
    DOOR_SAFETY_SWITCH: {
        "old_id": None,
        "title": "Enable robot door safety switch",
        "description": "Automatically pause protocols when robot door opens. Opening the robot door during a run will"
        " pause your robot only after it has completed its current motion.",
    },
    FRONT_BUTTON_DISABLED: {
        "old_id": None,
        "title": "Disable the front button",
        "description": "Let the front button neither pause nor resume a run. This takes a restart of the robot.",
    },
}

_RESTART_REQUIRED = frozenset({FRONT_BUTTON_DISABLED})


class AdvancedSettings:
    """The settings' values; None means never set."""

    def __init__(self, disk: Disk, release: SimulatedRelease) -> None:
        self._disk = disk
        self._known = [one for one in _KNOWN if one != FRONT_BUTTON_DISABLED or release.has_front_button]
        self._values: dict[str, bool | None] = dict.fromkeys(_KNOWN)
        for _, kept in disk.load("settings"):
            self._values.update(kept)
        self._at_start = dict(self._values)

    @property
    def door_safety_switch(self) -> bool:
        """Whether runs pause when the door opens; off on an OT-2 as delivered."""
        return bool(self._values[DOOR_SAFETY_SWITCH])

    @property
    def front_button_works(self) -> bool:
        """Whether the front button pauses and resumes, as of the last start."""
        return FRONT_BUTTON_DISABLED in self._known and not self._at_start[FRONT_BUTTON_DISABLED]

    def set(self, setting_id: str, value: bool | None) -> None:  # noqa: FBT001 - a value, not a flag
        """Set one.

        Raises:
            Problem: there is no such setting.
        """
        if setting_id not in self._known:
            raise Problem(400, {"message": f"ID {setting_id} not found in settings list", "errorCode": "4000"})
        self._values[setting_id] = value
        self._disk.save("settings", "advanced", dict(self._values))

    def body(self) -> JsonObject:
        """All of them as the robot shows them."""
        return {
            "settings": [
                {
                    "id": setting_id,
                    "old_id": known["old_id"],
                    "title": known["title"],
                    "description": known["description"],
                    "restart_required": setting_id in _RESTART_REQUIRED,
                    "value": self._values[setting_id],
                }
                for setting_id, known in ((setting_id, _KNOWN[setting_id]) for setting_id in self._known)
            ],
            "links": {"restart": "/server/restart"} if self._restart_is_due else {},
        }

    @property
    def _restart_is_due(self) -> bool:
        return any(self._values[one] != self._at_start[one] for one in self._known if one in _RESTART_REQUIRED)
