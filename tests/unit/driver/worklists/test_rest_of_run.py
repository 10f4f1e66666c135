"""What is left of a run: its log is compared with its analysis, and what is not known is not proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.known_labware import KnownLabware
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.tracking.tip_stock import TipStock
from sila_ot2.driver.worklists.later_use import LaterUse
from sila_ot2.driver.worklists.rest_of_run import RestsOfRuns, RunRest
from sila_ot2.errors import RunNotFound
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


class Kept:
    """The analysis that is kept of the protocol."""

    def __init__(self, analysis: wire.Analysis | None) -> None:
        self.analysis = analysis

    def kept(self, identifier: str, parameters: Parameters) -> wire.Analysis | None:
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
        self.kept = Kept(protocol.analysis())
        self.later = Later()
        self.rests = RestsOfRuns(self.archive, self.kept, KnownLabware(), self.later)  # type: ignore[arg-type]
        self._protocol = protocol

    def ended(self, statuses: str, result: str = "Failed", use: DeckUse | None = None, **record: Any) -> RunRest:
        """Return what is left after a run whose commands ended like this: s, f, or q for those that were not begun."""
        start = record.pop("start", START)
        self.archive.begin(start)
        for command, status in zip(self._protocol.commands, "s" * DECK + statuses, strict=False):
            begun = utc_now() if status != "q" else None
            ended = command.model_copy(
                update={"status": "succeeded" if status == "s" else "failed", "started_at": begun, "result": None}
            )
            self.archive.append("run", [ended.model_dump_json(by_alias=True, exclude_unset=True)])
        known = RunRecord(
            start=start, result=result, started_at=utc_now(), completed_at=utc_now(), seen_ended_at=utc_now(), **record
        )
        self.archive.end(known, use=use or DeckUse())
        return self.rests.rest_of_run("run", 1)


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, protocol: DeckRun) -> Archive:
    return Archive(engine, tmp_path, protocol)


@pytest.mark.parametrize("queued", ["", "qqqqq"], ids=["python", "json"])
def test_what_failed_is_in_doubt_and_what_follows_is_left(archive: Archive, queued: str) -> None:
    left = archive.ended("ssf" + queued)
    report = left.details
    assert (left.run_id, left.outcome) == ("run", "Failed")
    assert [report[name] for name in ("commands", "commands_done", "commands_begun")] == [DECK + 8, DECK + 2, DECK + 3]
    assert report["in_doubt"] == [
        {"number": 8, "command": "dispense", "text": "Dispense 30 µL into A1 of its labware", "well": "A1",
         "volume_ul": 30},
    ]  # fmt: skip
    assert (report["left_out"], report["not_in_worklist"], report["worklist_ends_before"]) == ([], [], 0)
    steps = [line.split(",")[0] for line in left.worklist.splitlines()]
    assert steps == ["Command", "PickUpTip", "Aspirate", "Dispense", "DropTip"]
    assert report["new_tips_picked_up"] == 1
    assert {"slot": "3", "definition_uri": "opentrons/corning_96_wellplate_360ul_flat/2"} in report["labware"]


def test_the_rest_begins_later_if_more_was_done_by_hand(archive: Archive) -> None:
    archive.ended("ssf")
    assert archive.rests.rest_of_run("run", DECK + 9).worklist == ""
    assert archive.rests.rest_of_run("run", 2) == archive.rests.rest_of_run("run", 1), "what was begun is never in it"


def test_what_may_be_done_already_is_kept_back_unless_somebody_has_looked(archive: Archive) -> None:
    untouched = archive.ended("ssf")
    archive.later.uses = [LaterUse("The worklist other has used tips or wells.", utc_now(), True, "other")]
    kept_back, again = archive.rests.rest_of_run("run", 1), archive.rests.rest_of_run("run", 1, again=True)
    assert (kept_back.worklist, again.worklist) == ("", untouched.worklist)
    assert kept_back.later == again.later == archive.later.uses
    (reported,) = kept_back.details["carried_out_since"]
    assert (reported["run_id"], reported["is_certain"]) == ("other", True)
    assert kept_back.details["commands_done"] == untouched.details["commands_done"]


def test_nothing_is_left_of_a_run_that_succeeded(archive: Archive) -> None:
    left = archive.ended("s" * 8, "Succeeded")
    assert (left.worklist, left.details["in_doubt"], left.details["commands_done"]) == ("", [], DECK + 8)


def test_what_is_not_known_is_not_proposed(archive: Archive) -> None:
    for expected, record in {
        "Not all is known": {"restarted": True},
        "Not all is known that": {"use": DeckUse(is_complete=False)},
        "The run was a worklist": {"start": START.model_copy(update={"purpose": "worklist"})},
        "No analysis": {"start": START.model_copy(update={"parameter_values": {"volume": 21}})},
    }.items():
        left = archive.ended("", **record)  # type: ignore[arg-type]
        assert (left.worklist, left.details["unknown"][: len(expected)]) == ("", expected)


def test_a_run_that_did_something_else_than_its_analysis_has_no_rest(archive: Archive, protocol: DeckRun) -> None:
    protocol.commands[DECK + 1] = protocol.commands[DECK + 1].model_copy(
        update={"params": {**protocol.commands[DECK + 1].params, "volume": 31}}
    )
    left = archive.ended("ss")
    assert left.details["unknown"] == f"The run did something else than its analysis says from command {DECK + 2} on."


def test_runs_that_have_not_ended_or_are_not_known(archive: Archive) -> None:
    archive.archive.begin(START)
    assert archive.rests.rest_of_run("run", 1) == ("run", "NotEnded", {"run": "run", "outcome": "NotEnded"}, "", ())
    with pytest.raises(RunNotFound):
        archive.rests.rest_of_run("another", 1)
