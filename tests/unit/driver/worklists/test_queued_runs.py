"""A queued worklist that is not started leaves no run behind, and the session's deck is there again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import CommandPlan, sequence
from sila_ot2.driver.deck.plans.timers import start_timer
from sila_ot2.driver.runs.request_keys import RequestKey
from sila_ot2.errors import (
    CommandCancelled,
    CommandFailed,
    DoorOpen,
    Movement,
    OT2Fault,
    ParameterInvalid,
    RobotBusy,
    RunNotFound,
    StorageFull,
    UnsupportedByRobot,
)
from sila_ot2.robot.reachability import AnswerLost
from tests.fakes.session_server import MOVES, SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot

KEY = RequestKey("key", "digest")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    load_deck(server)
    server.parts.monitor.start()
    yield server
    server.end()


def app_at_work(server: SessionServer, _: Cancellation) -> None:
    server.robot.maintenance = {"id": "m", "createdAt": "2026-01-01T00:00:00Z", "pipettes": []}


def door_open(server: SessionServer, _: Cancellation) -> None:
    body = {
        "errors": [{"id": "RunActionNotAllowed", "title": "x", "detail": "Front door or top window is currently open."}]
    }
    taken = server.robot._post_action
    server.robot._post_action = lambda run, kind: (  # type: ignore[method-assign]
        httpx.Response(409, json=body) if kind == "play" else taken(run, kind)
    )


def disk_full(server: SessionServer, _: Cancellation) -> None:
    journal = server.parts.request_log._journal
    open_entry = journal.open

    def opened(kind: str, document: str, *, soon: bool = False) -> int:
        if kind == "action":
            raise StorageFull("The disk is full.")
        return open_entry(kind, document, soon=soon)

    journal.open = opened  # type: ignore[method-assign]


def run_unreadable(server: SessionServer, _: Cancellation) -> None:
    """The run cannot be found when it is read before its start."""
    read = server.queued._queue._robot.run
    failed: list[str] = []

    def run(run_id: str, **more: Any) -> Any:
        if not failed:
            failed.append(run_id)
            raise RunNotFound("simulated")
        return read(run_id, **more)

    server.queued._queue._robot.run = run  # type: ignore[method-assign]


def cancelled_now(_: SessionServer, cancelled: Cancellation) -> None:
    cancelled.set()


REFUSALS: dict[Callable[[SessionServer, Cancellation], None], type[OT2Fault]] = {
    app_at_work: RobotBusy,
    door_open: DoorOpen,
    disk_full: StorageFull,
    run_unreadable: RunNotFound,
    cancelled_now: CommandCancelled,
}


def execute_with(
    server: SessionServer, happening: Callable[[SessionServer, Cancellation], None], key: RequestKey | None = None
) -> OT2Fault:
    """Execute a worklist during which something happens once its last command is queued; return the refusal."""
    cancelled = Cancellation()
    queue = server.queued._queue._require_loaded_deck

    def queued(*arguments: Any) -> None:
        queue(*arguments)
        happening(server, cancelled)

    server.queued._queue._require_loaded_deck = queued  # type: ignore[method-assign, assignment]
    with pytest.raises(REFUSALS[happening]) as refusal:
        execute(server, cancelled, key)
    return refusal.value


def execute(
    server: SessionServer,
    cancelled: Cancellation,
    key: RequestKey | None = None,
    plan: CommandPlan = MOVES["PickUpTip"],
) -> None:
    with server.queued.last_steps.following("ExecuteWorklist") as attempt:
        server.queued.execute(
            "ExecuteWorklist",
            plan,
            cancelled=cancelled,
            report=lambda **_: None,
            moved=lambda *_: None,
            started=lambda _: None,
            attempt=attempt,
            key=key,
        )


@pytest.mark.parametrize("happening", REFUSALS)
def test_refused_start_leaves_no_run_unless_the_app_is_at_work_and_keeps_the_deck(
    server: SessionServer, happening: Callable[[SessionServer, Cancellation], None]
) -> None:
    labware = set(server.session.deck_state.value.labware)
    refusal = execute_with(server, happening)
    assert refusal.moved is Movement.NONE
    assert server.robot.count("/actions$") == (1 if happening is door_open else 0)
    session = server.session.state.value
    if happening is app_at_work:  # a run that gives way would halt the robot under the App
        assert session is None
        assert server.robot.current is not None
        return
    assert session is not None
    assert server.robot.current == session.run_id
    assert set(server.session.deck_state.value.labware) == labware
    assert server.session.deck_state.value.used_tips == {}


def test_what_the_robots_release_does_not_know_is_refused_before_the_session_is_left(server: SessionServer) -> None:
    session, runs = server.session.state.value, set(server.robot.runs)
    with pytest.raises(UnsupportedByRobot, match=r"createTimer.*8\.8"):
        execute(server, Cancellation(), plan=sequence([MOVES["PickUpTip"], start_timer("lysis", 5.0)]))
    assert server.session.state.value == session
    assert set(server.robot.runs) == runs


def test_a_command_whose_answer_is_lost_is_queued_once(server: SessionServer) -> None:
    server.robot.faults.append(("POST", "/runs/[^/]+/commands", "lost after"))
    execute(server, Cancellation())
    (picked,) = [
        one for commands in server.robot.commands.values() for one in commands if one["commandType"] == "pickUpTip"
    ]
    assert picked["status"] == "succeeded"
    assert server.robot.crashes == []


def test_a_command_that_is_not_queued_is_not_sent_again_and_nothing_is_started(server: SessionServer) -> None:
    server.robot.faults.append(("POST", "/runs/[^/]+/commands", "lost before"))
    with pytest.raises(AnswerLost):
        execute(server, Cancellation())
    assert server.robot.count("/actions$") == 0
    assert server.session.state.value is not None


def test_a_run_that_cannot_be_given_the_deck_is_not_started(server: SessionServer) -> None:
    server.robot.fails = "loadLabware"
    with pytest.raises(CommandFailed, match="could not be given the session's deck") as refusal:
        execute(server, Cancellation())
    assert refusal.value.moved is Movement.NONE
    assert server.robot.count("/actions$") == 0


def test_a_run_of_which_it_is_not_known_whether_it_has_the_deck_is_not_started(server: SessionServer) -> None:
    server.robot.ends_oddly = "loadLabware"
    with pytest.raises(CommandFailed, match="could not be given the session's deck.*status 'done'") as refusal:
        execute(server, Cancellation())
    assert refusal.value.moved is Movement.NONE
    assert server.robot.count("/actions$") == 0


def test_worklist_whose_start_was_refused_is_not_repeated_by_its_key(server: SessionServer) -> None:
    execute_with(server, cancelled_now, KEY)
    for _ in range(2):
        with pytest.raises(ParameterInvalid, match="never started"):
            execute(server, Cancellation(), KEY)
    assert server.robot.count("/actions$") == 0
