"""Motors, clock and settings: only while nothing runs, and believed only when the robot says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.maintenance.maintenance import RobotMaintenance
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import AppOwner, ForeignOwner, NoOwner, RunOwner, SessionOwner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    OutcomeUnknown,
    RobotBusy,
    RobotFaulty,
    RobotRejected,
    RunStillActive,
    SessionActive,
    SettingNotAllowed,
    SettingNotFound,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.times import utc_now

BUTTON = "disableOT2FrontButton"


class MaintainedRobot:
    """Motors, a clock and settings; answers can be spoiled, and a deaf one does nothing."""

    def __init__(self) -> None:
        self.engaged = True
        self.ahead = timedelta(hours=-2)
        self.values: dict[str, bool | None] = {BUTTON: None, "shortFixedTrash": None}
        self.sent: list[str] = []
        self.answers: list[str] = []
        self.deaf = False
        self.silent = False
        self.owner_after_sending: Any = None
        self.owner: Any = NoOwner()
        self.waits = False
        self.during_reading: Callable[[], object] | None = None

    def maintenance(self) -> RobotMaintenance:
        client = RobotClient("http://robot", transport=httpx.MockTransport(self._answer), release=release_of("9.0.0"))
        ownership = cast(Ownership, SimpleNamespace(refresh=lambda: self.owner))
        return RobotMaintenance(client, ownership, self._require_none_to_wait, changeable=[BUTTON, "noSuchSetting"])

    def spoil(self, answer: str) -> None:
        """Lose the answer to the next change, or give 500 instead of it."""
        self.answers.append(answer)

    def _require_none_to_wait(self) -> None:
        if self.waits:
            raise RobotBusy("A wait goes on in a run that was aborted.")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self.sent.append(f"{request.method} {request.url.path}")
            if not self.deaf:
                self._act(request)
            self.owner = self.owner_after_sending or self.owner
            if (spoiled := self.answers.pop(0) if self.answers else "") == "lost":
                raise httpx.ReadTimeout("slow")
            if spoiled == "500":
                return httpx.Response(500, json={"errors": [{"id": "Unexpected", "title": "x", "detail": "broken"}]})
        elif self.silent and self.sent:
            raise httpx.ConnectError("connection refused")
        if request.url.path == "/motors/engaged":
            return httpx.Response(200, json={"x": {"enabled": self.engaged}, "z_l": {"enabled": False}, "q": None})
        if request.url.path == "/system/time":
            return httpx.Response(200, json={"data": {"systemTime": (utc_now() + self.ahead).isoformat()}})
        listed = [{"id": one, "value": value, "restart_required": True} for one, value in self.values.items()]
        answer = httpx.Response(200, json={"settings": listed, "message": "done"})
        if (meanwhile := self.during_reading) is not None:
            self.during_reading = None
            meanwhile()
        return answer

    def _act(self, request: httpx.Request) -> None:
        body = json.loads(request.content)
        if request.url.path == "/motors/disengage":
            self.engaged = False
        elif request.url.path == "/system/time":
            self.ahead = datetime.fromisoformat(body["data"]["systemTime"]) - datetime.now(timezone.utc)
        else:
            self.values[body["id"]] = body["value"]


@pytest.fixture
def robot() -> MaintainedRobot:
    return MaintainedRobot()


@pytest.mark.parametrize("answer", ["", "lost", "500"])
def test_motors_are_off_when_the_robot_says_so(robot: MaintainedRobot, answer: str) -> None:
    robot.spoil(answer)
    robot.maintenance().disengage_motors()
    assert not robot.engaged
    assert robot.sent == ["POST /motors/disengage"]


@pytest.mark.parametrize(("answer", "fault"), [("lost", OutcomeUnknown), ("500", RobotFaulty)])
def test_motors_are_not_switched_off_a_second_time(robot: MaintainedRobot, answer: str, fault: type[Exception]) -> None:
    """Somebody may have started a movement since."""
    robot.spoil(answer)
    robot.deaf = True
    with pytest.raises(fault, match="says that some are on: x"):
        robot.maintenance().disengage_motors()
    assert robot.sent == ["POST /motors/disengage"]


def test_whether_the_motors_are_off_is_unknown_while_the_robot_is_silent(robot: MaintainedRobot) -> None:
    robot.spoil("lost")
    robot.silent = True
    with pytest.raises(OutcomeUnknown, match="DisengageMotors again"):
        robot.maintenance().disengage_motors()
    assert robot.sent == ["POST /motors/disengage"]


def test_clock_and_settings_are_asked_for_again_only_if_the_robot_is_still_at_rest(robot: MaintainedRobot) -> None:
    maintenance = robot.maintenance()
    changes: tuple[tuple[Callable[[], object], str], ...] = (
        (maintenance.synchronize_clock, "PUT /system/time"),
        (lambda: maintenance.change_setting(BUTTON, value=True), "POST /settings"),
    )
    for change, request in changes:
        robot.spoil("lost")
        change()
        assert robot.sent == [request, request]
        robot.sent.clear()
        robot.spoil("lost")
        robot.owner_after_sending = AppOwner(AppWork("maintenance run", "m"), NoOwner())
        with pytest.raises(RobotBusy):
            change()
        assert robot.sent == [request]
        robot.owner, robot.owner_after_sending = NoOwner(), None
        robot.sent.clear()


def test_motors_that_stay_on_are_reported(robot: MaintainedRobot) -> None:
    robot.deaf = True
    with pytest.raises(RobotFaulty, match="some are on: x"):
        robot.maintenance().disengage_motors()


def test_the_clock_is_set_and_its_deviation_is_returned(robot: MaintainedRobot) -> None:
    assert robot.maintenance().synchronize_clock().total_seconds() == pytest.approx(-7200, abs=60)
    assert abs(robot.ahead.total_seconds()) < 60


def test_a_setting_that_is_allowed_is_changed_and_shown_at_once(robot: MaintainedRobot) -> None:
    maintenance = robot.maintenance()
    changed = maintenance.change_setting(BUTTON, value=True)
    assert changed.restart_required
    assert robot.values[BUTTON] is True
    assert {setting.id: setting.value for setting in maintenance.settings.value}[BUTTON] is True
    robot.values[BUTTON] = None
    maintenance.refresh()
    assert {setting.id: setting.value for setting in maintenance.settings.value}[BUTTON] is None


def test_what_was_read_during_a_change_does_not_count(robot: MaintainedRobot) -> None:
    maintenance = robot.maintenance()
    robot.during_reading = lambda: maintenance.change_setting(BUTTON, value=True)
    assert {setting.id: setting.value for setting in maintenance.refresh()}[BUTTON] is True


def test_other_settings_are_left_alone(robot: MaintainedRobot) -> None:
    with pytest.raises(SettingNotAllowed, match="maintenance.changeable_settings"):
        robot.maintenance().change_setting("shortFixedTrash", value=True)
    with pytest.raises(SettingNotFound, match=f"it has {BUTTON}, shortFixedTrash"):
        robot.maintenance().change_setting("noSuchSetting", value=True)
    robot.deaf = True
    with pytest.raises(RobotFaulty, match="says that it is None"):
        robot.maintenance().change_setting(BUTTON, value=True)
    assert robot.values == {BUTTON: None, "shortFixedTrash": None}


@pytest.mark.parametrize(
    ("owner", "fault"),
    [
        (ForeignOwner("r", "running"), RobotBusy),
        (RunOwner("r", "paused"), RunStillActive),
        (RunOwner("r", "idle"), RunStillActive),
        (SessionOwner("r"), SessionActive),
        (ForeignOwner("r", "a status of a release to come"), RobotBusy),
        (ForeignOwner("r", "idle"), RobotBusy),  # a session of single commands is idle also while it moves
    ],
)
def test_nothing_is_done_while_anything_runs(robot: MaintainedRobot, owner: Any, fault: type[Exception]) -> None:
    robot.owner = owner
    maintenance = robot.maintenance()
    for command in (
        maintenance.disengage_motors,
        maintenance.synchronize_clock,
        lambda: maintenance.change_setting(BUTTON, value=True),
    ):
        with pytest.raises(fault):
            command()
    assert robot.sent == []


def test_the_clock_stays_as_it_is_while_a_wait_is_timed_by_it(robot: MaintainedRobot) -> None:
    robot.waits = True
    with pytest.raises(RobotBusy):
        robot.maintenance().synchronize_clock()
    assert robot.sent == []


def test_a_refusal_of_the_robot_is_passed_on() -> None:
    class RefusingRobot(MaintainedRobot):
        def _answer(self, request: httpx.Request) -> httpx.Response:
            if request.method == "PUT":
                return httpx.Response(
                    403, json={"errors": [{"id": "NTP", "title": "x", "detail": "has a time server"}]}
                )
            return super()._answer(request)

    with pytest.raises(RobotRejected, match="has a time server"):
        RefusingRobot().maintenance().synchronize_clock()


def test_motors_stay_as_they_are_if_it_is_cancelled_before(robot: MaintainedRobot) -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled) as ended:
        robot.maintenance().disengage_motors(cancelled)
    assert ended.value.moved is Movement.NONE
    assert robot.sent == []
