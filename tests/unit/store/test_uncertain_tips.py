"""Doubts and examined runs outlive the process; what is noted does not grow without end."""

from __future__ import annotations

from sqlalchemy import Engine

from sila_ot2.store.uncertain_tips import BEGUN, RUNS_KEPT, UncertainTip, UncertainTipStore
from sila_ot2.times import utc_now


def test_first_reason_stands_and_is_there_for_the_next_process(engine: Engine) -> None:
    UncertainTipStore(engine).add(UncertainTip(mount="left", reason="a stop", since=utc_now()))
    UncertainTipStore(engine).add(UncertainTip(mount="left", reason="a restart", since=utc_now()))
    store = UncertainTipStore(engine)
    assert [(doubt.mount, doubt.reason) for doubt in store.tips().values()] == [("left", "a stop")]
    store.remove("left")
    store.remove("right")
    assert store.tips() == {}


def test_examined_run_stays_examined(engine: Engine) -> None:
    store = UncertainTipStore(engine)
    store.note_runs(["a", "b"], examined=False)
    store.note_runs(["b"], examined=True)
    store.note_runs(["b"], examined=False)
    assert store.runs() == {"a": False, "b": True}


def test_oldest_examined_runs_are_forgotten(engine: Engine) -> None:
    store = UncertainTipStore(engine)
    store.note_runs([BEGUN], examined=True)
    store.note_runs(["open"], examined=False)
    store.note_runs(map(str, range(RUNS_KEPT + 9)), examined=True)
    store.note_runs([str(RUNS_KEPT + 9)], examined=True)
    kept = store.runs()
    assert len(kept) == RUNS_KEPT + 2
    assert {BEGUN, "open", str(RUNS_KEPT + 9)} <= set(kept)
    assert "0" not in kept
