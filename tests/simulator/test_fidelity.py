"""Case by case against the recordings of a real robot-server 8.1.0."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator import justified
from tests.simulator.fidelity import REPORT, replay_everything, report
from tests.simulator.replaying import Outcomes, recordings
from tests.simulator.simulated_robot import SimulatorUnderTest

ALLOWED_SHARE_WITHOUT_FULL_MATCH = 0.05


@pytest.fixture(scope="module")
def outcomes(start_robots: Callable[..., SimulatorUnderTest], tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return replay_everything(start_robots, tmp_path_factory.mktemp("state"))


@pytest.mark.timeout(900)
def test_every_recorded_case_is_replayed(outcomes: Outcomes) -> None:
    assert set(outcomes.differences) | set(justified.NOT_APPLICABLE) == set(recordings())


def test_every_case_matches_in_full_or_has_a_reason(outcomes: Outcomes) -> None:
    unexplained = {
        case: [str(difference) for difference in differences]
        for case, differences in outcomes.differences.items()
        if differences and case not in justified.CHANGED
    }
    assert unexplained == {}


def test_no_reason_is_out_of_date(outcomes: Outcomes) -> None:
    assert [case for case in justified.CHANGED if not outcomes.differences[case]] == []


def test_few_cases_are_without_a_full_match(outcomes: Outcomes) -> None:
    applicable = len(recordings()) - len(justified.NOT_APPLICABLE)
    without = sum(bool(differences) for differences in outcomes.differences.values())
    assert without / applicable <= ALLOWED_SHARE_WITHOUT_FULL_MATCH


def test_report_is_in_sync(outcomes: Outcomes) -> None:
    assert REPORT.read_text(encoding="utf-8") == report(outcomes), "rewrite it: python -m tests.simulator.fidelity"
