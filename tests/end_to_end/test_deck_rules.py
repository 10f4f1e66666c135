"""Single commands are refused where a protocol would be: decks that cannot be, and where a pipette does not fit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.atomic_client import TIPS, AtomicClient, worklist_of

pytestmark = pytest.mark.simulator_only("moves at the edges of the deck")

TALL = "opentrons_15_tuberack_nest_15ml_conical"


def raw(command: str, **params: Any) -> dict[str, Any]:
    return {"Command": json.dumps({"commandType": command, "params": params}).encode()}


def load(atomic: AtomicClient, load_name: str, location: str) -> str:
    return str(atomic.do("LoadLabware", LoadName=load_name, Location=location).labware_identifier)


def test_nothing_stands_under_a_thermocycler(atomic: AtomicClient) -> None:
    atomic.robot.control("module", model="thermocyclerModuleV2")
    atomic.set_up()
    atomic.do("LoadModule", ModuleModel="thermocyclerModuleV2", Slot="7")
    for slot in ("8", "10", "11"):
        assert atomic.error("LoadLabware", Location=slot) == "SlotNotAvailable"
        assert atomic.error("MoveLabware", LabwareIdentifier=atomic.plate, NewLocation=slot) == "SlotNotAvailable"
        assert atomic.error("LoadModule", ModuleModel="temperatureModuleV2", Slot=slot) == "SlotNotAvailable"
    load(atomic, TALL, "9")


def test_tall_labware_beside_a_heater_shaker(atomic: AtomicClient) -> None:
    atomic.robot.control("module", model="heaterShakerModuleV1")
    atomic.set_up()
    for slot in ("9", "11"):
        assert atomic.error("LoadModule", ModuleModel="heaterShakerModuleV1", Slot=slot) == "SlotNotAvailable"
    atomic.do("LoadModule", ModuleModel="heaterShakerModuleV1", Slot="5")
    assert atomic.error("LoadLabware", LoadName=TALL, Location="4") == "SlotNotAvailable"
    assert "lower than 53 mm" in atomic.message
    assert atomic.feature.loaded_labware.get()[-1].location == "offDeck"
    atomic.do("MoveToWell")
    rack = load(atomic, TALL, "8")
    assert atomic.error("MoveLabware", LabwareIdentifier=rack, NewLocation="6") == "SlotNotAvailable"


def test_deck_that_a_raw_command_has_made_unsafe(atomic: AtomicClient) -> None:
    atomic.robot.control("module", model="thermocyclerModuleV2")
    atomic.set_up()
    plate = {"loadName": "corning_96_wellplate_360ul_flat", "namespace": "opentrons", "version": 1}
    atomic.do("ExecuteRawCommand", **raw("loadLabware", location={"slotName": "A1"}, **plate))
    atomic.do("ExecuteRawCommand", **raw("loadModule", model="thermocyclerModuleV2", location={"slotName": "7"}))
    assert atomic.error("MoveToWell") == "DeckUnsafe"
    assert "covers slot 10" in atomic.message
    for mode in ("Stepwise", "QueuedRun"):
        worklist = worklist_of("MoveToWell,2,A1,")
        assert atomic.error("ExecuteWorklist", Worklist=worklist, Mode=mode) == "DeckUnsafe"
    atomic.do("Home")
    under = next(one for one in atomic.feature.loaded_labware.get() if one.location == "10")
    atomic.do("RemoveLabware", LabwareIdentifier=under.labware_identifier)
    atomic.do("MoveToWell")


def test_no_liquid_in_a_tip_rack(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    assert atomic.error("Aspirate", LabwareIdentifier=atomic.tips) == "DeckUnsafe"
    assert "tip rack" in atomic.message
    atomic.do("Aspirate")
    assert atomic.error("Dispense", LabwareIdentifier=atomic.tips) == "DeckUnsafe"
    assert atomic.error("Transfer", TipPolicy="Never", SourceLabwareIdentifier=atomic.tips) == "DeckUnsafe"
    pipette_id = atomic.pipette().pipette_identifier
    into_rack = raw("dispense", pipetteId=pipette_id, labwareId=atomic.tips, wellName="A1", volume=5, flowRate=50)
    assert atomic.error("ExecuteRawCommand", **into_rack) == "DeckUnsafe"


def test_nozzles_that_are_not_in_use_hit_nothing(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    load(atomic, TALL, "5")
    atomic.do("ConfigureNozzleLayout", ActiveNozzles=1, StartingFrom="Front")
    assert atomic.error("MoveToWell", Well="A6") == "DeckUnsafe"  # the other nozzles are behind, over slot 5
    assert "slot 5" in atomic.message
    atomic.do("MoveToWell", Well="H6")
    middle = load(atomic, TIPS, "6")
    atomic.do("PickUpTip", TipRackIdentifier=middle, Well="H12")
    assert atomic.error("Aspirate", Well="A6") == "DeckUnsafe"
    assert atomic.error("ExecuteWorklist", Worklist=worklist_of("MoveToWell,2,A6,")) == "DeckUnsafe"


def test_pipette_stays_over_the_deck(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    atomic.do("ConfigureNozzleLayout", ActiveNozzles=1, StartingFrom="Back")
    assert atomic.error("MoveToWell", Well="H6") == "DeckUnsafe"
    assert "beyond the front" in atomic.message
    back = load(atomic, TALL, "11")
    atomic.do("ConfigureNozzleLayout", ActiveNozzles=1, StartingFrom="Front")
    assert atomic.error("MoveToWell", LabwareIdentifier=back, Well="A1") == "DeckUnsafe"
    assert "beyond the back" in atomic.message


def test_eight_channels_at_row_b_by_a_raw_command(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    atomic.do("MoveToWell")
    pipette_id = atomic.pipette().pipette_identifier
    at_b1 = raw("pickUpTip", pipetteId=pipette_id, labwareId=atomic.tips, wellName="B1")
    assert atomic.error("ExecuteRawCommand", **at_b1) == "DeckUnsafe"
    atomic.do("ExecuteRawCommand", **raw("pickUpTip", pipetteId=pipette_id, labwareId=atomic.tips, wellName="A1"))
