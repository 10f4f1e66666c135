"""Custom labware of the library reaches protocols and sessions, on the robot's own engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.laboratory import HEAD, Laboratory, finish, laboratory
from tests.fakes.labware import as_file, custom_plate
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
LOADS = f"{HEAD}\ndef run(protocol):\n    protocol.load_labware('my_6_plate', '3')\n"


@pytest.fixture(scope="module")
def lab(simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    simulator_process.reset()
    simulator_process.control("speed", speed="fast")
    with laboratory(simulator_process.url, tmp_path_factory.mktemp("state")) as lab:
        wait_for(lambda: lab.status() == "NoRun")
        lab.client.labware_definition_service.add_definition(as_file(custom_plate()))
        yield lab


def test_a_protocol_is_analyzed_with_it(lab: Laboratory) -> None:
    assert lab.analyze(lab.upload(LOADS)).result == "Ok"


def test_a_run_and_a_session_are_drawn(lab: Laboratory) -> None:
    draw = lab.client.deck_picture_provider.draw_deck
    run_id = lab.create(lab.upload(LOADS))
    drawn = draw()
    assert (drawn.deck_source, drawn.contents) == ("Run", [])  # it has loaded nothing before it is started
    finish(lab.start(run_id))
    assert [(one.slot, one.labware_name, one.details) for one in draw().contents] == [("3", "My 6 Plate", "6 wells")]
    lab.release(run_id)
    atomic = lab.client.atomic_liquid_handling
    finish(
        atomic.load_labware(
            load_name="opentrons_96_tiprack_300ul", namespace="", version=0, location="1", display_name=""
        )
    )
    finish(atomic.pick_up_tip(mount="right", tip_rack_identifier="", well=""))
    drawn = draw()
    assert drawn.deck_source == "Session"
    assert [(one.slot, one.details) for one in drawn.contents] == [("1", "95 of 96 tips free")]
    assert drawn.picture.count(b'class="used"') == 2  # one is in the legend
    finish(atomic.drop_tip(mount="right", destination="", well="", alternate=False))
    finish(atomic.close_session())


def test_each_session_gets_it(lab: Laboratory) -> None:
    atomic = lab.client.atomic_liquid_handling
    for _ in range(2):
        finish(atomic.load_labware(load_name="my_6_plate", namespace="", version=0, location="3", display_name=""))
        (loaded,) = atomic.loaded_labware.get()
        assert loaded.definition_uri == "my_lab/my_6_plate/1"
        finish(atomic.close_session())
