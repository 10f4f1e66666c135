"""Profiles of thermocyclers: what is set, in which order, and how they end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.modules import running_profile, thermocycler
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileState, ProfileStep
from sila_ot2.errors import (
    CommandCancelled,
    DeckUnsafe,
    ModuleAmbiguous,
    ModuleBusy,
    ModuleDisconnected,
    OT2Fault,
    OutcomeUnknown,
    RunStillActive,
    SafetyStopActive,
    TargetChanged,
)
from tests.fakes.module_robot import EFFECTS
from tests.fakes.profile_parts import NEVER, SERIAL, ProfileParts
from tests.waiting import TIMEOUT_S, wait_for

HOT_AND_COLD = [ProfileStep(95.0, 0.0), ProfileStep(60.0, 0.0)]


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[ProfileParts]:
    driver = ProfileParts(tmp_path)
    yield driver
    driver.parts.close()


def test_each_step_is_set_once_as_often_as_wanted(driver: ProfileParts) -> None:
    assert driver.run(HOT_AND_COLD, repetitions=2) == pytest.approx(60.1)
    assert driver.robot.targets == [95.0, 60.0, 95.0, 60.0]
    assert [one["params"] for one in driver.robot.stateless][0] == {
        "moduleId": f"id-of-{SERIAL}", "celsius": 95.0, "blockMaxVolumeUl": 50.0, "holdTimeSeconds": 0.0,
    }  # fmt: skip
    assert driver.progress == [0.0, 0.25, 0.5, 0.75]
    last = driver.seen[-1].place
    assert (last.cycle, last.cycles, last.step, last.steps, last.step_to_do.target_c) == (2, 2, 2, 2, 60.0)
    assert str(last) == "in step 2 of 2, cycle 2 of 2"
    assert driver.robot.reported(SERIAL)["targetTemperature"] == 60.0, "it stays at the last step"


def test_the_parts_of_a_profile_have_their_own_repetitions(driver: ProfileParts) -> None:
    start, end = [ProfileStep(96.0, 0.0)], [ProfileStep(72.0, 0.0), ProfileStep(10.0, 0.0)]
    parts = [ProfilePart(start, 1), ProfilePart(HOT_AND_COLD, 2), ProfilePart(end, 1)]
    assert driver.run_parts(parts) == pytest.approx(10.1)
    assert driver.robot.targets == [96.0, 95.0, 60.0, 95.0, 60.0, 72.0, 10.0]
    assert driver.progress == [pytest.approx(number / 7) for number in range(7)]
    assert list(dict.fromkeys(str(state.place) for state in driver.seen))[3:6] == [
        "in step 1 of 2, cycle 2 of 2, part 2 of 3",
        "in step 2 of 2, cycle 2 of 2, part 2 of 3",
        "in step 1 of 2, cycle 1 of 1, part 3 of 3",
    ]


def test_a_step_is_held_as_long_as_the_module_counts(driver: ProfileParts) -> None:
    driver.robot.reported(SERIAL)["holdTime"] = 10.0
    thread, faults = driver.start([ProfileStep(72.0, 0.0), ProfileStep(NEVER, 0.0)])
    wait_for(lambda: len(driver.seen) > 3)
    assert driver.robot.targets == [72.0]
    driver.robot.reported(SERIAL)["holdTime"] = 0.0
    wait_for(lambda: driver.robot.targets == [72.0, NEVER])
    driver.cancelled.set()
    thread.join()
    assert [type(fault) for fault in faults] == [CommandCancelled]


def test_a_hold_begins_when_the_block_is_near_also_if_the_module_does_not_count(
    driver: ProfileParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block needs longer to its target than it is held there."""
    passed_s = [0.0]
    monkeypatch.setattr(running_profile, "time", SimpleNamespace(monotonic=lambda: passed_s[0]))
    thread, faults = driver.begin([ProfileStep(NEVER, 30.0), ProfileStep(60.0, 0.0)])
    passed_s[0] = 60.0
    driver.robot.reported(SERIAL)["currentTemperature"] = NEVER
    wait_for(lambda: driver.seen[-1].current_c == NEVER)
    seen = len(driver.seen)
    wait_for(lambda: len(driver.seen) > seen + 2)
    assert driver.robot.targets == [NEVER]
    assert driver.seen[-1].hold_left_s == 30.0
    passed_s[0] = 89.0
    wait_for(lambda: driver.seen[-1].hold_left_s == 1.0)
    passed_s[0] = 90.0
    thread.join(60)
    assert faults == []
    assert driver.robot.targets == [NEVER, 60.0]


@pytest.mark.parametrize("fault", ["refused", "lost before"])
def test_a_step_that_was_certainly_not_carried_out_is_tried_again(driver: ProfileParts, fault: str) -> None:
    driver.robot.note_earlier_command()
    driver.robot.faults += [("POST", "/commands", "passed"), ("POST", "/commands", fault)]
    driver.run(HOT_AND_COLD)
    assert driver.robot.targets == [95.0, 60.0]
    assert driver.robot.faults == []


def test_a_step_with_an_unknown_outcome_is_not_tried_again(driver: ProfileParts) -> None:
    driver.robot.faults += [
        ("POST", "/commands", "lost after"),
        ("GET", "/commands", "passed"),
        ("GET", "/commands", "always refused"),
    ]
    with pytest.raises(OutcomeUnknown):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == [95.0]


def test_a_step_is_not_tried_again_if_the_target_was_removed_meanwhile(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.robot.faults.append(("POST", "/commands", "always refused"))
    driver.robot.reported(SERIAL)["currentTemperature"] = NEVER
    wait_for(lambda: len(driver.progress) == 2)
    del driver.robot.reported(SERIAL)["targetTemperature"]
    thread.join(60)
    assert [type(fault) for fault in faults] == [TargetChanged]
    assert driver.robot.targets == [NEVER]


@pytest.mark.parametrize("server_stops", [False, True])
def test_a_cancel_or_the_end_of_this_server_ends_the_waiting_for_the_robot(
    driver: ProfileParts, server_stops: bool
) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.robot.faults.append(("POST", "/commands", "always refused"))
    driver.robot.reported(SERIAL)["currentTemperature"] = NEVER
    wait_for(lambda: len(driver.progress) == 2)
    if server_stops:
        driver.parts.monitor.stop()
    else:
        driver.cancelled.set()
    thread.join(60)
    assert [type(fault) for fault in faults] == [CommandCancelled]
    assert driver.robot.targets == [NEVER]


def test_a_cancel_leaves_the_target_of_the_step_and_says_where_it_was(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(95.0, 0.0), ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.cancelled.set()
    thread.join()
    assert [type(fault) for fault in faults] == [CommandCancelled]
    assert "step 2 of 3, cycle 1 of 1" in str(faults[0])
    assert driver.robot.targets == [95.0, NEVER]


def test_nobody_else_sets_the_block_meanwhile_and_who_switches_it_off_ends_the_profile(
    driver: ProfileParts,
) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    for serial in ("", SERIAL):
        with pytest.raises(ModuleBusy):
            driver.profiles.set_block(thermocycler.block_temperature(37.0), serial)
        with pytest.raises(ModuleBusy):
            driver.profiles.run(
                serial, [ProfilePart(HOT_AND_COLD, 1)], maximum_volume_ul=0.0, cancelled=Cancellation()
            )  # fmt: skip
    driver.profiles.deactivate_block("")
    thread.join()
    assert [type(fault) for fault in faults] == [TargetChanged]
    assert driver.robot.targets == [NEVER]
    driver.profiles.set_block(thermocycler.block_temperature(37.0), "")


def test_a_module_that_is_unplugged_ends_it(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0)])
    del driver.robot.modules[SERIAL]
    thread.join()
    assert [type(fault) for fault in faults] == [ModuleDisconnected]


def test_a_run_that_begins_ends_it_at_the_next_step(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.robot.add_run("running", run_id="r")
    driver.parts.ownership.purpose_of = lambda run_id: "protocol"  # type: ignore[method-assign]
    driver.robot.reported(SERIAL)["currentTemperature"] = NEVER
    thread.join()
    assert [type(fault) for fault in faults] == [RunStillActive]
    assert driver.robot.targets == [NEVER]


@pytest.mark.parametrize("by_somebody_with_the_turn", [False, True])
def test_a_stop_ends_it_at_once_also_if_it_is_released_before_the_next_step(
    driver: ProfileParts, by_somebody_with_the_turn: bool
) -> None:
    if by_somebody_with_the_turn:
        driver.parts.safety_stop.begin_command()
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.parts.safety_stop.latch()
    driver.parts.safety_stop.keep()
    driver.parts.safety_stop.release()
    driver.parts.safety_stop.end_command()
    thread.join(60)
    assert [type(fault) for fault in faults] == [SafetyStopActive]
    assert "step 1 of 2, cycle 1 of 1" in str(faults[0])
    assert driver.robot.targets == [NEVER]
    driver.run(HOT_AND_COLD)


def test_a_stop_and_its_release_while_a_step_is_prepared_keep_it_from_being_sent(driver: ProfileParts) -> None:
    original = driver.set_points._ownership.refresh

    def stopped_meanwhile() -> object:
        driver.parts.safety_stop.latch()
        driver.parts.safety_stop.release()
        return original()

    driver.set_points._ownership.refresh = stopped_meanwhile  # type: ignore[method-assign,assignment]
    with pytest.raises(SafetyStopActive):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == []


def test_a_target_that_somebody_else_removes_ends_it(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0), ProfileStep(60.0, 0.0)])
    driver.set_points.set(thermocycler.block_off(), "")
    thread.join()
    assert [type(fault) for fault in faults] == [TargetChanged]
    assert driver.robot.targets == [NEVER]


@pytest.mark.parametrize(("release", "waits"), [("8.1.0", False), ("9.0.0", True)])
def test_a_robot_with_tasks_gets_the_next_step_when_the_module_holds_the_one_before(
    driver: ProfileParts, release: str, waits: bool
) -> None:
    driver.robot.api_version = release
    driver.profiles._robot.health()
    seen: list[str] = []

    def look(state: ProfileState) -> None:
        block = driver.robot.reported(SERIAL)
        seen.append(block["status"])
        if waits and len(seen) >= 3:
            block["status"] = "holding at target"

    parts = [ProfilePart(HOT_AND_COLD, 1)]
    driver.profiles.run("", parts, maximum_volume_ul=0.0, cancelled=driver.cancelled, seen=look)
    one_by_one = [status for status, _ in itertools.groupby(seen)]
    assert one_by_one == (["heating", "holding at target"] * 2 if waits else ["heating"])
    assert driver.robot.targets == [95.0, 60.0]


@pytest.mark.parametrize("target_c", [None, 4.0])
def test_a_target_that_another_client_changes_between_two_steps_ends_it(
    driver: ProfileParts, target_c: float | None
) -> None:
    refresh = driver.set_points._ownership.refresh
    looks: list[None] = []

    def changed_by_another_client() -> object:
        looks.append(None)
        if len(looks) == 2:
            block = driver.robot.reported(SERIAL)
            block.pop("targetTemperature")
            block.update({} if target_c is None else {"targetTemperature": target_c})
        return refresh()

    driver.set_points._ownership.refresh = changed_by_another_client  # type: ignore[method-assign,assignment]
    with pytest.raises(TargetChanged):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == [95.0]
    assert driver.robot.reported(SERIAL).get("targetTemperature") == target_c


@pytest.mark.parametrize("target_c", [None, 4.0])
def test_a_target_that_another_client_changes_while_the_next_step_is_prepared_ends_it(
    driver: ProfileParts, target_c: float | None
) -> None:
    """After the modules were read to find the thermocycler, and before the step is sent."""
    route = driver.robot._route

    def changed_by_another_client(request: httpx.Request) -> httpx.Response:
        block = driver.robot.reported(SERIAL)
        if request.url.path == "/commands" and request.method == "GET" and block.get("targetTemperature") == 95.0:
            block.pop("targetTemperature")
            block.update({} if target_c is None else {"targetTemperature": target_c})
        return route(request)

    driver.robot._route = changed_by_another_client  # type: ignore[method-assign]
    with pytest.raises(TargetChanged):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == [95.0]
    assert driver.robot.reported(SERIAL).get("targetTemperature") == target_c


@pytest.mark.parametrize(
    ("what", "fault", "executed"),
    [
        ("cancel", CommandCancelled, ["thermocycler/setTargetBlockTemperature"]),
        ("stop", SafetyStopActive, ["thermocycler/setTargetBlockTemperature"]),
        ("switch off", TargetChanged,
         ["thermocycler/setTargetBlockTemperature", "thermocycler/deactivateBlock", "thermocycler/deactivateBlock"]),
    ],
)  # fmt: skip
def test_what_ends_a_profile_does_so_at_once_while_the_block_does_not_report_the_target_of_a_step(
    driver: ProfileParts, monkeypatch: pytest.MonkeyPatch, what: str, fault: type[OT2Fault], executed: list[str]
) -> None:
    monkeypatch.setattr("sila_ot2.driver.modules.waits.TAKEN_WITHIN_S", 1e6)
    monkeypatch.setattr("sila_ot2.driver.monitor.monitor.SHOWN_WITHIN_S", 1e6)
    monkeypatch.setitem(EFFECTS, "thermocycler/setTargetBlockTemperature", lambda data, params: data.update(
        targetTemperature=4.0
    ))  # fmt: skip
    thread, faults = driver.start(HOT_AND_COLD)
    wait_for(lambda: driver.robot.executed)
    asked = driver.robot.count("GET /modules")
    wait_for(lambda: driver.robot.count("GET /modules") > asked + 3)
    if what == "cancel":
        driver.cancelled.set()
    elif what == "stop":
        driver.parts.safety_stop.latch()
    else:
        driver.profiles.deactivate_block("")
    thread.join(TIMEOUT_S)
    assert [type(each) for each in faults] == [fault]
    assert driver.robot.executed == executed


@pytest.mark.parametrize("serial", ["", SERIAL])
def test_a_block_that_is_switched_off_while_a_step_is_sent_ends_switched_off(driver: ProfileParts, serial: str) -> None:
    perform = driver.parts.request_log.perform
    sent: list[Any] = []

    def switched_off_just_before(request: Any) -> Any:
        sent.append(request)
        if len(sent) == 1:
            driver.profiles.deactivate_block(serial)
        return perform(request)

    driver.parts.request_log.perform = switched_off_just_before  # type: ignore[method-assign]
    with pytest.raises(TargetChanged, match=r"switched off in step 1 of 2, cycle 1 of 1"):
        driver.run(HOT_AND_COLD)
    off = "thermocycler/deactivateBlock"
    assert driver.robot.executed == [off, "thermocycler/setTargetBlockTemperature", off]
    assert "targetTemperature" not in driver.robot.reported(SERIAL)


def test_a_block_that_is_switched_off_before_a_step_is_sent_gets_no_target(driver: ProfileParts) -> None:
    refresh = driver.set_points._ownership.refresh
    looks: list[None] = []

    def switched_off_meanwhile() -> object:
        looks.append(None)
        if len(looks) == 1:
            driver.profiles.deactivate_block("")
        return refresh()

    driver.set_points._ownership.refresh = switched_off_meanwhile  # type: ignore[method-assign,assignment]
    with pytest.raises(TargetChanged):
        driver.run(HOT_AND_COLD)
    assert driver.robot.executed == ["thermocycler/deactivateBlock"]


def test_a_refused_deactivation_ends_no_profile(driver: ProfileParts) -> None:
    thread, faults = driver.begin([ProfileStep(NEVER, 0.0)])
    driver.robot.attach("thermocyclerModuleV2", "TC2")
    with pytest.raises(ModuleAmbiguous):
        driver.profiles.deactivate_block("")
    seen = len(driver.seen)
    wait_for(lambda: len(driver.seen) > seen + 1)
    assert faults == []
    driver.cancelled.set()
    thread.join()


@pytest.mark.parametrize("lid", ["open", "in_between", "unknown"])
def test_the_lid_must_be_closed(driver: ProfileParts, lid: str) -> None:
    driver.robot.reported(SERIAL)["lidStatus"] = lid
    with pytest.raises(DeckUnsafe, match=lid.replace("_", " ")):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == []
