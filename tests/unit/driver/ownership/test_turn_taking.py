"""Turn, owner and requests together, against a robot whose answers are lost, which is silent, restarts and is shared.

Whatever the order of events: no request takes effect twice, nothing reported as not done was done, and while an outcome
is unknown nothing else acts.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sila_ot2.driver.ownership.current_run import CurrentWork
from sila_ot2.driver.ownership.owner import Intent, NoOwner, SessionOwner, UnknownOwner, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import OT2Fault, OutcomeUnknown, RobotRefused, RobotUnreachable
from sila_ot2.store.journal import Journal
from sila_ot2.store.robot_serial import RobotSerialStore
from tests.fakes.database import open_database
from tests.fakes.scripted_robot import ScriptedRobot

FATES = st.sampled_from(["answered", "answered", "not sent", "lost before", "lost after", "restarted"])


class TurnTaking(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_database(Path(self.folder.name))
        self.robot = ScriptedRobot()
        self.sent: set[str] = set()
        self.reported_not_done: set[str] = set()
        self.reported_done: set[str] = set()
        self.restart_driver()

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    @rule()
    def restart_driver(self) -> None:
        journal = Journal(self.engine)
        self.request_log = RequestLog(self.robot, journal, look_ups=LookUps(0, 0, 0.02))  # type: ignore[arg-type]
        identity = RobotIdentity(self.robot, RobotSerialStore(self.engine))  # type: ignore[arg-type]
        self.ownership = Ownership(self.robot, journal, self.request_log, identity)  # type: ignore[arg-type]

    @rule()
    def restart_robot(self) -> None:
        self.robot.restart()

    @rule(silent=st.sampled_from([1, 3, 10**9]))
    def robot_falls_silent(self, silent: int) -> None:
        self.robot.silent_gets = silent

    @rule()
    def robot_answers_again(self) -> None:
        self.robot.silent_gets = 0

    @rule()
    def robot_falls_silent_with_the_next_command(self) -> None:
        self.robot.silent_after_acting = 10**9

    @rule(played=st.booleans())
    def another_client_creates_a_run(self, played: bool) -> None:
        self.robot.next_acting = "answered"
        try:
            run = self.robot.create_run(protocol_id="foreign")
        except RobotRefused:
            return
        if played:
            self.robot.post_action(run.id, "play")

    @rule(fate=FATES)
    def atomic_command(self, fate: str) -> None:
        """What the session does: open one if none is claimed, then one command."""
        unknown_before = bool(self.request_log.unknown)
        executed_before = len(self.robot.executed)
        try:
            owner = self.ownership.refresh()
            decide(Intent.ATOMIC, owner, displace_idle=False)
            if not isinstance(owner, SessionOwner):
                known = [run.id for run in self.robot.runs().runs]
                run_id = self.request_log.perform(CreateRunRequest(purpose="session", runs_before=known)).id
            else:
                run_id = owner.run_id
        except OT2Fault:
            assert not unknown_before or len(self.robot.executed) == executed_before
            return
        assert not unknown_before
        request = CommandRequest(run_id=run_id, command_type="aspirate", params={})
        self.sent.add(request.key)
        self.robot.next_acting = fate
        try:
            self.request_log.perform(request)
        except OutcomeUnknown:
            assert isinstance(self.ownership.note(CurrentWork(), self.ownership.begin_reading()), UnknownOwner)
        except RobotUnreachable:
            self.reported_not_done.add(request.key)
        else:
            self.reported_done.add(request.key)
        finally:
            self.robot.next_acting = "answered"

    @rule()
    def look_up_again(self) -> None:
        if self.request_log.settle_open():
            assert self.request_log.unknown == ()

    @rule()
    def reconcile(self) -> None:
        self.request_log.reconcile("looked")
        assert self.request_log.unknown == ()

    @rule()
    def robot_is_free_again(self) -> None:
        """Every run ended and all settled: the next atomic command must get through."""
        self.robot.silent_gets = 0
        self.request_log.reconcile("looked")
        for run in self.robot.runs_by_id.values():
            run.status, run.current = "stopped", False
        assert self.ownership.refresh() == NoOwner()

    @invariant()
    def nothing_took_effect_twice(self) -> None:
        if hasattr(self, "robot"):
            assert len(self.robot.executed) == len(set(self.robot.executed))

    @invariant()
    def reports_were_true(self) -> None:
        if hasattr(self, "robot"):
            executed = set(self.robot.executed)
            assert not self.reported_not_done & executed
            assert self.reported_done <= executed


TestTurnTaking = pytest.mark.slow(TurnTaking.TestCase)
TestTurnTaking.settings = settings(max_examples=60, stateful_step_count=30, suppress_health_check=list(HealthCheck))
