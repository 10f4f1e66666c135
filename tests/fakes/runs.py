"""Runs of protocols on the parts of a server."""

from __future__ import annotations

from typing import Any

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.creation import RunCreation
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.readiness import RunReadiness
from sila_ot2.driver.runs.removal import RunRemoval
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.setup import ProtocolRunSetup
from sila_ot2.driver.runs.start_permission import Policy
from sila_ot2.driver.runs.watching import RunWatch
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.journal import Journal
from tests.fakes.parts import Parts, create


def actions_on(parts: Parts, client: RobotClient | None = None) -> RunActions:
    client = client or parts.robot.client()
    return RunActions(client, parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=10)


def removal_on(parts: Parts, client: RobotClient | None = None) -> RunRemoval:
    client = client or parts.robot.client()
    return RunRemoval(
        client,
        parts.request_log,
        parts.ownership,
        parts.monitor,
        parts.registry,
        parts.tips_left_behind,
        parts.unended_waits,
    )


def runs_on(
    parts: Parts,
    actions: RunActions,
    preparation: Any = None,
    *,
    client: RobotClient | None = None,
    displace_idle: bool = False,
) -> Runs:
    """Return runs that are prepared by `preparation`; none can be created without it."""
    client = client or parts.robot.client()
    readiness = RunReadiness(
        client, parts.ownership, parts.safety_stop, parts.tips_left_behind, parts.unended_waits,
        DeckAgreement(parts.stock, Observable({}), DeckPolicy()),
        policy=Policy(displace_idle_runs=displace_idle, require_calibration=False),
    )  # fmt: skip
    removal = removal_on(parts, client)
    creation = RunCreation(client, parts.request_log, parts.ownership)
    setup = ProtocolRunSetup(
        client, parts.ownership, parts.registry, parts.tips_left_behind, preparation, readiness, creation, removal
    )  # fmt: skip
    keys = RequestKeys(Journal(parts.engine), parts.registry)
    watch = RunWatch(client, parts.monitor, parts.registry, actions)
    return Runs(parts.monitor, keys, readiness, setup, actions, watch, removal)


def ours(parts: Parts, status: str = "running") -> str:
    """Create a run of ours in this status; returns its id."""
    run_id = create(parts)
    if status != "idle":
        parts.robot.runs[run_id] |= {"status": status, "actions": [parts.robot.action("play")]}
    parts.ownership.refresh()
    return run_id
