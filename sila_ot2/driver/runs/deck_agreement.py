"""Whether what a run needs on the deck is what was declared; where nothing was declared, nothing is compared."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sila_ot2.driver.deck.slots.deck_needs import DeckNeeds, needs_of
from sila_ot2.driver.deck.slots.standing import SlotLoad, described, is_it
from sila_ot2.driver.deck.state.contents import LiquidProblem
from sila_ot2.driver.deck.state.tip_racks import is_same_labware
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.runs.compatibility import module_fits
from sila_ot2.driver.runs.obstacles import Obstacle, ReasonCode
from sila_ot2.driver.tracking.needs.liquid_needs import REMEDIES, LiquidRules, Mode, liquid_problems
from sila_ot2.driver.tracking.needs.tip_needs import shortages
from sila_ot2.driver.tracking.stock.known_deck import Slots
from sila_ot2.driver.tracking.stock.tip_stock import HOW_TO_CORRECT, TipStock
from sila_ot2.driver.tracking.tips.tip_use import RunTips
from sila_ot2.errors import DeckMismatch, NotEnoughLiquid, NoTipAvailable, RobotFaulty, RobotRefused, TipContaminated
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import KnownSlot
from sila_ot2.store.runs import LeftOutOffset
from sila_ot2.store.tip_racks import TipPlaceState

log = logging.getLogger(__name__)

HOW_TO_STATE = "If it is wrong, declare what stands there (DeclareLabware, ClearSlot, ForgetDeck)."
_FAULTS: dict[ReasonCode, type[RobotRefused]] = {
    ReasonCode.DECK_MISMATCH: DeckMismatch,
    ReasonCode.NO_TIP_AVAILABLE: NoTipAvailable,
    ReasonCode.NOT_ENOUGH_LIQUID: NotEnoughLiquid,
    ReasonCode.TIP_CONTAMINATED: TipContaminated,
}
_CODES = {"Shortage": ReasonCode.NOT_ENOUGH_LIQUID, "Contamination": ReasonCode.TIP_CONTAMINATED}
NAMED = 3
"""Problems with liquids that a message names."""


@dataclass(frozen=True)
class DeckPolicy:
    """What the configuration decides."""

    agreement: Mode = "refuse"
    """What becomes of a run that does not agree with the deck."""
    reuse_used_tips: bool = False
    """Whether a run may pick up tips that were used."""
    low_tips: int = 0
    """A rack with fewer unused tips is low."""
    trash_limit: int = 0
    """With more tips in the trash, it should be emptied; 0: never."""
    volumes: Mode = "refuse"
    """What becomes of draws of more than is in the well."""
    contamination: Mode = "warn"
    """What becomes of draws with a tip that has touched something else."""

    @property
    def liquid_rules(self) -> LiquidRules:
        """What becomes of draws that should not be."""
        return LiquidRules(self.volumes, self.contamination)


class DeckAgreement:
    """One per robot; sends nothing to it."""

    def __init__(self, stock: TipStock, slots: Observable[Slots], policy: DeckPolicy) -> None:
        """Compare with these tips, and with what is known to stand in the slots."""
        self.stock = stock
        self.slots = slots
        self._policy = policy
        self._usable: frozenset[TipPlaceState] = frozenset({"Free", "Used"} if policy.reuse_used_tips else {"Free"})

    def obstacles(self, needs: wire.Analysis | None, left_out: Iterable[LeftOutOffset] = ()) -> tuple[Obstacle, ...]:
        """Return what does not agree with the needs of a run, and what should be seen to.

        Args:
            needs: what the run needs; None: not known.
            left_out: stored labware offsets that the run does not get; they are warnings in any case.
        """
        found: list[Obstacle] = []
        if self._policy.agreement != "off":
            if needs is not None:
                labware = dict(self._labware(needs_of(needs)))
                found += [*labware.values(), *self._tips(needs, labware.keys()), *self._liquids(needs)]
            found += [_left_out(one) for one in left_out]
        trash, limit = self.stock.trash.value, self._policy.trash_limit
        if 0 < limit < trash.count:
            text = f"{trash.count} tips are in the trash, more than the limit of {limit} that is configured."
            remedy = "Empty the trash, then call ResetTrashCount."
            found.append(Obstacle(ReasonCode.TRASH_FULL, text, remedy, blocks=False))
        return tuple(found)

    def require(self, needs: wire.Analysis | None) -> None:
        """Return if a run with these needs may start; what is only a warning is logged.

        Raises:
            DeckMismatch: something else was declared to stand where it needs labware or a module.
            NoTipAvailable: tips that it needs are not in the racks that are declared.
            NotEnoughLiquid: a well holds less than it draws, as somebody has stated it.
            TipContaminated: it draws with a tip that has touched another liquid.
        """
        for obstacle in self.obstacles(needs):
            if obstacle.blocks:
                raise _FAULTS[obstacle.code](obstacle.explanation, obstacle.remedy)
            log.warning("%s %s", obstacle.explanation, obstacle.remedy)

    def _labware(self, needs: DeckNeeds) -> Iterator[tuple[str, Obstacle]]:
        """Give the slots in which something else was stated than is needed."""
        blocks = self._policy.agreement == "refuse"
        for slot, known in self.slots.value.items():
            if not known.stated:
                continue
            remedy = ""
            there = f"{described(known.labware, known.module_model)} was {_stated(known)}"
            if (load := needs.standing.get(slot)) is not None:
                if not self._fits(known, load):
                    text = f"Slot {slot}: the protocol needs {load}, but {there}."
                    remedy = f"Put {load} there, then declare it."
                elif known.contradiction:
                    text = f"Slot {slot}: {there}, but {known.contradiction} was loaded there since."
                    remedy = f"Look whether {load} stands there, then declare it."
            elif slot in needs.kept_empty and not known.is_empty:
                text = f"Slot {slot} must be empty when the protocol begins ({needs.kept_empty[slot]}), but {there}."
                remedy = "Take it away, then call ClearSlot."
            if remedy:
                yield slot, Obstacle(ReasonCode.DECK_MISMATCH, text, f"{remedy} {HOW_TO_STATE}", blocks=blocks)

    def _fits(self, known: KnownSlot, load: SlotLoad) -> bool:
        """Whether what was stated is what is needed; tip racks of any version are alike, as for their tips."""
        if (known.module_model or load.module_model) and not module_fits(known.module_model, wanted=load.module_model):
            return False
        if len(known.labware) != len(load.labware):
            return False
        is_rack = known.slot in self.stock.racks.value
        return all(
            is_it(one, uri) or (is_rack and is_same_labware(one, uri))
            for one, uri in zip(known.labware, load.labware, strict=True)
        )

    def _tips(self, needs: wire.Analysis, reported: Iterable[str]) -> list[Obstacle]:
        """Return what is wrong with the tips; racks that stand in a slot for other labware have been reported."""
        racks = self.stock.racks.value
        if not racks:
            return []
        names = {pipette.id: pipette.pipette_name for pipette in needs.pipettes}
        blocks = self._policy.agreement == "refuse"
        try:
            found = shortages(needs.commands, RunTips(), names, racks, self._usable)
        except RobotFaulty as odd:
            text = f"Which tips the run needs is not known. {odd.cause}"
            return [Obstacle(ReasonCode.NO_TIP_AVAILABLE, text, odd.remedy, blocks=blocks)]
        return [
            Obstacle(ReasonCode.NO_TIP_AVAILABLE, str(shortage), HOW_TO_CORRECT, blocks=blocks)
            for shortage in found
            if not (shortage.expected and shortage.slot in reported)
        ]

    def _liquids(self, needs: wire.Analysis) -> Iterator[Obstacle]:
        """Give what is wrong with the liquids, one obstacle for each kind in each slot."""
        contents, rules = self.stock.liquids.contents.value, self._policy.liquid_rules
        if rules.contamination == "off" and (rules.volumes == "off" or not contents):
            return
        found: dict[tuple[str, str], list[LiquidProblem]] = {}
        for problem in liquid_problems(needs, contents, self.stock.labware):
            if rules.mode_of(problem) != "off":
                found.setdefault((problem.kind, problem.slot), []).append(problem)
        for (kind, _), problems in found.items():
            named = " ".join(map(str, problems[:NAMED]))
            more = f" There are {len(problems) - NAMED} more of this kind." if len(problems) > NAMED else ""
            blocks = rules.mode_of(problems[0]) == "refuse" and self._policy.agreement == "refuse"
            yield Obstacle(_CODES[kind], named + more, REMEDIES[kind], blocks=blocks)


def _stated(known: KnownSlot) -> str:
    how = {"Declared": "declared", "Handover": "handed over" if known.labware else "left by the arm"}
    when = known.known_since.strftime("%Y-%m-%d %H:%M UTC")
    return f"{how.get(known.source, 'moved there')} ({when})"


def _left_out(one: LeftOutOffset) -> Obstacle:
    offset = one.offset
    on = f" on {offset.module_model}" if offset.module_model else ""
    text = f"The stored offset of {offset.definition_uri} in slot {offset.slot}{on} is not applied. {one.reason}"
    remedy = "Measure it for this labware and robot, or remove it (RemoveOffset)."
    return Obstacle(ReasonCode.DECK_MISMATCH, text, remedy, blocks=False)
