"""What is left of a profile when the server ends in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sila_ot2.driver.modules import thermocycler
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileStep
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.monitor.device_status import ActionCode, RequiredAction, required_actions
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.owner import NoOwner
from sila_ot2.errors import CommandCancelled, DeckUnsafe
from sila_ot2.store.begun_profiles import BegunStep
from tests.fakes.profile_parts import NEVER, SERIAL, ProfileParts
from tests.fakes.robot_in_memory import BEGIN


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[ProfileParts]:
    driver = ProfileParts(tmp_path)
    yield driver
    driver.parts.close()


class NextProcess:
    """What the next process of the server knows of the profiles of the driver, which has died."""

    def __init__(self, driver: ProfileParts) -> None:
        self.driver = driver
        self.store = driver.store
        self.interrupted = InterruptedProfiles(self.store)
        self.profiles = Profiles(
            driver.robot.client(), driver.set_points, driver.parts.monitor, driver.parts.safety_stop, self.interrupted
        )

    def read(self) -> tuple[BegunStep, ...]:
        """Read the modules, and return what has to be looked after."""
        self.interrupted.follow(Reported.by(self.driver.robot.client().modules))
        return self.interrupted.current.value

    def required(self) -> list[RequiredAction]:
        reported = Reported.by(self.driver.robot.client().modules)
        state = RobotState(
            contact=Contact(ContactProblem.NONE, "", BEGIN), machine=Machine(modules=reported), owner=NoOwner()
        )
        return list(required_actions(replace(state, interrupted_profiles=self.read())))


def test_a_profile_that_ends_with_this_server_is_remembered_with_its_temperature(driver: ProfileParts) -> None:
    thread, _ = driver.begin([ProfileStep(95.0, 0.0), ProfileStep(NEVER, 0.0)])
    later = NextProcess(driver)
    [action] = later.required()
    assert action.code is ActionCode.CHECK_MODULE
    assert f"thermocycler {SERIAL}, in step 2 of 2" in action.explanation
    assert "left at 5 °C" in action.explanation
    driver.cancelled.set()
    thread.join()


def test_a_server_that_is_stopped_in_a_profile_remembers_it_too(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0)])
    driver.profiles.close()
    driver.cancelled.set()
    thread.join()
    assert [type(fault) for fault in faults] == [CommandCancelled]
    assert [step.target_c for step in NextProcess(driver).read()] == [NEVER]


def test_a_step_that_was_never_sent_has_left_the_temperature_before(driver: ProfileParts) -> None:
    driver.store.write(BegunStep(SERIAL, 72.0, 95.0, "in step 2 of 2, cycle 1 of 1", BEGIN))
    driver.robot.reported(SERIAL)["targetTemperature"] = 95.0
    [action] = NextProcess(driver).required()
    assert "left at 95 °C" in action.explanation


@pytest.mark.parametrize("reported", [None, 40.0])
def test_somebody_else_who_sets_the_block_or_switches_it_off_has_looked_after_it(
    driver: ProfileParts, reported: float | None
) -> None:
    driver.store.write(BegunStep(SERIAL, 72.0, 95.0, "in step 2 of 2, cycle 1 of 1", BEGIN))
    driver.robot.reported(SERIAL)["targetTemperature"] = 72.0
    later = NextProcess(driver)
    assert later.read()
    driver.robot.reported(SERIAL)["targetTemperature"] = reported
    assert later.read() == ()
    assert driver.store.read() == (), "nor is it shown after another restart"


def test_a_thermocycler_that_is_not_attached_is_still_to_be_looked_after(driver: ProfileParts) -> None:
    driver.store.write(BegunStep(SERIAL, 72.0, None, "in step 1 of 1, cycle 1 of 1", BEGIN))
    driver.robot.modules.clear()
    [action] = NextProcess(driver).required()
    assert "left at 72 °C" in action.explanation


@pytest.mark.parametrize("act", ["set to the same", "switch off", "run"])
def test_commands_of_this_server_for_the_block_look_after_it(driver: ProfileParts, act: str) -> None:
    driver.store.write(BegunStep(SERIAL, 60.0, None, "in step 1 of 1, cycle 1 of 1", BEGIN))
    driver.robot.reported(SERIAL)["targetTemperature"] = 60.0
    later = NextProcess(driver)
    assert later.read()
    if act == "set to the same":
        later.profiles.set_block(thermocycler.block_temperature(60.0), "")
    elif act == "switch off":
        later.profiles.deactivate_block("")
    else:
        later.profiles.run(
            "", [ProfilePart([ProfileStep(60.0, 0.0)], 1)], maximum_volume_ul=0.0, cancelled=driver.cancelled
        )
    assert (later.interrupted.current.value, later.store.read()) == ((), ())


@pytest.mark.parametrize("steps", [[ProfileStep(60.0, 0.0)], []])
def test_a_profile_whose_end_was_reported_is_not_remembered(driver: ProfileParts, steps: list[ProfileStep]) -> None:
    if steps:
        driver.run(steps)
    else:
        thread, _ = driver.begin([ProfileStep(NEVER, 0.0)])
        assert driver.store.read()
        driver.cancelled.set()
        thread.join()
    assert driver.store.read() == ()


@pytest.mark.parametrize("refused", ["lid", "cancelled"])
def test_a_profile_that_sets_nothing_does_not_look_after_the_block(driver: ProfileParts, refused: str) -> None:
    driver.store.write(BegunStep(SERIAL, 95.0, None, "in step 1 of 1, cycle 1 of 1", BEGIN))
    driver.robot.reported(SERIAL)["targetTemperature"] = 95.0
    later = NextProcess(driver)
    if refused == "lid":
        driver.robot.reported(SERIAL)["lidStatus"] = "open"
    else:
        driver.cancelled.set()
    with pytest.raises(DeckUnsafe if refused == "lid" else CommandCancelled):
        later.profiles.run(
            "", [ProfilePart([ProfileStep(60.0, 0.0)], 1)], maximum_volume_ul=0.0, cancelled=driver.cancelled
        )
    assert driver.robot.targets == []
    assert [action.code for action in later.required()] == [ActionCode.CHECK_MODULE]
    assert NextProcess(driver).read(), "nor does another restart hide it"
