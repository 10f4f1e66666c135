"""What is expected of a run: its steps, and the next ones as long as it does what its analysis says."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sila_ot2.driver.tracking.step_text import step_text
from sila_ot2.robot import wire

SHOWN = 5
"""How many steps are shown at most."""
Mark = tuple[Any, ...]


class PlannedStep(NamedTuple):
    """A step of an analysis.

    Attributes:
        mark: what it has in common with the same step of a run; identifiers differ.
        text: what it does, in words.
    """

    mark: Mark
    text: str


@dataclass(frozen=True)
class ExpectedSteps:
    """What is expected of a run, from its analysis and from earlier runs."""

    steps_s: array[float] = field(default_factory=lambda: array("f"))
    finish_s: float = 0.0
    """From the end of the last step to the end of the run."""
    learned: bool = False
    """The steps are those of an earlier run of the same protocol with the same parameters on this robot."""
    key: str = ""
    """Names protocol content and parameters."""
    planned: tuple[PlannedStep, ...] = ()
    """The steps of the analysis."""


def planned_steps(analysis: wire.Analysis) -> tuple[PlannedStep, ...]:
    """Return the steps of an analysis, in their order."""
    return tuple(PlannedStep(_mark(each), step_text(each, analysis.labware)) for each in analysis.commands)


class NextSteps:
    """Follows a run along its analysis.

    A protocol may do something else on a robot than in an analysis, for example depending on the time. From then on
    nothing is known of what comes next.

    Args:
        planned: the steps of the analysis; empty if there is none.
    """

    def __init__(self, planned: Sequence[PlannedStep]) -> None:
        self._planned = planned
        self._as_planned = True

    def note(self, index: int, command: wire.Command) -> None:
        """Compare a step that has ended with the analysis.

        Args:
            index: its place in the run, counted from 0.
            command: the step.
        """
        self._as_planned = self._as_planned and self._is_planned(index, command)

    def after(self, completed: int, current: wire.Command | None) -> tuple[str, ...]:
        """Return the next steps in words, at most five.

        Args:
            completed: how many steps have ended.
            current: the step under way; None between two steps.
        """
        if not self._as_planned or (current is not None and not self._is_planned(completed, current)):
            return ()
        first = completed if current is None else completed + 1
        return tuple(step.text for step in self._planned[first : first + SHOWN])

    def _is_planned(self, index: int, command: wire.Command) -> bool:
        return index < len(self._planned) and self._planned[index].mark == _mark(command)


def _mark(command: wire.Command) -> Mark:
    params = command.params
    return (command.command_type, *(params.get(name) for name in ("wellName", "volume", "legacyCommandText")))
