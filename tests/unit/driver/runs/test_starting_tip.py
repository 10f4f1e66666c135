"""A parameter of a protocol that gets the next unused tip of the rack from which the protocol takes its first tip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.state.tip_racks import PLACES, new_rack
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.runs.starting_tip import NEXT_TIP, asks_for_next_tip, with_next_tip, without
from sila_ot2.errors import NoTipAvailable, ParameterInvalid
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import DeclaredRack, TipPlaceState
from sila_ot2.times import utc_now
from tests.fakes.robot_in_memory import command

RACK = "opentrons/opentrons_96_tiprack_300ul/1"
GIVEN = Parameters({"volume": "20", "first_tip": NEXT_TIP})
ALL = tuple(PLACES)
NO_TIPS: dict[str, TipPlaceState] = dict.fromkeys(ALL, "Empty")


def analysis(pipette: str = "p300_single_gen2", choices: tuple[str, ...] | None = ALL, *steps: Any) -> wire.Analysis:
    load: dict[str, Any] = {"namespace": "opentrons", "loadName": "opentrons_96_tiprack_300ul", "version": 1}
    offered = None if choices is None else [{"displayName": place, "value": place} for place in choices]
    commands = [
        command("loadLabware", 0, location={"slotName": "4"}, labwareId="rack", **load),
        *(steps or [command("pickUpTip", 1, pipetteId="p", labwareId="rack", wellName="A1")]),
        command("pickUpTip", 9, pipetteId="p", labwareId="other", wellName="A1"),
    ]
    return wire.Analysis.model_validate(
        {"id": "a", "status": "completed", "commands": commands,
         "pipettes": [{"id": "p", "pipetteName": pipette, "mount": "left"}],
         "runTimeParameters": [{"variableName": "first_tip", "type": "str", "choices": offered}]}
    )  # fmt: skip


def rack(**states: TipPlaceState) -> dict[str, DeclaredRack]:
    full = new_rack("4", RACK, utc_now())
    return {"4": replace(full, places={**full.places, **states})}


def chosen(found: wire.Analysis | None, racks: dict[str, DeclaredRack]) -> str:
    parameters = with_next_tip(GIVEN, asks_for_next_tip(GIVEN), found, racks)
    assert parameters.values["volume"] == "20"
    return parameters.values["first_tip"]


def test_the_parameter_gets_the_next_unused_tip() -> None:
    assert without(GIVEN, asks_for_next_tip(GIVEN)).values == {"volume": "20"}
    assert chosen(analysis(), rack()) == "A1"
    assert chosen(analysis(), rack(A1="Empty", B1="Used", C1="Unknown", D1="Reserved")) == "E1"


def test_eight_channels_begin_with_a_whole_column() -> None:
    assert chosen(analysis("p300_multi_gen2"), rack(H1="Empty", A2="Used")) == "A3"


@pytest.mark.parametrize(
    ("found", "racks", "error", "said"),
    [
        (None, rack(), ParameterInvalid, "does not show from which rack"),
        (analysis("p300_single_gen2", ALL, command("home", 1)), rack(), ParameterInvalid, "does not show"),
        (analysis(), {}, NoTipAvailable, "No tip rack is declared in slot 4"),
        (analysis(), rack(**NO_TIPS), NoTipAvailable, "slot 4 has no unused tips"),
        (analysis("p300_single_gen2", ("A1", "A2")), rack(A1="Empty"), ParameterInvalid, "does not offer B1"),
        (analysis("p300_single_gen2", None), rack(), ParameterInvalid, "does not offer A1"),
    ],
)  # fmt: skip
def test_where_there_is_no_such_tip_the_run_is_refused(
    found: wire.Analysis | None, racks: dict[str, DeclaredRack], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        chosen(found, racks)


def test_a_protocol_that_picks_up_no_tip_has_no_place_for_the_first() -> None:
    found = analysis()
    without_tips = found.model_copy(
        update={"commands": tuple(one for one in found.commands if one.command_type != "pickUpTip")}
    )
    with pytest.raises(ParameterInvalid, match="does not show from which rack"):
        chosen(without_tips, rack())
