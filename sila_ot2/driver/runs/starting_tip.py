"""The next unused tip as the value of a protocol's parameter: the protocol then begins there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sila_ot2.driver.deck.state.tip_racks import RackDeck, next_free
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.tips.tip_use import CONCERNS_TIPS, RunTips, Visit
from sila_ot2.errors import NoTipAvailable, ParameterInvalid
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import DeclaredRack
from sila_ot2.times import utc_now

NEXT_TIP = "NextFreeTip"
"""The value that stands for the place of the next unused tip."""
HOW_TO_DECLARE = (
    f"Give the place itself, or use {NEXT_TIP} with a protocol that has a parameter whose choices are the places of a "
    "rack."
)


def asks_for_next_tip(parameters: Parameters) -> tuple[str, ...]:
    """Return the parameters that are to get the next unused tip."""
    return tuple(name for name, value in parameters.values.items() if value == NEXT_TIP)


def without(parameters: Parameters, names: tuple[str, ...]) -> Parameters:
    """Return the other parameters: those that are left out have the defaults of the protocol."""
    return replace(parameters, values={name: text for name, text in parameters.values.items() if name not in names})


def with_next_tip(
    parameters: Parameters,
    names: tuple[str, ...],
    analysis: wire.Analysis | None,
    racks: Mapping[str, DeclaredRack],
) -> Parameters:
    """Return the parameters with the next unused tip of the rack that the protocol takes its first tip from.

    Args:
        parameters: as the client gives them.
        names: those that are to get it.
        analysis: of the protocol without them; None: there is none.
        racks: as they are declared, by slot.

    Raises:
        ParameterInvalid: the protocol does not take a tip, or the parameter does not offer the place.
        NoTipAvailable: no rack is declared there, or it has no unused tip.
    """
    visit = _first_pick_up(analysis) if analysis is not None else None
    if visit is None:
        raise ParameterInvalid(
            f"{', '.join(names)} = {NEXT_TIP}: the analysis does not show from which rack the protocol takes its first "
            "tip.",
            HOW_TO_DECLARE,
        )
    rack = racks.get(visit.slot)
    if rack is None:
        raise NoTipAvailable(
            f"No tip rack is declared in slot {visit.slot}, from which the protocol takes its first tip, so that its "
            "next unused tip is not known.",
            "Declare the rack (ResetTips, MarkTips).",
        )
    places = next_free(rack, 1 if len(visit.places) == 1 else 8)
    if not places:
        raise NoTipAvailable(
            f"The rack in slot {visit.slot} has no unused tips for the protocol's first pick-up.",
            "Put a new rack there and call ResetTips.",
        )
    offered = {one.variable_name: one for one in (analysis.run_time_parameters if analysis else ())}
    for name in names:
        choices = [choice.value for choice in (offered[name].choices or ())] if name in offered else [places[0]]
        if places[0] not in choices:
            raise ParameterInvalid(
                f"The parameter {name} does not offer {places[0]}, the next unused tip of the rack in slot "
                f"{visit.slot}.",
                HOW_TO_DECLARE,
            )
    return replace(parameters, values={**parameters.values, **dict.fromkeys(names, places[0])})


def _first_pick_up(analysis: wire.Analysis) -> Visit | None:
    run, names, deck = RunTips(), RunParts.of(analysis).pipettes, RackDeck({}, utc_now())
    for command in analysis.commands:
        if command.command_type == "pickUpTip":
            return run.visit(command, names)
        if command.command_type in CONCERNS_TIPS:
            labware_id = str(command.params.get("labwareId") or (command.result or {}).get("labwareId") or "")
            run.take(command, labware_id, names, deck)
    return None
