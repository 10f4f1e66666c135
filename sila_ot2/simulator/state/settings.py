"""The advanced settings of an OT-2. Facts: robot-server 8.1.0, recorded (get_settings)."""

from __future__ import annotations

from sila_ot2.simulator.errors import JsonObject, Problem
from sila_ot2.simulator.state.persistence import Disk

DOOR_SAFETY_SWITCH = "enableDoorSafetySwitch"

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
}


class AdvancedSettings:
    """The settings' values; None means never set."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._values: dict[str, bool | None] = dict.fromkeys(_KNOWN)
        for _, kept in disk.load("settings"):
            self._values.update(kept)

    @property
    def door_safety_switch(self) -> bool:
        """Whether runs pause when the door opens; off on an OT-2 as delivered."""
        return bool(self._values[DOOR_SAFETY_SWITCH])

    def set(self, setting_id: str, value: bool | None) -> None:  # noqa: FBT001 - a value, not a flag
        """Set one.

        Raises:
            Problem: there is no such setting.
        """
        if setting_id not in _KNOWN:
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
                    "restart_required": False,
                    "value": self._values[setting_id],
                }
                for setting_id, known in _KNOWN.items()
            ],
            "links": {},
        }
