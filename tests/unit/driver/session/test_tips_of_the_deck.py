"""Tips and liquids on the deck outlive sessions, runs of any client and restarts: what is known is so, or is Unknown.

The robot here keeps its own record of every place of the rack in slot 1, and of every well of the plate in slot 2.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sila_ot2.driver.deck.plans.plan import CommandPlan, sequence
from sila_ot2.driver.deck.state.tip_racks import PLACES
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.liquid_handling import liquids, tips
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.errors import NoTipAvailable, OT2Fault
from sila_ot2.robot.releases import release_of
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import Direction, Handover
from sila_ot2.times import utc_now
from tests.fakes.robot_in_memory import Json
from tests.fakes.session_server import NEVER, PLATE, TIPS, SessionServer, execute, in_plate, load_deck, serve
from tests.fakes.tip_robot import TipRobot

RACK = f"opentrons/{TIPS}/1"
RELEASE = release_of("8.1.0")


LOW = WellPoint("bottom", 0, 0, 1)
IN_LIQUID = {"wellLocation": LOW.to_wire()}
KINDS = st.sampled_from(["aspirate", "dispense"])
PLACES_OF_LIQUID = st.sampled_from(["A1", "B1", "C1"])
VOLUMES = st.sampled_from([20.0, 30.0, 200.0])


@dataclass
class RackRobot(TipRobot):
    """Knows of each place in slot 1 what is there: an unused tip, a used one, or nothing."""

    rack: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PLACES, "Free"))
    racks: set[str] = field(default_factory=set)
    plates: set[str] = field(default_factory=set)
    wells: dict[str, float] = field(default_factory=dict)
    """In µL."""
    held_ul: float = 0.0
    """Liquid in the tip of the right pipette."""
    trashed: int = 0

    def _execute(self, run_id: str, kind: str, params: Json, sent: Json) -> None:
        mount = self._mount_of(run_id, params)
        had_tip = self.tips.get(mount, False)
        super()._execute(run_id, kind, params, sent)
        if kind == "loadLabware" and params["location"] == {"slotName": "1"}:
            self.racks.add(sent["result"]["labwareId"])
        elif kind == "pickUpTip" and params["labwareId"] in self.racks:
            self.rack[params["wellName"]] = "Empty"
        elif kind == "dropTip" and params["labwareId"] in self.racks:
            self.rack[params["wellName"]] = "Used"
        elif kind == "dropTipInPlace" and had_tip:
            self.trashed += 1
        if kind == "loadLabware" and params["location"] == {"slotName": "2"}:
            self.plates.add(sent["result"]["labwareId"])
        if kind in ("aspirate", "dispense") and params["labwareId"] in self.plates:
            self._pipette(params["wellName"], params["volume"] if kind == "dispense" else -params["volume"])
        elif kind in ("pickUpTip", "dropTip", "dropTipInPlace"):
            self.held_ul = 0.0

    def execute(self, run_id: str, kind: str, **params: Any) -> Json:
        sent = super().execute(run_id, kind, **params)
        if sent["status"] == "failed" and params.get("labwareId") in self.plates:  # in its midst
            self._pipette(params["wellName"], params["volume"] / (2 if kind == "dispense" else -2))
        return sent

    def _pipette(self, well: str, volume_ul: float) -> None:
        there_ul = self.wells.get(well, 0.0)
        moved_ul = min(volume_ul, self.held_ul) if volume_ul > 0 else max(volume_ul, -there_ul)
        self.wells[well], self.held_ul = there_ul + moved_ul, self.held_ul - moved_ul

    def play_to_the_end(self, run_id: str) -> None:
        self.trashed += len(self.believed[run_id])
        super().play_to_the_end(run_id)

    def fill(self) -> None:
        self.rack = dict.fromkeys(PLACES, "Free")


@pytest.fixture
def robot() -> RackRobot:
    return RackRobot()


def pick_up(server: SessionServer, place: str = "") -> None:
    racks = [one.labware_id for one in server.session.deck_state.value.labware.values() if one.is_tip_rack]
    server.do("PickUpTip", tips.pick_up_tip("right", racks[0] if racks else "", place))


def drop(server: SessionServer) -> None:
    server.do("DropTip", tips.drop_tip("right", RELEASE, "", "", alternate=False))


def disagreements(server: SessionServer, robot: RackRobot) -> dict[str, tuple[str, str]]:
    rack = server.parts.stock.racks.value.get("1")
    return {
        place: (state, robot.rack[place])
        for place, state in (rack.places.items() if rack else ())
        if state not in ("Unknown", robot.rack[place])
    }


def wrong_volumes(server: SessionServer, robot: RackRobot) -> dict[str, tuple[float, float]]:
    plate = server.parts.stock.liquids.contents.value.get("2")
    return {
        well: (content.volume_ul, robot.wells.get(well, 0.0))
        for well, content in (plate.wells.items() if plate else ())
        if content.volume_ul is not None and abs(content.volume_ul - robot.wells.get(well, 0.0)) > 1e-6
    }


def in_well(kind: str, well: str, volume_ul: float) -> CommandPlan:
    """Return the plan of one step with the right pipette in the plate."""
    if kind == "aspirate":
        return in_plate(lambda plate: liquids.aspirate("right", plate, well, volume_ul, LOW, 0))
    return in_plate(lambda plate: liquids.dispense("right", plate, well, volume_ul, LOW, 0, 0))


def test_a_new_session_goes_on_with_the_next_tip_also_after_a_restart(robot: RackRobot, tmp_path: Path) -> None:
    server = serve(robot, tmp_path)
    server.parts.stock.reset("1", RACK)
    for _ in range(2):
        load_deck(server)
        pick_up(server)
        drop(server)
        server.session.close(cancelled=NEVER)
    server.look()
    server.end()
    server = serve(robot, tmp_path)
    load_deck(server)
    pick_up(server)
    assert [place for place, state in robot.rack.items() if state == "Empty"] == ["A1", "B1", "C1"]
    assert not disagreements(server, robot)
    assert server.parts.stock.trash.value.count == robot.trashed == 2
    server.end()


def test_without_a_declared_rack_a_session_begins_with_the_first_tip(robot: RackRobot, tmp_path: Path) -> None:
    server = serve(robot, tmp_path)
    for _ in range(2):
        load_deck(server)
        pick_up(server)
        drop(server)
        server.session.close(cancelled=NEVER)
    assert [place for place, state in robot.rack.items() if state == "Empty"] == ["A1"]
    server.end()


def test_nothing_is_picked_up_where_no_tip_is(robot: RackRobot, tmp_path: Path) -> None:
    server = serve(robot, tmp_path)
    server.parts.stock.reset("1", RACK)
    load_deck(server)
    pick_up(server)
    drop(server)
    with pytest.raises(NoTipAvailable, match=r"No tip is left in place A1 of .*MarkTips"):
        pick_up(server, "A1")
    server.parts.stock.mark("1", [], "Empty")
    with pytest.raises(NoTipAvailable):
        pick_up(server)
    robot.fill()
    server.parts.stock.reset("1", "")
    pick_up(server)
    assert robot.rack["A1"] == "Empty"
    assert not disagreements(server, robot)
    server.end()


def test_a_session_that_ended_before_its_first_command_has_used_no_tips(robot: RackRobot, tmp_path: Path) -> None:
    server = serve(robot, tmp_path)
    server.parts.stock.reset("1", RACK)
    server.look()
    robot.faults.append(("POST", "/runs/[^/]+/commands", "500"))
    with pytest.raises(OT2Fault):
        server.session.open(cancelled=NEVER)
    (run_id,) = robot.runs
    assert (robot.commands[run_id], robot.current) == ([], None)
    server.parts.registry.collect(run_id)
    assert set(server.parts.stock.racks.value["1"].places.values()) == {"Free"}
    server.end()


def test_commands_of_a_session_that_the_robot_has_lost_may_have_used_any_tip(robot: RackRobot, tmp_path: Path) -> None:
    """As release 6 does when it restarts."""
    server = serve(robot, tmp_path)
    server.parts.stock.reset("1", RACK)
    server.session.open(cancelled=NEVER)
    (run_id,) = robot.runs
    robot.runs[run_id] |= {"status": "stopped", "current": False}
    robot.commands[run_id] = []
    server.parts.registry.collect(run_id)
    assert set(server.parts.stock.racks.value["1"].places.values()) == {"Unknown"}
    server.end()


def test_a_reserved_tip_is_given_to_who_names_it(robot: RackRobot, tmp_path: Path) -> None:
    server = serve(robot, tmp_path)
    server.parts.stock.reset("1", RACK)
    load_deck(server)
    assert server.parts.stock.reserve("", 1, 1) == [("1", "A1")]
    pick_up(server)
    assert robot.rack["B1"] == "Empty"
    drop(server)
    pick_up(server, "A1")
    assert not disagreements(server, robot)
    server.end()


class TipsOfTheDeck(RuleBasedStateMachine):
    """Sessions, worklists, runs of others that end in every way, restarts of either side, hand-overs, and people."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.robot = RackRobot()
        self.start()
        self.server.parts.stock.reset("1", RACK)
        self.new_plate()

    def start(self) -> None:
        self.server = serve(self.robot, Path(self.folder.name))
        parts = self.server.parts
        self.known = KnownDeck(DeckSlotStore(parts.engine), parts.stock, parts.handovers)

    def attempt(self, what: Any) -> None:
        with suppress(OT2Fault):
            what()

    @rule()
    def load(self) -> None:
        if not self.server.session.deck_state.value.labware:
            self.attempt(lambda: load_deck(self.server))

    @rule(place=st.sampled_from(["", "", "", "A1", "D2"]))
    def pick_up(self, place: str) -> None:
        self.attempt(lambda: pick_up(self.server, place))

    @rule()
    def drop(self) -> None:
        self.attempt(lambda: drop(self.server))

    @rule()
    def put_back(self) -> None:
        self.attempt(lambda: self.server.do("ReturnTip", tips.return_tip("right")))

    @rule()
    def close(self) -> None:
        self.attempt(lambda: self.server.session.close(cancelled=NEVER))

    @rule(kind=KINDS, well=PLACES_OF_LIQUID, volume_ul=VOLUMES, fails=st.sampled_from([False, False, True]))
    def pipette(self, kind: str, well: str, volume_ul: float, *, fails: bool) -> None:
        self.robot.fails = kind if fails else ""
        self.attempt(lambda: self.server.do(kind.title(), in_well(kind, well, volume_ul)))
        self.robot.fails = ""

    @rule(stops_after=st.sampled_from([None, 2, 3]), well=PLACES_OF_LIQUID, volume_ul=VOLUMES)
    def worklist(self, stops_after: int | None, well: str, volume_ul: float) -> None:
        self.robot.stops_after = stops_after
        steps = [
            tips.pick_up_tip("right", "", ""),
            in_well("aspirate", "A1", volume_ul),
            in_well("dispense", well, volume_ul),
            tips.drop_tip("right", RELEASE, "", "", alternate=False),
        ]
        self.attempt(lambda: execute(self.server, sequence(steps)))
        self.robot.stops_after = None

    @rule()
    def new_plate(self) -> None:
        self.server.look()
        self.robot.wells = {"A1": 150.0, "B1": 0.0, "C1": 20.0}
        self.server.parts.stock.liquids.declare("2", f"opentrons/{PLATE}/1", ["A1", "B1", "C1"], [150, 0, 20], "")

    @rule()
    def an_arm_changes_the_plate(self) -> None:
        self.server.look()
        self.attempt(lambda: self.server.session.close(cancelled=NEVER))
        self.robot.wells = {"A1": 77.0}
        for direction in (Direction.OUTPUT, Direction.INPUT):
            handover = Handover("2", direction, 2, PLATE, "", utc_now())
            self.server.parts.handovers.begin(handover)
            self.server.parts.handovers.complete(handover)

    @rule(end=st.sampled_from(["played", "stopped", "restart"]), place=st.sampled_from(["C3", "D2", "E5"]))
    def foreign_run(self, end: str, place: str) -> None:
        """Nothing is read of it before it has ended, if it can be read then."""
        run_id = self.robot.foreign_session()
        rack = self.robot.execute(
            run_id, "loadLabware", loadName=TIPS, namespace="opentrons", version=1, location={"slotName": "1"}
        )["result"]["labwareId"]
        pipette = self.robot.runs[run_id]["pipettes"][0]["id"]
        for kind in ("pickUpTip", "dropTip") if place == "D2" else ("pickUpTip",):
            self.robot.execute(run_id, kind, pipetteId=pipette, labwareId=rack, wellName=place)
        plate = self.robot.execute(
            run_id, "loadLabware", loadName=PLATE, namespace="opentrons", version=1, location={"slotName": "2"}
        )["result"]["labwareId"]
        for kind, well in (("aspirate", "A1"), ("dispense", place[0] + "1")):
            self.robot.execute(run_id, kind, pipetteId=pipette, labwareId=plate, wellName=well, volume=20, **IN_LIQUID)
        if end == "played":
            self.robot.play_to_the_end(run_id)
        elif end == "stopped":
            self.robot.runs[run_id]["status"] = "stopped"
        else:
            self.robot_restarts()

    @rule()
    def look(self) -> None:
        self.server.look()

    @rule()
    def robot_restarts(self) -> None:
        self.robot.restart()
        self.server.tips_left_behind.read_anew()  # a robot that restarts is out of reach for a minute

    @rule()
    def server_restarts(self) -> None:
        self.server.end()
        self.start()

    @rule()
    def somebody_looks(self) -> None:
        self.look()
        self.robot.tips = dict.fromkeys(self.robot.tips, False)
        self.attempt(
            lambda: self.server.reconciliation.settle({"left": False, "right": False}, confirmed=True, cancelled=NEVER)
        )

    @rule()
    def new_rack(self) -> None:
        self.look()
        self.robot.fill()
        self.server.parts.stock.reset("1", RACK)

    @invariant()
    def what_is_known_is_so(self) -> None:
        self.server.look()
        assert not disagreements(self.server, self.robot)
        assert not wrong_volumes(self.server, self.robot)

    def teardown(self) -> None:
        if hasattr(self, "server"):
            self.server.end()
            self.folder.cleanup()


TestDeck = pytest.mark.slow(TipsOfTheDeck.TestCase)
TestDeck.settings = settings(
    max_examples=8, stateful_step_count=15, derandomize=True, phases=[Phase.generate], database=None,
)  # fmt: skip
