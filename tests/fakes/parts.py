"""The parts of a server that follow the robot, with a robot in memory."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.published_state import PublishedState
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.ownership.app_work import require_clearing_allowed
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.origins import RunOrigins
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.foreign_actions import ForeignActions
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.robot import wire
from sila_ot2.store.handovers import HandoverStore
from sila_ot2.store.journal import Journal
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.robot_serial import RobotSerialStore
from sila_ot2.store.runs import RunArchive, RunStart
from sila_ot2.store.safety_stop import SafetyStopStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.database import open_database
from tests.fakes.monitors import monitor_of
from tests.fakes.robot_in_memory import RobotInMemory


class StubEstimates:
    """Of any run it is known what its steps take; nothing, unless it is said."""

    def __init__(self, *steps_s: float) -> None:
        self.steps_s = array("f", steps_s)

    def plan_of(self, run: wire.Run, start: RunStart) -> ExpectedSteps:
        return ExpectedSteps(self.steps_s, learned=True)


@dataclass
class Parts:
    robot: RobotInMemory
    monitor: Monitor
    published: PublishedState
    ownership: Ownership
    request_log: RequestLog
    registry: RunRegistry
    archive: RunArchive
    engine: Engine
    uncertain_tips: UncertainTips
    tips_left_behind: TipsLeftBehind
    safety_stop: SafetyStop
    unended_waits: UnendedWaits
    handovers: Handovers
    turn: Turn
    stock: TipStock

    def close(self) -> None:
        self.monitor.stop()
        self.handovers.close()
        self.engine.dispose()

    def look(self, times: int = 1) -> None:
        """Let it read the robot, without its thread."""
        for _ in range(times):
            self.monitor._look()


NEVER = Cancellation()
OFTEN = Intervals(active_s=0.01, idle_s=0.02, settle_s=0.0)
SELDOM = Intervals(active_s=600, idle_s=600, equipment_s=600, slow_s=600)


def parts_of(
    robot: RobotInMemory,
    state: Path,
    intervals: Intervals = OFTEN,
    estimates: StubEstimates | None = None,
    engine: Engine | None = None,
) -> Parts:
    engine = engine or open_database(state)
    client = robot.client()
    journal = Journal(engine)
    store = UncertainTipStore(engine)
    waits = UnendedWaits(client, store)
    handovers = Handovers(HandoverStore(engine), overdue_after_s=600)

    def require_motion_allowed() -> None:
        waits.require_none()
        handovers.require_still()

    request_log = RequestLog(
        client,
        journal,
        look_ups=LookUps(0, 0, 0.1),
        require_motion_allowed=require_motion_allowed,
        require_clearing_allowed=lambda: require_clearing_allowed(ownership.read_app_work()),
    )
    ownership = Ownership(client, journal, request_log, RobotIdentity(client, RobotSerialStore(engine)))
    archive = RunArchive(engine, state, keep=100)
    stock = TipStock(TipRackStore(engine))
    known: Any = estimates or StubEstimates()
    registry = RunRegistry(
        client,
        archive,
        RunOrigins(client, ownership, ProtocolLibrary(engine, state), known),
        Offsets(client, OffsetStore(engine), lambda: ""),
        ForeignActions(journal),
        stock,
        journal,
        history_length=10,
    )
    uncertain_tips = UncertainTips(store)
    tips_left_behind = TipsLeftBehind(client, uncertain_tips, store, registry.collect)
    tips_left_behind.on_list.subscribe(waits.look)
    safety_stop = SafetyStop(SafetyStopStore(engine))
    turn = Turn(handover=handovers.pending)
    monitor, published = monitor_of(
        client, ownership, request_log, registry, turn, uncertain_tips, safety_stop, handovers, intervals
    )
    monitor.on_start_of_robot.subscribe(waits.note_start_of_robot)
    waits.current.subscribe(published.note_unended_waits)
    return Parts(
        robot, monitor, published, ownership, request_log, registry, archive, engine, uncertain_tips, tips_left_behind,
        safety_stop, waits, handovers, turn, stock,
    )  # fmt: skip


def create(parts: Parts) -> str:
    """Create a run of ours."""
    return parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[])).id
