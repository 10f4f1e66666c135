"""What was carried out since a run has ended, or may have been, is listed as long as this server keeps the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.worklists.last_steps import AT_WORK, NOTHING
from sila_ot2.driver.worklists.later_use import LaterUses
from sila_ot2.robot import wire
from sila_ot2.store.deck_use import DeckUse
from sila_ot2.store.journal import Journal, RequestOutcome
from sila_ot2.store.last_steps import KeptSteps
from sila_ot2.store.runs import Origin, RunRecord, RunStart
from sila_ot2.times import utc_now
from tests.fakes.deck_run import DeckRun
from tests.fakes.parts import parts_of
from tests.fakes.robot_in_memory import RobotInMemory

IN_REACH = RobotState(contact=Contact(ContactProblem.NONE, "", utc_now()))


@dataclass
class ServerRequests:
    """The requests of this server."""

    unknown: tuple[str, ...] = ()


@dataclass
class LastOfManySteps:
    """The last command of many steps."""

    latest: KeptSteps = NOTHING


@dataclass
class RestartedServer:
    """What a server keeps and sees; `restarted` is its next process."""

    engine: Engine
    directory: Path
    steps: LastOfManySteps = field(default_factory=LastOfManySteps)

    def __post_init__(self) -> None:
        self.requests = ServerRequests()
        self.journal = Journal(self.engine)
        parts = parts_of(RobotInMemory(), self.directory, engine=self.engine)
        self.archive, self.stock = parts.archive, parts.stock
        self.session: Observable[SessionState | None] = Observable(None)
        self.robot: Observable[RobotState] = Observable(IN_REACH)
        self.uses = LaterUses(
            self.archive,
            parts.registry,
            self.stock,
            self.requests,  # type: ignore[arg-type]
            self.steps,  # type: ignore[arg-type]
            self.session,
            self.robot,
        )

    def restarted(self) -> RestartedServer:
        return RestartedServer(self.engine, self.directory)

    def create(self, run_id: str) -> None:
        self.journal.close(self.journal.open("create_run", "{}"), RequestOutcome.DONE, subject=run_id)

    def run(
        self, run_id: str, use: DeckUse | None, *, purpose: str = "protocol", origin: Origin = "ThisServer"
    ) -> RunRecord:
        """Let a run be seen active, and end."""
        if origin == "ThisServer":
            self.create(run_id)
        self.uses.follow(wire.Run(id=run_id, status="running", created_at=utc_now()))
        return self.end(run_id, use, purpose=purpose, origin=origin)

    def end(
        self, run_id: str, use: DeckUse | None, *, purpose: str = "protocol", origin: Origin = "ThisServer"
    ) -> RunRecord:
        """Let the end of a run be read."""
        start = RunStart(run_id=run_id, origin=origin, purpose=purpose, created_at=utc_now())
        self.archive.begin(start)
        record = RunRecord(
            start=start, result="Failed", started_at=utc_now(), completed_at=utc_now(), seen_ended_at=utc_now()
        )
        self.archive.end(record, use=use)
        return record

    def since(self, record: RunRecord) -> list[tuple[str, bool]]:
        return [(one.run_id, one.is_certain) for one in self.uses.since(record)]


def used() -> DeckUse:
    use = DeckUse()
    use.of("plate", "opentrons/plate/1", "2").move(["A1"], drawn_ul=10)
    return use


@pytest.fixture
def server(engine: Engine, tmp_path: Path) -> RestartedServer:
    return RestartedServer(engine, tmp_path)


def test_earlier_runs_and_runs_that_used_nothing_are_not_reported(server: RestartedServer) -> None:
    server.create("session before")
    record = server.run("run", used())
    server.end("session before", used(), purpose="session")  # its end is read only now
    server.run("looked at", DeckUse(), purpose="session")
    server.run("foreign", DeckUse(), origin="OtherClient")
    assert server.since(record) == []


@pytest.mark.parametrize(
    ("use", "is_certain"), [(used(), True), (DeckUse(is_complete=False), False), (None, False)], ids=str
)
def test_runs_that_used_the_deck_since_are_reported_also_after_a_restart(
    server: RestartedServer, use: DeckUse | None, is_certain: bool
) -> None:
    record = server.run("run", used())
    server.run("worklist", use, purpose="worklist")
    server.run("foreign", use, origin="OtherClient")
    assert server.since(record) == [("worklist", is_certain), ("foreign", is_certain)]
    assert server.restarted().since(record) == [("worklist", is_certain), ("foreign", False), ("", False)]


def test_only_what_came_after_another_clients_run_is_reported(server: RestartedServer) -> None:
    server.run("session before", used(), purpose="session")
    record = server.run("run", used(), origin="OtherClient")
    assert server.since(record) == []
    server.run("worklist", used(), purpose="worklist")
    server.run("foreign", used(), origin="OtherClient")
    assert server.since(record) == [("worklist", True), ("foreign", True)]


def test_everything_seen_after_another_clients_run_is_reported_although_the_clock_was_set_back(
    server: RestartedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = server.run("run", used(), origin="OtherClient")
    monkeypatch.setattr("sila_ot2.store.journal.utc_now", lambda: utc_now() - timedelta(days=1))
    server.run("worklist", used(), purpose="worklist")
    assert server.since(record) == [("worklist", True)]


def test_a_run_of_another_client_that_was_first_seen_ended_may_have_come_before(server: RestartedServer) -> None:
    record = server.run("run", used())
    server.end("foreign", used(), origin="OtherClient")
    (use,) = server.uses.since(record)
    assert (use.run_id, use.is_certain, "before" in use.what) == ("foreign", False, True)


def test_a_run_whose_record_is_no_longer_kept_is_not_said_to_go_on(server: RestartedServer) -> None:
    record = server.run("run", used())
    server.create("given up")
    (use,) = server.uses.since(record)
    assert (use.run_id, use.is_certain, "no longer kept" in use.what) == ("given up", False, True)


def test_a_session_that_goes_on_is_reported(server: RestartedServer) -> None:
    record = server.run("run", used())
    server.create("session")
    server.session.set(SessionState(Phase.READY, "session", utc_now()))
    assert server.since(record) == []
    server.session.set(SessionState(Phase.BUSY, "session", utc_now()))
    assert server.since(record) == [("session", False)]
    protocol = DeckRun(server.stock, "session")
    protocol.fresh(place="rack.A1")
    server.stock.take("session", protocol.commands, RunParts({"one": "p300_single_gen2"}))
    server.session.set(SessionState(Phase.READY, "session", utc_now()))
    assert server.since(record) == [("session", True)]
    server.session.set(None)  # closed, and its end has not been read
    assert server.since(record) == [("session", False)]


def lose_contact(server: RestartedServer) -> None:
    server.uses.note_contact()


def work_at_the_app(server: RestartedServer) -> None:
    server.uses.note_app_work(None)
    server.uses.note_app_work(AppWork("maintenance run", "m"))


def be_out_of_reach(server: RestartedServer) -> None:
    server.robot.set(RobotState())


def lose_an_answer(server: RestartedServer) -> None:
    server.requests.unknown = ("aspirate",)


def execute_steps(server: RestartedServer) -> None:
    server.steps.latest = KeptSteps(outcome=AT_WORK, details="{}")


@pytest.mark.parametrize(
    "happens",
    [lose_contact, work_at_the_app, be_out_of_reach, lose_an_answer, execute_steps],
    ids=lambda it: it.__name__,
)
def test_what_was_not_followed_is_in_doubt(server: RestartedServer, happens: Callable[[RestartedServer], None]) -> None:
    record = server.run("run", used())
    assert server.since(record) == []
    happens(server)
    assert server.since(record) == [("", False)]


def test_a_run_that_is_seen_active_after_a_gap_has_ended_after_it(server: RestartedServer) -> None:
    server.run("run", used())
    server.uses.note_contact()
    server.uses.follow(wire.Run(id="run", status="running", created_at=utc_now()))
    record = server.archive.record("run")
    assert record is not None
    assert server.since(record) == []
    server.uses.note_contact()
    server.uses.follow(wire.Run(id="run", status="failed", created_at=utc_now()))
    assert server.since(record) == [("", False)]
