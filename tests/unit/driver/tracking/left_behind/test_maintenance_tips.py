"""A tip that a maintenance run of the Opentrons App leaves on is in doubt, as that of a session is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.tracking.left_behind.maintenance_tips import FRESH_S, MaintenanceTips
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import RobotRejected, RobotUnreachable, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.robot_in_memory import command
from tests.fakes.unwritable import WHY, unwritable

PIPETTES = [{"id": "l", "mount": "left", "pipetteName": "p20_single_gen2"},
            {"id": "r", "mount": "right", "pipetteName": "p300_single_gen2"}]  # fmt: skip
AT_WORK = AppWork("maintenance run", "m1")


@dataclass
class AppRobot:
    """Has one maintenance run, or none."""

    commands: list[wire.Command] = field(default_factory=list)
    there: bool = True
    fault: Exception | None = None
    on_pipettes: Callable[[], None] = lambda: None
    """Called while the robot is asked for its pipettes."""

    def maintenance_run(self) -> wire.MaintenanceRun | None:
        data = {"id": "m1", "createdAt": "2026-01-01T00:00:00Z", "pipettes": PIPETTES}
        return wire.MaintenanceRun.model_validate(data) if self.there else None

    def maintenance_commands(self, run_id: str, *, cursor: int, page_length: int) -> wire.CommandPage:
        if self.fault is not None:
            raise self.fault
        return wire.CommandPage(tuple(self.commands[cursor : cursor + page_length]), cursor, len(self.commands), None)

    def current_run_id(self) -> str | None:
        return None

    def pipettes(self) -> tuple[wire.Pipette, ...]:
        self.on_pipettes()
        data = {"mount": "right", "name": "p300_single_gen2", "model": "p300", "id": "1"}
        return (wire.Pipette.model_validate(data),)

    def carries_out(self, kind: str, status: str = "succeeded") -> None:
        self.commands.append(
            wire.Command.model_validate(command(kind, len(self.commands), status=status, pipetteId="r"))
        )


@dataclass
class AppFollower:
    """A server's part that follows the App, which may be started again."""

    store: UncertainTipStore
    stock: TipStock
    robot: AppRobot = field(default_factory=AppRobot)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.tips = UncertainTips(self.store)
        robot: Any = self.robot
        self.maintenance = MaintenanceTips(robot, self.tips, self.store, self.stock, monotonic=lambda: self.now)

    def look(self) -> None:
        self.now += 1.0
        self.maintenance.follow(AT_WORK if self.robot.there else None)

    @property
    def doubted(self) -> set[str]:
        return set(self.tips.current.value)


@pytest.fixture
def follower(engine: Engine) -> AppFollower:
    return AppFollower(UncertainTipStore(engine), TipStock(TipRackStore(engine)))


def end(follower: AppFollower) -> None:
    follower.robot.there = False
    follower.look()


@pytest.mark.parametrize(
    ("kinds", "doubted"),
    [
        ([], set()),
        (["home"], set()),
        (["pickUpTip"], {"right"}),
        (["pickUpTip", "dropTip"], set()),
        (["pickUpTip", "dropTipInPlace", "pickUpTip"], {"right"}),
        (["pickUpTip", "aspirate"], {"right"}),
    ],
)
def test_tip_that_was_left_on(follower: AppFollower, kinds: list[str], doubted: set[str]) -> None:
    follower.look()
    for kind in kinds:
        follower.robot.carries_out(kind)
    follower.look()
    assert follower.doubted == set(), "somebody is at the robot still"
    end(follower)
    assert follower.doubted == doubted
    follower.look()
    assert follower.doubted == doubted


@pytest.mark.parametrize("status", ["running", "failed"])
def test_picking_up_that_was_under_way_or_failed(follower: AppFollower, status: str) -> None:
    follower.robot.carries_out("pickUpTip", status)
    follower.look()
    end(follower)
    assert follower.doubted == {"right"}


def test_a_reading_that_is_too_old_is_ignored(follower: AppFollower) -> None:
    follower.look()
    follower.now += FRESH_S
    end(follower)
    assert follower.doubted == {"right"}


@pytest.mark.parametrize("fault", [RobotRejected("it will not say"), RunNotFound("gone")])
def test_commands_that_were_never_read(follower: AppFollower, fault: Exception) -> None:
    follower.robot.fault = fault
    follower.look()
    end(follower)
    assert follower.doubted == {"right"}


def test_robot_that_falls_silent_is_read_again(follower: AppFollower) -> None:
    follower.look()
    follower.robot.fault = RobotUnreachable("silent")
    with pytest.raises(RobotUnreachable):
        follower.look()
    assert follower.doubted == set()
    follower.robot.fault = None
    follower.look()
    end(follower)
    assert follower.doubted == set()


def test_another_maintenance_run_takes_the_place_of_the_first(follower: AppFollower) -> None:
    follower.robot.carries_out("pickUpTip")
    follower.look()
    follower.maintenance.follow(AppWork("maintenance run", "m2"))
    assert follower.doubted == {"right"}


def test_calibration_session_after_it(follower: AppFollower) -> None:
    follower.robot.carries_out("pickUpTip")
    follower.look()
    follower.maintenance.follow(AppWork("calibration session", "c"))
    assert follower.doubted == {"right"}


@pytest.mark.parametrize("there", [False, True])
def test_restart_of_the_server(follower: AppFollower, there: bool) -> None:
    follower.look()
    follower.robot.there = there
    follower.start()
    follower.look()
    assert follower.doubted == (set() if there else {"right"})
    end(follower)
    assert follower.doubted == (set() if there else {"right"})
    follower.tips.settle(["right"])
    follower.start()
    follower.look()
    assert follower.doubted == set(), "it has been concluded about"


def test_another_thread_that_looks_meanwhile_concludes_by_itself(follower: AppFollower) -> None:
    """The monitor still asks the robot for its pipettes; a command that looks now must not find nothing in doubt."""
    found: list[set[str]] = []

    def look_too() -> None:
        follower.robot.on_pipettes = lambda: None
        follower.maintenance.follow(None)
        found.append(follower.doubted)

    follower.look()
    follower.now += FRESH_S
    follower.robot.on_pipettes = look_too
    end(follower)
    assert found == [{"right"}]
    assert follower.doubted == {"right"}
    follower.tips.settle(["right"])
    follower.look()
    assert follower.doubted == set(), "it has been concluded about"


def test_run_that_another_thread_sees_meanwhile_stays_open(follower: AppFollower) -> None:
    """A reading from before the run came late: the run is there, and the tip that it leaves on is not missed."""

    def see_it() -> None:
        follower.robot.on_pipettes = lambda: None
        follower.robot.carries_out("pickUpTip")
        follower.maintenance.follow(AT_WORK)

    follower.look()
    follower.now += FRESH_S + 1
    follower.robot.on_pipettes = see_it
    follower.maintenance.follow(None)
    follower.tips.settle(["right"])
    end(follower)
    assert follower.doubted == {"right"}


@pytest.mark.parametrize("why", WHY)
@pytest.mark.parametrize(
    "tables", [("uncertain_tips",), ("runs_examined_for_tips",), ("uncertain_tips", "runs_examined_for_tips")]
)
def test_conclusion_that_cannot_be_written_down(
    follower: AppFollower, engine: Engine, tables: tuple[str, ...], why: str
) -> None:
    follower.look()
    follower.robot.carries_out("pickUpTip")
    follower.look()
    with unwritable(engine, *tables, why=why):
        end(follower)
        assert follower.doubted == {"right"}
    follower.look()
    follower.start()
    assert follower.doubted == {"right"}, "it was written down as soon as that was possible"
    follower.tips.settle(["right"])
    follower.look()
    follower.start()
    follower.look()
    assert follower.doubted == set(), "it has been concluded about"


@pytest.mark.parametrize("why", WHY)
def test_run_that_cannot_be_noted_is_followed_all_the_same(follower: AppFollower, engine: Engine, why: str) -> None:
    follower.robot.carries_out("pickUpTip")
    with unwritable(engine, "runs_examined_for_tips", why=why):
        follower.look()
        follower.robot.carries_out("dropTip")
        follower.look()
    end(follower)
    assert follower.doubted == set()


def test_conclusion_that_could_not_be_written_down_is_not_drawn_again(follower: AppFollower, engine: Engine) -> None:
    """By then the reading is too old to tell anything."""
    follower.look()
    with unwritable(engine, "runs_examined_for_tips"):
        end(follower)
        assert follower.doubted == set()
        follower.now += FRESH_S + 1
        follower.look()
        assert follower.doubted == set()
    follower.look()
    follower.start()
    follower.look()
    assert follower.doubted == set(), "it was noted as soon as that was possible"
