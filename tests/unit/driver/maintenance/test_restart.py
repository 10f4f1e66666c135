"""Restarting the robot: never under anybody's hands or tips, asked for once, and believed when the robot says it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.maintenance.restart import LONGEST_S, RobotRestart
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    ModuleBusy,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotRejected,
    RobotUnreachable,
    SafetyStopActive,
    UnsupportedByRobot,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.journal import Journal
from sila_ot2.subscribers import Subscribers
from sila_ot2.times import utc_now
from tests.fakes.clock import PassingCancellation, PassingClock
from tests.fakes.database import open_database

OFFERED = {"buildrootUpdate": "/server/update/begin", "restart": "/server/restart"}
INTERNAL = {"errors": [{"id": "UnexpectedError", "title": "x", "detail": "broken"}]}


class RestartingRobot:
    """A robot that can restart: away for 20 s, and read by the monitor 10 s after it is back. A reading takes 1 s."""

    def __init__(self, journal: Journal) -> None:
        self.clock = PassingClock()
        self.asked_at: list[float] = []
        self.answer: Any = httpx.Response(200, json={"message": "Restarting in 1s"})
        self.does_it = True
        self.goes_down_after_s = 0.0
        self.comes_back = True
        self.capabilities = OFFERED
        self.door = "closed"
        self.refusals: dict[str, OT2Fault] = {}
        self.latched_while_asked = False
        self.starts_seen = 0
        self.reports: list[float] = []
        self.open_before_restart: list[tuple[str, ...]] = []
        """What a process that began then would have to look up, each time that the boot ID was asked for meanwhile."""
        self._read_at = utc_now()
        self.journal = journal
        self.robot = RobotClient(
            "http://robot", transport=httpx.MockTransport(self._serve), release=release_of("8.1.0")
        )
        self.look_ups = LookUps(every_s=0.0, certain_after_s=30.0, for_s=60.0)
        self.request_log = RequestLog(
            self.robot,
            journal,
            look_ups=self.look_ups,
            require_released=lambda: self._check("stop"),
            monotonic=self.clock,
        )

    def restart(self, cancelled_at: float | None = None) -> None:
        given = cast(Any, self)
        started: Subscribers[[]] = Subscribers()
        started.subscribe(self._note_start)
        RobotRestart(
            self.robot,
            self.request_log,
            cast(Any, SimpleNamespace(state=given, wake=self._pass, on_start_of_robot=started)),
            cast(Any, SimpleNamespace(require_nobody=lambda: self._check("rest"))),
            lambda: self._check("profiles"),
            look_ups=self.look_ups,
            monotonic=self.clock,
        ).restart(
            cancelled=PassingCancellation(self.clock, cancelled_at=cancelled_at),
            report=lambda **report: self.reports.append(report["progress"]),
        )

    @property
    def value(self) -> Any:
        """The state of the monitor: it has read the robot some time after that was back."""
        if self._has_restarted and self.clock.now > self._down_at + 30:
            self._read_at = utc_now()
        return SimpleNamespace(reachable=not self._is_away, read_at=self._read_at)

    @property
    def _down_at(self) -> float:
        return self.asked_at[0] + self.goes_down_after_s

    @property
    def _has_restarted(self) -> bool:
        return bool(self.asked_at) and self.does_it and self.clock.now >= self._down_at

    @property
    def _is_away(self) -> bool:
        return self._has_restarted and (self.clock.now < self._down_at + 20 or not self.comes_back)

    def _pass(self) -> None:
        self.clock.now += 1

    def _note_start(self) -> None:
        self.starts_seen += 1

    def _check(self, what: str) -> None:
        if what in self.refusals:
            raise self.refusals[what]

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self._pass()
        if self._is_away:
            raise httpx.ConnectError("connection refused")
        if request.url.path == "/robot/door/status":
            status = {"status": self.door, "doorRequiredClosedForProtocol": True}
            return httpx.Response(200, json={"data": status})
        if request.url.path == "/server/update/health":
            if self.latched_while_asked:
                self.refusals["stop"] = SafetyStopActive("latched")
            if self.asked_at and not self._has_restarted:
                self.open_before_restart.append(RequestLog(self.robot, self.journal).unknown)
            name = f"boot {int(self._has_restarted)}"
            return httpx.Response(200, json={"bootId": name, "capabilities": self.capabilities, "name": "ot2"})
        assert (request.method, request.url.path) == ("POST", "/server/restart")
        self.asked_at.append(self.clock.now)
        if isinstance(self.answer, Exception):
            raise self.answer
        return cast(httpx.Response, self.answer)


@pytest.fixture
def restarting(tmp_path: Path) -> RestartingRobot:
    return RestartingRobot(Journal(open_database(tmp_path)))


ANSWERS = [
    httpx.Response(200, json={"message": "Restarting in 1s"}),
    httpx.Response(200, json={"surprise": True}),
    httpx.Response(500, json=INTERNAL),
    httpx.Response(502, text="<html>Bad Gateway</html>"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("connection reset"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_robot_has_restarted_when_its_boot_id_has_changed(restarting: RestartingRobot, answer: Any) -> None:
    restarting.answer = answer
    restarting.restart()
    assert len(restarting.asked_at) == 1
    assert restarting.request_log.unknown == ()
    assert restarting.clock.now >= restarting.asked_at[0] + 30  # the monitor has read it
    assert restarting.starts_seen == 1
    assert restarting.reports == sorted(restarting.reports)
    assert all(0 <= progress < 1 for progress in restarting.reports)


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_restart_that_may_still_come_keeps_everything_else_out(restarting: RestartingRobot, answer: Any) -> None:
    """It would break off whatever moves then, whether the robot has accepted it or its answer was lost."""
    restarting.answer, restarting.goes_down_after_s = answer, 300
    with pytest.raises(OutcomeUnknown, match="may still do so"):
        restarting.restart()
    assert len(restarting.asked_at) == 1
    assert restarting.starts_seen == 0
    assert restarting.request_log.unknown == ("restarting the robot",)
    assert not restarting.request_log.settle_open()
    restarting.clock.now = restarting.asked_at[0] + 330
    assert restarting.request_log.settle_open()


def test_an_accepted_restart_is_looked_up_by_the_next_process(restarting: RestartingRobot) -> None:
    """A driver that ends while it waits for the restart must not let the next one move the robot meanwhile."""
    restarting.goes_down_after_s = 10
    restarting.restart()
    assert set(restarting.open_before_restart) == {("restarting the robot",)}
    assert RequestLog(restarting.robot, restarting.journal).unknown == ()


def test_the_restart_of_a_robot_that_stays_away_is_settled_when_it_is_back(restarting: RestartingRobot) -> None:
    restarting.comes_back = False
    with pytest.raises(RobotUnreachable):
        restarting.restart()
    assert restarting.request_log.unknown == ("restarting the robot",)
    restarting.comes_back = True
    assert restarting.request_log.settle_open()


def test_a_request_that_certainly_had_no_effect_fails_at_once(restarting: RestartingRobot) -> None:
    restarting.does_it = False
    for answer, fault in (
        (httpx.ConnectError("refused"), RobotUnreachable),
        (httpx.Response(409, json={"message": "not now"}), RobotRejected),
    ):
        restarting.answer, restarting.asked_at = answer, []
        with pytest.raises(fault):
            restarting.restart()
        assert restarting.asked_at == [restarting.clock.now]
        assert restarting.request_log.unknown == ()


def test_a_robot_that_does_not_come_back_is_not_waited_for_without_end(restarting: RestartingRobot) -> None:
    restarting.comes_back = False
    with pytest.raises(RobotUnreachable, match="not back after"):
        restarting.restart()
    assert restarting.clock.now - restarting.asked_at[0] == pytest.approx(LONGEST_S, abs=5)


def test_a_robot_that_offers_no_restart_is_asked_for_none(restarting: RestartingRobot) -> None:
    restarting.capabilities = {"buildrootUpdate": "/server/update/begin"}
    with pytest.raises(UnsupportedByRobot, match="Opentrons App"):
        restarting.restart()
    assert restarting.asked_at == []


def test_cancel_before_and_after_the_request(restarting: RestartingRobot) -> None:
    with pytest.raises(CommandCancelled, match="was not asked") as early:
        restarting.restart(cancelled_at=0.0)
    assert (restarting.asked_at, early.value.moved) == ([], Movement.NONE)
    with pytest.raises(CommandCancelled, match="may home") as late:
        restarting.restart(cancelled_at=restarting.clock.now + 5)
    assert (len(restarting.asked_at), late.value.moved) == (1, Movement.UNKNOWN)


def test_a_cancel_waits_until_the_robot_goes_down(restarting: RestartingRobot) -> None:
    """Else another command could begin to move the robot, and be broken off."""
    restarting.goes_down_after_s = 10
    with pytest.raises(CommandCancelled, match="may home"):
        restarting.restart(cancelled_at=restarting.clock.now + 5)
    assert restarting.clock.now >= restarting.asked_at[0] + 10


def test_a_stop_during_the_checks_is_obeyed(restarting: RestartingRobot) -> None:
    restarting.latched_while_asked = True
    with pytest.raises(SafetyStopActive):
        restarting.restart()
    assert restarting.asked_at == []


@pytest.mark.parametrize(
    ("where", "refusal"),
    [
        ("stop", SafetyStopActive("latched")),
        ("rest", NotReconciled("a tip in doubt")),
        ("profiles", ModuleBusy("a profile runs")),
    ],
)
def test_a_robot_that_is_not_at_rest_is_left_alone(restarting: RestartingRobot, where: str, refusal: OT2Fault) -> None:
    restarting.refusals[where] = refusal
    with pytest.raises(type(refusal)):
        restarting.restart()
    assert restarting.asked_at == []


def test_the_robot_does_not_home_behind_an_open_door(restarting: RestartingRobot) -> None:
    restarting.door = "open"
    with pytest.raises(DoorOpen):
        restarting.restart()
    assert restarting.asked_at == []
