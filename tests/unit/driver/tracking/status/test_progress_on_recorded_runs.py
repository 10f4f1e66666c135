"""Remaining time on four recorded runs: true within 40 % at half-way the first time, and within 15 % the second.

The runs were recorded from the simulated robot at a real robot's pace. scripts/soak/progress.py does it with twenty
protocols and the whole server.
"""

from __future__ import annotations

import json
from array import array
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.tracking.status.progress import RunClock
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.steps.step_times import FINISH, FINISH_S, finish_s, model_steps
from sila_ot2.robot import wire

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parents[4] / "recordings" / "runs-in-real-time.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
POLL_S = 0.5


class RecordedTimeline:
    """One recorded run, in seconds since its start."""

    def __init__(self, recorded: dict[str, Any]) -> None:
        self.commands = [wire.Command.model_validate(command) for command in recorded["commands"]]
        self._begun = datetime.fromisoformat(recorded["startedAt"].replace("Z", "+00:00"))
        self.ends_s = [self._since(command.completed_at) for command in self.commands]
        self.ended_s = self._since(datetime.fromisoformat(recorded["completedAt"].replace("Z", "+00:00")))

    def _since(self, at: datetime | None) -> float:
        assert at is not None
        return (at - self._begun).total_seconds()

    @property
    def taken_s(self) -> array[float]:
        """How long each step took, with the wait before it."""
        return array("f", (end - begin for begin, end in zip([0.0, *self.ends_s], self.ends_s, strict=False)))

    def reported(self, steps_s: array[float], finish: float, *, learned: bool) -> list[tuple[float, float, float]]:
        """Replay the run; returns time, progress and remaining time of each poll."""
        now_s = 0.0
        clock = RunClock(steps_s + array("f", [finish]), learned=learned, monotonic=lambda: now_s)
        reported = []
        while now_s < self.ended_s:
            completed = sum(end <= now_s for end in self.ends_s)
            status = RunStatus.RUNNING if completed < len(self.commands) else RunStatus.FINISHING
            clock.observe(completed, status)
            assert clock.remaining_s is not None
            reported.append((now_s, clock.progress, clock.remaining_s))
            now_s += POLL_S
        clock.observe(len(self.commands), RunStatus.SUCCEEDED)
        assert clock.remaining_s is not None
        return [*reported, (now_s, clock.progress, clock.remaining_s)]


def error_at_half(timeline: RecordedTimeline, reported: list[tuple[float, float, float]]) -> float:
    half_s = timeline.ended_s / 2
    remaining_s = [remaining_s for at_s, _, remaining_s in reported if at_s <= half_s][-1]
    return abs(remaining_s - half_s) / half_s


@pytest.mark.parametrize("recorded", RECORDED, ids=[recorded["name"] for recorded in RECORDED])
def test_remaining_time(recorded: dict[str, Any]) -> None:
    timeline = RecordedTimeline(recorded)
    first = timeline.reported(model_steps(timeline.commands, {}), finish_s({}), learned=False)
    assert error_at_half(timeline, first) <= 0.40

    paces = {FINISH: (timeline.ended_s - timeline.ends_s[-1]) / FINISH_S}
    again = timeline.reported(timeline.taken_s, finish_s(paces), learned=True)
    assert error_at_half(timeline, again) <= 0.15

    for reported in (first, again):
        assert all(earlier[1] <= later[1] for earlier, later in zip(reported, reported[1:], strict=False))
        assert all(earlier[2] >= later[2] for earlier, later in zip(reported, reported[1:], strict=False))
        assert reported[-1][1:] == (1.0, 0.0)
