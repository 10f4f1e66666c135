"""What is left of a run: its log is compared with its analysis, and nothing is listed that is not known."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.worklists.later_use import LaterUse
from sila_ot2.driver.worklists.rest_of_run import MOST_TEXT, RestsOfRuns, RunRest
from sila_ot2.driver.worklists.worklist import read
from sila_ot2.errors import RunNotFound, WorklistInvalid
from sila_ot2.robot import wire
from sila_ot2.store.deck_use import DeckUse
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now
from tests.fakes.deck_run import DeckRun

START = RunStart(
    run_id="run", origin="ThisServer", purpose="protocol", created_at=utc_now(), protocol_identifier="p",
    parameter_values={"volume": 20},
)  # fmt: skip
DECK = 5
"""Commands that load the deck."""


class AnalysisInMemory:
    """The analysis that is kept of the protocol."""

    def __init__(self, analysis: wire.Analysis | None) -> None:
        self.analysis = analysis
        self.asked_before: datetime | None = None

    def kept(self, identifier: str, parameters: Parameters, *, before: datetime) -> wire.Analysis | None:
        self.asked_before = before
        return self.analysis if (identifier, parameters) == ("p", Parameters({"volume": "20"})) else None


class Later:
    """What was carried out since the run has ended."""

    def __init__(self) -> None:
        self.uses: list[LaterUse] = []

    def since(self, record: RunRecord) -> list[LaterUse]:
        return self.uses


@pytest.fixture
def protocol(engine: Engine) -> DeckRun:
    run = DeckRun(TipStock(TipRackStore(engine)))
    for number in (1, 2):
        run.fresh(place=f"rack.A{number}")
        run.at("aspirate", "reservoir.A1", 30)
        run.at("dispense", f"plate.A{number}", 30)
        run.did("dropTipInPlace")
    return run


class Archive:
    """The archive with one run that has ended as its tests say."""

    def __init__(self, engine: Engine, directory: Path, protocol: DeckRun) -> None:
        self.archive = RunArchive(engine, directory, keep=10)
        self.kept = AnalysisInMemory(protocol.analysis())
        self.later = Later()
        self.rests = RestsOfRuns(self.archive, self.kept, self.later)  # type: ignore[arg-type]
        self._protocol = protocol

    def ended(self, statuses: str, result: str = "Failed", use: DeckUse | None = None, **record: Any) -> RunRest:
        """Return what is left after a run whose commands ended like this: s, f, or q for those that were not begun."""
        start = record.pop("start", START)
        self.archive.begin(start)
        counts: Counter[str] = Counter()
        for command, status in zip(self._protocol.commands, "s" * DECK + statuses, strict=False):
            begun = utc_now() if status != "q" else None
            ended = command.model_copy(
                update={"status": "succeeded" if status == "s" else "failed", "started_at": begun, "result": None}
            )
            self.log(start.run_id, ended)
            counts[{"s": "succeeded_commands", "f": "failed_commands", "q": "skipped_commands"}[status]] += 1
        known = RunRecord(
            start=start, result=result, started_at=utc_now(), completed_at=utc_now(), seen_ended_at=utc_now(),
            **{**counts, **record},
        )  # fmt: skip
        self.archive.end(known, use=use or DeckUse())
        return self.rests.rest_of_run(start.run_id)

    def log(self, run_id: str, command: wire.Command) -> None:
        self.archive.append(run_id, [command.model_dump_json(by_alias=True, exclude_unset=True)])


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, protocol: DeckRun) -> Archive:
    return Archive(engine, tmp_path, protocol)


def numbers(left: RunRest) -> list[int]:
    return [int(row["Number"]) for row in csv.DictReader(io.StringIO(left.not_begun, newline=""))]


@pytest.mark.parametrize("queued", ["", "qqqqq"], ids=["python", "json"])
def test_what_failed_is_in_doubt_and_what_follows_is_listed(archive: Archive, queued: str) -> None:
    left = archive.ended("ssf" + queued)
    report = left.details
    assert (left.run_id, left.outcome) == ("run", "Failed")
    counts = [report[name] for name in ("commands", "commands_done", "commands_not_begun")]
    assert counts == [DECK + 8, DECK + 2, 5]
    assert [(each["number"], each["command_type"], each["well"], each["volume_ul"]) for each in report["in_doubt"]] == [
        (DECK + 3, "dispense", "A1", 30)
    ]
    assert numbers(left) == [9, 10, 11, 12, 13]
    assert left.not_begun.splitlines()[2:4] == [
        "10,pickUpTip,Pick up a tip from A2 of its labware,left,,1,A2,",
        "11,aspirate,Aspirate 30 µL from A1 of its labware,left,,4,A1,30",
    ]


def test_a_list_that_is_not_a_worklist(archive: Archive) -> None:
    with pytest.raises(WorklistInvalid):
        read(archive.ended("ssf").not_begun.encode(), "csv")


def test_each_command_is_done_in_doubt_or_listed(archive: Archive) -> None:
    for length in range(9):
        run_id = f"run-{length}"
        left = archive.ended("s" * (length - 1) + "f" * bool(length), start=START.model_copy(update={"run_id": run_id}))
        doubtful = [each["number"] for each in left.details["in_doubt"]]
        done = list(range(1, left.details["commands_done"] + 1))
        assert done + doubtful + numbers(left) == list(range(1, DECK + 9))


def test_runs_since_then_are_reported(archive: Archive) -> None:
    untouched = archive.ended("ssf")
    archive.later.uses = [LaterUse("The worklist other has used tips or wells.", utc_now(), True, "other")]
    left = archive.rests.rest_of_run("run")
    assert (untouched.later, left.later) == ([], archive.later.uses)
    (reported,) = left.details["carried_out_since"]
    assert (reported["run_id"], reported["is_certain"]) == ("other", True)
    assert left.not_begun == untouched.not_begun, "who reads the list decides"


def test_nothing_is_left_of_a_run_that_succeeded(archive: Archive) -> None:
    left = archive.ended("s" * 8, "Succeeded")
    assert (left.not_begun, left.details["in_doubt"], left.details["commands_done"]) == ("", [], DECK + 8)


@pytest.mark.parametrize(
    ("expected", "record"),
    [
        ("Not all is known", {"restarted": True}),
        ("Not all is known", {"use": DeckUse(is_complete=False)}),
        ("Not all is known", {"succeeded_commands": DECK + 1}),
        ("Not all is known", {"failed_commands": 1}),
        ("The run was a worklist", {"start": START.model_copy(update={"purpose": "worklist"})}),
        ("No analysis", {"start": START.model_copy(update={"parameter_values": {"volume": 21}})}),
        ("The run succeeded with fewer commands", {"result": "Succeeded"}),
    ],
)
def test_nothing_is_listed_if_it_is_not_known_what_the_run_did(
    archive: Archive, expected: str, record: dict[str, Any]
) -> None:
    left = archive.ended("", **record)
    assert (left.not_begun, left.details["unknown"][: len(expected)]) == ("", expected)


@pytest.mark.parametrize(
    "faulty", [{"result": "not-ok"}, {"errors": [{"id": "e", "errorType": "E", "detail": "No tip."}]}], ids=str
)
def test_nothing_is_listed_if_the_analysis_may_lack_commands(archive: Archive, faulty: dict[str, Any]) -> None:
    assert archive.kept.analysis is not None
    document = archive.kept.analysis.model_dump(by_alias=True)
    document["commands"] = document["commands"][: DECK + 2]
    archive.kept.analysis = wire.Analysis.model_validate({**document, **faulty})
    left = archive.ended("ss")
    assert "may lack commands" in left.details.get("unknown", "")
    assert "commands_not_begun" not in left.details


def test_the_analysis_is_to_be_of_before_the_run(archive: Archive) -> None:
    archive.ended("ssf")
    assert archive.kept.asked_before == archive.archive.first_seen_at("run")


def test_a_long_text_is_cut(archive: Archive) -> None:
    assert archive.kept.analysis is not None
    *others, last = archive.kept.analysis.commands
    long = last.model_copy(update={"command_type": "comment", "params": {"message": "x" * 1000}})
    archive.kept.analysis = archive.kept.analysis.model_copy(update={"commands": (*others, long)})
    (*_, row) = csv.DictReader(io.StringIO(archive.ended("ssf").not_begun, newline=""))
    assert (len(row["Text"]), row["Text"][-2:]) == (MOST_TEXT, "x…")


def test_a_run_that_did_something_else_than_its_analysis_has_no_rest(archive: Archive, protocol: DeckRun) -> None:
    protocol.commands[DECK + 1] = protocol.commands[DECK + 1].model_copy(
        update={"params": {**protocol.commands[DECK + 1].params, "volume": 31}}
    )
    left = archive.ended("ss")
    assert left.details["unknown"] == f"The run did something else than its analysis says from command {DECK + 2} on."


def test_a_run_with_other_labware_has_no_rest(archive: Archive, protocol: DeckRun) -> None:
    other = protocol.commands[DECK + 5]
    protocol.commands[DECK + 5] = other.model_copy(update={"params": {**other.params, "labwareId": "another"}})
    left = archive.ended("ssssss")
    assert left.details["unknown"] == f"The run did something else than its analysis says from command {DECK + 6} on."


def test_labware_that_a_client_added_is_reported_and_does_not_count_for_the_protocol(
    archive: Archive, protocol: DeckRun
) -> None:
    added = protocol.commands[DECK + 3].model_copy(update={"intent": "setup"})
    protocol.commands.insert(DECK + 3, added)
    left = archive.ended("ssssf")
    assert [each["command_type"] for each in left.details["added_commands"]] == ["dropTipInPlace"]
    assert ([each["number"] for each in left.details["in_doubt"]], numbers(left)) == ([9], [10, 11, 12, 13])


def test_runs_that_are_not_known_to_have_ended_or_not_known_at_all(archive: Archive) -> None:
    archive.archive.begin(START)
    left = archive.rests.rest_of_run("run")
    assert (left.outcome, left.details["unknown"]) == ("NotEnded", "The run is not known to have ended.")
    assert left.not_begun == ""
    with pytest.raises(RunNotFound):
        archive.rests.rest_of_run("another")
