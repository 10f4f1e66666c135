"""A session beside a profile of this server: what would disturb it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule
from sila_ot2.driver.session.plan_checks import PlanChecks
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.needs.liquid_needs import LiquidRules
from sila_ot2.errors import DeckUnsafe, DoorOpen, Movement
from sila_ot2.robot import wire
from tests.fakes.obedient_robot import ObedientRobot as Robot
from tests.unit.driver.session.test_session import never, robot, session

__all__ = ["robot", "session"]  # fixtures

DECK = DeckState(modules={"m": SessionModule("m", "thermocyclerModuleV2", "7", "TC1")})
CLOSED = wire.Module(
    id="id", serialNumber="TC1", moduleType="thermocyclerModuleType", moduleModel="thermocyclerModuleV2",
    data={"status": "heating", "lidStatus": "closed", "currentTemperature": 50.0, "targetTemperature": 60.0},
)  # fmt: skip


def checks(profile_on: str, *, door_open: bool = False) -> PlanChecks:
    robot: Any = SimpleNamespace(
        release=SimpleNamespace(can=lambda ability: True),
        door_status=lambda: SimpleNamespace(status="open", blocks_movement=door_open),
        modules=lambda: (CLOSED,),
    )
    nobody: Any = SimpleNamespace(require_none=lambda: None, require_nobody_at_the_app=lambda: None)
    found = PlanChecks(robot, nobody, nobody, nobody, refuse_small_volumes=True, rules=LiquidRules())
    found.waits.runs_profile = lambda serial_number: serial_number == profile_on
    return found


def planned(name: str, **params: Any) -> PlannedCommand:
    return PlannedCommand(f"thermocycler/{name}", {"moduleId": "m", **params})


@pytest.mark.parametrize("name", ["openLid", "closeLid", "setTargetBlockTemperature", "runProfile"])
def test_what_disturbs_a_profile_is_refused_while_one_runs_on_this_module(name: str) -> None:
    command = planned(name, celsius=60.0)
    for profile_on in ("", "another"):
        checks(profile_on).check("ExecuteWorklist", [command], DECK, "run")
        checks(profile_on).check_next("ExecuteWorklist", [command], 0, DECK, watch=True)
    with pytest.raises(DeckUnsafe, match="a profile runs on the thermocycler TC1"):
        checks("TC1").check("ExecuteWorklist", [command], DECK, "run")
    with pytest.raises(DeckUnsafe, match="a profile runs on the thermocycler TC1"):
        checks("TC1").check_next("ExecuteWorklist", [command], 0, DECK, watch=False)


@pytest.mark.parametrize("name", ["runProfile", "waitForBlockTemperature", "waitForLidTemperature"])
def test_an_open_door_ends_no_wait_and_no_profile(name: str) -> None:
    """Nothing moves by them, and somebody may reach for another slot meanwhile; the next movement is refused."""
    command, lid = planned(name), planned("openLid")
    for watch in (True, False):
        checks("", door_open=True).check_next("ExecuteWorklist", [lid, command], 1, DECK, watch=watch)
    checks("", door_open=True).check("ExecuteWorklist", [command], DECK, "run")
    with pytest.raises(DoorOpen):
        checks("", door_open=True).check_next("ExecuteWorklist", [command, lid], 1, DECK, watch=True)
    with pytest.raises(DoorOpen):
        checks("", door_open=True).check("ExecuteWorklist", [command, lid], DECK, "run")


def test_what_switches_off_and_what_is_of_the_lids_heater_is_not() -> None:
    for name in ("deactivateBlock", "deactivateLid", "setTargetLidTemperature"):
        checks("TC1").check("ExecuteWorklist", [planned(name, celsius=60.0)], DECK, "run")


@pytest.mark.parametrize(
    ("done", "moved"),
    [
        ([], Movement.NONE),
        (["waitForDuration"], Movement.WAITED),
        (["waitForDuration", "loadLabware", "createTimer"], Movement.WAITED),
        (["waitForDuration", "home"], Movement.SOME),
        (["thermocycler/runProfile", "waitForDuration"], Movement.SOME),
    ],
)
def test_a_refusal_says_that_the_robot_has_moved_only_if_it_has(done: list[str], moved: Movement) -> None:
    commands = [PlannedCommand(name, {"moduleId": "m"}) for name in (*done, "home")]
    with pytest.raises(DoorOpen) as refused:
        checks("", door_open=True).check_next("ExecuteWorklist", commands, len(done), DECK, watch=False)
    assert refused.value.moved is moved


def test_no_lid_moves_if_a_profile_begins_after_the_plan_was_checked(robot: Robot, session: Session) -> None:
    session.open(cancelled=never())
    robot.commands.clear()
    session.deck_state.set(DeckState(modules={"m": SessionModule("m", "thermocyclerModuleV2", "7", "TC1")}))
    looks: list[str] = []

    def begins_after_the_first_look(serial_number: str) -> bool:
        looks.append(serial_number)
        return len(looks) > 1

    session.waits.runs_profile = begins_after_the_first_look
    command = PlannedCommand("thermocycler/setTargetBlockTemperature", {"moduleId": "m", "celsius": 60.0})
    begun: list[int] = []
    with pytest.raises(DeckUnsafe, match="a profile runs on the thermocycler TC1") as refused:
        session.perform("Heat", lambda _: [command], cancelled=never(), begun=begun.append)
    assert (robot.sent, begun, refused.value.moved) == ([], [], Movement.NONE)


def test_a_profile_cannot_begin_while_the_session_moves_the_lid(robot: Robot, session: Session) -> None:
    """Not between the last look and the robot's answer either."""
    session.open(cancelled=never())
    session.deck_state.set(DeckState(modules={"m": SessionModule("m", "thermocyclerModuleV2", "7", "TC1")}))
    kept_out: list[str] = []
    seen: list[list[str]] = []

    @contextmanager
    def keep_out(serial_number: str) -> Iterator[None]:
        kept_out.append(serial_number)
        yield
        kept_out.clear()

    session.waits.keep_profiles_out = keep_out
    session.waits.runs_profile = lambda _: seen.append([*kept_out]) or False  # type: ignore[func-returns-value]
    robot.on_command = lambda: seen.append([*kept_out])
    still, heat = (
        PlannedCommand(f"thermocycler/{name}", {"moduleId": "m", "celsius": 60.0})
        for name in ("setTargetLidTemperature", "setTargetBlockTemperature")
    )
    session.perform("Heat", lambda _: [still, heat], cancelled=never())
    assert seen == [[], [], [], [], ["TC1"], ["TC1"]], "before, for the command that does not disturb it, look, request"
    assert kept_out == []
