"""Labware offsets that are kept: sessions and worklists are opened with them, and their records have them."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.offsets.offsets import on_the_wire
from sila_ot2.store.runs import KeptOffset
from tests.fakes.session_server import MOVES, NEVER, execute, load_deck, serve
from tests.fakes.tip_robot import TipRobot

OFFSET = KeptOffset(
    definition_uri="opentrons/corning_96_wellplate_360ul_flat/1", slot="2", module_model="", x_mm=0.5, y_mm=0, z_mm=-1
)


def test_a_session_and_a_worklist_have_the_offsets_that_are_kept_when_they_begin(tmp_path: Path) -> None:
    robot, kept = TipRobot(), [on_the_wire(OFFSET)]
    server = serve(robot, tmp_path, labware_offsets=lambda: list(kept))
    load_deck(server)
    server.look()
    state = server.session.state.value
    assert state is not None
    execute(server, MOVES["Home"])
    server.session.close(cancelled=Cancellation())
    server.look()
    record = server.parts.registry.collect(state.run_id)
    assert record is not None
    assert record.start.offsets == (OFFSET,)
    ours = [run["labwareOffsets"][0]["vector"] for run in robot.runs.values()]
    assert ours == [{"x": 0.5, "y": 0, "z": -1}] * 3, "the session, the worklist, and the session after it"
    kept.clear()
    server.session.open(cancelled=NEVER)
    assert list(robot.runs.values())[-1]["labwareOffsets"] == []
    server.end()
