"""What is loaded where, and what keeps it from being loaded there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sila_ot2.driver.deck.plans.plan import rehearse
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK, SessionModule, labware_from, location_from_wire
from sila_ot2.driver.worklists.steps import STEP_KINDS, StepContext
from sila_ot2.errors import LabwareNotLoaded, LocationUnknown, PipetteMissing, SlotNotAvailable
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of
from tests.unit.driver.liquid_handling.test_plans import deck_state, grid


@dataclass(frozen=True)
class Arrived:
    """Labware that an arm has put on the deck."""

    slot: str = "5"
    labware_type: str = "corning_96_wellplate_360ul_flat"
    labware_id: str = ""


def params(planned: Any) -> dict[str, Any]:
    [command] = planned
    return dict(command.params)


def test_labware_that_an_arm_has_brought_is_loaded_if_its_type_is_known_and_the_slot_free() -> None:
    plain = params(loading.load_arrived(Arrived())(deck_state()))
    assert plain == {
        "location": {"slotName": "5"}, "loadName": "corning_96_wellplate_360ul_flat", "namespace": "opentrons",
        "version": 1,
    }  # fmt: skip
    exact = params(loading.load_arrived(Arrived(labware_type="my_lab/plate/3", labware_id="plate 7"))(deck_state()))
    assert (exact["namespace"], exact["loadName"], exact["version"], exact["displayName"]) == (
        "my_lab", "plate", 3, "plate 7",
    )  # fmt: skip
    custom = params(loading.load_arrived(Arrived(), {"namespace": "ours", "version": 2})(deck_state()))
    assert (custom["namespace"], custom["version"]) == ("ours", 2)
    assert loading.load_arrived(Arrived(labware_type=""))(deck_state()) == []
    assert loading.load_arrived(Arrived(slot="2"))(deck_state()) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("opentrons/plate/2", ("plate", "opentrons", 2)),
        ("plate", ("plate", "", 0)),
        ("opentrons/plate/two", ("opentrons/plate/two", "", 0)),
        ("a/b", ("a/b", "", 0)),
        ("a/b/²", ("a/b/²", "", 0)),
        (f"a/b/{'9' * 5000}", (f"a/b/{'9' * 5000}", "", 0)),
    ],
)
def test_a_type_is_a_name_or_a_whole_uri(text: str, parts: tuple[str, str, int]) -> None:
    assert loading.parts_of_type(text) == parts


def test_nothing_is_loaded_where_something_stands_or_nothing_can() -> None:
    cycler = SessionModule("cycler", "thermocyclerModuleV2", "7")
    state = replace(deck_state(), modules={"cycler": cycler})
    with pytest.raises(SlotNotAvailable, match="plate .* is at location 2 already"):
        loading.load_module("temperatureModuleV2", "2")(state)
    with pytest.raises(SlotNotAvailable, match="thermocyclerModuleV2 .* is at location 7 already"):
        loading.move_labware("plate", "7")(state)
    with pytest.raises(SlotNotAvailable, match="covers slot 10"):
        loading.load_module("temperatureModuleV2", "10")(state)
    with pytest.raises(LocationUnknown, match="nowhere is neither a slot"):
        loading.move_labware("plate", "nowhere")(state)
    assert params(loading.load_module("temperatureModuleV2", "9")(state))["location"] == {"slotName": "9"}


def test_labware_is_moved_to_slots_modules_and_off_the_deck() -> None:
    state = replace(deck_state(), modules={"m": SessionModule("m", "magneticModuleV2", "9")})
    for location, where in (("4", {"slotName": "4"}), ("m", {"moduleId": "m"}), (OFF_DECK, OFF_DECK)):
        planned = loading.move_labware("plate", location)(state)
        assert params(planned)["newLocation"] == where
        assert rehearse(state, planned).labware["plate"].location == location
    assert loading.move_labware("plate", "2")(state) == []
    with pytest.raises(LabwareNotLoaded):
        loading.move_labware("unknown", "4")(state)


def test_labware_is_put_neither_on_itself_nor_on_what_stands_on_it() -> None:
    adapter, plate = labware_from(grid("adapter"), "adapter", "3"), labware_from(grid("plate"), "plate", "adapter")
    state = DeckState(labware={"adapter": adapter, "plate": plate})
    for labware_id, location in (("plate", "plate"), ("adapter", "plate")):
        with pytest.raises(SlotNotAvailable, match="cannot stand on itself"):
            loading.move_labware(labware_id, location)(state)


def test_labware_that_the_robot_reports_on_itself_is_given_to_another_run_for_the_robot_to_refuse() -> None:
    states = labware_from(grid("plate"), "plate", "plate"), labware_from(grid("tips"), "tips", "1")
    planned = loading.restore(DeckState(labware={one.labware_id: one for one in states}))
    assert [one.params["labwareId"] for one in planned] == ["tips", "plate"]


def test_the_pipette_that_is_attached_is_used() -> None:
    def attached(name: str) -> list[wire.Pipette]:
        return [wire.Pipette(mount="right", name=name, model=f"{name}_v2", id="P1")]

    assert loading.load_attached_pipette("right", lambda: attached("p300_single_gen2"))(deck_state()) == []
    planned = loading.load_attached_pipette("right", lambda: attached("p20_single_gen2"))(deck_state())
    assert params(planned) == {"mount": "right", "pipetteName": "p20_single_gen2"}
    with pytest.raises(PipetteMissing):
        loading.load_attached_pipette("left", lambda: attached("p20_single_gen2"))(deck_state())


def test_another_run_is_given_carriers_before_what_stands_on_them() -> None:
    adapter = replace(labware_from(grid("adapter"), "adapter", "m"), display_name="")
    plate = replace(labware_from(grid("plate"), "plate", "adapter"), display_name="plate 7")
    state = DeckState(
        labware={"plate": plate, "adapter": adapter},
        modules={"m": SessionModule("m", "magneticModuleV2", "9")},
        pipettes=deck_state().pipettes,
    )
    planned = loading.restore(state)
    assert [(one.command_type, one.params.get("labwareId")) for one in planned] == [
        ("loadModule", None), ("loadLabware", "adapter"), ("loadLabware", "plate"), ("loadPipette", None),
    ]  # fmt: skip
    assert [one.params.get("displayName") for one in planned[1:3]] == [None, "plate 7"]
    assert planned[2].params["location"] == {"labwareId": "adapter"}


def test_a_row_names_labware_by_its_slot_or_its_identifier() -> None:
    kind, context = STEP_KINDS["MoveToWell"], StepContext(release_of("8.1.0"))

    def goal(named: str) -> str:
        given = kind.read({"Mount": "right", "LabwareIdentifier": named, "Well": "A1"})
        return str(params(kind.plan(given, context, deck_state())(deck_state()))["labwareId"])

    assert goal("2") == goal("plate") == "plate"
    with pytest.raises(LabwareNotLoaded, match="slot 9"):
        goal("9")


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ({"slotName": "3"}, "3"),
        ({"addressableAreaName": "fixedTrash"}, "fixedTrash"),
        ("offDeck", "offDeck"),
        ({"somewhereNew": "x"}, "{'somewhereNew': 'x'}"),
    ],
)
def test_a_location_of_a_future_release_is_reported_unchanged(location: Any, text: str) -> None:
    assert location_from_wire(location) == text
