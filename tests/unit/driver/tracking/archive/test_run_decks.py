"""The deck before and after each run: which is kept, and for how long."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.tracking.archive.run_decks import DecksOfRuns
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.run_decks import RunDecks
from sila_ot2.times import utc_now
from tests.fakes.parts import Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command

PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
RACK = "opentrons/opentrons_96_tiprack_300ul/1"


class FollowedDeck:
    """A server's parts, with a deck that follows the robot's current run."""

    def __init__(self, state: Path) -> None:
        self.parts: Parts = parts_of(RobotInMemory(), state)
        self.robot = self.parts.robot
        self.deck = KnownDeck(DeckSlotStore(self.parts.engine), self.parts.stock, self.parts.handovers)
        self.decks = DecksOfRuns(self.parts.registry, self.parts.archive.decks, self.deck)
        self.parts.monitor.on_run.subscribe(self.follow)

    def follow(self, run: wire.Run | None) -> None:
        if run is not None:
            self.deck.follow_run(run, "Run")
            self.decks.follow(run)

    def end(self, run_id: str) -> None:
        self.robot.runs[run_id]["status"] = "succeeded"
        self.parts.look(2)

    def kept(self, run_id: str) -> dict[str, Any]:
        return {moment: json.loads(content) for moment, content in self.parts.archive.decks.of(run_id)}


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[FollowedDeck]:
    followed = FollowedDeck(tmp_path)
    yield followed
    followed.parts.close()


def load(followed: FollowedDeck, run_id: str, slot: str) -> None:
    load_name = PLATE.split("/")[1]
    followed.robot.runs[run_id]["labware"] = [
        {"id": "one", "loadName": load_name, "definitionUri": PLATE, "location": {"slotName": slot}}
    ]


def test_the_deck_before_a_run_and_after_it_are_kept(followed: FollowedDeck) -> None:
    followed.deck.declare([slot_of("1", RACK, now=utc_now())])
    run_id = followed.robot.add_run("running")
    load(followed, run_id, "2")
    followed.parts.look(2)
    followed.end(run_id)
    kept = followed.kept(run_id)
    assert {moment: [slot["slot"] for slot in deck["slots"]] for moment, deck in kept.items()} == {
        "before": ["1"],
        "after": ["1", "2"],
    }
    assert kept["after"]["slots"][1]["labware"] == [PLATE]
    followed.deck.declare([slot_of("2", now=utc_now())])
    followed.parts.look()
    assert followed.kept(run_id) == kept, "the robot still lists the run, and the deck has changed since"


def test_tips_and_liquids_are_kept_too(followed: FollowedDeck) -> None:
    followed.deck.declare([slot_of("1", RACK, now=utc_now()), slot_of("2", PLATE, now=utc_now())])
    followed.parts.stock.reset("1", RACK)
    followed.parts.stock.mark("1", ["A1"], "Used")
    followed.deck.declare_liquid("2", ["A1"], [50.5], "water")
    followed.parts.look()
    run_id = followed.robot.add_run("running")
    followed.parts.look()
    before = followed.kept(run_id)["before"]
    (rack,) = before["tip_racks"]
    assert (rack["slot"], rack["places"]["A1"], rack["places"]["B1"]) == ("1", "Used", "Free")
    (held,) = before["liquids"]
    assert (held["slot"], held["wells"]) == (
        "2",
        {"A1": {"volume_ul": 50.5, "liquids": ["water"], "stated": True}},
    )


def test_of_a_run_that_had_ended_when_it_was_seen_no_deck_is_kept(followed: FollowedDeck) -> None:
    run_id = followed.robot.add_run("succeeded")
    followed.parts.look(3)
    assert followed.parts.archive.record(run_id) is not None
    assert followed.kept(run_id) == {}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_run_is_followed_though_its_deck_cannot_be_kept(
    followed: FollowedDeck, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(error, "no")

    monkeypatch.setattr("sila_ot2.store.run_decks.private_folder", refuse)
    run_id = followed.robot.add_run("running")
    followed.parts.look(2)
    followed.end(run_id)
    assert followed.parts.archive.record(run_id) is not None
    run = followed.parts.monitor.state.value.run
    assert run is not None
    assert run.status is RunStatus.SUCCEEDED


def test_the_deck_after_a_run_is_kept_once_all_of_its_commands_were_followed(followed: FollowedDeck) -> None:
    run_id = followed.robot.add_run("running")
    followed.parts.look()
    followed.robot.commands[run_id] = [command("comment", number, message="") for number in range(1200)]
    followed.robot.runs[run_id]["status"] = "succeeded"
    followed.parts.look()
    assert not followed.parts.registry.is_archived(run_id)
    assert "after" not in followed.kept(run_id)
    followed.parts.look(3)
    assert followed.parts.registry.is_archived(run_id)
    assert "after" in followed.kept(run_id)


def test_a_deck_is_kept_as_long_as_the_record_of_its_run(tmp_path: Path) -> None:
    decks = RunDecks(tmp_path)
    decks.keep("run", "before", b"1")
    decks.keep("run", "before", b"2")
    decks.keep("other", "before", b"3")
    assert list(decks.of("run")) == [("before", b"1")]
    decks.forget("run")
    assert not list(decks.of("run"))
    assert list(decks.of("other")) == [("before", b"3")]
