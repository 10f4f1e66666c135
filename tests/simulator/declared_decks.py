"""Protocols at random with decks that are right and decks with one fault, judged by the engine and by the driver.

The engine judges a deck by carrying the protocol out on it: the deck is loaded first, and the protocol has to find what
it needs there. The driver judges by the protocol's analysis and by what was declared.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from opentrons import simulate
from opentrons.protocol_api import OFF_DECK, Labware, ModuleContext, ProtocolContext

from sila_ot2.driver.deck.deck_file import slot_of
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.tracking.known_deck import KnownDeck
from sila_ot2.driver.tracking.tip_stock import TipStock
from sila_ot2.robot import wire
from sila_ot2.store.database import open_database
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import HandoverStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now

API_LEVEL = "2.20"
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
RACKS = (RACK, "opentrons/opentrons_96_filtertiprack_200ul/1")
PLATES = (
    "opentrons/corning_96_wellplate_360ul_flat/1", "opentrons/corning_96_wellplate_360ul_flat/2",
    "opentrons/nest_96_wellplate_200ul_flat/1", "opentrons/nest_96_wellplate_200ul_flat/2",
    "opentrons/nest_96_wellplate_100ul_pcr_full_skirt/1", "opentrons/nest_12_reservoir_15ml/1",
    "opentrons/usascientific_12_reservoir_22ml/1", "opentrons/opentrons_24_tuberack_nest_1.5ml_snapcap/1",
)  # fmt: skip
ON_MODULES = "opentrons/nest_96_wellplate_100ul_pcr_full_skirt/2"
CARRIERS = {
    "temperatureModuleV2": ("opentrons/opentrons_96_well_aluminum_block/1", ON_MODULES),
    "heaterShakerModuleV1": ("opentrons/opentrons_96_pcr_adapter/1", ON_MODULES),
    "magneticModuleV2": ("", ON_MODULES),
    "thermocyclerModuleV2": ("", ON_MODULES),
}
"""Modules, and the adapter and labware that they carry."""
FAULTS = (
    "missing", "swapped", "other labware", "other version", "no adapter", "no module", "other module", "too few tips",
    "in the way",
)  # fmt: skip


class Content(NamedTuple):
    """What stands in a slot."""

    labware: str = ""
    adapter: str = ""
    module: str = ""


Deck = Mapping[str, Content]


@dataclass(frozen=True)
class Program:
    """A protocol, as what it needs and does."""

    needs: Deck
    brought: tuple[str, str] | None = None
    """Labware that is loaded off the deck, and the slot to which it is moved."""
    moved: tuple[str, str] | None = None
    """A slot whose labware is moved to another slot."""
    picks: tuple[tuple[str, str], ...] = ()
    """Slot of the rack, and well."""


@dataclass(frozen=True)
class Declared:
    """A deck: what stands there, and which tips are gone."""

    slots: Deck
    gone: frozenset[tuple[str, str]] = frozenset()
    fault: str = ""


class WrongDeck(Exception):
    """The protocol does not find what it needs."""


@dataclass
class Case:
    """The protocol of a seed, a right deck, and a deck with one fault."""

    seed: int
    program: Program = field(init=False)
    right: Declared = field(init=False)
    wrong: Declared = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.program = self._program()
        spare = sorted(set(map(str, range(1, 12))) - self._used(), key=int)
        slots = dict.fromkeys(map(str, range(1, 12)), Content())
        unused = {slot: Content(self._random.choice(PLATES)) for slot in spare if self._random.random() < 0.3}
        self.right = Declared({**slots, **self.program.needs, **unused}, self._some_gone())
        self.wrong = self._with_fault()

    def _program(self) -> Program:
        free = [str(slot) for slot in range(1, 12)]
        self._random.shuffle(free)
        needs: dict[str, Content] = {}
        if self._random.random() < 0.3 and all(slot in free for slot in ("7", "8", "10", "11")):
            needs["7"] = Content(ON_MODULES, "", "thermocyclerModuleV2")
            free = [slot for slot in free if slot not in ("7", "8", "10", "11")]
        elif self._random.random() < 0.6:
            model = self._random.choice(list(CARRIERS)[:3])
            slot = self._random.choice(("1", "3", "4", "6", "7", "10"))
            adapter, labware = CARRIERS[model]
            needs[slot] = Content(labware, adapter, model)
            near = {str(int(slot) + step) for step in (-3, -1, 0, 1, 3)}  # of a heater-shaker nothing tall may be near
            free = [one for one in free if one not in near]
        racks = [free.pop() for _ in range(self._random.randint(1, 2))]
        needs |= {slot: Content(self._random.choice(RACKS)) for slot in racks}
        plates = [free.pop() for _ in range(min(len(free) - 1, self._random.randint(1, 3)))]
        needs |= {slot: Content(self._random.choice(PLATES)) for slot in plates}
        wells = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
        picks = tuple(
            (slot, well) for slot in racks for well in self._random.sample(wells, self._random.randint(1, 12))
        )
        kind = self._random.choice(("", "moved", "brought"))
        moved = (plates[0], free[0]) if kind == "moved" and free else None
        brought = (self._random.choice(PLATES), free[0]) if kind == "brought" and free else None
        return Program(needs, brought, moved, picks)

    def _used(self) -> set[str]:
        program = self.program
        targets = {pair[1] for pair in (program.moved, program.brought) if pair is not None}
        covered = {"8", "10", "11"} if program.needs.get("7", Content()).module.startswith("thermo") else set()
        near: set[str] = set()
        for slot, content in program.needs.items():
            if content.module.startswith("heaterShaker"):
                near |= {str(int(slot) + step) for step in (-3, -1, 1, 3)}
        return {*program.needs, *targets, *covered, *near}

    def _some_gone(self) -> frozenset[tuple[str, str]]:
        """Tips that the protocol does not take."""
        racks = {slot for slot, _ in self.program.picks}
        return frozenset({(slot, "H12") for slot in racks if self._random.random() < 0.5} - set(self.program.picks))

    def _with_fault(self) -> Declared:
        kinds = list(FAULTS)
        self._random.shuffle(kinds)
        return next(wrong for kind in kinds if (wrong := self._fault(kind)) is not None)

    def _fault(self, kind: str) -> Declared | None:
        """Return the right deck with one fault of a kind; None if it cannot have it."""
        needs, slots = self.program.needs, dict(self.right.slots)
        bare = sorted(slot for slot, content in needs.items() if not content.module)
        with_module = sorted(slot for slot, content in needs.items() if content.module)
        choice = with_module if kind in ("no adapter", "no module", "other module") else bare
        if not choice:
            return None
        slot = self._random.choice(choice)
        content = slots[slot]
        gone = self.right.gone
        if kind == "missing":
            slots[slot] = content._replace(labware="")
        elif kind == "swapped":
            other = next((one for one in bare if needs[one] != content), None)
            if other is None:
                return None
            slots[slot], slots[other] = slots[other], content
        elif kind == "other labware":
            name = content.labware.split("/")[1]
            slots[slot] = content._replace(
                labware=self._random.choice([one for one in (*PLATES, *RACKS) if f"/{name}/" not in one])
            )
        elif kind == "other version":
            twins = [one for one in PLATES if one != content.labware and one[:-1] == content.labware[:-1]]
            if not twins:
                return None
            slots[slot] = content._replace(labware=twins[0])
        elif kind == "no adapter":
            if not content.adapter:
                return None
            slots[slot] = content._replace(adapter="")
        elif kind == "no module":
            slots[slot] = content._replace(module="")
        elif kind == "other module":
            other_model = "magneticModuleV1" if content.module != "thermocyclerModuleV2" else "thermocyclerModuleV1"
            slots[slot] = Content("", "", other_model)
        elif kind == "too few tips":
            gone |= {self._random.choice(self.program.picks)}
        elif kind == "in the way":
            pair = self.program.moved or self.program.brought
            if pair is None:
                return None
            slots[pair[1]] = Content(self._random.choice(PLATES))
        return replace(self.right, slots=slots, gone=gone, fault=kind)


# --- the engine -------------------------------------------------------------------------------------------------------


class Execution:
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
        pipette = self.protocol.load_instrument("p300_single_gen2", "left")
        for number, (slot, well) in enumerate(program.picks):
            if self._deck is not None and (slot, well) in self._deck.gone:
                raise WrongDeck(f"no tip at {well} of slot {slot}")
            pipette.pick_up_tip(found[slot][well])
            pipette.drop_tip()
            if number == 0 and program.moved is not None:
                self._move(found[program.moved[0]], program.moved[1])
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
        Execution(program, deck)
    except WrongDeck as wrong:
        return str(wrong)
    return ""


# --- the driver -------------------------------------------------------------------------------------------------------


class Server:
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


def judgments(server: Server, seed: int) -> list[Judgment]:
    """Return what is said of the right and of the wrong deck of a seed."""
    case = Case(seed)
    needs = Execution(case.program).analysis
    return [
        Judgment(deck.fault, completes(case.program, deck), server.refuses(needs, deck))
        for deck in (case.right, case.wrong)
    ]
