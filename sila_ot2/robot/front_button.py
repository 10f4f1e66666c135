"""The button at the front of the robot, as software 26.x uses it: it pauses and resumes the current run.

Source: the public source of Opentrons' OT-2 software 26.x; no robot of such a release was seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from sila_ot2.robot import wire

DISABLING_SETTING = "disableOT2FrontButton"
"""The robot reads it once, when it starts."""


class FrontButton(Enum):
    """What a press of the button does."""

    UNUSED = "The button neither pauses nor resumes runs on this robot."
    ACTIVE = "Anybody who presses the button pauses the current run, or resumes it if it is paused."
    DISABLED = "The button is disabled, from the first start of the robot after that was set."


def front_button_of(settings: Iterable[wire.Setting]) -> FrontButton:
    """Return what a press of the button does, by the settings of the robot."""
    setting = next((setting for setting in settings if setting.id == DISABLING_SETTING), None)
    if setting is None:
        return FrontButton.UNUSED
    return FrontButton.DISABLED if setting.value else FrontButton.ACTIVE
