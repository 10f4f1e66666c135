"""Plans: the robot's commands for one command of the laboratory, decided before anything is sent.

A plan reads the session's deck state, refuses what is not possible (then nothing has moved), and returns the commands
for the robot. It sends no request, so a whole worklist can be rehearsed: each plan's commands are applied to a copy of
the deck state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sila_ot2.driver.deck.state.deck_state import SET_TARGETS, DeckState
from sila_ot2.driver.deck.state.labware import Labware
from sila_ot2.driver.deck.state.pipettes import Evidence, Mount, SessionPipette
from sila_ot2.errors import LabwareNotLoaded, NotReconciled, PipetteMissing, TipNotAttached
from sila_ot2.robot import wire
from sila_ot2.store.uncertain_tips import may_hold_a_tip

WAIT = "waitForDuration"
"""A session does not send it: the driver waits itself, so that a cancel ends it at once."""
START_TIMER, AWAIT_TASKS = "createTimer", "waitForTasks"
"""Timers of worklists; a session sends neither of them, as `WAIT`."""

STILL = frozenset(
    {"loadLabware", "moveLabware", "loadModule", "loadPipette", "savePosition", "configureForVolume",
     "configureNozzleLayout", WAIT, START_TIMER, AWAIT_TASKS, *SET_TARGETS}
)  # fmt: skip
"""Commands that move nothing."""


@dataclass(frozen=True)
class PlannedCommand:
    """One command of the robot, to be sent."""

    command_type: str
    params: Mapping[str, Any]
    step: int = field(default=0, compare=False)
    """Which step of a worklist it belongs to, from 1; 0: of none."""


CommandPlan: TypeAlias = Callable[[DeckState], Sequence[PlannedCommand]]


def rehearse(deck_state: DeckState, planned: Sequence[PlannedCommand]) -> DeckState:
    """Return the deck state as it will be if every command succeeds."""
    for command in planned:
        deck_state = deck_state.after(
            wire.Command(id="none", command_type=command.command_type, status="succeeded", params=dict(command.params))
        )
    return deck_state


def sequence(plans: Iterable[CommandPlan]) -> CommandPlan:
    """Return the plan that carries out several in order, each seeing what the ones before it will have done."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        planned: list[PlannedCommand] = []
        for part in plans:
            commands = part(deck_state)
            deck_state = rehearse(deck_state, commands)
            planned += commands
        return planned

    return plan


def pipette_on(deck_state: DeckState, mount: Mount) -> SessionPipette:
    """Return the pipette of a mount.

    Raises:
        PipetteMissing: the session has none there.
    """
    pipette = deck_state.pipettes.get(mount)
    if pipette is None:
        raise PipetteMissing(
            f"No pipette is attached to the {mount} mount, as far as the robot knows.",
            "Attach one, home the robot so that it looks again, then call LoadPipette.",
        )
    return pipette


def require_no_forgotten_tip(pipette: SessionPipette) -> None:
    """Return if the robot knows of the tip that the session knows of.

    Raises:
        NotReconciled: the robot has forgotten it; the session has to end.
    """
    if pipette.untracked_tip and pipette.tip is not None:
        raise NotReconciled(
            f"The session counts on a tip on {pipette.label} that the robot has forgotten.",
            "Look at the pipette. Call ReconcileState with Confirm, which ends the session; state NoTip in TipStates "
            "only if the tip is off. Then get rid of a tip that is still there with DiscardTipUntracked.",
        )


def certain_pipette_on(deck_state: DeckState, mount: Mount) -> SessionPipette:
    """Return the pipette of a mount whose tip and volume are certain.

    Raises:
        PipetteMissing: the session has none there.
        NotReconciled: an earlier command failed during its action, or its outcome is unknown.
    """
    pipette = pipette_on(deck_state, mount)
    require_no_forgotten_tip(pipette)
    if pipette.untracked_tip:
        raise NotReconciled(
            may_hold_a_tip(pipette.label),
            "Look at it, then call ReconcileState, or DiscardTipUntracked to get rid of the tip.",
        )
    if pipette.evidence is Evidence.UNKNOWN:
        raise NotReconciled(
            f"What {pipette.label} holds is not known since a command failed or was lost.",
            "Look at it, then call ReconcileState, or get rid of it with BlowOut or DropTip.",
        )
    return pipette


def tipped_pipette_on(deck_state: DeckState, mount: Mount) -> SessionPipette:
    """Return the pipette of a mount, which holds a tip and is certain.

    Raises:
        TipNotAttached: it has no tip.
    """
    pipette = certain_pipette_on(deck_state, mount)
    if pipette.tip is None:
        raise TipNotAttached(f"{pipette.label} has no tip.", "Pick up a tip first.")
    return pipette


def labware_on_deck(deck_state: DeckState, labware_id: str) -> Labware:
    """Return a loaded labware that the robot can reach.

    Raises:
        LabwareNotLoaded: there is none, or it is off the deck.
    """
    labware = deck_state.labware.get(labware_id)
    if labware is None:
        loaded = ", ".join(f"{labware.name}: {labware.labware_id}" for labware in deck_state.labware.values())
        raise LabwareNotLoaded(
            f"No labware with the identifier {labware_id} is loaded in this session.",
            f"Loaded is: {loaded or 'nothing'}.",
        )
    if not labware.is_on_deck:
        raise LabwareNotLoaded(f"{labware.load_name} is off the deck.", "Put it back and say so with MoveLabware.")
    return labware
