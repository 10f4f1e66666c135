"""Settings of what the robot is given beside its work: its camera, its modules, and its own settings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sila_ot2.config.group import Group


class CameraSettings(Group):
    """The camera of the robot."""

    run_pictures: tuple[Literal["start", "pause", "end", "failure", "protocol"], ...] = Field(
        (),
        description="Moments (`start`, `pause`, `end`, `failure`) of which pictures are kept with a run's record. With "
        "`protocol`, the pictures that the protocol took itself are copied from the robot at the end of the run.",
    )
    lights_on: bool = Field(True, description="Have the rail lights on while a picture of a run is taken.")


class ModuleSettings(Group):
    """Modules on the deck."""

    switch_off_after: tuple[Literal["session", "run"], ...] = Field(
        (),
        description="When to switch off all modules that heat, cool, shake or have raised magnets: `session`, after "
        "CloseSession; `run`, after a protocol of this server. If empty, they go on; the response says which do.",
    )


class MaintenanceSettings(Group):
    """What clients may change at the robot itself."""

    changeable_settings: tuple[str, ...] = Field(
        ("disableOT2FrontButton",), description="Settings of the robot that ChangeSetting may change."
    )
