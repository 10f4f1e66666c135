"""References to executions, with which another process can find them again."""

from __future__ import annotations

from typing import Any

from sila_ot2.client.calls import ObservableCommand
from sila_ot2.client.generated.features import OBSERVABLE_COMMANDS


def read_reference(reference: str) -> tuple[ObservableCommand[Any, Any], str]:
    """Return the command that an execution is of, and the execution's UUID.

    Raises:
        ValueError: it is no such reference.
    """
    identifier, _, uuid = reference.rpartition("/")
    if identifier not in OBSERVABLE_COMMANDS:
        raise ValueError(f"{reference!r} is not the reference of an execution")
    return OBSERVABLE_COMMANDS[identifier], uuid
