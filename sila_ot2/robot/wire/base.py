"""What all answers of the robot have in common."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

ActionType = Literal["play", "pause", "stop"]


RobotId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:~@+() -]{1,255}$")]
"""What the robot names a run, a command or a file by: it becomes part of paths and of rows in a database."""


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        return at.replace(tzinfo=timezone.utc)
    try:
        return at.astimezone(timezone.utc)
    except OverflowError as error:
        raise ValueError("the time does not exist in UTC") from error


Time = Annotated[datetime, AfterValidator(_in_utc)]
"""A point in time, in UTC; some answers of the robot leave out that it is UTC."""


class Wire(BaseModel):
    """Base of all answers: immutable, keeps fields it does not know."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Nothing(BaseModel):
    """Answer about something that is gone: `{}`."""

    model_config = ConfigDict(extra="forbid")
    links: None = None


_MOST_NAMED = 3


def problems_in(error: ValidationError, *within: str) -> str:
    """Return the members that are missing or of another type, by their names in the robot's JSON.

    Args:
        error: what reading it as one of these values has raised.
        within: the members that the value is in, the outermost first.
    """
    wrong = error.errors(include_url=False, include_input=False)
    places = [".".join(map(str, (*within, *each["loc"]))) or "the answer" for each in wrong]
    named = [f"{place}: {each['msg']}" for place, each in zip(places, wrong, strict=True)]
    more = [f"and {len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return "; ".join([*named[:_MOST_NAMED], *more])
