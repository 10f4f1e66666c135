"""Custom labware of the library reaches protocols and sessions, on the robot's own engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.laboratory import HEAD, Laboratory, finish, laboratory
from tests.fakes.labware import as_file, custom_plate
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
LOADS = f"{HEAD}\ndef run(protocol):\n    protocol.load_labware('my_6_plate', '3')\n"


@pytest.fixture(scope="module")
def lab(simulator_process: SimulatedRobot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    simulator_process.reset()
    simulator_process.control("speed", speed="fast")
    with laboratory(simulator_process.url, tmp_path_factory.mktemp("state")) as lab:
        wait_for(lambda: lab.status() == "NoRun")
        lab.client.OT2LabwareDefinitionService.AddDefinition(as_file(custom_plate()))
        yield lab


def test_a_protocol_is_analyzed_with_it(lab: Laboratory) -> None:
    assert lab.analyze(lab.upload(LOADS)).Result == "Ok"


def test_a_run_and_a_session_are_drawn(lab: Laboratory) -> None:
    draw = lab.client.OT2DeckPictureProvider.DrawDeck
    run_id = lab.create(lab.upload(LOADS))
    drawn = draw()
    assert (drawn.DeckSource, drawn.Contents) == ("Run", [])  # it has loaded nothing before it is started
    finish(lab.start(run_id))
    assert [(one.Slot, one.LabwareName, one.Details) for one in draw().Contents] == [("3", "My 6 Plate", "6 wells")]
    lab.release(run_id)
    atomic = lab.client.AtomicLiquidHandling
    finish(atomic.LoadLabware("opentrons_96_tiprack_300ul", "", 0, "1", ""))
    finish(atomic.PickUpTip("right", "", ""))
    drawn = draw()
    assert drawn.DeckSource == "Session"
    assert [(one.Slot, one.Details) for one in drawn.Contents] == [("1", "95 of 96 tips free")]
    assert drawn.Picture.count(b'class="used"') == 2  # one is in the legend
    finish(atomic.DropTip(Mount="right", Destination="", Well="", Alternate=False))
    finish(atomic.CloseSession())


def test_each_session_gets_it(lab: Laboratory) -> None:
    atomic = lab.client.AtomicLiquidHandling
    for _ in range(2):
        finish(atomic.LoadLabware("my_6_plate", "", 0, "3", ""))
        (loaded,) = atomic.LoadedLabware.get()
        assert loaded.DefinitionUri == "my_lab/my_6_plate/1"
        finish(atomic.CloseSession())
