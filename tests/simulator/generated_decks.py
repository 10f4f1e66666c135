"""Decks at random, loaded by a Python protocol into the engine and, command by command, into the driver's own state."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opentrons import simulate
from opentrons.motion_planning.deck_conflict import DeckConflictError
from opentrons.protocol_api import PARTIAL_COLUMN, SINGLE, ProtocolContext
from opentrons.protocol_api.core.engine import pipette_movement_conflict
from opentrons.protocol_engine import WellLocation, WellOffset, WellOrigin
from opentrons.protocols.api_support.types import APIVersion
from opentrons_shared_data.errors.exceptions import MotionPlanningFailureError

from sila_ot2.driver.deck.checks.nozzle_reach import check_nozzles
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.slots.conflicts import conflict_on
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import location_to_wire
from sila_ot2.errors import DeckUnsafe, PositionOutOfBounds, SlotNotAvailable, WellUnknown
from sila_ot2.robot import wire

API_LEVEL = "2.20"
LABWARE = (
    "opentrons_96_tiprack_300ul", "opentrons_96_tiprack_1000ul", "opentrons_96_tiprack_20ul",
    "opentrons_96_filtertiprack_200ul", "corning_96_wellplate_360ul_flat", "nest_96_wellplate_2ml_deep",
    "nest_12_reservoir_15ml", "usascientific_12_reservoir_22ml", "opentrons_24_tuberack_nest_1.5ml_snapcap",
    "opentrons_15_tuberack_nest_15ml_conical", "opentrons_10_tuberack_nest_4x50ml_6x15ml_conical",
    "nest_1_reservoir_195ml", "agilent_1_reservoir_290ml", "corning_384_wellplate_112ul_flat",
    "nest_96_wellplate_100ul_pcr_full_skirt", "opentrons_24_aluminumblock_nest_1.5ml_snapcap",
)  # fmt: skip
ADAPTERS = ("opentrons_universal_flat_adapter", "opentrons_96_flat_bottom_adapter", "opentrons_96_pcr_adapter")
MODULES = (
    "temperatureModuleV1", "temperatureModuleV2", "magneticModuleV1", "magneticModuleV2", "thermocyclerModuleV1",
    "thermocyclerModuleV2", "heaterShakerModuleV1", "heaterShakerModuleV1",
)  # fmt: skip
PIPETTES = ("p20_multi_gen2", "p300_multi_gen2", "p300_multi", "p50_multi", "p10_multi")


class JudgedStep(NamedTuple):
    """What the engine and the driver say of one step."""

    step: str
    engine: str
    """accepts, refuses (a rule of the protocol interface), or fails (the robot's command itself is refused)."""
    driver: str
    """accepts or refuses."""
    why: str
    is_movement: bool = False

    @property
    def agree(self) -> bool:
        """Whether nothing is refused by the protocol interface alone, and nothing by the driver alone."""
        return self.engine in ("fails", self.driver) or self.is_about_the_trash

    @property
    def is_about_the_trash(self) -> bool:
        """Whether the driver refuses what would hit the trash, which the engine reckons to be without height."""
        return (self.engine, self.driver) == ("accepts", "refuses") and "what stands in slot 12" in self.why


@dataclass
class GeneratedDeck:
    """One deck, the same for a seed."""

    seed: int
    answers: list[JudgedStep] = field(default_factory=list)
    state: DeckState = field(default_factory=DeckState)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._protocol: ProtocolContext = simulate.get_protocol_api(API_LEVEL, robot_type="OT-2")
        self._numbers = iter(range(1000))

    def build(self) -> None:
        """Load things until one is refused, then let a pipette with some of its nozzles go to wells."""
        for _ in range(self._random.randint(2, 12)):
            if not (self._load_module() if self._random.random() < 0.35 else self._load_labware()):
                return
        self._move()

    def _load_module(self) -> bool:
        model = self._random.choice(MODULES)
        slot = "7" if model.startswith("thermocycler") else str(self._random.randint(1, 11))
        refused = self._driver_refuses(loading.load_module(model, slot))

        def load() -> None:
            module = self._protocol.load_module(model, slot)
            self._follow("loadModule", {"model": model, "location": {"slotName": slot}},
                         {"moduleId": module._core.module_id})  # fmt: skip

        return self._compare(f"{model} in slot {slot}", refused, load)

    def _load_labware(self) -> bool:
        free = [str(slot) for slot in range(1, 12)]
        carriers = [*self.state.modules, *(one.labware_id for one in self.state.labware.values() if one.is_adapter)]
        location = self._random.choice(carriers) if carriers and self._random.random() < 0.4 else (
            self._random.choice(free))  # fmt: skip
        load_name = self._random.choice(ADAPTERS if self._random.random() < 0.15 else LABWARE)
        refused = self._driver_refuses(loading.load_labware(load_name, "opentrons", 1, location))

        def load() -> None:
            params = {"location": location_to_wire(location, self.state.modules)}
            labware = self._carrier(location).load_labware(load_name) if not location.isdigit() else (
                self._protocol.load_labware(load_name, location))  # fmt: skip
            core = labware._core
            self._follow("loadLabware", params, {"labwareId": core.labware_id, "definition": core.get_definition()})

        return self._compare(f"{load_name} at {self._words(location)}", refused, load)

    def _carrier(self, location: str) -> Any:
        modules = {module._core.module_id: module for module in self._protocol.loaded_modules.values()}
        if location in modules:
            return modules[location]
        return next(one for one in self._all_labware() if one._core.labware_id == location)

    def _all_labware(self) -> list[Any]:
        cores = self._protocol._core.get_labware_cores()
        return [self._protocol._core_map.get(core) for core in cores if self._protocol._core_map.get(core)]

    def _compare(self, step: str, refused: str, load: Any) -> bool:
        """Let the engine load; returns whether both have accepted, so that the deck can go on."""
        engine, why = "accepts", refused
        try:
            load()
        except DeckConflictError as conflict:
            engine, why = "refuses", f"{why} | {conflict}"
        except Exception as failure:  # noqa: BLE001 - whatever the engine's command fails with
            engine, why = "fails", f"{why} | {failure}"
        if engine == "accepts" and not refused:
            refused = conflict_on(self.state) or ""  # what only the loaded labware shows: its height
            why = refused
        elif engine == "refuses" and not refused:
            refused = self._refused_by_height(load)
            why = f"{why} | {refused}"
        self.answers.append(JudgedStep(step, engine, "refuses" if refused else "accepts", why))
        return engine == "accepts" and not refused

    def _refused_by_height(self, load: Any) -> str:
        """The engine has loaded it before it checked: let the driver see the same."""
        cores = {core.labware_id: core for core in self._protocol._core.get_labware_cores()}
        engine = self._protocol._core._engine_client.state
        for labware in engine.labware.get_all():
            if labware.id in self.state.labware or labware.id in cores or labware.id == "fixedTrash":
                continue
            definition = engine.labware.get_definition(labware.id).model_dump(mode="json")
            location = labware.location.model_dump(mode="json")
            self._follow("loadLabware", {"location": location}, {"labwareId": labware.id, "definition": definition})
        return conflict_on(self.state) or ""

    def _driver_refuses(self, plan: Any) -> str:
        try:
            plan(self.state)
        except SlotNotAvailable as refused:
            return str(refused)
        return ""

    def _follow(self, kind: str, params: dict[str, Any], result: dict[str, Any]) -> None:
        command = {"id": f"c{next(self._numbers)}", "commandType": kind, "status": "succeeded", "params": params,
                   "result": result, "createdAt": "2026-01-01T00:00:00Z"}  # fmt: skip
        self.state = self.state.after(wire.Command.model_validate(command))

    def _words(self, location: str) -> str:
        if location in self.state.modules:
            return f"{self.state.modules[location].model} in slot {self.state.modules[location].slot}"
        return self.state.labware[location].name if location in self.state.labware else f"slot {location}"

    # --- some nozzles of a pipette --------------------------------------------------------------------------------

    def _move(self) -> None:
        name = self._random.choice(PIPETTES)
        pipette = self._protocol.load_instrument(name, "right")
        core = pipette._core
        self._follow("loadPipette", {"mount": "right", "pipetteName": name}, {"pipetteId": core.pipette_id})
        front = self._random.choice([True, False])
        active = self._random.randint(1, 7) if front else 1  # a protocol takes several only from the front
        layout = self._layout(active, front=front)
        more = {"end": f"{'ABCDEFGH'[8 - active]}1"} if active > 1 else {}
        pipette.configure_nozzle_layout(PARTIAL_COLUMN if active > 1 else SINGLE, start="H1" if front else "A1", **more)
        params = {"pipetteId": core.pipette_id, "configurationParams": layout}
        self._follow("configureNozzleLayout", params, {})
        for labware in list(self.state.labware.values()):
            wells = list(labware.wells)
            for well in self._random.sample(wells, min(len(wells), 6)):
                self._go(core.pipette_id, labware.labware_id, well)

    def _layout(self, active: int, *, front: bool) -> dict[str, Any]:
        primary = "H1" if front else "A1"
        if active == 1:
            return {"style": "SINGLE", "primaryNozzle": primary}
        return {"style": "QUADRANT", "primaryNozzle": primary, "frontRightNozzle": "H1",
                "backLeftNozzle": f"{'ABCDEFGH'[8 - active]}1"}  # fmt: skip

    def _go(self, pipette_id: str, labware_id: str, well: str) -> None:
        z_mm = float(self._random.choice([0, 10, 40, -5]))
        engine, why = "accepts", ""
        try:
            pipette_movement_conflict.check_safe_for_pipette_movement(
                engine_state=self._protocol._core._engine_client.state,
                pipette_id=pipette_id,
                labware_id=labware_id,
                well_name=well,
                well_location=WellLocation(origin=WellOrigin.TOP, offset=WellOffset(x=0, y=0, z=z_mm)),
                version=APIVersion.from_string(API_LEVEL),
            )
        except MotionPlanningFailureError as unsafe:
            engine, why = "refuses", str(unsafe)
        offset = {"x": 0, "y": 0, "z": z_mm}
        location = {"wellLocation": {"origin": "top", "offset": offset}}
        params = {"pipetteId": pipette_id, "labwareId": labware_id, "wellName": well, **location}
        driver = "accepts"
        try:
            check_nozzles([PlannedCommand("moveToWell", params)], self.state)
        except DeckUnsafe as refused:
            if isinstance(refused.__cause__, (PositionOutOfBounds, WellUnknown)):
                return  # a channel would be over no well: a protocol moves there, and no engine checks it
            driver, why = "refuses", f"{why} | {refused}"
        pipette = self.state.pipettes["right"]
        step = f"{pipette.name} {pipette.nozzles} to {well} of {self.state.labware[labware_id].name}, {z_mm} mm over it"
        self.answers.append(JudgedStep(step, engine, driver, why, is_movement=True))


def deck_of(seed: int) -> GeneratedDeck:
    """Return the deck of a seed with all answers."""
    deck = GeneratedDeck(seed)
    deck.build()
    return deck
