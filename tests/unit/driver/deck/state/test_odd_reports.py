"""Whatever the robot reports of a command, it is a fault of the robot, or the deck state that follows can be used."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from sila_ot2.driver.deck.checks.live_limits import DeckLimits
from sila_ot2.driver.deck.checks.module_safety import check_modules
from sila_ot2.driver.deck.checks.nozzle_reach import check_nozzles
from sila_ot2.driver.deck.slots.conflicts import conflict_on
from sila_ot2.driver.deck.slots.loading import restore
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.deck_picture.deck_picture import deck_of_session
from sila_ot2.driver.deck_picture.drawing import draw
from sila_ot2.driver.liquid_handling import liquids, motions, tips
from sila_ot2.errors import OT2Fault, RobotFaulty
from sila_ot2.robot import wire
from tests.unit.driver.liquid_handling.test_plans import grid
from tests.unit.driver.tracking.test_odd_parameters import ODD, changed

WHERE = {"pipetteId": "p", "labwareId": "plate", "wellName": "A1"}
AT = {"position": {"x": 1, "y": 2, "z": 3}}
RACK, PLATE = grid("tips", tips_ul=300, rows=2, columns=1), grid("plate", rows=2, columns=1)
COMMANDS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("loadModule", {"model": "heaterShakerModuleV1", "location": {"slotName": "3"}}, {"moduleId": "m"}),
    ("loadLabware", {"location": {"slotName": "1"}, "displayName": "x"}, {"labwareId": "rack", "definition": RACK}),
    ("loadLabware", {"location": {"moduleId": "m"}}, {"labwareId": "plate", "definition": PLATE}),
    ("loadPipette", {"pipetteName": "p300_single_gen2", "mount": "left"}, {"pipetteId": "p"}),
    ("pickUpTip", {**WHERE, "labwareId": "rack"}, {"tipVolume": 300, **AT}),
    ("aspirate", {**WHERE, "volume": 5}, {"volume": 5, **AT}),
    ("dispense", {**WHERE, "volume": 5}, {"volume": 5}),
    ("heaterShaker/setAndWaitForShakeSpeed", {"moduleId": "m", "rpm": 500}, {"pipetteRetracted": True}),
    ("moveLabware", {"labwareId": "plate", "newLocation": {"slotName": "5"}}, {}),
    ("dropTip", {**WHERE, "labwareId": "rack"}, {}),
)
PLANS = (
    tips.pick_up_tip("left", "", ""),
    motions.move_relative("left", "x", 1.0),
    liquids.aspirate("left", "plate", "A1", 5, WellPoint("bottom", z_mm=1), 0),
)


def use(state: DeckState) -> None:
    draw(deck_of_session(state))
    DeckLimits.of(state)
    conflict_on(state)
    json.dumps([dict(planned.params) for planned in restore(state)])
    for plan in PLANS:
        with contextlib.suppress(OT2Fault):
            planned = plan(state)
            check_nozzles(planned, state)
            check_modules(planned, state, ())


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:9])
@pytest.mark.parametrize("place", range(len(COMMANDS)), ids=[kind for kind, *_ in COMMANDS])
def test_no_report_is_an_error(place: int, odd: Any) -> None:
    kind, params, result = COMMANDS[place]
    reports = [*((one, result) for one in changed(params, odd)), *((params, one) for one in changed(result, odd))]
    for report in reports:
        if all(isinstance(part, dict) for part in report):
            with contextlib.suppress(RobotFaulty):
                state = after(DeckState(), *COMMANDS[:place], (kind, *report))
                use(state)
                use(after(state, *COMMANDS[place + 1 :]))


def after(state: DeckState, *commands: tuple[str, dict[str, Any], dict[str, Any]]) -> DeckState:
    for kind, params, result in commands:
        state = state.after(wire.Command(id="c", command_type=kind, status="succeeded", params=params, result=result))
    return state
