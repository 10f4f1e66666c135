"""What of a protocol is left after a run that did not finish: each command is begun, in the worklist, or named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from sila_ot2.driver.deck.known_labware import KnownLabware
from sila_ot2.driver.tracking.tip_stock import TipStock
from sila_ot2.driver.worklists.rest_of_protocol import LOAD_WAS_BEGUN, NO_TIP_LEFT, ProtocolRest, rest_of_protocol
from sila_ot2.driver.worklists.worklist import read
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.deck_run import ABOVE, DeckRun

KNOWN = KnownLabware()
SLOTS = {"rack": "1", "plate": "2", "warm": "3", "reservoir": "4", "trough": "5"}
KINDS = {"Aspirate": "aspirate", "Dispense": "dispense", "BlowOut": "blowout", "AirGap": "aspirateInPlace"}


@pytest.fixture
def run(engine: Engine) -> DeckRun:
    return DeckRun(TipStock(TipRackStore(engine)))


def transfer(run: DeckRun, source: str, target: str, volume: float, tip: str = "", pipette: str = "one") -> None:
    if tip:
        run.fresh(pipette, tip)
    run.at("aspirate", source, volume, pipette=pipette, flowRate=50.0)
    run.at("dispense", target, volume, pipette=pipette, flowRate=60.0)
    if tip:
        into_trash(run, pipette)


def into_trash(run: DeckRun, pipette: str = "one") -> None:
    run.did("moveToAddressableAreaForDropTip", pipette=pipette, alternateDropLocation=True)
    run.did("dropTipInPlace", pipette=pipette)


def of_no_pipette(run: DeckRun, kind: str, **params: Any) -> None:
    run.did(kind, **params)
    del run.commands[-1].params["pipetteId"]


def rest(run: DeckRun, begun: int, first: int = 1) -> ProtocolRest:
    """Return the rest after so many commands, besides those that load the deck."""
    return rest_of_protocol(run.analysis(), len(SLOTS) + begun, KNOWN, first)


def lines(found: ProtocolRest) -> list[str]:
    return [" ".join(str(each.get(name, "")) for name in COLUMNS).strip() for each in found.rows]


COLUMNS = ("Command", "Mount", "TipRackIdentifier", "LabwareIdentifier", "Well", "Volume")
NEW_TIP = ["PickUpTip left 1  B1", "DropTip left"]


def test_whole_transfers_are_left_with_their_own_tips(run: DeckRun) -> None:
    transfer(run, "reservoir.A1", "plate.A1", 30, "rack.A1")
    transfer(run, "reservoir.A1", "warm.B2", 40, "rack.B1")
    found = rest(run, 5)
    assert lines(found) == [
        "PickUpTip left 1  B1", "Aspirate left  4 A1 40", "Dispense left  3 B2 40", "DropTip left",
    ]  # fmt: skip
    assert (found.left_out, found.why, found.end) == ([], "", len(run.commands))
    assert found.worklist.splitlines()[:2] == [
        "Command,Mount,TipRackIdentifier,LabwareIdentifier,Well,Volume,Origin,OffsetX,OffsetY,OffsetZ,FlowRate,Alternate",
        "PickUpTip,left,1,,B1,,,,,,,",
    ]
    assert len(read(found.worklist.encode(), "csv")) == 4


def test_what_the_lost_tip_held_is_named_and_later_loads_get_a_new_tip(run: DeckRun) -> None:
    run.fresh()
    run.at("aspirate", "reservoir.A1", 60)
    run.at("dispense", "plate.A1", 30)  # begun last
    run.at("dispense", "plate.B1", 30)
    run.at("blowout", "plate.B1")
    transfer(run, "reservoir.A2", "plate.C1", 50)
    into_trash(run)
    found = rest(run, 3)
    assert found.left_out == [(9, LOAD_WAS_BEGUN)]
    assert lines(found) == [
        NEW_TIP[0], "Aspirate left  4 A2 50", "Dispense left  2 C1 50", NEW_TIP[1],
    ], "the first place that the protocol does not use"  # fmt: skip
    assert found.pick_ups == 1


def test_tip_that_is_in_doubt_is_not_taken_again(run: DeckRun) -> None:
    transfer(run, "reservoir.A1", "plate.A1", 30, "rack.A1")
    assert lines(rest(run, 1))[0] == NEW_TIP[0]


def test_no_tip_is_taken_twice_if_the_racks_are_used_up(run: DeckRun) -> None:
    for number in range(1, 13):
        transfer(run, "reservoir.A1", f"plate.A{number}", 30, f"rack.A{number}", pipette="eight")
    found = rest(run, 1)
    assert found.left_out == [(7, NO_TIP_LEFT), (8, NO_TIP_LEFT)]
    assert [row["Well"] for row in found.rows if row["Command"] == "PickUpTip"] == [f"A{n}" for n in range(2, 13)]


@pytest.mark.parametrize(
    ("obstacle", "why"),
    [
        (("waitForResume", {"message": "seal it"}), "the protocol waits for the operator: seal it"),
        (("moveLabware", {"labwareId": "plate", "newLocation": {"slotName": "9"}, "strategy": "manualMoveWithPause"}),
         "worklists have no step for this command"),
        (("custom", {"legacyCommandText": "something"}), "worklists have no step for this command"),
        (("temperatureModule/waitForTemperature", {"moduleId": "module"}),
         "the temperature that it waits for was set before"),
    ],
)  # fmt: skip
def test_it_ends_before_what_worklists_cannot_express_and_goes_on_behind_it(
    run: DeckRun, obstacle: tuple[str, dict[str, Any]], why: str
) -> None:
    kind, params = obstacle
    run.fresh()
    transfer(run, "reservoir.A1", "plate.A1", 30)
    number = len(run.commands) + 1
    of_no_pipette(run, kind, **params)
    transfer(run, "reservoir.A1", "plate.B1", 20)
    into_trash(run)
    found = rest(run, 0)
    assert (found.end, found.obstacle, found.why) == (number - 1, number, why)
    assert lines(found) == [
        "PickUpTip left 1  A1", "Aspirate left  4 A1 30", "Dispense left  2 A1 30", "DropTip left",
    ], "its tip is dropped"  # fmt: skip
    behind = rest(run, number - len(SLOTS))
    moved = {"plate": "9"} if kind == "moveLabware" else {}
    assert lines(behind) == [
        NEW_TIP[0], "Aspirate left  4 A1 20", f"Dispense left  {moved.get('plate', '2')} B1 20", NEW_TIP[1],
    ]  # fmt: skip


def test_no_worklist_takes_the_tips_of_the_one_before_it(run: DeckRun) -> None:
    run.fresh()
    behind = []
    for number in range(1, 4):
        transfer(run, "reservoir.A1", f"plate.A{number}", 30)
        of_no_pipette(run, "waitForResume")
        behind.append(len(run.commands) + 1)
    transfer(run, "reservoir.A1", "plate.B1", 30)
    found = [rest(run, 2, first) for first in (1, *behind)]
    taken = [[row["Well"] for row in each.rows if row["Command"] == "PickUpTip"] for each in found]
    assert taken == [[], ["B1"], ["C1"], ["D1"]], "the first load was begun"
    assert rest(run, 1, behind[0]).rows[0]["Well"] == "C1", "B1 is that of the worklist before"
    assert [each.obstacle for each in found] == [behind[0] - 1, behind[1] - 1, behind[2] - 1, 0]


def test_chosen_nozzles_end_it(run: DeckRun) -> None:
    layout = {"style": "SINGLE", "primaryNozzle": "A1"}
    run.did("configureNozzleLayout", pipette="eight", configurationParams=layout)
    transfer(run, "reservoir.A1", "plate.A1", 30, "rack.A1", "eight")
    assert [rest(run, begun).why for begun in (0, 1)] == ["worklists cannot choose nozzles"] * 2


def test_old_protocols_do_not_tell_where_in_a_well_they_draw(run: DeckRun) -> None:
    transfer(run, "reservoir.A1", "plate.A1", 30, "rack.A1")
    at_the_top = {"wellLocation": {"origin": "top", "offset": {"x": 0, "y": 0, "z": 0}}}
    run.commands[6] = run.commands[6].model_copy(
        update={"id": "command.ASPIRATE-0", "params": {**run.commands[6].params, **at_the_top}}
    )
    found = rest(run, 0)
    assert (found.why, found.obstacle) == ("the robot does not tell the heights of protocols below API level 2.14", 7)


def test_no_load_is_cut(run: DeckRun) -> None:
    transfer(run, "reservoir.A1", "plate.A1", 30, "rack.A1")
    run.fresh(place="rack.B1")
    run.at("aspirate", "reservoir.A1", 30)
    of_no_pipette(run, "waitForResume")
    run.at("dispense", "plate.B1", 30)
    found = rest(run, 0)
    assert found.end == len(SLOTS) + 6, "before the aspirate"
    assert lines(found)[-2:] == ["PickUpTip left 1  B1", "DropTip left"]


def test_air_is_drawn_where_the_protocol_draws_it(run: DeckRun) -> None:
    run.fresh()
    run.at("moveToWell", "plate.A1", where=ABOVE)
    run.did("aspirateInPlace", volume=10, flowRate=5.0)
    run.at("aspirate", "plate.A1", 20)
    run.at("dispense", "plate.B1", 30)
    run.did("moveToAddressableArea")
    run.did("blowOutInPlace")
    into_trash(run)
    after_the_tip = [
        "MoveToWell left  2 A1", "AirGap left    10",
        "Aspirate left  2 A1 20", "Dispense left  2 B1 30", "DropTip left",
    ]  # fmt: skip
    assert lines(rest(run, 0)) == ["PickUpTip left 1  A1", *after_the_tip]
    assert lines(rest(run, 2)) == [NEW_TIP[0], *after_the_tip], "the movement is a part of it"


def test_a_tip_is_put_back_only_where_it_was_taken(run: DeckRun) -> None:
    run.fresh()
    transfer(run, "reservoir.A1", "plate.A1", 30)
    run.at("dropTip", "rack.A1")
    run.fresh()
    transfer(run, "reservoir.A1", "plate.B1", 30)
    run.at("dropTip", "rack.A1")
    whole = rest(run, 0)
    assert [row.get("Destination") for row in whole.rows if row["Command"] == "DropTip"] == ["1", "1"]
    behind = rest(run, 4)
    assert [row["Well"] for row in behind.rows if row["Command"] == "PickUpTip"] == ["B1"], "A1 is used"
    assert [row.get("Destination") for row in behind.rows if row["Command"] == "DropTip"] == [None]


def test_modules_and_pauses_are_steps(run: DeckRun) -> None:
    of_no_pipette(run, "temperatureModule/setTargetTemperature", moduleId="module", celsius=37)
    of_no_pipette(run, "temperatureModule/waitForTemperature", moduleId="module")
    of_no_pipette(run, "waitForDuration", seconds=5)
    of_no_pipette(run, "thermocycler/runProfile", moduleId="module", profile=[{"celsius": 95, "holdSeconds": 30}])
    of_no_pipette(run, "magneticModule/engage", moduleId="module", height=6.5)
    of_no_pipette(run, "home")
    found = rest(run, 0)
    assert found.worklist.splitlines() == [
        "Command,Duration,ModuleIdentifier,TargetTemperature,ProfileSteps,Height",
        "SetTemperature,,3,37,,", "WaitForTemperature,,3,,,", "Delay,5,,,,", 'RunProfile,,3,,"[[95, 30]]",',
        "Engage,,3,,,6.5", "Home,,,,,",
    ]  # fmt: skip
    assert len(read(found.worklist.encode(), "csv")) == 6


# --- any protocol, stopped anywhere -----------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["one", "eight"]),
        st.sampled_from(["take", "draw", "push", "air", "blow", "drop", "back", "pause"]),
        st.integers(0, 11), st.sampled_from([10.0, 20.0]),
    ),
    min_size=4, max_size=30,
)  # fmt: skip


def of_steps(run: DeckRun, steps: list[tuple[str, str, int, float]]) -> None:
    """Let a run do what of the steps can be done one after the other."""
    taken = 0
    tips: dict[str, str] = {}
    held = {"one": 0.0, "eight": 0.0}
    for pipette, step, column, volume in steps:
        well = f"A{column + 1}"
        if step == "pause" and column == 0:
            of_no_pipette(run, "waitForResume")
        elif step == "take" and pipette not in tips and taken < 12:
            taken += 1
            tips[pipette] = f"rack.A{taken}"
            run.fresh(pipette, tips[pipette])
        elif pipette not in tips:
            continue
        elif step == "draw":
            held[pipette] += volume
            run.at("aspirate", f"reservoir.{well}", volume, pipette=pipette)
        elif step == "air":
            held[pipette] += volume
            run.at("moveToWell", f"plate.{well}", where=ABOVE, pipette=pipette)
            run.did("aspirateInPlace", volume=volume, flowRate=5.0, pipette=pipette)
        elif step == "push" and held[pipette] >= volume:
            held[pipette] -= volume
            run.at("dispense", f"plate.{well}", volume, pipette=pipette)
        elif step == "blow":
            held[pipette] = 0.0
            run.at("blowout", f"plate.{well}", pipette=pipette)
        elif step in ("drop", "back"):
            held[pipette] = 0.0
            place = tips.pop(pipette)
            run.at("dropTip", place, pipette=pipette) if step == "back" else into_trash(run, pipette)


def liquid_commands(run: DeckRun, begin: int) -> Iterator[tuple[int, str, Any, Any]]:
    for number, command in enumerate(run.commands, start=1):
        if number > begin and command.command_type in ("aspirate", "dispense", "aspirateInPlace"):
            slot = SLOTS.get(str(command.params.get("labwareId")))
            yield number, command.command_type, (slot, command.params.get("wellName")), command.params["volume"]


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 60))
def test_each_command_is_begun_or_in_the_worklist_or_named(
    steps: list[tuple[str, str, int, float]], begun: int
) -> None:
    run = DeckRun(stock=None)  # type: ignore[arg-type]  # nothing is taken into a stock
    of_steps(run, steps)
    begin = len(SLOTS) + min(begun, len(run.commands) - len(SLOTS))
    found = rest_of_protocol(run.analysis(), begin, KNOWN)
    named = {each.number for each in found.left_out} | set(range(found.end + 1, len(run.commands) + 1))
    expected = [each[1:] for each in liquid_commands(run, begin) if each[0] not in named]
    done = [
        (KINDS[str(row["Command"])], (row.get("LabwareIdentifier"), row.get("Well")), row["Volume"])
        for row in found.rows if row["Command"] in KINDS and "Volume" in row
    ]  # fmt: skip
    assert done == expected
    assert not found.worklist or read(found.worklist.encode(), "csv")
    tipped: set[object] = set()
    taken: set[object] = {command.params["wellName"] for command in before(run, begin)}
    for row in found.rows:
        if row["Command"] == "PickUpTip":
            assert row["Mount"] not in tipped
            assert row["Well"] not in taken, "tips are new"
            taken.add(row["Well"])
            tipped.add(row["Mount"])
        elif row["Command"] == "DropTip":
            tipped.remove(row["Mount"])
        else:
            assert row["Mount"] in tipped
    assert not tipped


def before(run: DeckRun, begin: int) -> Iterator[wire.Command]:
    return (command for command in run.commands[:begin] if command.command_type == "pickUpTip")
