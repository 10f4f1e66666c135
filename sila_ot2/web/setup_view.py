"""What is shown before a run: what the protocol needs and whether it is there. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client.generated.ot2_deck_service import SlotState
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack
from sila_ot2.client.generated.protocol_service import Analysis, AnalysisError, RequiredLabware, TipRackUse
from sila_ot2.web import sentences, texts
from sila_ot2.web.deck_view import FIXED_TRASH
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.remedies import remedy
from sila_ot2.web.view import lock_holder

Verdict = Literal["good", "bad", "look"]
PLACE = re.compile(r"^(?:.* in slot )?([0-9]+)$")
"""A slot as a place of labware, also with a module in it."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A line of the checklist.

    Attributes:
        subject: what is checked.
        verdict: good, bad (it does not fit), or look: a person has to see it.
        text: what was found, or what to look at.
    """

    subject: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, kw_only=True)
class FoundFault:
    """A fault that the analysis found.

    Attributes:
        text: what is wrong.
        line: the line of the protocol, counted from 1; 0 if it is not known.
        source: that line; empty if it is not known.
    """

    text: str
    line: int
    source: str


def permission(facts: RobotFacts) -> tuple[Check, ...]:
    """Return whether a run may start from here now, by the server's word."""
    given = facts.start_permission
    if given is None or facts.connection != "Connected":
        return (Check(subject=texts.START, verdict="bad", text=texts.NOT_KNOWN),)
    if facts.locked:  # the server's word is for the client that has locked it
        text = f"{texts.LOCKED} {lock_holder(facts)}".rstrip()
        return (Check(subject=texts.START, verdict="bad", text=text),)
    verdict: Verdict = "look" if given.allowed else "bad"
    reasons = tuple(
        Check(
            subject=texts.START,
            verdict=verdict,
            text=f"{each.explanation} {remedy(each.code, each.remedy, facts.address)}".strip(),
        )
        for each in given.reasons
    )
    said = texts.MAY_START if given.allowed else texts.NOT_KNOWN
    return reasons or (Check(subject=texts.START, verdict=_same(given.allowed), text=said),)


def needs(facts: RobotFacts, analysis: Analysis) -> tuple[Check, ...]:
    """Return what the protocol needs, compared with what is there."""
    slots = {each.slot: each for each in facts.slots}
    racks = {each.slot: each for each in facts.tip_racks}
    return (
        *_pipettes(facts, analysis),
        *_modules(facts, analysis),
        *_calibration(facts, analysis),
        *_door(facts),
        *(_labware(each, slots, racks) for each in analysis.labware if each.location != FIXED_TRASH),
        *(_tips(each, racks.get(each.slot)) for each in analysis.tip_use),
        *(
            Check(subject=texts.LIQUIDS, verdict="look", text=sentences.liquid(each.name, each.volume))
            for each in analysis.liquids
        ),
    )


def _pipettes(facts: RobotFacts, analysis: Analysis) -> Iterator[Check]:
    attached = {each.mount: each.name for each in facts.attached_pipettes}
    for pipette in analysis.pipettes:
        there = attached.get(pipette.mount, texts.NONE)
        text = sentences.needed(f"{pipette.mount} {pipette.pipette_name}", there)
        yield Check(subject=texts.PIPETTES, verdict=_same(there == pipette.pipette_name), text=text)


def _modules(facts: RobotFacts, analysis: Analysis) -> Iterator[Check]:
    free = [each.model for each in facts.attached_modules]
    for module in analysis.modules:
        present = module.module_model in free
        if present:
            free.remove(module.module_model)
        text = sentences.needed(f"{module.module_model} in slot {module.slot}", "" if present else texts.NONE)
        yield Check(subject=texts.MODULES, verdict=_same(present), text=text)


def _calibration(facts: RobotFacts, analysis: Analysis) -> Iterator[Check]:
    """Yield what is calibrated; what is not is for a person to judge, unless the server refuses the start for it."""
    if facts.deck_calibration is not None:
        state = facts.deck_calibration.state
        text = sentences.calibration(texts.DECK, texts.DECK_CALIBRATION[state])
        yield Check(subject=texts.CALIBRATION, verdict="good" if state == "Calibrated" else "look", text=text)
    attached = {each.mount: each for each in facts.attached_pipettes}
    for pipette in analysis.pipettes:
        if (there := attached.get(pipette.mount)) is not None and there.name == pipette.pipette_name:
            missing = [
                what
                for what, made in (
                    (texts.OFFSET, there.offset_calibrated), (texts.TIP_LENGTH, there.tip_length_calibrated),
                )
                if not made
            ]  # fmt: skip
            text = sentences.calibration_of_pipette(there.mount, missing)
            yield Check(subject=texts.CALIBRATION, verdict="look" if missing else "good", text=text)


def _door(facts: RobotFacts) -> Iterator[Check]:
    """Yield whether the door is closed, unless the server names the open door as an obstacle itself."""
    reasons = facts.start_permission.reasons if facts.start_permission else []
    if all(each.code != "DoorOpen" for each in reasons):
        state = facts.door_state or "Unknown"
        yield Check(subject=texts.DOOR_LABEL, verdict="good" if state == "Closed" else "look", text=texts.DOOR[state])


def _labware(needed: RequiredLabware, slots: Mapping[str, SlotState], racks: Mapping[str, TipRack]) -> Check:
    """Compare labware with what was declared where it shall stand; what nobody has declared a person looks at."""
    text = sentences.on_deck(needed.location, needed.display_name or needed.load_name)
    place = PLACE.search(needed.location)
    known = slots.get(place[1]) if place else None
    if known is None or not (known.compared or known.state == "Mismatch"):
        return Check(subject=texts.DECK, verdict="look", text=text)
    fits = known.state == "Occupied" and any(_is_it(each, needed, rack=known.slot in racks) for each in known.labware)
    named = any("/" not in each for each in known.labware)  # by an arm, which need not name its definition
    there = known.explanation or sentences.declared_there(
        ", ".join([*reversed(known.labware), *filter(None, [known.module_model])]) or texts.SLOT_STATES[known.state]
    )
    verdict: Verdict = "good" if fits else "look" if named else "bad"
    return Check(subject=texts.DECK, verdict=verdict, text=f"{text}, {there}")


def _is_it(there: str, needed: RequiredLabware, *, rack: bool) -> bool:
    """Whether labware is what is needed; of counted tip racks, every version is."""
    if rack:
        return there.rpartition("/")[0] == needed.definition_uri.rpartition("/")[0]
    return there == needed.definition_uri


def _tips(use: TipRackUse, rack: TipRack | None) -> Check:
    text = sentences.tips_needed(use.tip_count, use.slot)
    if rack is None:
        return Check(subject=texts.TIPS, verdict="look", text=text)
    free = len(rack.free_tips)  # those that are reserved are for another run
    return Check(subject=texts.TIPS, verdict=_same(use.tip_count <= free), text=f"{text}, {sentences.unused(free)}")


def faults(analysis: Analysis, source: str) -> tuple[FoundFault, ...]:
    """Return the faults that the analysis found, with their lines of the source."""
    return tuple(_fault(each, source.splitlines()) for each in analysis.errors)


def _fault(error: AnalysisError, lines: list[str]) -> FoundFault:
    source = lines[error.line - 1].strip() if 0 < error.line <= len(lines) else ""
    text = (error.detail or error.code).replace(f" [line {error.line}]", "")  # the page says it itself
    return FoundFault(text=text, line=error.line, source=source)


def _same(same: bool) -> Verdict:  # noqa: FBT001 - the condition itself
    return "good" if same else "bad"
