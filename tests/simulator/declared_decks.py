"""Protocols at random with decks that are right and decks with one fault."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

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
    "in the way", "too little liquid",
)  # fmt: skip
WELLS = ("A1", "A2", "A3", "A4", "A5", "A6")
"""Wells that all plates, racks of tubes and reservoirs have."""
MOST_UL = 90
"""What is drawn from one well at most: the smallest holds 100 µL."""


class Content(NamedTuple):
    """What stands in a slot."""

    labware: str = ""
    adapter: str = ""
    module: str = ""


Deck = Mapping[str, Content]
Place = tuple[str, str]
"""Slot and well."""


class Draw(NamedTuple):
    """What a tip draws, and where it dispenses that."""

    source: Place
    target: Place
    volume_ul: int


@dataclass(frozen=True)
class Program:
    """A protocol, as what it needs and does."""

    needs: Deck
    brought: tuple[str, str] | None = None
    """Labware that is loaded off the deck, and the slot to which it is moved."""
    moved: tuple[str, str] | None = None
    """A slot whose labware is moved to another slot."""
    picks: tuple[Place, ...] = ()
    """Slot of the rack, and well."""
    draws: tuple[Draw | None, ...] = ()
    """What each of these tips draws; None: nothing."""

    def volumes(self) -> dict[Place, int]:
        """Return what wells have to hold at first, before somebody may have filled them when labware is moved."""
        there: dict[Place, int] = {}
        least: dict[Place, int] = {}
        for draw in self.draws[:1] if self.moved else self.draws:
            if draw is not None:
                there[draw.source] = there.get(draw.source, 0) - draw.volume_ul
                least[draw.source] = min(least.get(draw.source, 0), there[draw.source])
                there[draw.target] = there.get(draw.target, 0) + draw.volume_ul
        return {place: -short for place, short in least.items()}


@dataclass(frozen=True)
class Declared:
    """A deck: what stands there, and which tips are gone, and how much is in wells."""

    slots: Deck
    gone: frozenset[Place] = frozenset()
    volumes: Mapping[Place, int] = field(default_factory=dict)
    """What wells hold, in µL; of others nothing is declared."""
    fault: str = ""


@dataclass
class DeckCase:
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
        self.right = Declared({**slots, **self.program.needs, **unused}, self._some_gone(), self._enough())
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
        return Program(needs, brought, moved, picks, tuple(self._draws(plates, len(picks))))

    def _draws(self, plates: list[str], count: int) -> Iterator[Draw | None]:
        drawn: dict[Place, int] = {}
        for _ in range(count):
            source = self._random.choice(plates), self._random.choice(WELLS)
            target = self._random.choice(plates), self._random.choice(WELLS)
            volume_ul = self._random.randint(20, 30)
            drawn[source] = drawn.get(source, 0) + volume_ul
            yield Draw(source, target, volume_ul) if source != target and drawn[source] <= MOST_UL else None

    def _enough(self) -> dict[Place, int]:
        """Enough in most of the wells; the volumes of others are not declared."""
        needed = self.program.volumes()
        return {at: ul + self._random.choice((0, 1, 10)) for at, ul in needed.items() if self._random.random() < 0.8}

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
        volumes = {
            place: ul for place, ul in self.right.volumes.items() if slots[place[0]] == self.right.slots[place[0]]
        }
        if kind == "too little liquid":
            drawn = {at: ul for at, ul in self.program.volumes().items() if ul > 0}
            if not drawn:
                return None
            place = self._random.choice(sorted(drawn))
            volumes[place] = drawn[place] - self._random.randint(1, drawn[place])
        return Declared(slots, gone, volumes, kind)
