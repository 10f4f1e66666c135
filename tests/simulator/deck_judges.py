"""Judges of decks: the engine, which carries a protocol out on a deck, and the driver, which compares.

The engine judges a deck by carrying the protocol out on it: the deck is loaded first, and the protocol has to find what
it needs there. The driver judges by the protocol's analysis and by what was declared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from opentrons import simulate
from opentrons.protocol_api import OFF_DECK, Labware, ModuleContext, ProtocolContext

from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.robot import wire
from sila_ot2.store.database import open_database
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import HandoverStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now
from tests.simulator.declared_decks import RACKS, Content, DeckCase, Declared, Draw, Place, Program

API_LEVEL = "2.20"


class WrongDeck(Exception):
    """The protocol does not find what it needs."""


class EngineExecution:
    """A protocol that the engine carries out, on a given deck, or on any."""

    def __init__(self, program: Program, deck: Declared | None = None) -> None:
        """Carry it out.

        Raises:
            WrongDeck: it does not find what it needs.
        """
        self.protocol: ProtocolContext = simulate.get_protocol_api(API_LEVEL, robot_type="OT-2")
        self._deck = deck
        stands = deck.slots.items() if deck is not None else ()
        self._there = {slot: self._load(slot, content) for slot, content in stands if any(content)}
        self._carry_out(program)

    @property
    def analysis(self) -> wire.Analysis:
        """What an analysis of the protocol says."""
        state = self.protocol._core._engine_client.state
        return wire.Analysis.model_validate(
            {
                "id": "a", "status": "completed", "result": "ok",
                "commands": [one.model_dump(mode="json") for one in state.commands.get_all()],
                "labware": [one.model_dump(mode="json") for one in state.labware.get_all()],
                "modules": [one.model_dump(mode="json") for one in state.modules.get_all()],
                "pipettes": [one.model_dump(mode="json") for one in state.pipettes.get_all()],
            }
        )  # fmt: skip

    def _carry_out(self, program: Program) -> None:
        found = {slot: self._found(slot, content) for slot, content in program.needs.items()}
        volumes = dict(self._deck.volumes) if self._deck is not None else {}
        pipette = self.protocol.load_instrument("p300_single_gen2", "left")
        for number, (slot, well) in enumerate(program.picks):
            if self._deck is not None and (slot, well) in self._deck.gone:
                raise WrongDeck(f"no tip at {well} of slot {slot}")
            pipette.pick_up_tip(found[slot][well])
            if (draw := program.draws[number]) is not None:
                pipette.aspirate(draw.volume_ul, found[draw.source[0]][draw.source[1]])
                pipette.dispense(draw.volume_ul, found[draw.target[0]][draw.target[1]])
                _pour(draw, volumes)
            pipette.drop_tip()
            if number == 0 and program.moved is not None:
                self._move(found[program.moved[0]], program.moved[1])
                volumes.clear()  # the engine pauses for it: somebody may fill wells
        if program.brought is not None:
            self._move(self._load_labware(self.protocol, program.brought[0], OFF_DECK), program.brought[1])

    def _move(self, labware: Labware, slot: str) -> None:
        try:
            self.protocol.move_labware(labware, slot)
        except Exception as occupied:  # the engine's own error
            if self._deck is None:
                raise
            raise WrongDeck(f"labware cannot be moved to slot {slot}: {occupied}") from occupied

    def _found(self, slot: str, content: Content) -> Labware:
        """Return the labware that the protocol needs: loaded now, or found on the deck."""
        if self._deck is None:
            loaded = self._load(slot, content)
            assert isinstance(loaded, Labware)
            return loaded
        there = self._there.get(slot)
        if not isinstance(there, Labware) or _content(there) != content:
            raise WrongDeck(f"slot {slot} has {there}, not {content}")
        return there

    def _load(self, slot: str, content: Content) -> Labware | ModuleContext:
        """Return what is topmost in a slot, after loading all of it."""
        module = self.protocol.load_module(content.module, slot) if content.module else None
        carrier: Any = module or self.protocol
        location = () if module else (slot,)
        if content.adapter:
            carrier, location = self._load_labware(carrier, content.adapter, *location, adapter=True), ()
        if content.labware:
            return self._load_labware(carrier, content.labware, *location)
        return carrier

    @staticmethod
    def _load_labware(carrier: Any, uri: str, *location: Any, adapter: bool = False) -> Labware:
        namespace, name, version = uri.split("/")
        load = carrier.load_adapter if adapter else carrier.load_labware
        return load(name, *location, namespace=namespace, version=int(version))


def _pour(draw: Draw, volumes: dict[Place, int]) -> None:
    """Change what is known to be in the wells; the engine itself draws air where nothing is."""
    if draw.source in volumes:
        volumes[draw.source] -= draw.volume_ul
        if volumes[draw.source] < 0:
            raise WrongDeck(f"too little in {draw.source}")
    if draw.target in volumes:
        volumes[draw.target] += draw.volume_ul


def _content(labware: Labware) -> Content:
    """Return what the engine has below a piece of labware, and itself."""
    parent, adapter = labware.parent, ""
    if isinstance(parent, Labware):
        adapter, parent = parent.uri, parent.parent
    model = parent._core.get_model().value if isinstance(parent, ModuleContext) else ""
    return Content(labware.uri, adapter, model)


def completes(program: Program, deck: Declared) -> str:
    """Return why the engine does not complete the protocol on a deck; empty if it does."""
    try:
        EngineExecution(program, deck)
    except WrongDeck as wrong:
        return str(wrong)
    return ""


# --- the driver -------------------------------------------------------------------------------------------------------


class DeckServer:
    """What a server knows of a deck that is declared."""

    def __init__(self, directory: Path) -> None:
        self._engine = open_database(directory)
        self._tips = TipStock(TipRackStore(self._engine))
        handovers = Handovers(HandoverStore(self._engine), overdue_after_s=600)
        self._deck = KnownDeck(DeckSlotStore(self._engine), self._tips, handovers)
        self._agreement = DeckAgreement(self._tips, self._deck.slots, DeckPolicy())

    def refuses(self, needs: wire.Analysis, deck: Declared) -> list[str]:
        """Return the obstacles to a run on a deck that is declared as it is."""
        self._deck.declare(slot_of(slot, *content, now=utc_now()) for slot, content in deck.slots.items())
        for slot, content in deck.slots.items():
            if content.labware in RACKS:
                self._tips.reset(slot, content.labware)
                if gone := [well for rack, well in deck.gone if rack == slot]:
                    self._tips.mark(slot, gone, "Empty")
        self._tips.liquids.forget()
        for (slot, well), volume_ul in deck.volumes.items():
            self._tips.liquids.declare(slot, deck.slots[slot].labware, [well], [volume_ul], "")
        return [obstacle.explanation for obstacle in self._agreement.obstacles(needs) if obstacle.blocks]

    def close(self) -> None:
        """Close its database."""
        self._engine.dispose()


class Judgment(NamedTuple):
    """What the engine and the driver say of a deck."""

    fault: str
    """Empty: the deck is right."""
    engine: str
    """Why it does not complete the protocol; empty: it does."""
    driver: list[str]

    @property
    def agree(self) -> bool:
        """Whether the generator, the engine and the driver say the same."""
        return bool(self.fault) == bool(self.engine) == bool(self.driver)


def judgments(server: DeckServer, seed: int) -> list[Judgment]:
    """Return what is said of the right and of the wrong deck of a seed."""
    case = DeckCase(seed)
    needs = EngineExecution(case.program).analysis
    return [
        Judgment(deck.fault, completes(case.program, deck), server.refuses(needs, deck))
        for deck in (case.right, case.wrong)
    ]
