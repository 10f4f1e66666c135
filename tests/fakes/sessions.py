"""A session on the parts of a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.plan_checks import PlanChecks
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.runs_without_protocol import RunsWithoutProtocol
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_deck import SessionDeck
from sila_ot2.driver.session.session_loading import SessionLoading
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import LastCommand
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.needs.liquid_needs import DEFAULT_RULES
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.robot.client import RobotClient


class SessionParts(NamedTuple):
    session: Session
    loading: SessionLoading
    reconciliation: Reconciliation


def session_of(
    client: RobotClient,
    request_log: RequestLog,
    ownership: Ownership,
    library: DefinitionLibrary,
    uncertain_tips: UncertainTips,
    stock: TipStock,
    tips_left_behind: TipsLeftBehind,
    handovers: Handovers | None = None,
    labware_offsets: Callable[[], list[dict[str, Any]]] = list,
    *,
    displace_idle: bool = False,
) -> SessionParts:
    last = LastCommand()
    checks = PlanChecks(client, stock, uncertain_tips, ownership, refuse_small_volumes=False, rules=DEFAULT_RULES)
    commands, runs = (
        RunCommands(client, poll_s=0.01),
        RunsWithoutProtocol(client, request_log, ownership, tips_left_behind),
    )
    deck = SessionDeck(client, request_log, commands, uncertain_tips, stock, last.accepted, library, handovers)
    run = SessionRun(
        client, request_log, ownership, deck, runs, handovers, labware_offsets, displace_idle=displace_idle
    )
    session = Session(client, ownership, uncertain_tips, checks, deck, run, last)
    return SessionParts(
        session,
        SessionLoading(client, session, library),
        Reconciliation(request_log, ownership, uncertain_tips, tips_left_behind, deck, run, last),
    )
