"""What is settled before a command is confirmed: who needs the turn, and what a lock keeps out.

Each implementation says it of its own commands, by two class attributes; nothing here names a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from sila_ot2.driver.turn import Turn, TurnReservation
from sila_ot2.errors import TurnTaken
from sila_ot2.sila import Call, Kind, NotAccepted

COMMANDS = frozenset({Kind.COMMAND, Kind.OBSERVABLE_COMMAND})


class Implementation(Protocol):
    """What an implementation of one of our features says about its commands."""

    NEEDS_TURN: ClassVar[frozenset[str]]
    """Commands that move the robot or change its current run."""
    UNLOCKED: ClassVar[frozenset[str]]
    """Commands that a lock does not keep out: they only read, or they stop."""


class TurnAdmission:
    """Reserves the turn for the commands that need it; the SiLA room gives it back when they end."""

    def __init__(self, turn: Turn, implementations: Mapping[str, Implementation]) -> None:
        """Collect the commands that need the turn.

        Args:
            turn: the robot's.
            implementations: by fully qualified identifier of their feature.
        """
        self._turn = turn
        self._needing = frozenset(
            f"{feature}/Command/{command}"
            for feature, implementation in implementations.items()
            for command in implementation.NEEDS_TURN
        )

    def admit(self, call: Call) -> TurnReservation | None:
        """Take the turn if the command needs it.

        Raises:
            NotAccepted: another command holds it; nothing was done.
        """
        if call.kind not in COMMANDS or call.identifier not in self._needing:
            return None
        try:
            return self._turn.reserve(call.identifier.rsplit("/", 1)[-1])
        except TurnTaken as taken:
            raise NotAccepted(str(taken)) from taken
