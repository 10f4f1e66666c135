"""Steps of worklists for modules: what is asked of the robot, and what is refused before."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.checks.module_safety import check_modules, known_to_new_run, stopped_elsewhere
from sila_ot2.driver.deck.plans.plan import PlannedCommand, rehearse
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule, labware_from
from sila_ot2.driver.worklists.worklist import plan_of, read
from sila_ot2.errors import (
    DeckUnsafe,
    LabwareNotLoaded,
    ModuleAmbiguous,
    ModuleNotLoaded,
    ParameterInvalid,
    TargetNotSet,
    TargetOutOfRange,
    WorklistInvalid,
)
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of
from tests.fakes.module_robot import IDLE

RELEASE = release_of("8.1.0")
MODELS = {
    "T": "temperatureModuleV2",
    "H": "heaterShakerModuleV1",
    "C": "thermocyclerModuleV2",
    "M": "magneticModuleV2",
}
SLOTS = {"T": "3", "H": "1", "C": "7", "M": "4", "M1": "6"}


def deck(**more: str) -> DeckState:
    """A deck with one module of each kind, by its identifier, and more."""
    models = {**MODELS, **more}
    modules = {name: SessionModule(name, model, SLOTS[name], f"serial-{name}") for name, model in models.items()}
    return DeckState(modules=modules)


def plan(
    *steps: dict[str, Any], on: DeckState | None = None, release: str = "8.1.0"
) -> list[tuple[str, dict[str, Any]]]:
    rows = read(json.dumps(steps).encode(), "json")
    return [(one.command_type, dict(one.params)) for one in plan_of(rows, release_of(release))(on or deck())]


def step(command: str, **given: Any) -> dict[str, Any]:
    return {"Command": command, **given}


CLOSE = "heaterShaker/closeLabwareLatch"
PROFILE = [{"celsius": 95, "holdSeconds": 30}, {"celsius": 60, "holdSeconds": 15}]
STEPS: list[tuple[str, dict[str, Any], list[str], dict[str, Any]]] = [
    ("SetTemperature", {"TargetTemperature": 4}, ["temperatureModule/setTargetTemperature"], {"celsius": 4}),
    ("Deactivate", {}, ["temperatureModule/deactivate"], {}),
    ("SetHeaterTemperature", {"TargetTemperature": 37.5}, ["heaterShaker/setTargetTemperature"], {"celsius": 37.5}),
    ("DeactivateHeater", {}, ["heaterShaker/deactivateHeater"], {}),
    ("SetShakeSpeed", {"TargetSpeed": 800}, [CLOSE, "heaterShaker/setAndWaitForShakeSpeed"], {"rpm": 800}),
    ("DeactivateShaker", {}, [CLOSE, "heaterShaker/deactivateShaker"], {}),
    ("OpenLatch", {}, ["heaterShaker/openLabwareLatch"], {}),
    ("CloseLatch", {}, [CLOSE], {}),
    ("SetBlockTemperature", {"TargetTemperature": 95}, ["thermocycler/setTargetBlockTemperature"], {"celsius": 95}),
    ("SetBlockTemperature", {"TargetTemperature": 95, "MaximumVolume": 50},
     ["thermocycler/setTargetBlockTemperature"], {"celsius": 95, "blockMaxVolumeUl": 50}),
    ("DeactivateBlock", {}, ["thermocycler/deactivateBlock"], {}),
    ("SetLidTemperature", {"TargetTemperature": 105}, ["thermocycler/setTargetLidTemperature"], {"celsius": 105}),
    ("DeactivateLid", {}, ["thermocycler/deactivateLid"], {}),
    ("OpenLid", {}, ["thermocycler/openLid"], {}),
    ("CloseLid", {}, ["thermocycler/closeLid"], {}),
    ("RunProfile", {"ProfileSteps": [[95, 30], [60, 15]], "Repetitions": 2, "MaximumVolume": 20},
     ["thermocycler/runProfile"], {"profile": PROFILE * 2, "blockMaxVolumeUl": 20}),
    ("RunExtendedProfile", {"ProfileParts": [[[[98, 120]], 1], [[[95, 30], [60, 15]], 3]]},
     ["thermocycler/runProfile"], {"profile": [{"celsius": 98, "holdSeconds": 120}, *PROFILE * 3]}),
    ("Engage", {"Height": 6.5}, ["magneticModule/engage"], {"height": 6.5}),
    ("Disengage", {}, ["magneticModule/disengage"], {}),
]  # fmt: skip
"""Command, parameters, the robot's commands, and parameters of the last of them."""
MODULE_OF = {"temperatureModule": "T", "heaterShaker": "H", "thermocycler": "C", "magneticModule": "M"}


@pytest.mark.parametrize(("command", "given", "types", "params"), STEPS)
def test_a_step_asks_of_the_module_what_its_command_does(
    command: str, given: dict[str, Any], types: list[str], params: dict[str, Any]
) -> None:
    module = {"moduleId": MODULE_OF[types[0].split("/")[0]]}
    *first, last = types
    assert plan(step(command, **given)) == [*((one, module) for one in first), (last, {**module, **params})]


@pytest.mark.parametrize(
    ("sets", "waits", "asked", "off"),
    [
        ("SetTemperature", "WaitForTemperature", "temperatureModule/waitForTemperature", "Deactivate"),
        ("SetHeaterTemperature", "WaitForHeaterTemperature", "heaterShaker/waitForTemperature", "DeactivateHeater"),
        ("SetBlockTemperature", "WaitForBlockTemperature", "thermocycler/waitForBlockTemperature", "DeactivateBlock"),
        ("SetLidTemperature", "WaitForLidTemperature", "thermocycler/waitForLidTemperature", "DeactivateLid"),
    ],
)
def test_a_wait_needs_its_target_in_the_same_worklist(sets: str, waits: str, asked: str, off: str) -> None:
    target = step(sets, TargetTemperature=50)
    assert plan(target, step(waits))[-1][0] == asked
    with pytest.raises(TargetNotSet, match="step 1"):
        plan(step(waits), target)
    with pytest.raises(TargetNotSet, match="step 3"):
        plan(target, step(off), step(waits))


@pytest.mark.parametrize("part", ["Block", "Lid"])
def test_a_thermocycler_on_its_way_is_given_no_other_target_where_the_robot_would_drop_it(part: str) -> None:
    hot, warm = (step(f"Set{part}Temperature", TargetTemperature=target) for target in (90, 60))
    for between in (step(f"WaitFor{part}Temperature"), step(f"Deactivate{part}")):
        for release in ("8.1.0", "9.0.0"):
            plan(hot, between, warm, release=release)
    plan(hot, warm, release="8.1.0")
    with pytest.raises(ParameterInvalid, match="step 2"):
        plan(hot, warm, release="9.0.0")
    other = "Lid" if part == "Block" else "Block"
    plan(hot, step(f"Set{other}Temperature", TargetTemperature=60), release="9.0.0")


@pytest.mark.parametrize("part", ["Block", "Lid"])
def test_a_thermocycler_on_its_way_may_be_given_the_same_target_again(part: str) -> None:
    hot = step(f"Set{part}Temperature", TargetTemperature=95)
    assert len(plan(hot, hot, release="9.0.0")) == 2
    with pytest.raises(ParameterInvalid, match="step 3.*another temperature"):
        plan(hot, hot, step(f"Set{part}Temperature", TargetTemperature=60), release="9.0.0")


def test_a_session_knows_which_temperatures_its_run_has_set() -> None:
    first = PlannedCommand("heaterShaker/setTargetTemperature", {"moduleId": "H", "celsius": 40})
    state = rehearse(deck(), [first, replace(first, params={"moduleId": "H", "celsius": 50})])
    assert state.targets_c == {"heaterShaker/setTargetTemperature H": 50.0}


def test_a_module_is_named_by_serial_number_slot_or_identifier() -> None:
    two = deck(M1="magneticModuleV1")
    with pytest.raises(ModuleAmbiguous, match="serial-M in slot 4, serial-M1 in slot 6"):
        plan(step("Disengage"), on=two)
    for name in ("serial-M1", "6", "M1"):
        assert plan(step("Disengage", ModuleIdentifier=name), on=two)[0][1] == {"moduleId": "M1"}
    with pytest.raises(ModuleNotLoaded, match="No magneticModule serial-T"):
        plan(step("Disengage", ModuleIdentifier="serial-T"), on=two)
    with pytest.raises(ModuleNotLoaded, match="Line 1, column 2"):
        plan(step("Disengage"), on=DeckState())


def test_what_a_module_cannot_reach_is_refused_with_its_place() -> None:
    with pytest.raises(WorklistInvalid, match="TargetSpeed"):
        plan(step("SetShakeSpeed", TargetSpeed=3001))
    with pytest.raises(WorklistInvalid, match="TargetTemperature"):
        plan(step("SetLidTemperature", TargetTemperature=36))
    with pytest.raises(WorklistInvalid, match="Timeout"):
        plan(step("WaitForTemperature", Timeout=5))
    with pytest.raises(TargetOutOfRange, match="magneticModuleV1"):
        plan(step("Engage", Height=21, ModuleIdentifier="M1"), on=deck(M1="magneticModuleV1"))
    with pytest.raises(TargetOutOfRange, match="120 °C"):
        plan(step("RunProfile", ProfileSteps=[[120, 1]]))
    with pytest.raises(WorklistInvalid, match="ProfileSteps"):
        plan(step("RunProfile", ProfileSteps=[]))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "ProfileParts"),
        ([[[], 1]], "has no steps"),
        ([[[[60, 1]], 0]], "not carried out even once"),
        ([[[[60, 1]], -1], [[[60, 1]], 2]], "not carried out even once"),
        ([[[[60, 1]], 10_000], [[[60, 1]], 1]], "10001 steps"),
        ([[[[60, -1]], 1]], "held for -1 s"),
        ([[[[99.1, 1]], 1]], "set to 99.1"),
    ],
)
def test_a_profile_of_several_parts_that_cannot_be_is_refused(parts: list[Any], message: str) -> None:
    with pytest.raises((WorklistInvalid, ParameterInvalid, TargetOutOfRange), match=message):
        plan(step("RunExtendedProfile", ProfileParts=parts))


def test_a_cell_of_csv_has_the_profile_as_json() -> None:
    rows = read(b'Command,ProfileSteps,Repetitions\nRunProfile,"[[95, 30], [60, 15]]",3\n', "csv")
    [asked] = plan_of(rows, RELEASE)(deck())
    assert len(asked.params["profile"]) == 6
    rows = read(b'Command,ProfileParts\nRunExtendedProfile,"[[[[95, 30], [60, 15]], 3]]"\n', "csv")
    assert plan_of(rows, RELEASE)(deck()) == [asked]
    for cell in ("95:30", "[" * 100_000, '"[[NaN, 30]]"', '"[[95, NaN]]"', '"[[95, Infinity]]"', '"[[95, 1e999]]"'):
        with pytest.raises(WorklistInvalid, match="Line 2, column 2"):
            read(f"Command,ProfileSteps\nRunProfile,{cell}\n".encode(), "csv")


# --- what the modules do meanwhile ------------------------------------------------------------------------------------


def attached(**changes: dict[str, Any]) -> list[wire.Module]:
    return [
        wire.Module(
            id=name, serialNumber=f"serial-{name}", moduleType=f"{model.rsplit('V', 1)[0]}Type", moduleModel=model,
            data={**IDLE[model], **changes.get(name, {})},
        )
        for name, model in MODELS.items()
    ]  # fmt: skip


def check(*steps: dict[str, Any], **changes: dict[str, Any]) -> None:
    planned = [PlannedCommand(command_type, params) for command_type, params in plan(*steps)]
    check_modules(planned, deck(), attached(**changes))


def test_a_latch_that_an_earlier_step_closes_lets_the_module_shake() -> None:
    opened = {"H": {"labwareLatchStatus": "idle_open"}}
    check(step("CloseLatch"), step("SetShakeSpeed", TargetSpeed=500), **opened)
    check(step("SetShakeSpeed", TargetSpeed=500), step("DeactivateShaker"), step("OpenLatch"))
    with pytest.raises(DeckUnsafe, match="shaking"):
        check(step("SetShakeSpeed", TargetSpeed=500), step("OpenLatch"))


def test_a_profile_needs_a_lid_that_is_closed_by_then() -> None:
    profile = step("RunProfile", ProfileSteps=[[60, 1]])
    with pytest.raises(DeckUnsafe, match="lid of the thermocycler is open"):
        check(profile)
    check(step("CloseLid"), profile)
    with pytest.raises(DeckUnsafe, match="lid of the thermocycler is open"):
        check(step("CloseLid"), step("OpenLid"), profile)


def test_a_new_run_gets_the_closed_latch_that_it_needs() -> None:
    deactivate = [PlannedCommand("heaterShaker/deactivateShaker", {"moduleId": "H"})]
    assert known_to_new_run(deactivate, deck(), attached()) == [PlannedCommand(CLOSE, {"moduleId": "H"})]
    opened = attached(H={"labwareLatchStatus": "idle_open"})
    assert known_to_new_run(deactivate, deck(), opened) == []
    assert known_to_new_run([PlannedCommand("home", {})], deck(), attached()) == []


def test_the_run_of_a_session_gets_the_stop_of_a_shaker_that_was_stopped_outside_of_it() -> None:
    shake = PlannedCommand("heaterShaker/setAndWaitForShakeSpeed", {"moduleId": "H", "rpm": 500})
    stop = PlannedCommand("heaterShaker/deactivateShaker", {"moduleId": "H"})
    shaken = rehearse(deck(), [shake])
    assert stopped_elsewhere(shaken, attached()) == [stop]
    assert stopped_elsewhere(shaken, attached(H={"speedStatus": "holding at target"})) == []
    assert stopped_elsewhere(rehearse(shaken, [stop]), attached()) == []


def _plate(definition: str, version: int, **parameters: Any) -> DeckState:
    named = {"loadName": definition, "isMagneticModuleCompatible": True, **parameters}
    plate = labware_from({"namespace": "opentrons", "version": version, "parameters": named}, "P", "M")
    return replace(deck(), labware={"P": plate})


@pytest.mark.parametrize(
    ("definition", "version", "height_mm"),
    [
        ("nest_96_wellplate_100ul_pcr_full_skirt", 1, 10.0),  # given in half millimeters
        ("nest_96_wellplate_100ul_pcr_full_skirt", 2, 20.0),
        ("some_plate", 1, 20.0),
    ],
)
def test_magnets_are_raised_to_the_height_of_the_labware(definition: str, version: int, height_mm: float) -> None:
    on = _plate(definition, version, magneticModuleEngageHeight=20)
    engaged = ("magneticModule/engage", {"moduleId": "M", "height": height_mm - 1.5})
    assert plan(step("EngageForLabware", Offset=-1.5), on=on) == [engaged]


def test_a_height_that_no_labware_gives_or_no_module_reaches_is_refused() -> None:
    with pytest.raises(LabwareNotLoaded, match="no labware"):
        plan(step("EngageForLabware"))
    with pytest.raises(LabwareNotLoaded, match="gives no height"):
        plan(step("EngageForLabware"), on=_plate("flat", 1))
    unfit = _plate("flat", 1, magneticModuleEngageHeight=10, isMagneticModuleCompatible=False)
    with pytest.raises(LabwareNotLoaded, match="gives no height"):
        plan(step("EngageForLabware"), on=unfit)
    with pytest.raises(TargetOutOfRange, match=r"23 mm"):
        plan(step("EngageForLabware", Offset=3), on=_plate("some_plate", 1, magneticModuleEngageHeight=20))
