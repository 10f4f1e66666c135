"""What this server keeps of labware beyond a run, with single commands: what wells hold, and labware offsets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.atomic_client import PARAMETERS, AtomicClient, atomic_client_on, declaring, worklist_of
from tests.processes import SimulatorProcess

pytestmark = pytest.mark.simulator_only("looks at what was sent")


@pytest.fixture(scope="module")
def served(
    _robot_under_test: str | SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AtomicClient]:
    session = {"allow_raw_commands": True, "use_stored_offsets": True}
    state = tmp_path_factory.mktemp("liquids")
    url = _robot_under_test if isinstance(_robot_under_test, str) else _robot_under_test.url
    with atomic_client_on(url, state, session=session, deck={"contamination": "refuse"}) as atomic:
        yield atomic


@pytest.fixture
def atomic(served: AtomicClient, robot_url: str) -> Iterator[AtomicClient]:
    served.reset()
    yield served
    served.end()


def given_to(atomic: AtomicClient, command: str, policy: str) -> dict[str, Any]:
    """Return parameters with which each command draws from well A1 of the plate."""
    if command == "ExecuteRawCommand":
        params = {"pipetteId": atomic.pipette().pipette_identifier, "volume": 50, "flowRate": 50}
        return {"Command": json.dumps({"commandType": "aspirateInPlace", "params": params}).encode()}
    if command == "ExecuteWorklist" and policy == "Never":
        return {"Worklist": worklist_of("Aspirate,2,A1,50")}
    return {"TipPolicy": policy} if "TipPolicy" in PARAMETERS[command] else {}


def test_draws_that_should_not_be(atomic: AtomicClient) -> None:
    atomic.set_up()
    deck = atomic.lab.client.deck_service
    deck.declare_liquid(slot="2", wells=["A1", "A2"], volumes=[10.0, 100.0])
    drawing = [command for command in declaring("NotEnoughLiquid") if not command.startswith("Dispense")]
    assert set(drawing) == set(declaring("TipContaminated"))
    sent = len(atomic.wire.posted)
    for command in drawing:
        if "TipPolicy" in PARAMETERS[command] or command == "ExecuteWorklist":
            assert atomic.error(command, **given_to(atomic, command, "Once")) == "NotEnoughLiquid", command
            assert "well A1 in slot 2, which holds 10 µL" in atomic.message
    assert len(atomic.wire.posted) == sent
    atomic.do("PickUpTip")
    atomic.do("MoveToWell")
    sent = len(atomic.wire.posted)
    for command in drawing:
        assert atomic.error(command, **given_to(atomic, command, "Never")) == "NotEnoughLiquid", command
    assert len(atomic.wire.posted) == sent

    atomic.do("Aspirate", Well="A2", Volume=30.0)
    atomic.do("Dispense", Well="B2", Volume=30.0)
    [plate] = deck.liquids.get()
    assert {well.well: well.volume for well in plate.wells} == {"A1": [10.0], "A2": [70.0], "B2": []}
    deck.declare_liquid(slot="2", wells=["A1"], volumes=[300.0], liquid_name="sample")
    atomic.do("MoveToWell")
    sent = len(atomic.wire.posted)
    for command in drawing:
        assert atomic.error(command, **given_to(atomic, command, "Never")) == "TipContaminated", command
        assert "well A1 in slot 2, which holds sample" in atomic.message
    assert len(atomic.wire.posted) == sent
    atomic.do("Aspirate", Well="A2")
    atomic.do("Dispense", Well="A2")
    atomic.do("DropTip")
    atomic.do("ExecuteWorklist", Mode="QueuedRun")
    assert next(well.volume for well in deck.liquids.get()[0].wells if well.well == "A1") == [250.0]


def over_the_plate(atomic: AtomicClient) -> tuple[list[float], list[str], list[str]]:
    """Return where the engine says a tip is over the plate, and the labware that it says it shifts and does not."""
    atomic.set_up()
    run = atomic.robot.request("GET", f"/runs/{atomic.feature.session.get()[0].run_identifier}")["data"]
    shifted: dict[bool, list[str]] = {True: [], False: []}
    for labware in run["labware"]:
        shifted["offsetId" in labware].append(labware["definitionUri"])
    atomic.do("PickUpTip")
    atomic.do("MoveToWell")
    position = atomic.robot.request("GET", f"/runs/{run['id']}/commands")["data"][-1]["id"]
    moved = atomic.robot.request("GET", f"/runs/{run['id']}/commands/{position}")["data"]["result"]["position"]
    atomic.do("DropTip")
    atomic.do("CloseSession")
    return [moved[axis] for axis in "xyz"], shifted[True], shifted[False]


def test_a_stored_offset_shifts_the_labware_of_a_session_and_a_stale_one_does_not(atomic: AtomicClient) -> None:
    offsets = atomic.lab.client.labware_offset_service
    before, shifted, (trash, *others) = over_the_plate(atomic)
    assert not shifted
    plate, rack = sorted(one for one in (trash, *others) if "trash" not in one)
    name, _, version = plate.rpartition("/")
    offsets.set_offset(definition_uri=plate, slot="2", x=1.0, y=-2.0, z=0.5)
    offsets.set_offset(definition_uri=f"{name}/{int(version) + 1}", slot="2", x=9.0, y=9.0, z=9.0)
    offsets.set_offset(definition_uri=plate, slot="3", x=9.0, y=9.0, z=9.0)
    measured = {"definitionUri": rack, "slot": "1", "x": 9, "y": 9, "z": 9, "robotSerial": "another robot"}
    offsets.import_offsets(json.dumps({"format": "sila-ot2 labware offsets 1", "offsets": [measured]}).encode())
    after, shifted, _ = over_the_plate(atomic)
    assert shifted == [plate]
    assert after == pytest.approx([before[0] + 1.0, before[1] - 2.0, before[2] + 0.5])
