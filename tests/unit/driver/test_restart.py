"""Restarting the robot: never under anybody's hands or tips, asked for once, and believed when the robot says it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.maintenance.restart import LONGEST_S, RobotRestart
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import AppOwner, ForeignOwner, NoOwner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.requests.request_log import LookUps
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    ModuleBusy,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotFaulty,
    RobotRejected,
    RobotUnreachable,
    RunStillActive,
    SafetyStopActive,
    SessionActive,
    UnsupportedByRobot,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.times import utc_now
from tests.fakes.clock import PassingCancellation, PassingClock

OFFERED = {"buildrootUpdate": "/server/update/begin", "restart": "/server/restart"}
INTERNAL = {"errors": [{"id": "UnexpectedError", "title": "x", "detail": "broken"}]}


class Bench:
    """A robot that can restart: away for 20 s after it was asked, and read by the monitor 10 s after it is back."""

    def __init__(self) -> None:
        self.clock = PassingClock()
        self.asked_at: list[float] = []
        self.answer: Any = httpx.Response(200, json={"message": "Restarting in 1s"})
        self.does_it = True
        self.comes_back = True
        self.boots = 1
        self.capabilities = OFFERED
        self.owner: Any = NoOwner()
        self.door = "closed"
        self.refusals: dict[str, OT2Fault] = {}
        self.starts_seen = 0
        self.reports: list[float] = []
        self._back_at: float | None = None
        self._read_at = utc_now()

    def restart(self, cancelled_at: float | None = None) -> None:
        client = RobotClient("http://robot", transport=httpx.MockTransport(self._serve), release=release_of("8.1.0"))
        given = cast(Any, self)
        RobotRestart(
            client,
            cast(Any, SimpleNamespace(refresh=lambda: self.owner)),
            cast(Any, SimpleNamespace(state=given, wake=lambda: None, on_start_of_robot=[self._note_start])),
            cast(Any, SimpleNamespace(examine=lambda: self._check("ended"))),
            cast(Any, SimpleNamespace(require_none=lambda: self._check("tips"))),
            cast(Any, SimpleNamespace(require_released=lambda: self._check("stop"))),
            lambda: self._check("profiles"),
            look_ups=LookUps(every_s=1.0, certain_after_s=30.0),
            monotonic=self.clock,
        ).restart(
            cancelled=PassingCancellation(self.clock, cancelled_at=cancelled_at),
            report=lambda **report: self.reports.append(report["progress"]),
        )

    @property
    def value(self) -> Any:
        """The state of the monitor: it has read the robot some time after that was back."""
        if self._back_at is not None and self.clock.now > self._back_at + 10:
            self._read_at = utc_now()
        return SimpleNamespace(reachable=not self._is_away, read_at=self._read_at)

    @property
    def _is_away(self) -> bool:
        return self._back_at is not None and self.clock.now < self._back_at

    def _note_start(self) -> None:
        self.starts_seen += 1

    def _check(self, what: str) -> None:
        if what in self.refusals:
            raise self.refusals[what]

    def _serve(self, request: httpx.Request) -> httpx.Response:
        if self._is_away or not self.comes_back and self.asked_at:
            raise httpx.ConnectError("connection refused")
        if request.url.path == "/robot/door/status":
            status = {"status": self.door, "doorRequiredClosedForProtocol": True}
            return httpx.Response(200, json={"data": status})
        if request.url.path == "/server/update/health":
            name = f"boot {self.boots}"
            return httpx.Response(200, json={"bootId": name, "capabilities": self.capabilities, "name": "ot2"})
        assert (request.method, request.url.path) == ("POST", "/server/restart")
        self.asked_at.append(self.clock.now)
        if self.does_it:
            self.boots += 1
            self._back_at = self.clock.now + 20
        if isinstance(self.answer, Exception):
            raise self.answer
        return cast(httpx.Response, self.answer)


@pytest.fixture
def bench() -> Bench:
    return Bench()


ANSWERS = [
    httpx.Response(200, json={"message": "Restarting in 1s"}),
    httpx.Response(200, json={"surprise": True}),
    httpx.Response(500, json=INTERNAL),
    httpx.Response(502, text="<html>Bad Gateway</html>"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("connection reset"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_robot_has_restarted_when_its_start_has_another_name(bench: Bench, answer: Any) -> None:
    bench.answer = answer
    bench.restart()
    assert len(bench.asked_at) == 1
    assert bench.clock.now >= bench.asked_at[0] + 30  # the monitor has read it
    assert bench.starts_seen == 1
    assert bench.reports == sorted(bench.reports)
    assert all(0 <= progress < 1 for progress in bench.reports)


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_robot_that_does_not_restart_is_not_asked_again(bench: Bench, answer: Any) -> None:
    bench.answer, bench.does_it = answer, False
    accepted = isinstance(answer, httpx.Response) and answer.status_code == 200
    with pytest.raises(RobotFaulty if accepted else OutcomeUnknown, match="had not restarted 3"):
        bench.restart()
    assert len(bench.asked_at) == 1
    assert bench.starts_seen == 0


def test_what_certainly_had_no_effect_is_said_at_once(bench: Bench) -> None:
    bench.does_it = False
    for answer, fault in (
        (httpx.ConnectError("refused"), RobotUnreachable),
        (httpx.Response(409, json={"message": "not now"}), RobotRejected),
    ):
        bench.answer, bench.asked_at = answer, []
        begun_at = bench.clock.now
        with pytest.raises(fault):
            bench.restart()
        assert (len(bench.asked_at), bench.clock.now) == (1, begun_at)


def test_a_robot_that_does_not_come_back_is_not_waited_for_without_end(bench: Bench) -> None:
    bench.comes_back = False
    with pytest.raises(RobotUnreachable, match="not back after"):
        bench.restart()
    assert bench.clock.now - bench.asked_at[0] == pytest.approx(LONGEST_S, abs=5)


def test_a_robot_that_offers_no_restart_is_asked_for_none(bench: Bench) -> None:
    bench.capabilities = {"buildrootUpdate": "/server/update/begin"}
    with pytest.raises(UnsupportedByRobot, match="Opentrons App"):
        bench.restart()
    assert bench.asked_at == []


def test_cancel_before_and_after_the_request(bench: Bench) -> None:
    with pytest.raises(CommandCancelled, match="was not asked") as early:
        bench.restart(cancelled_at=0.0)
    assert (bench.asked_at, early.value.moved) == ([], Movement.NONE)
    with pytest.raises(CommandCancelled, match="may home") as late:
        bench.restart(cancelled_at=bench.clock.now + 5)
    assert (len(bench.asked_at), late.value.moved) == (1, Movement.UNKNOWN)


@pytest.mark.parametrize(
    ("owner", "fault"),
    [
        (ForeignOwner("r", "running"), RobotBusy),
        (ForeignOwner("r", "idle"), RobotBusy),  # a session of single commands may hold a tip
        (RunOwner("r", "paused"), RunStillActive),
        (RunOwner("r", "idle"), RunStillActive),
        (SessionOwner("r"), SessionActive),
        (AppOwner(AppWork("maintenance run", "m"), NoOwner()), RobotBusy),
        (UnknownOwner("a stop of run r"), OutcomeUnknown),
    ],
)
def test_nobody_loses_the_robot(bench: Bench, owner: Any, fault: type[Exception]) -> None:
    bench.owner = owner
    with pytest.raises(fault):
        bench.restart()
    assert bench.asked_at == []


@pytest.mark.parametrize(
    ("where", "refusal"),
    [
        ("stop", SafetyStopActive("latched")),
        ("tips", NotReconciled("a tip in doubt")),
        ("profiles", ModuleBusy("a profile runs")),
        ("ended", RobotUnreachable("silent")),
    ],
)
def test_a_robot_that_is_not_at_rest_is_left_alone(bench: Bench, where: str, refusal: OT2Fault) -> None:
    bench.refusals[where] = refusal
    with pytest.raises(type(refusal)):
        bench.restart()
    assert bench.asked_at == []


def test_the_robot_does_not_home_behind_an_open_door(bench: Bench) -> None:
    bench.door = "open"
    with pytest.raises(DoorOpen):
        bench.restart()
    assert bench.asked_at == []
