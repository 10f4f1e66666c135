"""The parts of a server that move the robot, with a robot on which tips hang."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.offsets.offset_choice import OffsetChoice
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.liquid_handling import liquids, motions, tips
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.runs.hardware_halts import HardwareHalts
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.runs_without_protocol import RunsWithoutProtocol
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_loading import SessionLoading
from sila_ot2.driver.tracking.left_behind.maintenance_tips import MaintenanceTips
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.driver.worklists.last_steps import LastSteps
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.driver.worklists.run_queue import RunQueue
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of
from sila_ot2.store.journal import Journal
from sila_ot2.store.labware_definitions import DefinitionStore
from sila_ot2.store.last_steps import LastStepsStore
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.parts import OFTEN, Parts, parts_of
from tests.fakes.runs import actions_on, runs_on
from tests.fakes.sessions import session_of
from tests.fakes.tip_robot import TipRobot

NEVER = Cancellation()
ANALYSIS = wire.Analysis(id="a", status="completed", result="ok")
TIPS, PLATE = "opentrons_96_tiprack_300ul", "corning_96_wellplate_360ul_flat"
ABOVE = WellPoint("top", 0, 0, 1)


@dataclass
class SessionServer:
    """The parts of a server that move the robot, on one state directory; each start is a process of its own."""

    robot: TipRobot
    parts: Parts
    session: Session
    loading: SessionLoading
    reconciliation: Reconciliation
    runs: Runs
    turn: Turn
    release: RunRelease
    queued: QueuedRuns
    uncertain_tips: UncertainTips
    tips_left_behind: TipsLeftBehind
    remedies: Remedies

    def end(self) -> None:
        self.parts.close()

    def do(self, name: str, plan: CommandPlan) -> None:
        self.session.perform(name, plan, cancelled=NEVER)

    def look(self) -> None:
        """Let the monitor read the robot."""
        self.parts.look(2)


def serve(
    robot: TipRobot,
    state: Path,
    *,
    displace_idle: bool = False,
    engine: Engine | None = None,
    labware_offsets: Callable[[], list[dict[str, Any]]] = list,
    hold_commands: bool = False,
) -> SessionServer:
    parts = parts_of(robot, state, OFTEN, engine=engine)
    client, uncertain_tips, tips_left_behind = robot.client(), parts.uncertain_tips, parts.tips_left_behind
    for one in (client, parts.registry._robot):
        one.health()
    parts.registry.on_end.subscribe(tips_left_behind.note)
    tips_left_behind.on_unreadable.subscribe(parts.stock.lose)
    parts.monitor.on_run.subscribe(tips_left_behind.follow)
    parts.monitor.on_run.subscribe(parts.unended_waits.follow)
    parts.monitor.on_connect.subscribe(tips_left_behind.read_anew)
    commands = RunCommands(client, poll_s=0.01)
    session, loading, reconciliation = session_of(
        client,
        parts.request_log,
        parts.ownership,
        DefinitionLibrary(DefinitionStore(parts.engine)),
        uncertain_tips,
        parts.stock,
        tips_left_behind,
        parts.handovers,
        labware_offsets,
        displace_idle=displace_idle,
    )
    parts.monitor.on_run.subscribe(session.follow)
    store = UncertainTipStore(parts.engine)
    parts.ownership.on_app_work.subscribe(MaintenanceTips(client, uncertain_tips, store, parts.stock).follow)
    actions = actions_on(parts, client)
    protocols: Any = SimpleNamespace(
        require=lambda _: SimpleNamespace(name="any"), on_robot=lambda *_: SimpleNamespace(id="protocol")
    )
    analyses: Any = SimpleNamespace(
        kept=lambda *_: ANALYSIS,
        check=lambda *_: SimpleNamespace(values={}, files={}),
    )
    plans: Any = SimpleNamespace(plan=lambda *_: ExpectedSteps())
    offsets: Any = SimpleNamespace(for_run=lambda *_, **__: OffsetChoice(), keep_given=lambda _: None)
    preparation = RunPreparation(client, protocols, analyses, plans, offsets, parts.stock, analysis_wait_s=1)
    runs = runs_on(parts, actions, preparation, client=client, displace_idle=displace_idle)
    without_protocol = RunsWithoutProtocol(client, parts.request_log, parts.ownership, tips_left_behind)
    queued = QueuedRuns(
        session, runs, actions, parts.request_log, RequestKeys(Journal(parts.engine), parts.registry),
        RunQueue(client, parts.ownership, without_protocol, commands, actions, labware_offsets),
        LastSteps(LastStepsStore(parts.engine)),
    )  # fmt: skip
    turn = parts.turn
    at_work = CommandsAtWork(client, parts.ownership, turn, session_is_at_work=session.is_at_work)
    release = RunRelease(
        parts.request_log, parts.ownership, actions, session.close, parts.registry, turn,
        runs.removal, HardwareHalts(parts.handovers, at_work),
    )  # fmt: skip
    recovery = Recovery(parts.monitor.state, actions.resume, parts.monitor.wake)
    remedies = Remedies(
        recovery, parts.monitor.state, session, reconciliation, uncertain_tips, parts.stock, hold=hold_commands
    )
    return SessionServer(
        robot,
        parts,
        session,
        loading,
        reconciliation,
        runs,
        turn,
        release,
        queued,
        uncertain_tips,
        tips_left_behind,
        remedies,
    )


def load_deck(server: SessionServer) -> None:
    server.do("LoadLabware", loading.load_labware(TIPS, "opentrons", 1, "1"))
    server.do("LoadLabware", loading.load_labware(PLATE, "opentrons", 1, "2"))


def set_up(server: SessionServer, held: str) -> None:
    """Open a session whose right pipette is bare, holds a tip, or a tip with liquid."""
    load_deck(server)
    if held != "bare":
        server.do("PickUpTip", tips.pick_up_tip("right", "", ""))
    if held == "liquid":
        server.do("Aspirate", in_plate(lambda plate: liquids.aspirate("right", plate, "A1", 50, ABOVE, 0)))


def in_plate(plan: Callable[[str], CommandPlan]) -> CommandPlan:
    def planned(deck_state: Any) -> Any:
        plate = next((one.labware_id for one in deck_state.labware.values() if one.load_name == PLATE), "none")
        return plan(plate)(deck_state)

    return planned


RELEASE = release_of("8.1.0")
RAW = "ExecuteRawCommand"
MOVES: dict[str, CommandPlan] = {
    "Home": motions.home(),
    "PickUpTip": tips.pick_up_tip("right", "", ""),
    "PickUpTip left": tips.pick_up_tip("left", "", ""),
    "MoveToWell": in_plate(lambda plate: motions.move_to_well("right", plate, "A1", ABOVE, 0, 0)),
    "MoveToWell left": in_plate(lambda plate: motions.move_to_well("left", plate, "A1", ABOVE, 0, 0)),
    "MoveToCoordinates": motions.move_to_coordinates("right", 100, 100, 50, 0, 0),
    "MoveToCoordinates left": motions.move_to_coordinates("left", 100, 100, 50, 0, 0),
    "MoveRelative": motions.move_relative("right", "x", 5),
    "Aspirate": in_plate(lambda plate: liquids.aspirate("right", plate, "A1", 20, ABOVE, 0)),
    "Dispense": in_plate(lambda plate: liquids.dispense("right", plate, "A1", 20, ABOVE, 0, 0)),
    "BlowOut": in_plate(lambda plate: liquids.blow_out("right", plate, "A1", ABOVE, 0)),
    "DropTip": tips.drop_tip("right", RELEASE, "", "", alternate=False),
    "ReturnTip": tips.return_tip("right"),
    "DiscardTipUntracked": tips.discard_tip_untracked("right", RELEASE),
    RAW: lambda _deck_state: [
        PlannedCommand("moveToCoordinates", {"pipetteId": "pipette right", "coordinates": {"x": 1, "y": 1, "z": 1}})
    ],
}


def execute(server: SessionServer, plan: CommandPlan) -> None:
    with server.queued.last_steps.following("ExecuteWorklist") as attempt:
        server.queued.execute(
            "ExecuteWorklist",
            plan,
            cancelled=NEVER,
            report=lambda **_: None,
            moved=lambda *_: None,
            started=lambda _: None,
            attempt=attempt,
        )


def rack_of(server: SessionServer) -> str:
    return next(one.labware_id for one in server.session.deck_state.value.labware.values() if one.is_tip_rack)


def stop_of(robot: TipRobot, run_id: str) -> None:
    robot.runs[run_id] |= {"status": "stopped", "actions": [robot.action("stop")]}
