"""What a command takes follows from where things stand and from how fast the robot is."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.tracking.steps.step_times import LONGEST_S, OVERHEAD_S, StepTimes, model_steps
from sila_ot2.robot import wire
from tests.fakes.robot_in_memory import command as command_document


def command(kind: str, result: dict[str, Any] | None = None, **params: Any) -> wire.Command:
    return wire.Command.model_validate({**command_document(kind, 0), "params": params, "result": result})


def travel_s(*loads: wire.Command, labware_id: str = "plate") -> float:
    """How long the way takes from the deck's home to a plate that stands where `loads` say."""
    times = StepTimes()
    for load in loads:
        assert times.expected_s(load) == OVERHEAD_S
    return times.expected_s(command("moveToWell", labwareId=labware_id, wellName="A1"))


def plate(location: Any, labware_id: str = "plate") -> wire.Command:
    return command("loadLabware", {"labwareId": labware_id}, location=location)


def test_labware_on_a_module_or_on_other_labware_stands_where_that_stands() -> None:
    in_slot_1 = travel_s(plate({"slotName": "1"}))
    assert in_slot_1 > travel_s(plate({"slotName": "11"}))
    module = command("loadModule", {"moduleId": "m"}, location={"slotName": "1"})
    assert travel_s(module, plate({"moduleId": "m"})) == in_slot_1
    adapter = plate({"slotName": "1"}, "adapter")
    assert travel_s(adapter, plate({"labwareId": "adapter"})) == in_slot_1


@pytest.mark.parametrize("location", ["offDeck", {"moduleId": "unknown"}, {"labwareId": "unknown"}])
def test_labware_at_an_unknown_place_is_taken_to_be_near(location: Any) -> None:
    assert travel_s(plate(location)) < travel_s(plate({"slotName": "1"}))


def test_pumping_takes_as_long_as_volume_and_flow_rate_say() -> None:
    times = StepTimes()
    slow = times.expected_s(command("aspirateInPlace", pipetteId="p", volume=100, flowRate=10))
    fast = times.expected_s(command("aspirateInPlace", pipetteId="p", volume=100, flowRate=100))
    assert slow - fast == pytest.approx(9)


@pytest.mark.parametrize(
    ("kind", "params", "expected_s"),
    [("moveRelative", {}, 1.0), ("blowOutInPlace", {}, 1.0), ("waitForDuration", {"seconds": 30}, 30.0)],
)
def test_commands_without_a_way_have_a_time_of_their_own(kind: str, params: dict[str, Any], expected_s: float) -> None:
    assert StepTimes().expected_s(command(kind, **params)) == expected_s


def test_the_robots_own_pace_corrects_the_model_within_limits() -> None:
    wait = command("waitForDuration", seconds=10)
    assert StepTimes({"waitForDuration": 1.5}).corrected_s(wait) == 15
    assert StepTimes({"waitForDuration": 100.0}).corrected_s(wait) == 50


@pytest.mark.parametrize(
    "step",
    [
        command("aspirate", volume=100.0, flowRate=1e-300),
        command("waitForDuration", seconds=1e300),
        command("thermocycler/runProfile", profile=[{"celsius": 40.0, "holdSeconds": 1e300}]),
    ],
)
def test_step_without_end_is_counted_as_a_long_one(step: wire.Command) -> None:
    [step_s] = model_steps([step], {})
    assert step_s == LONGEST_S
