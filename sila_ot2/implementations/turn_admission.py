"""What is settled before a command is confirmed: who needs the turn, and what a lock keeps out.

Each implementation says it of its own commands, by two class attributes; nothing here names a command. A third
one, DURING_HANDOVER, names those that take the turn also while a hand-over of labware is pending; most have none.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Set
from typing import ClassVar, Protocol

from lxml import etree

from sila_ot2.driver.ownership.requester import Requester
from sila_ot2.driver.ownership.turn import Turn, TurnReservation
from sila_ot2.errors import TurnTaken
from sila_ot2.generated import definition
from sila_ot2.sila import Call, Kind, NotAccepted, host_of

COMMANDS = frozenset({Kind.COMMAND, Kind.OBSERVABLE_COMMAND})


class Implementation(Protocol):
    """What an implementation of one of our features says about its commands."""

    FEATURE: str
    """The feature's fully qualified identifier."""
    NEEDS_TURN: ClassVar[frozenset[str]]
    """Commands that move the robot or change its current run."""
    UNLOCKED: ClassVar[frozenset[str]]
    """Commands that a lock does not keep out: they only read, or they stop."""


def identifier_of(implementation: Implementation) -> str:
    """Return the identifier of the feature: "DeviceLighting"."""
    return implementation.FEATURE.split("/")[-2]


def protected_commands(implementations: Iterable[Implementation]) -> frozenset[str]:
    """Return the commands that a lock keeps out (fully qualified): all that are not said to be unlocked."""
    protected: set[str] = set()
    for implementation in implementations:
        commands = _qualified(implementation, _all_commands(implementation))
        protected |= commands - _qualified(implementation, implementation.UNLOCKED)
    return frozenset(protected)


def interrupting_commands(implementations: Iterable[Implementation]) -> frozenset[str]:
    """Return the commands that wait for no other (fully qualified): INTERRUPTS of those that have it."""
    return frozenset().union(*(getattr(one, "INTERRUPTS", frozenset()) for one in implementations))


class TurnAdmission:
    """Reserves the turn for the commands that need it; the SiLA package gives it back when they end.

    A command that repeats an earlier request (by its parameter RequestKey) whose run was started moves nothing: it
    follows that run, so it needs no turn.

    Args:
        turn: the robot's.
        implementations: whose commands need it.
        has_started: whether the run of an earlier request with this key was started.
    """

    def __init__(
        self,
        turn: Turn,
        implementations: Collection[Implementation],
        *,
        has_started: Callable[[str], bool] = lambda key: False,
    ) -> None:
        self._turn = turn
        self._has_started = has_started
        self._needing: frozenset[str] = frozenset().union(
            *(_qualified(implementation, implementation.NEEDS_TURN) for implementation in implementations)
        )
        self._during_handover: frozenset[str] = frozenset().union(
            *(_qualified(one, getattr(one, "DURING_HANDOVER", frozenset())) for one in implementations)
        )

    def admit(self, call: Call) -> TurnReservation | None:
        """Take the turn if the command needs it.

        Raises:
            NotAccepted: another command holds it; nothing was done.
        """
        if call.kind not in COMMANDS or call.identifier not in self._needing:
            return None
        if (key := call.peek("RequestKey")) and self._has_started(key):
            return None
        try:
            return self._turn.reserve(
                call.identifier.rsplit("/", 1)[-1],
                during_handover=call.identifier in self._during_handover,
                requester=Requester(host_of(call.peer), call.user),
                shown_when_bound=call.kind is Kind.OBSERVABLE_COMMAND,
            )
        except TurnTaken as taken:
            raise NotAccepted(str(taken)) from taken


def _qualified(implementation: Implementation, commands: Set[str]) -> frozenset[str]:
    """Qualify identifiers, which a typing error must not turn into commands that nobody guards."""
    if unknown := commands - _all_commands(implementation):
        raise ValueError(f"{implementation.FEATURE} has no command {', '.join(sorted(unknown))}")
    return frozenset(f"{implementation.FEATURE}/Command/{command}" for command in commands)


def _all_commands(implementation: Implementation) -> frozenset[str]:
    return _commands_of(identifier_of(implementation))


@functools.cache
def _commands_of(feature_identifier: str) -> frozenset[str]:
    feature = etree.fromstring(definition(feature_identifier).encode())
    return frozenset(str(node.text) for node in feature.iterfind("{*}Command/{*}Identifier"))
