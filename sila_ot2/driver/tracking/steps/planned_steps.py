"""What is expected of a run: its steps, and the next ones as long as it does what its analysis says."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sila_ot2.driver.tracking.steps.step_text import step_text
from sila_ot2.robot import wire

SHOWN = 5
"""How many steps are shown at most."""
FREE_TEXTS = frozenset({"message", "displayName"})
"""Parameters that may differ from run to run, for example because a time is in them."""


class Mark(NamedTuple):
    """What a step of an analysis and the same step of a run have in common.

    Attributes:
        kind: the type of the command.
        parameters: a hash of its parameters without identifiers and free texts.
        used: the identifiers in its parameters, of labware, pipettes and modules; those of a run differ.
        made: the identifier of what it has loaded.
    """

    kind: str
    parameters: int
    used: tuple[str, ...]
    made: tuple[str, ...]


class PlannedStep(NamedTuple):
    """A step of an analysis.

    Attributes:
        mark: by which it is found in a run.
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

    Attributes:
        is_as_planned: whether all steps of the run were those of its analysis so far.
    """

    def __init__(self, planned: Sequence[PlannedStep]) -> None:
        self._planned = planned
        self.is_as_planned = True
        self._same: dict[str, str] = {}
        """What the analysis calls the labware, pipettes and modules of the run."""
        self._same_of: dict[str, str] = {}
        """The other way round."""

    def note(self, index: int, command: wire.Command) -> None:
        """Compare a step that has ended with the analysis.

        Args:
            index: its place in the run, counted from 0.
            command: the step.
        """
        self.is_as_planned = self.is_as_planned and self._is_planned(index, command)
        if self.is_as_planned:
            planned, mark = self._planned[index].mark, _mark(command)
            of_run, of_analysis = mark.used + mark.made, planned.used + planned.made
            self._same.update(zip(of_run, of_analysis, strict=False))
            self._same_of.update(zip(of_analysis, of_run, strict=False))

    def after(self, completed: int, current: wire.Command | None) -> tuple[str, ...]:
        """Return the next steps in words, at most five.

        Args:
            completed: how many steps have ended.
            current: the step under way; None between two steps.
        """
        if not self.is_as_planned or (current is not None and not self._is_planned(completed, current)):
            return ()
        first = completed if current is None else completed + 1
        return tuple(step.text for step in self._planned[first : first + SHOWN])

    def _is_planned(self, index: int, command: wire.Command) -> bool:
        if index >= len(self._planned):
            return False
        planned, mark = self._planned[index].mark, _mark(command)
        return (
            (planned.kind, planned.parameters, len(planned.used)) == (mark.kind, mark.parameters, len(mark.used))
        ) and all(
            self._same.get(used, known) == known and self._same_of.get(known, used) == used
            for used, known in zip(mark.used, planned.used, strict=True)
        )


def _mark(command: wire.Command) -> Mark:
    used: list[str] = []
    parameters = json.dumps(_without_identifiers(command.params, used), default=str)
    result = command.result or {}
    made = [str(result[name]) for name in ("labwareId", "moduleId", "pipetteId") if name in result]
    return Mark(command.command_type, hash(parameters), tuple(used), tuple(made))


def _without_identifiers(value: Any, found: list[str]) -> Any:
    """Return a value in one order of its members, without free texts and identifiers; these are added to `found`."""
    if isinstance(value, Mapping):
        kept: dict[str, Any] = {}
        for name in sorted(value.keys() - FREE_TEXTS):
            if name.endswith("Id") and isinstance(value[name], str):
                found.append(value[name])
            else:
                kept[name] = _without_identifiers(value[name], found)
        return kept
    if isinstance(value, list):
        return [_without_identifiers(each, found) for each in value]
    return value
