"""What is shown before a run: what the protocol needs and whether it is there. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client.generated.protocol_service import Analysis, AnalysisError
from sila_ot2.web import sentences, texts
from sila_ot2.web.deck_view import FIXED_TRASH
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.remedies import remedy

Verdict = Literal["good", "bad", "look"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A line of the checklist.

    Attributes:
        subject: what is checked.
        verdict: good, bad (a run would be refused), or look: only a person can see it.
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
    """Return whether a run may start now, by the server's word."""
    given = facts.start_permission
    if given is None or facts.connection != "Connected":
        return (Check(subject=texts.START, verdict="bad", text=texts.NOT_KNOWN),)
    verdict: Verdict = "look" if given.allowed else "bad"
    reasons = tuple(
        Check(
            subject=texts.START,
            verdict=verdict,
            text=f"{each.explanation} {remedy(each.code, each.remedy, facts.address)}".strip(),
        )
        for each in given.reasons
    )
    return reasons or (Check(subject=texts.START, verdict="good", text=texts.MAY_START),)


def needs(facts: RobotFacts, analysis: Analysis) -> tuple[Check, ...]:
    """Return what the protocol needs, compared with what is there."""
    attached = {each.mount: each.name for each in facts.attached_pipettes}
    free = [each.model for each in facts.attached_modules]
    found: list[Check] = []
    for pipette in analysis.pipettes:
        there = attached.get(pipette.mount, texts.NONE)
        text = sentences.needed(f"{pipette.mount} {pipette.pipette_name}", there)
        found.append(Check(subject=texts.PIPETTES, verdict=_same(there == pipette.pipette_name), text=text))
    for module in analysis.modules:
        present = module.module_model in free
        if present:
            free.remove(module.module_model)
        text = sentences.needed(f"{module.module_model} in slot {module.slot}", "" if present else texts.NONE)
        found.append(Check(subject=texts.MODULES, verdict=_same(present), text=text))
    found += [
        Check(
            subject=texts.DECK,
            verdict="look",
            text=sentences.on_deck(each.location, each.display_name or each.load_name),
        )
        for each in analysis.labware
        if each.location != FIXED_TRASH
    ]
    found += [
        Check(subject=texts.TIPS, verdict="look", text=sentences.tips_needed(each.tip_count, each.slot))
        for each in analysis.tip_use
    ]
    found += [
        Check(subject=texts.LIQUIDS, verdict="look", text=f"{each.name}: {each.volume:g} µL")
        for each in analysis.liquids
    ]
    return tuple(found)


def faults(analysis: Analysis, source: str) -> tuple[FoundFault, ...]:
    """Return the faults that the analysis found, with their lines of the source."""
    return tuple(_fault(each, source.splitlines()) for each in analysis.errors)


def _fault(error: AnalysisError, lines: list[str]) -> FoundFault:
    source = lines[error.line - 1].strip() if 0 < error.line <= len(lines) else ""
    return FoundFault(text=error.detail or error.code, line=error.line, source=source)


def _same(same: bool) -> Verdict:  # noqa: FBT001 - the condition itself
    return "good" if same else "bad"
