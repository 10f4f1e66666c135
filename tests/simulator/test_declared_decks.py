"""A run is refused on a wrong deck and on no right one: generated decks, judged by the engine that runs protocols."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.deck_judges import DeckServer, Judgment, judgments
from tests.simulator.declared_decks import FAULTS

# Opentrons' own code leaves files of definitions open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SEEDS = range(200, 216)
"""Others than the 200 of scripts/judge_decks.py."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[int, Judgment]]]:
    server = DeckServer(Path(tmp_path_factory.mktemp("server")))
    yield [(seed, judgment) for seed in SEEDS for judgment in judgments(server, seed)]
    server.close()


def test_no_wrong_deck_is_missed_and_no_right_one_is_refused(judged: list[tuple[int, Judgment]]) -> None:
    assert [(seed, judgment) for seed, judgment in judged if not judgment.agree] == []


def test_the_decks_are_right_and_wrong_in_many_ways(judged: list[tuple[int, Judgment]]) -> None:
    faults = [judgment.fault for _, judgment in judged]
    assert faults.count("") == len(SEEDS)
    assert len(set(faults) & set(FAULTS)) > len(FAULTS) // 2
    assert {"too few tips", "too little liquid"} < set(faults)
