"""Settings of what is known of the deck."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sila_ot2.config.group import Group


class DeckSettings(Group):
    """What is declared about the deck, and what a run is compared with before it starts."""

    agreement: Literal["off", "warn", "refuse"] = Field(
        "refuse",
        description="What to do with a run that needs other labware, modules or tips than are declared on the deck: "
        "'refuse' it, 'warn' in StartPermission and in the log, or 'off'. If nothing is declared, nothing is compared.",
    )
    reuse_used_tips: bool = Field(
        False, description="Whether runs may pick up used tips from declared tip racks without a disagreement."
    )
    low_tips: int = Field(12, ge=0, le=96, description="A tip rack with fewer unused tips counts as low.")
    volumes: Literal["off", "warn", "refuse"] = Field(
        "refuse",
        description="What to do with a command or run that draws more from a well than was declared: 'refuse' it, "
        "'warn', or 'off'. If nothing is declared, nothing is compared.",
    )
    contamination: Literal["off", "warn", "refuse"] = Field(
        "warn",
        description="What to do with a command or run that draws with a tip that has touched another liquid: 'refuse' "
        "it, 'warn', or 'off'.",
    )
    trash_limit: int = Field(
        0, ge=0, description="StartPermission warns of more tips in the trash than this. 0: never."
    )
