"""An action on a run of ours is ours if the robot's answer named it; every other one is somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.requests.request import RunActionRequest
from sila_ot2.driver.tracking.status.foreign_actions import ForeignActions
from sila_ot2.driver.tracking.status.run_status import PauseReason, pause_reason_of
from sila_ot2.robot import wire
from sila_ot2.store.journal import Journal, RequestOutcome
from sila_ot2.store.runs import TakenAction
from tests.fakes.database import open_database

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    engine = open_database(tmp_path)
    yield Journal(engine)
    engine.dispose()


def run(*actions: tuple[str, str], run_id: str = "r", **more: Any) -> wire.Run:
    listed = [
        {"id": action_id, "actionType": kind, "createdAt": (NOON + timedelta(seconds=index)).isoformat()}
        for index, (action_id, kind) in enumerate(actions)
    ]
    return wire.Run.model_validate(
        {"id": run_id, "status": "paused", "createdAt": NOON.isoformat(), "actions": listed, **more}
    )


def send(journal: Journal, action: Any, run_id: str = "r") -> int:
    request = RunActionRequest(run_id=run_id, action=action, actions_before=[])
    return journal.open(request.kind, request.model_dump_json())


def test_only_what_the_robot_answered_us_is_ours(journal: Journal) -> None:
    journal.close(send(journal, "play"), RequestOutcome.DONE, subject="a1", soon=True)
    journal.close(send(journal, "pause"), RequestOutcome.NOT_DONE)
    seen = run(("a1", "play"), ("a2", "pause"), ("a3", "assume-nothing"))
    known = ForeignActions(journal).among(seen, ())
    assert [action.foreign for action in known] == [
        None,
        TakenAction(action="pause", at=NOON + timedelta(seconds=1)),
        TakenAction(action="assume-nothing", at=NOON + timedelta(seconds=2)),
    ]


def test_an_action_that_may_be_ours_is_judged_when_the_answer_is_there(journal: Journal) -> None:
    actions = ForeignActions(journal)
    entry = send(journal, "pause")
    seen = run(("a1", "play"), ("a2", "pause"))
    known = actions.among(seen, ())
    assert [action.action_id for action in known] == ["a1"], "the play is somebody else's, the pause may be ours"
    journal.close(entry, RequestOutcome.DONE, subject="a2")
    known = actions.among(seen, known)
    assert [(action.action_id, action.foreign is None) for action in known] == [("a1", False), ("a2", True)]


def test_a_request_for_another_run_explains_nothing(journal: Journal) -> None:
    send(journal, "pause", run_id="another")
    (known,) = ForeignActions(journal).among(run(("a1", "pause")), ())
    assert known.foreign is not None


def test_an_action_without_a_time_has_the_time_at_which_it_was_seen(journal: Journal) -> None:
    seen = run(("a1", "play"))
    seen = seen.model_copy(update={"actions": (seen.actions[0].model_copy(update={"created_at": None}),)})
    (known,) = ForeignActions(journal).among(seen, ())
    assert known.foreign is not None
    assert ForeignActions(journal).among(seen, (known,)) == (known,), "it stays"


@pytest.mark.parametrize(
    ("foreign", "reason"), [({"a2"}, PauseReason.BY_SOMEBODY_ELSE), ({"a1"}, PauseReason.BY_CLIENT)]
)
def test_a_pause_of_somebody_else_is_the_reason(foreign: set[str], reason: PauseReason) -> None:
    assert pause_reason_of(run(("a1", "play"), ("a2", "pause")), False, foreign_ids=foreign) is reason
