"""Commands of a protocol for people: each is listed, with the slot where its labware stands at that time."""

from __future__ import annotations

from typing import Any

from sila_ot2.driver.worklists.protocol_commands import protocol_commands
from sila_ot2.robot import wire
from tests.fakes.deck_run import PLATE
from tests.fakes.robot_in_memory import command


def analysis(*commands: tuple[str, dict[str, Any]], labware: dict[str, Any]) -> wire.Analysis:
    steps = [command(kind, number, **params) for number, (kind, params) in enumerate(commands)]
    known = [
        {"id": name, "loadName": name, "displayName": name.title(), "definitionUri": PLATE, "location": where}
        for name, where in labware.items()
    ]
    modules = [{"id": "magnet", "model": "magneticModuleV2", "location": {"slotName": "3"}}]
    return wire.Analysis.model_validate(
        {"id": "a", "status": "completed", "commands": steps, "labware": known, "modules": modules}
    )


def loaded(name: str, location: Any) -> tuple[str, dict[str, Any]]:
    return "loadLabware", {"labwareId": name, "loadName": name, "location": location}


def moved(name: str, location: Any) -> tuple[str, dict[str, Any]]:
    return "moveLabware", {"labwareId": name, "newLocation": location, "strategy": "manualMoveWithPause"}


def drawn(name: str) -> tuple[str, dict[str, Any]]:
    return "aspirate", {"labwareId": name, "wellName": "A1", "volume": 5}


def test_plates_that_change_places_are_named_where_they_stand_at_each_command() -> None:
    protocol = analysis(
        loaded("first", {"slotName": "1"}), loaded("second", {"slotName": "2"}), drawn("first"), drawn("second"),
        moved("first", "offDeck"), moved("second", {"slotName": "1"}), moved("first", {"slotName": "2"}),
        drawn("first"), drawn("second"),
        labware={"first": {"slotName": "2"}, "second": {"slotName": "1"}},
    )  # fmt: skip
    listed = list(protocol_commands(protocol))
    assert [each.slot for each in listed] == ["1", "2", "1", "2", "1", "2", "offDeck", "2", "1"]
    assert [listed[index].text for index in (2, 5)] == ["Aspirate 5 µL from A1 of First", "Move Second to 1"]
    assert [each.number for each in listed] == list(range(1, 10))
    assert {each.labware for each in listed} == {PLATE}


def test_labware_on_modules_and_other_labware_and_modules_themselves_are_in_the_slot_beneath() -> None:
    protocol = analysis(
        loaded("adapter", {"moduleId": "magnet"}), loaded("plate", {"labwareId": "adapter"}), drawn("plate"),
        ("magneticModule/engage", {"moduleId": "magnet", "height": 4}), ("home", {}),
        labware={"adapter": {"moduleId": "magnet"}, "plate": {"labwareId": "adapter"}},
    )  # fmt: skip
    assert [each.slot for each in protocol_commands(protocol)] == ["3", "3", "3", "3", ""]


def test_labware_that_the_robot_has_by_itself_is_where_the_analysis_says() -> None:
    (drop,) = protocol_commands(
        analysis(("dropTip", {"labwareId": "fixedTrash", "wellName": "A1"}), labware={"fixedTrash": {"slotName": "12"}})
    )
    assert (drop.slot, drop.text) == ("12", "Drop the tip into A1 of Fixedtrash")
