"""What the robot reports of commands that it has carried out; an error names what is in an unexpected form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.robot.transport import MISUNDERSTOOD
from sila_ot2.robot.wire.base import problems_in

MOST_QUOTED = 200
"""Characters of the parameters, and of the result, that an error quotes."""


@contextmanager
def understanding(command: wire.Command) -> Iterator[None]:
    """Report it as a fault of the robot if what it says of a carried-out command cannot be understood.

    Raises:
        RobotFaulty: it names what cannot be understood.
    """
    try:
        yield
    except MISUNDERSTOOD as error:
        if isinstance(error, ValidationError):
            problem = problems_in(error)
        else:
            problem = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise RobotFaulty(
            f"The robot carried out {command.command_type}, and what it says of it cannot be understood: {problem} "
            f"(params: {_quoted(command.params)}; result: {_quoted(command.result)}).",
            "Release the run of the session with force. This server may not know the release of the robot's software.",
        ) from error


def result_member(command: wire.Command, name: str) -> Any:
    """Return a member of the result of a command that was carried out.

    Raises:
        RobotFaulty: the result does not have it.
    """
    with understanding(command):
        return (command.result or {})[name]


def _quoted(members: Any) -> str:
    text = json.dumps(members, default=repr)
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}..."
