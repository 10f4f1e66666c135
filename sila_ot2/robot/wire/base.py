"""What all answers of the robot have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

ActionType = Literal["play", "pause", "stop"]


RobotId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:~@+() -]{1,255}$")]
"""What the robot names a run, a command or a file by: it becomes part of paths and of rows in a database."""


class Wire(BaseModel):
    """Base of all answers: immutable, keeps fields it does not know."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Nothing(BaseModel):
    """Answer about something that is gone: `{}`."""

    model_config = ConfigDict(extra="forbid")
    links: None = None
