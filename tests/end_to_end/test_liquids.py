"""What wells hold, with single commands and worklists: draws that should not be are refused before anything moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.atomic_client import PARAMETERS, AtomicClient, atomic_client_on, declaring, worklist_of
from tests.processes import SimulatedRobot

pytestmark = pytest.mark.simulator_only("looks at what was sent")


@pytest.fixture
def atomic(simulator: SimulatedRobot, tmp_path: Path) -> Iterator[AtomicClient]:
    with atomic_client_on(
        simulator.url, tmp_path, session={"allow_raw_commands": True}, deck={"contamination": "refuse"}
    ) as atomic:
        yield atomic
        atomic.end()


def given_to(atomic: AtomicClient, command: str, policy: str) -> dict[str, Any]:
    """Return parameters with which each command draws from well A1 of the plate."""
    if command == "ExecuteRawCommand":
        params = {"pipetteId": atomic.pipette().PipetteIdentifier, "volume": 50, "flowRate": 50}
        return {"Command": json.dumps({"commandType": "aspirateInPlace", "params": params}).encode()}
    if command == "ExecuteWorklist" and policy == "Never":
        return {"Worklist": worklist_of("Aspirate,2,A1,50")}
    return {"TipPolicy": policy} if "TipPolicy" in PARAMETERS[command] else {}


def test_draws_that_should_not_be(atomic: AtomicClient) -> None:
    atomic.set_up()
    deck = atomic.lab.client.OT2DeckService
    deck.DeclareLiquid("2", ["A1", "A2"], [10.0, 100.0], "")
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
    [plate] = deck.Liquids.get()
    assert {well.Well: well.Volume for well in plate.Wells} == {"A1": [10.0], "A2": [70.0], "B2": []}
    deck.DeclareLiquid("2", ["A1"], [300.0], "sample")
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
    assert next(well.Volume for well in deck.Liquids.get()[0].Wells if well.Well == "A1") == [250.0]
