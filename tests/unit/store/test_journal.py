"""The journal: intents are written at once, answers with the next write where the robot could tell them, too."""

from __future__ import annotations

import datetime
import json

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from sila_ot2.errors import StorageFull
from sila_ot2.store.journal import Journal, RequestOutcome
from sila_ot2.times import utc_now


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine)


def open_for_the_next_process(engine: Engine) -> list[str]:
    return [entry.document for entry in Journal(engine).unresolved()]


def test_an_intent_is_there_before_the_request_is_sent(journal: Journal, engine: Engine) -> None:
    journal.open("command", "first")
    assert open_for_the_next_process(engine) == ["first"]


def test_an_answer_is_written_at_once_or_with_the_next_intent(journal: Journal, engine: Engine) -> None:
    first, second = journal.open("command", "first"), journal.open("command", "second")
    journal.close(first, RequestOutcome.REFUSED)
    assert open_for_the_next_process(engine) == ["second"]
    journal.close(second, RequestOutcome.DONE, soon=True)
    assert open_for_the_next_process(engine) == ["second"], "looked up by the next process, if this one is killed now"
    journal.open("command", "third")
    assert open_for_the_next_process(engine) == ["third"]


def test_what_is_due_is_written_before_anything_is_read_and_when_it_is_asked_for(
    journal: Journal, engine: Engine
) -> None:
    journal.close(journal.open("command", "first"), RequestOutcome.DONE, subject="a run", soon=True)
    assert journal.unresolved() == []
    journal.close(journal.open("create_run", "second"), RequestOutcome.DONE, subject="a run", soon=True)
    assert journal.documents_about("a run", ["create_run"]) == ["second"]
    journal.close(journal.open("command", "third"), RequestOutcome.DONE, soon=True)
    journal.flush()
    assert open_for_the_next_process(engine) == []


def test_nothing_due_is_lost_when_a_write_fails(journal: Journal, engine: Engine) -> None:
    journal.close(journal.open("command", "first"), RequestOutcome.DONE, soon=True)

    def full(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("the disk is full"))

    event.listen(engine, "before_cursor_execute", full)
    with pytest.raises(OperationalError):
        journal.open("command", "second")
    event.remove(engine, "before_cursor_execute", full)
    journal.flush()
    assert open_for_the_next_process(engine) == []


@pytest.mark.parametrize(
    "failure", [StorageFull("The disk is full."), OperationalError("update", {}, Exception("database is locked"))]
)
def test_what_became_of_a_request_is_known_though_it_cannot_be_written_down(
    journal: Journal, engine: Engine, failure: Exception
) -> None:
    """A stop must not be refused for the disk, and what the robot has done is no longer to be undone by an error."""
    entry = journal.open("create_run", "first")

    def full(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("SELECT"):
            raise failure

    event.listen(engine, "before_cursor_execute", full)
    journal.close(entry, RequestOutcome.DONE, subject="a run")
    assert journal.documents_about("a run", ["create_run"]) == ["first"]
    event.remove(engine, "before_cursor_execute", full)
    journal.flush()
    assert open_for_the_next_process(engine) == []


@pytest.mark.parametrize(
    ("outcome", "carried_out"),
    [
        (None, True),
        (RequestOutcome.DONE, True),
        (RequestOutcome.RECONCILED, True),
        (RequestOutcome.REFUSED, False),
        (RequestOutcome.NOT_DONE, False),
    ],
)
def test_a_command_that_may_have_been_carried_out(
    journal: Journal, outcome: RequestOutcome | None, *, carried_out: bool
) -> None:
    for run_id in ("run", "other"):
        journal.close(journal.open("create_run", "{}"), RequestOutcome.DONE, subject=run_id)
    entry = journal.open("command", json.dumps({"run_id": "run"}))
    if outcome is not None:
        journal.close(entry, outcome)
    assert journal.may_have_commanded("run") is carried_out
    assert not journal.may_have_commanded("other")


def test_of_an_old_run_and_of_one_of_others_nobody_can_tell_what_was_sent(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.close(journal.open("create_run", "{}"), RequestOutcome.DONE, subject="run")
    assert journal.may_have_commanded("of others")
    monkeypatch.setattr("sila_ot2.store.journal.KEPT_FOR", datetime.timedelta(0))
    assert journal.may_have_commanded("run")


def test_requests_with_a_key_are_never_deleted(
    journal: Journal, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("", "a key"):
        document = json.dumps({"request_key": key})
        journal.close(journal.open("action", document), RequestOutcome.DONE, subject=f"of {key!r}")
    monkeypatch.setattr("sila_ot2.store.journal.KEPT_FOR", datetime.timedelta(days=-1))
    later = Journal(engine)
    assert later.documents_about("of ''", ["action"]) == []
    assert [entry.subject for entry in later.with_key("a key", ["action"])] == ["of 'a key'"]


def test_runs_are_known_in_the_order_in_which_they_were_created(journal: Journal) -> None:
    for run_id in ("first", "second"):
        journal.close(journal.open("create_run", "{}"), RequestOutcome.DONE, subject=run_id)
    journal.close(journal.open("create_run", "{}"), RequestOutcome.REFUSED)
    journal.close(journal.open("command", "{}"), RequestOutcome.DONE, subject="no run")
    journal.open("create_run", "{}")  # nobody knows yet
    journal.close(journal.open("create_run", "{}"), RequestOutcome.DONE, subject="third", soon=True)
    later = utc_now()
    assert journal.runs_created_after("first", seen_at=later) == ["second", "third"]
    assert journal.runs_created_after("third", seen_at=later) == []
    journal.close(journal.open("create_run", "{}"), RequestOutcome.DONE, subject="fourth")
    assert journal.runs_created_after("another client's", seen_at=later) == ["fourth"]
