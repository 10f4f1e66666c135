"""Initialize and Reset: in which order things are checked, ended and homed, and what is left when one refuses."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.maintenance import initialization
from sila_ot2.driver.maintenance.initialization import Initialization
from sila_ot2.driver.runs.start_permission import Policy
from sila_ot2.driver.session.session_state import Opened, Phase, refuse_if
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    Movement,
    NotReconciled,
    OT2Fault,
    RobotUnreachable,
    RunNotFound,
    RunStillActive,
    SafetyStopActive,
)

NOBODY = RunNotFound("nothing holds it")


class InitializationParts:
    """Everything Initialization uses; each call is noted, and may be made to fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        self.faults: dict[str, OT2Fault] = {"release": NOBODY}
        self.phase: Phase | None = None
        self.homed_by_opening = True
        self.on_open: Callable[[], object] = lambda: None
        given: Any = self
        monkeypatch.setattr(initialization, "read_for_start", lambda *_, **__: None)
        monkeypatch.setattr(initialization, "machine_obstacles", lambda *_: ())
        monkeypatch.setattr(initialization, "refuse", lambda _: self.note("ready"))
        session: Any = SimpleNamespace(
            state=SimpleNamespace(),
            close=self.close,
            open=self.open,
            perform=lambda name, *_, **__: self.note(f"perform {name}"),
        )
        session.state = type("State", (), {"value": property(lambda _: given.session_state)})()
        reconciliation: Any = SimpleNamespace(
            settle=lambda tips, *, confirmed, cancelled: self.note(f"reconcile {confirmed}")
        )
        release: Any = SimpleNamespace(release=lambda *, holds_turn, cancelled: self.note("release"))
        stop: Any = SimpleNamespace(
            latches=1,
            require_released=lambda: self.note("stop?"),
            release_unless_repeated=lambda latches: self.note(f"release stop {latches}"),
        )
        tips: Any = SimpleNamespace(require_none=lambda: self.note("tips?"))
        policy = Policy(displace_idle_runs=False, require_calibration=False)
        self.initialization = Initialization(given, session, reconciliation, release, stop, tips, policy=policy)

    @property
    def session_state(self) -> Any:
        return None if self.phase is None else SimpleNamespace(phase=self.phase)

    def open(self, *, cancelled: Cancellation) -> Opened:
        self.note("open")
        self.on_open()
        return Opened("run", self.homed_by_opening)

    def close(self, *, cancelled: Cancellation) -> None:
        refuse_if(cancelled, "the session stays open")
        self.note("close")

    def note(self, call: str) -> None:
        self.calls.append(call)
        if (fault := self.faults.get(call)) is not None:
            raise fault


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> InitializationParts:
    return InitializationParts(monkeypatch)


@pytest.mark.parametrize(
    ("phase", "moves"),
    [(None, ["open", "close"]), (Phase.LOST, ["open", "close"]), (Phase.READY, ["perform Initialize"])],
)
def test_everything_is_checked_before_it_is_homed(
    parts: InitializationParts, phase: Phase | None, moves: list[str]
) -> None:
    parts.phase = phase
    parts.initialization.initialize(cancelled=Cancellation())
    assert parts.calls == ["stop?", "tips?", "ready", *moves]


@pytest.mark.parametrize(
    ("check", "fault"),
    [("stop?", SafetyStopActive("latched")), ("tips?", NotReconciled("a tip")), ("ready", DoorOpen("open"))],
)
def test_nothing_moves_if_a_check_refuses(parts: InitializationParts, check: str, fault: OT2Fault) -> None:
    parts.faults[check] = fault
    with pytest.raises(type(fault)):
        parts.initialization.initialize(cancelled=Cancellation())
    assert not {"open", "perform Initialize"} & set(parts.calls)


def test_cancelled_after_homing_it_says_so_and_leaves_no_session(parts: InitializationParts) -> None:
    cancelled = Cancellation()
    parts.on_open = cancelled.set
    with pytest.raises(CommandCancelled, match="homed") as raised:
        parts.initialization.initialize(cancelled=cancelled)
    assert raised.value.moved is Movement.SOME
    assert parts.calls[-2:] == ["open", "close"]


def test_a_fault_after_homing_says_that_the_robot_has_moved(parts: InitializationParts) -> None:
    parts.faults["close"] = RobotUnreachable("silent", moved=Movement.NONE)
    with pytest.raises(RobotUnreachable) as raised:
        parts.initialization.initialize(cancelled=Cancellation())
    assert raised.value.moved is Movement.SOME


def test_a_session_that_is_taken_up_only_now_is_homed_and_stays_open(parts: InitializationParts) -> None:
    parts.homed_by_opening = False
    parts.initialization.initialize(cancelled=Cancellation())
    assert parts.calls[-2:] == ["open", "perform Initialize"]


def test_reset_ends_what_is_left_and_then_initializes(parts: InitializationParts) -> None:
    parts.initialization.reset(cancelled=Cancellation())
    ended = ["reconcile False", "close", "release", "release stop 1"]
    assert parts.calls == [*ended, "stop?", "tips?", "ready", "open", "close"]


@pytest.mark.parametrize("step", ["reconcile False", "close", "release"])
def test_the_stop_stays_latched_if_reset_refuses(parts: InitializationParts, step: str) -> None:
    parts.faults[step] = RunStillActive("a run is active", "Repeat with Force.")
    with pytest.raises(RunStillActive) as refused:
        parts.initialization.reset(cancelled=Cancellation())
    assert "release stop 1" not in parts.calls
    if step == "release":
        assert "ReleaseRun with Force" in refused.value.remedy


def test_reset_does_not_home_if_the_stop_was_latched_again_meanwhile(parts: InitializationParts) -> None:
    parts.faults["release stop 1"] = SafetyStopActive("latched again")
    with pytest.raises(SafetyStopActive):
        parts.initialization.reset(cancelled=Cancellation())
    assert parts.calls[-1] == "release stop 1"
