"""Which deck is drawn: that of the session, that of the current run, or none."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions, uri_of
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule, labware_from
from sila_ot2.driver.deck.state.pipettes import Evidence, Tip, fresh_pipette
from sila_ot2.driver.deck.state.tip_racks import new_rack
from sila_ot2.driver.deck_picture.deck_picture import DeckPicture, deck_of_session
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.session_state import Phase
from sila_ot2.robot import wire
from sila_ot2.store.labware_definitions import DefinitionStore
from sila_ot2.times import utc_now
from tests.fakes.labware import as_file, custom_plate

RACK = builtin_definitions()["opentrons_96_tiprack_300ul"]
SESSION = DeckState(
    labware={"r": labware_from(RACK, "r", "1"), "p": labware_from(custom_plate(), "p", "m")},
    modules={"m": SessionModule("m", "temperatureModuleV2", "4")},
    pipettes={"left": fresh_pipette("left", "x", "p300_single_gen2")},
    used_tips={"r": frozenset({"A1", "B1"})},
)
RUN = wire.Run.model_validate(
    {
        "id": "run",
        "status": "running",
        "createdAt": "2026-01-01T00:00:00Z",
        "modules": [{"id": "m", "model": "magneticModuleV1", "location": {"slotName": "5"}}],
        "pipettes": [{"id": "x", "mount": "right", "pipetteName": "p20_single_gen2"}],
        "labware": [
            {
                "id": "1", "loadName": "my_6_plate", "definitionUri": "my_lab/my_6_plate/1",
                "location": {"moduleId": "m"},
            },
            {
                "id": "2", "loadName": "opentrons_96_tiprack_300ul", "displayName": "tips",
                "definitionUri": "opentrons/opentrons_96_tiprack_300ul/99", "location": {"slotName": "1"},
            },
            {"id": "3", "loadName": "other", "definitionUri": "their_lab/other/1", "location": {"slotName": "2"}},
            {"id": "4", "loadName": "other", "definitionUri": "their_lab/other/1", "location": "offDeck"},
        ],
    }
)  # fmt: skip


def picture_of(
    engine: Engine,
    *,
    session: Any = None,
    run: Any = None,
    known: Any = MappingProxyType({}),
    racks: Any = None,
    liquids: Any = None,
    taken: Any = None,
) -> DeckPicture:
    library = DefinitionLibrary(DefinitionStore(engine))
    library.add_definition(as_file(custom_plate()))
    robot: Any = SimpleNamespace(run={"run": RUN}.get)
    state: Any = Observable(SimpleNamespace(run=run))
    deck: Any = SimpleNamespace(
        slots=Observable(known), racks=Observable(racks or {}), liquids=Observable(liquids or {}),
        tips_of={"run": taken or {}}.__getitem__,
    )  # fmt: skip
    return DeckPicture(robot, Observable(session), Observable(SESSION), state, library, deck)


def test_the_deck_of_a_session_has_its_tips_and_pipettes() -> None:
    deck = deck_of_session(SESSION)
    assert deck.lines() == [
        ("1", "Opentrons OT-2 96 Tip Rack 300 µL", "94 of 96 tips free"),
        ("4", "My 6 Plate on Temperature Module GEN2", "6 wells"),
    ]
    assert [(one.mount, one.state) for one in deck.pipettes] == [("left", "no tip")]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"tip": Tip("r", "A1", 300.0), "volume_ul": 12.5}, "tip with 12.5 µL"),
        ({"evidence": Evidence.UNKNOWN}, "not known what it holds"),
    ],
)
def test_the_content_of_a_pipette_is_reported(changes: dict[str, Any], state: str) -> None:
    pipette = replace(SESSION.pipettes["left"], **changes)
    assert [one.state for one in deck_of_session(replace(SESSION, pipettes={"left": pipette})).pipettes] == [state]


def test_an_open_session_is_drawn_and_a_lost_one_is_not(engine: Engine) -> None:
    for phase, source in ((Phase.READY, "Session"), (Phase.LOST, "Nothing")):
        assert picture_of(engine, session=SimpleNamespace(phase=phase)).look_at_deck().source == source


def test_the_current_run_is_drawn_with_what_is_known_of_its_labware(engine: Engine) -> None:
    seen = picture_of(engine, run=SimpleNamespace(run_id="run", robot_status="running")).look_at_deck()
    assert seen.source == "Run"
    assert seen.deck.lines() == [
        ("1", "tips", "96 tips, not known which are used"),
        ("2", "other", ""),
        ("5", "My 6 Plate on Magnetic Module", "6 wells"),
    ]


@pytest.mark.parametrize("drawn", ["Session", "Run", "Known"])
def test_tips_of_a_declared_rack_are_drawn_as_they_are_whoever_uses_the_deck(engine: Engine, drawn: str) -> None:
    rack = new_rack("1", uri_of(RACK), utc_now())
    racks = {"1": replace(rack, places={**rack.places, "A1": "Empty", "B1": "Unknown", "C1": "Reserved", "D1": "Used"})}
    seen = picture_of(
        engine,
        session=SimpleNamespace(phase=Phase.READY) if drawn == "Session" else None,
        run=SimpleNamespace(run_id="run", robot_status="running") if drawn == "Run" else None,
        known={"1": slot_of("1", uri_of(RACK), now=utc_now())},
        racks=racks,
        taken={"2": {"H12": "Taken"}},
    ).look_at_deck()
    assert (seen.source, seen.deck.lines()[0][2]) == (drawn, "92 of 96 tips free, 1 not known")


def test_of_a_rack_that_is_not_declared_those_tips_are_known_that_the_run_has_taken(engine: Engine) -> None:
    other = {"1": new_rack("1", "opentrons/opentrons_96_tiprack_20ul/1", utc_now())}
    for racks in ({}, other):
        seen = picture_of(
            engine,
            run=SimpleNamespace(run_id="run", robot_status="running"),
            racks=racks,
            taken={"2": {"A1": "Taken", "B1": "Returned", "C1": "InDoubt"}},
        ).look_at_deck()
        assert seen.deck.lines()[0][2] == "2 of 96 tips used, 94 not known"


def test_without_a_run_what_is_known_from_before_is_drawn(engine: Engine) -> None:
    rack = new_rack("1", uri_of(RACK), utc_now())
    used = {**rack.places, "A1": "Used", "B1": "Empty"}
    known = {
        "1": slot_of("1", uri_of(RACK), now=utc_now()),
        "2": slot_of("2", now=utc_now()),
        "3": slot_of("3", "my_lab/my_6_plate/1", module="temperatureModuleV2", label="plate 7", now=utc_now()),
        "4": slot_of("4", "our plate", now=utc_now()),
    }
    seen = picture_of(engine, known=known, racks={"1": replace(rack, places=used)}).look_at_deck()
    assert seen.source == "Known"
    assert seen.deck.lines() == [
        ("1", "Opentrons OT-2 96 Tip Rack 300 µL", "94 of 96 tips free"),
        ("3", "plate 7 on Temperature Module GEN2", "6 wells"),
        ("4", "our plate", ""),
    ]


@pytest.mark.parametrize("status", sorted(wire.ENDED_RUN_STATUSES))
def test_a_run_that_has_ended_is_not_drawn_although_it_is_the_robots_current_run(engine: Engine, status: str) -> None:
    declared = {"3": slot_of("3", "my_lab/my_6_plate/1", now=utc_now())}
    seen = picture_of(engine, run=SimpleNamespace(run_id="run", robot_status=status), known=declared).look_at_deck()
    assert (seen.source, seen.deck.lines()) == ("Known", [("3", "My 6 Plate", "6 wells")])


def test_without_a_run_nothing_is_known(engine: Engine) -> None:
    seen = picture_of(engine).look_at_deck()
    assert (seen.source, seen.deck.lines()) == ("Nothing", [])
