"""A request for a run that is repeated by its key: never a second run, whatever became of the first."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.requests.request import CreateRunRequest, RunActionRequest
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import Movement, OT2Fault, OutcomeUnknown, ParameterInvalid, RobotRestarted, RunStopped
from sila_ot2.store.journal import Journal, RequestOutcome
from tests.fakes.parts import Parts

WANTED = RunSpecification("11111111-1111-4111-8111-111111111111", label="plate 7", request_key="key")


@pytest.fixture
def keys(parts: Parts) -> RequestKeys:
    return RequestKeys(Journal(parts.engine), parts.registry)


def create(parts: Parts, specification: RunSpecification = WANTED) -> str:
    request = CreateRunRequest(
        purpose="protocol",
        runs_before=[],
        request_key=specification.request_key,
        request_digest=specification.digest,
    )
    return parts.request_log.perform(request).id


def play(parts: Parts, run_id: str, status: str = "running") -> None:
    parts.robot.runs[run_id] |= {"status": status, "actions": [parts.robot.action("play")]}


def run_of(keys: RequestKeys, specification: RunSpecification = WANTED) -> str | None:
    return keys.run_of(specification.request_key, specification.digest)


def test_run_of_a_key_is_that_of_the_first_request_also_for_the_next_process(parts: Parts, keys: RequestKeys) -> None:
    assert run_of(keys) is None
    run_id = create(parts)
    assert run_of(keys) == run_id
    assert run_of(RequestKeys(Journal(parts.engine), parts.registry)) == run_id
    assert keys.run_of("another key", WANTED.digest) is None
    create(parts, RunSpecification(WANTED.protocol_identifier))
    assert keys.run_of("", WANTED.digest) is None


def test_other_arguments_under_one_key_are_refused(parts: Parts, keys: RequestKeys) -> None:
    run_id = create(parts)
    other = RunSpecification(WANTED.protocol_identifier, label="plate 8", request_key="key")
    with pytest.raises(ParameterInvalid, match=f"other arguments .run {run_id}"):
        run_of(keys, other)
    upper = RunSpecification(WANTED.protocol_identifier.upper(), label="plate 7", request_key="key")
    assert run_of(keys, upper) == run_id


@pytest.mark.parametrize("key", ["\0", "a\0b"])
def test_a_key_that_would_not_be_found_again_is_refused(parts: Parts, runs: Runs, key: str) -> None:
    before = parts.robot.count("POST")
    with pytest.raises(ParameterInvalid, match="NUL"):
        runs.run_protocol(RunSpecification(WANTED.protocol_identifier, request_key=key), cancelled=Cancellation())
    with pytest.raises(ParameterInvalid, match="NUL"):
        runs.start(create(parts), cancelled=Cancellation(), request_key=key)
    assert parts.robot.count("POST") == before + 1  # which the test itself has created


def test_a_refused_creation_does_not_use_the_key_up(parts: Parts, keys: RequestKeys) -> None:
    parts.robot.faults.append(("POST", "/runs", "lost before"))
    with pytest.raises(OT2Fault, match="Nothing moved"):
        create(parts)
    assert run_of(keys) is None
    assert run_of(keys) != create(parts)


def test_a_creation_of_unknown_outcome_is_never_repeated(parts: Parts, keys: RequestKeys) -> None:
    parts.look()
    parts.robot.faults += [("POST", "/runs", "lost after"), ("GET", "/runs", "always refused")]
    with pytest.raises(OutcomeUnknown):
        create(parts)
    with pytest.raises(OutcomeUnknown, match="No other was created"):
        run_of(keys)
    parts.robot.faults.clear()
    assert parts.request_log.settle_open()  # found again: its run is the key's
    assert run_of(keys) == parts.robot.current


def test_what_was_seen_decides_whether_a_run_was_started(parts: Parts, keys: RequestKeys) -> None:
    run_id = create(parts)
    parts.look()
    assert not keys.has_started("key")
    play(parts, run_id)
    assert not keys.has_started("key")
    parts.look()
    assert keys.has_started("key")
    play(parts, run_id, "succeeded")
    parts.look(3)
    assert keys.has_started("key")
    assert not keys.has_started("another key")


def test_a_key_says_how_its_run_was_asked_for(parts: Parts, keys: RequestKeys) -> None:
    worklist = CreateRunRequest(
        purpose="worklist", runs_before=[], request_key="list", request_digest="d", steps=12, tips=3
    )
    listed = parts.request_log.perform(worklist).id
    assert keys.worklist_of("list") == (12, 3)
    assert keys.worklist_of("another key") == (0, 0)
    assert keys.start_of("list") is None, "the monitor has not seen it yet"
    parts.look(2)
    start = keys.start_of("list")
    assert start is not None
    assert (start.run_id, start.purpose) == (listed, "worklist")
    assert keys.start_of("") is None


def test_a_start_with_a_key_has_the_run_that_it_started(parts: Parts, keys: RequestKeys) -> None:
    run_id = create(parts)
    parts.request_log.perform(
        RunActionRequest(run_id=run_id, action="play", actions_before=[], request_key="start", request_digest="d")
    )
    parts.look(2)
    assert keys.run_of("start", "d") == run_id
    assert keys.has_started("start")
    assert keys.worklist_of("start") == (0, 0)
    start = keys.start_of("start")
    assert start is not None
    assert start.run_id == run_id


def test_a_repetition_follows_the_run_and_sends_nothing(parts: Parts, runs: Runs) -> None:
    run_id = create(parts)
    play(parts, run_id)
    parts.monitor.start()
    created: list[str] = []
    seen = threading.Event()
    records: list[Any] = []
    repeating = threading.Thread(
        target=lambda: records.append(
            runs.run_protocol(
                WANTED, cancelled=Cancellation(), created=created.append, on_change=lambda view: seen.set()
            )
        )
    )
    repeating.start()
    assert seen.wait(30)
    parts.robot.runs[run_id]["status"] = "succeeded"
    repeating.join(30)
    assert (created, records[0].start.run_id, records[0].result) == ([run_id], run_id, "Succeeded")
    again = runs.run_protocol(WANTED, cancelled=Cancellation())
    assert again == records[0]
    assert parts.robot.count("POST /runs") == 1


def test_a_repetition_after_the_end_ends_as_the_run_did(parts: Parts, runs: Runs) -> None:
    run_id = create(parts)
    play(parts, run_id, "stopped")
    parts.look(3)
    with pytest.raises(RunStopped):
        runs.run_protocol(WANTED, cancelled=Cancellation())
    assert parts.robot.count("POST /runs") == 1


@pytest.mark.parametrize("status", ["stopped", "succeeded"])  # what the releases call a run that was never started
def test_a_run_that_was_given_up_before_its_start_is_refused(parts: Parts, runs: Runs, status: str) -> None:
    run_id = create(parts)
    parts.look()
    parts.robot.runs[run_id]["status"] = status
    parts.look(3)
    with pytest.raises(ParameterInvalid, match="given up before it was started") as refused:
        runs.run_protocol(WANTED, cancelled=Cancellation())
    assert refused.value.moved is Movement.NONE


def test_a_run_that_the_robot_has_lost_counts_as_started(parts: Parts, runs: Runs) -> None:
    run_id = create(parts)
    play(parts, run_id)
    parts.look()
    parts.registry._trackers.clear()  # the next process of this server
    parts.registry.lose(run_id)
    del parts.robot.runs[run_id]
    parts.look()
    with pytest.raises(RobotRestarted):
        runs.run_protocol(WANTED, cancelled=Cancellation())


def test_a_run_that_neither_robot_nor_archive_knows_is_not_made_again(parts: Parts, runs: Runs) -> None:
    del parts.robot.runs[create(parts)]
    with pytest.raises(OutcomeUnknown, match="neither on the robot nor in the archive"):
        runs.run_protocol(WANTED, cancelled=Cancellation())
    assert parts.robot.count("POST /runs") == 1


def test_a_key_of_a_request_that_another_version_has_sent_is_used_up(parts: Parts, keys: RequestKeys) -> None:
    journal = Journal(parts.engine)
    journal.close(journal.open("create_run", '{"kind": "create_run", "request_key": "key"}'), RequestOutcome.DONE)
    with pytest.raises(OutcomeUnknown, match="another version"):
        run_of(keys)
