"""What modules take: profiles, holds and waits for a temperature count, whatever their protocol's API level."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.tracking.steps.step_times import model_steps
from sila_ot2.robot import wire

CYCLE = [(95.0, 30.0), (57.0, 30.0), (72.0, 60.0)]
HOLDS_S = 30 * 120.0


def command(kind: str, **params: Any) -> wire.Command:
    return wire.Command(id="c", command_type=kind, status="succeeded", params={"moduleId": "m", **params})


def taken_s(*commands: wire.Command) -> float:
    return float(sum(model_steps(commands, {})))


STEPS = [{"celsius": celsius, "holdSeconds": hold_s} for celsius, hold_s in CYCLE]
LEGACY = [{"temperature": celsius, "hold_time_seconds": hold_s} for celsius, hold_s in CYCLE]


@pytest.mark.parametrize(
    "profile",
    [
        command("thermocycler/runProfile", profile=STEPS * 30),
        command("thermocycler/runExtendedProfile", profileElements=[{"steps": STEPS, "repetitions": 30}]),
        command(
            "custom",
            legacyCommandText="Thermocycler starting 30 repetitions of cycle composed of the following steps: "
            f"{LEGACY}",
        ),
    ],
    ids=["unrolled", "in cycles", "in words"],
)
def test_profile_takes_its_holds_and_the_way_between_its_temperatures(profile: wire.Command) -> None:
    ramps_s = taken_s(profile) - HOLDS_S
    assert 30 * 20 < ramps_s < 30 * 90


def test_profile_in_the_background_takes_no_time() -> None:
    text = f"In the background, thermocycler starting to run 30 repetitions  of cycle composed of: {LEGACY}"
    assert taken_s(command("custom", legacyCommandText=text)) < 1


def test_hold_is_waited_for_with_the_block() -> None:
    target = command("thermocycler/setTargetBlockTemperature", celsius=95, holdTimeSeconds=600)
    wait = command("thermocycler/waitForBlockTemperature")
    assert taken_s(target) < 1
    assert 600 < taken_s(target, wait) < 700
    assert taken_s(target, wait, wait) - taken_s(target, wait) < 10, "the second wait finds the block there"


@pytest.mark.parametrize("module", ["temperatureModule", "heaterShaker"])
def test_wait_for_a_temperature_takes_as_long_as_the_way_to_it(module: str) -> None:
    near, far = (
        taken_s(command(f"{module}/setTargetTemperature", celsius=celsius), command(f"{module}/waitForTemperature"))
        for celsius in (37, 90)
    )
    assert far > 3 * near
    assert taken_s(command(f"{module}/waitForTemperature", celsius=90)) == pytest.approx(far)


def test_temperatures_in_words_are_waited_for() -> None:
    text = "Setting Thermocycler well block temperature to 95 °C with a hold time of 2 minutes and 30.0 seconds"
    assert 150 < taken_s(command("custom", legacyCommandText=text)) < 250
    text = "Setting Temperature Module temperature to 90 °C (rounded off to nearest integer)"
    assert taken_s(command("custom", legacyCommandText=text)) > 100


@pytest.mark.parametrize(
    "profile", [None, "text", [None], [{"celsius": None}], [{"holdSeconds": -1, "celsius": "hot"}]]
)
def test_profile_that_makes_no_sense_takes_no_time(profile: Any) -> None:
    assert taken_s(command("thermocycler/runProfile", profile=profile)) < 1
