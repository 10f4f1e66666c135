"""Plans: what to ask of the robot for one command of the laboratory, decided before anything is sent.

A plan looks at the session's record, refuses what cannot be (and then nothing has moved), and returns the commands
for the robot. It asks nobody, so a whole worklist can be rehearsed: each plan's commands are folded into a copy of the
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sila_ot2.driver.deck.deck_state import Record
from sila_ot2.driver.deck.labware import Labware
from sila_ot2.driver.deck.pipettes import Evidence, Mount, Pipette
from sila_ot2.errors import LabwareNotLoaded, NotReconciled, PipetteMissing, TipNotAttached
from sila_ot2.robot import wire

WAIT = "waitForDuration"
"""The one command that a session does not send: the driver waits itself, so that a cancel ends it at once."""

STILL = frozenset(
    {"loadLabware", "moveLabware", "loadModule", "loadPipette", "savePosition", "configureForVolume",
     "configureNozzleLayout", WAIT}
)  # fmt: skip
"""Commands that move nothing."""


@dataclass(frozen=True)
class Planned:
    """One command of the robot, to be sent."""

    command_type: str
    params: Mapping[str, Any]


Plan: TypeAlias = Callable[[Record], Sequence[Planned]]


def rehearse(record: Record, planned: Sequence[Planned]) -> Record:
    """Return the record as it will be if every command succeeds."""
    for command in planned:
        record = record.after(
            wire.Command(id="", command_type=command.command_type, status="succeeded", params=dict(command.params))
        )
    return record


def sequence(plans: Iterable[Plan]) -> Plan:
    """Return the plan that carries out several in order, each seeing what the ones before it will have done."""

    def plan(record: Record) -> list[Planned]:
        planned: list[Planned] = []
        for part in plans:
            commands = part(record)
            record = rehearse(record, commands)
            planned += commands
        return planned

    return plan


def pipette_on(record: Record, mount: Mount) -> Pipette:
    """Return the pipette of a mount.

    Raises:
        PipetteMissing: the session has none there.
    """
    pipette = record.pipettes.get(mount)
    if pipette is None:
        raise PipetteMissing(
            f"No pipette is attached to the {mount} mount, as far as the robot knows. Nothing moved. Attach one, home "
            f"the robot so that it looks again, then call LoadPipette."
        )
    return pipette


def certain_pipette_on(record: Record, mount: Mount) -> Pipette:
    """Return the pipette of a mount whose tip and volume are not in doubt.

    Raises:
        PipetteMissing: the session has none there.
        NotReconciled: an earlier command failed in the midst of its action, or its outcome is unknown.
    """
    pipette = pipette_on(record, mount)
    if pipette.untracked_tip:
        raise NotReconciled(
            f"{pipette.label} may hold a tip that the robot does not know of. Nothing moved. Look at it, then call "
            f"ReconcileState, or DiscardTipUntracked to get rid of the tip."
        )
    if pipette.evidence is Evidence.UNKNOWN:
        raise NotReconciled(
            f"What {pipette.label} holds is not known since a command failed or was lost. Nothing moved. Look at it, "
            f"then call ReconcileState, or get rid of it with BlowOut or DropTip."
        )
    return pipette


def tipped_pipette_on(record: Record, mount: Mount) -> Pipette:
    """Return the pipette of a mount, which holds a tip and is not in doubt.

    Raises:
        TipNotAttached: it has no tip.
    """
    pipette = certain_pipette_on(record, mount)
    if pipette.tip is None:
        raise TipNotAttached(f"{pipette.label} has no tip. Nothing moved. Pick up a tip first.")
    return pipette


def labware_on_deck(record: Record, labware_id: str) -> Labware:
    """Return a loaded labware that the robot can reach.

    Raises:
        LabwareNotLoaded: there is none, or it is off the deck.
    """
    labware = record.labware.get(labware_id)
    if labware is None:
        loaded = ", ".join(f"{labware.name}: {labware.labware_id}" for labware in record.labware.values())
        raise LabwareNotLoaded(
            f"No labware with the identifier {labware_id} is loaded in this session. Nothing moved. "
            f"Loaded is: {loaded or 'nothing'}."
        )
    if not labware.is_on_deck:
        raise LabwareNotLoaded(
            f"{labware.load_name} is off the deck. Nothing moved. Put it back and say so with MoveLabware."
        )
    return labware
