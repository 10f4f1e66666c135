"""A bead clean-up three ways: as an Opentrons protocol, command by command, and as a queued worklist.

The robot's own record says what was done: which tips, which volumes from where to where, and what the modules were
asked for, in which order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sila_ot2.cli.named import commands_of
from sila_ot2.cli.plain import snake_case
from sila_ot2.client import Execution
from tests.end_to_end.atomic_client import PARAMETERS, RESERVOIR, TIPS, AtomicClient
from tests.end_to_end.laboratory import finish
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs modules")

MIXING, MAGNETIC, ADAPTER = (
    "nest_96_wellplate_200ul_flat", "nest_96_wellplate_100ul_pcr_full_skirt", "opentrons_96_flat_bottom_adapter",
)  # fmt: skip
ELUTION = "corning_96_wellplate_360ul_flat"
VERSIONS = {MIXING: 2}
"""Its first version does not stand on the adapter."""
PROTOCOL = f"""
requirements = {{"robotType": "OT-2", "apiLevel": "2.15"}}

def run(protocol):
    tips = protocol.load_labware("{TIPS}", "5")
    reagents = protocol.load_labware("{RESERVOIR}", "2")
    eluted = protocol.load_labware("{ELUTION}", "6")
    shaker = protocol.load_module("heaterShakerModuleV1", "10")
    mixing = shaker.load_adapter("{ADAPTER}").load_labware("{MIXING}")
    magnet = protocol.load_module("magneticModuleV2", "4")
    beads = magnet.load_labware("{MAGNETIC}", version=1)  # its height is in half millimeters
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    pipette.flow_rate.aspirate = pipette.flow_rate.dispense = 90

    def transfer(volume, source, target):
        pipette.pick_up_tip()
        pipette.aspirate(volume, source)
        pipette.dispense(volume, target)
        pipette.drop_tip()

    shaker.close_labware_latch()
    # mix the sample with beads, and incubate it
    pipette.pick_up_tip()
    pipette.aspirate(60, reagents["A1"])
    pipette.dispense(60, mixing["A1"])
    pipette.mix(3, 40, mixing["A1"])
    pipette.drop_tip()
    shaker.set_target_temperature(37.5)
    shaker.wait_for_temperature()
    shaker.set_and_wait_for_shake_speed(1000)
    protocol.delay(seconds=2)
    shaker.deactivate_shaker()
    shaker.deactivate_heater()
    # hold the beads, and wash them
    transfer(60, mixing["A1"], beads["A1"])
    magnet.engage(height_from_base=6.5)
    protocol.delay(seconds=1)
    transfer(55, beads["A1"], reagents["A12"])
    transfer(70, reagents["A2"], beads["A1"])
    transfer(75, beads["A1"], reagents["A12"])
    # elute
    magnet.disengage()
    transfer(30, reagents["A3"], beads["A1"])
    magnet.engage()
    transfer(25, beads["A1"], eluted["A1"])
    magnet.disengage()
"""


def liquid(command: str, labware: str, well: str, volume: float, **more: Any) -> dict[str, Any]:
    rate = {"FlowRate": 90.0} if command != "Mix" else {"AspirateFlowRate": 90.0, "DispenseFlowRate": 90.0}
    where = {"LabwareIdentifier": labware, "Well": well, "Volume": volume}
    return {"Command": command, "Mount": "right", **where, **rate, **more}


def transfer(volume: float, source: tuple[str, str], target: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"Command": "PickUpTip", "Mount": "right"},
        liquid("Aspirate", *source, volume),
        liquid("Dispense", *target, volume),
        {"Command": "DropTip", "Mount": "right"},
    ]


STEPS: list[dict[str, Any]] = [
    {"Command": "CloseLatch"},
    *transfer(60, (RESERVOIR, "A1"), (MIXING, "A1"))[:3],
    liquid("Mix", MIXING, "A1", 40, Repetitions=3),
    {"Command": "DropTip", "Mount": "right"},
    {"Command": "SetHeaterTemperature", "TargetTemperature": 37.5},
    {"Command": "WaitForHeaterTemperature"},
    {"Command": "SetShakeSpeed", "TargetSpeed": 1000.0},
    {"Command": "Delay", "Duration": 2.0},
    {"Command": "DeactivateShaker"},
    {"Command": "DeactivateHeater"},
    *transfer(60, (MIXING, "A1"), (MAGNETIC, "A1")),
    {"Command": "Engage", "Height": 6.5},
    {"Command": "Delay", "Duration": 1.0},
    *transfer(55, (MAGNETIC, "A1"), (RESERVOIR, "A12")),
    *transfer(70, (RESERVOIR, "A2"), (MAGNETIC, "A1")),
    *transfer(75, (MAGNETIC, "A1"), (RESERVOIR, "A12")),
    {"Command": "Disengage"},
    *transfer(30, (RESERVOIR, "A3"), (MAGNETIC, "A1")),
    {"Command": "EngageForLabware"},
    *transfer(25, (MAGNETIC, "A1"), (ELUTION, "A1")),
    {"Command": "Disengage"},
]
"""Labware is named by its load name."""
OF_MODULES = ("heaterShaker/", "magneticModule/")
STOP = "heaterShaker/deactivateShaker"
NOT_COMPARED = ("heaterShaker/closeLabwareLatch", "heaterShaker/waitForTemperature")
"""Closing a closed latch changes nothing, and without a run this server waits."""


class CleanupDeck:
    """A deck for the clean-up, and the robot's record of it."""

    def __init__(self, atomic: AtomicClient) -> None:
        self.atomic = atomic
        self.begun = 0
        """How many commands without a run the robot had carried out before."""

    def load(self) -> dict[str, str]:
        """Open a session with the deck; returns the identifiers of its labware by load name."""
        self.begun = self._without_run()["meta"]["totalLength"]
        do = self.atomic.do
        shaker = do("LoadModule", ModuleModel="heaterShakerModuleV1", Slot="10").module_identifier
        magnet = do("LoadModule", ModuleModel="magneticModuleV2", Slot="4").module_identifier
        adapter = do("LoadLabware", LoadName=ADAPTER, Location=shaker).labware_identifier
        where = {TIPS: "5", RESERVOIR: "2", ELUTION: "6", MIXING: adapter, MAGNETIC: magnet}
        return {
            name: do("LoadLabware", LoadName=name, Location=location, Version=VERSIONS.get(name, 1)).labware_identifier
            for name, location in where.items()
        }

    def record(self, run_id: str) -> list[tuple[Any, ...]]:
        """Return what the robot has done in a run, and without one since `load`."""
        robot = self.atomic.robot
        run = robot.request("GET", f"/runs/{run_id}/commands?pageLength=1000")["data"]
        without = self._without_run()
        commands = [*run, *without["data"][self.begun - without["meta"]["cursor"] :]]  # the robot clamps the cursor
        names = {command["id"]: robot.request("GET", f"/runs/{run_id}/commands/{command['id']}")["data"]["result"]
                 for command in run if command["commandType"] == "loadLabware"}  # fmt: skip
        labware = {result["labwareId"]: result["definition"] for result in names.values()}
        done = sorted((one for one in commands if one["status"] == "succeeded"), key=lambda one: one["createdAt"])
        entries = [entry for one in done for entry in _entries(one["commandType"], one["params"], labware)]
        return [entry for number, entry in enumerate(entries) if not _stops_again(entries[:number], entry)]

    def _without_run(self) -> Any:
        return self.atomic.robot.request("GET", f"/commands?cursor={self.begun}&pageLength=1000")


def _stops_again(before: list[tuple[Any, ...]], entry: tuple[Any, ...]) -> bool:
    """Whether a shaker is stopped that stands still: only in a session, whose run has to know it."""
    shaking = [one[0] for one in before if one[0] in ("heaterShaker/setAndWaitForShakeSpeed", STOP)]
    return entry[0] == STOP and bool(shaking) and shaking[-1] == STOP


def _entries(command_type: str, params: dict[str, Any], labware: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    if command_type.startswith(OF_MODULES) and command_type not in NOT_COMPARED:
        yield (command_type, *(value for name, value in sorted(params.items()) if name != "moduleId"))
    elif command_type in ("aspirate", "dispense"):
        definition, where = labware[params["labwareId"]], params["wellLocation"]
        depth = definition["wells"][params["wellName"]]["depth"] if where["origin"] == "top" else 0.0
        height = round(where.get("offset", {}).get("z", 0) + depth, 3)  # above the bottom
        place = (definition["parameters"]["loadName"], params["wellName"], height)
        yield (command_type, *place, params["volume"], params["flowRate"])
    elif command_type == "pickUpTip":
        yield (command_type, labware[params["labwareId"]]["parameters"]["loadName"], params["wellName"])
    elif command_type in ("dropTip", "dropTipInPlace"):
        yield ("drop",)


@pytest.fixture
def cleanup(atomic: AtomicClient) -> Iterator[CleanupDeck]:
    models = ("heaterShakerModuleV1", "magneticModuleV2")
    serials = [atomic.robot.control("module", model=model)["serial"] for model in models]
    provider = atomic.lab.client.module_provider
    wait_for(lambda: len(provider.attached_modules.get()) == len(serials))
    yield CleanupDeck(atomic)
    for serial in serials:
        atomic.robot.control("unplug", serial=serial)


def as_protocol(cleanup: CleanupDeck) -> list[tuple[Any, ...]]:
    lab = cleanup.atomic.lab
    cleanup.begun = cleanup._without_run()["meta"]["totalLength"]
    run_id = lab.run(lab.upload(PROTOCOL)).run_identifier
    return cleanup.record(run_id)


def step_by_step(cleanup: CleanupDeck) -> list[tuple[Any, ...]]:
    """Each step as the command of its feature."""
    client, labware = cleanup.atomic.lab.client, cleanup.load()
    run_id = cleanup.atomic.feature.session.get()[0].run_identifier
    shaker, magnet = client.heater_shaker_controller, client.magnetic_module_controller
    for step in STEPS:
        command, given = step["Command"], {name: value for name, value in step.items() if name != "Command"}
        if command in PARAMETERS:
            if "LabwareIdentifier" in given:
                given["LabwareIdentifier"] = labware[given["LabwareIdentifier"]]
            cleanup.atomic.do(command, **given)
        else:
            feature = magnet if "ngage" in command else shaker
            wait = {"timeout": 600.0} if command == "WaitForHeaterTemperature" else {}
            parameters = {snake_case(name): value for name, value in given.items()}
            begun = commands_of(feature)[command](**parameters, **wait)
            if isinstance(begun, Execution):
                finish(begun)
    done = cleanup.record(run_id)
    cleanup.atomic.do("CloseSession")
    return done


def as_worklist(cleanup: CleanupDeck, mode: str) -> list[tuple[Any, ...]]:
    labware = cleanup.load()
    steps = [
        {**step, "LabwareIdentifier": labware[step["LabwareIdentifier"]]} if "LabwareIdentifier" in step else step
        for step in STEPS
    ]
    executed = cleanup.atomic.do("ExecuteWorklist", Worklist=json.dumps(steps).encode(), Format="Json", Mode=mode)
    done = cleanup.record(executed.run_identifier)
    cleanup.atomic.do("CloseSession")
    return done


def test_three_ways_do_the_same(cleanup: CleanupDeck) -> None:
    expected = as_protocol(cleanup)
    assert [entry[0] for entry in expected].count("aspirate") == 10  # six transfers and one, three times of mixing
    assert ("heaterShaker/setAndWaitForShakeSpeed", 1000.0) in expected
    assert as_worklist(cleanup, "QueuedRun") == expected
    assert step_by_step(cleanup) == expected
    assert as_worklist(cleanup, "Stepwise") == expected
