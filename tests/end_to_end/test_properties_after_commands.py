"""Who reads a property right after a command has ended sees what the command changed: every property, in a loop.

The robot is read seldom here, so that what a command has not published itself stays old until it has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sila_ot2.cli.named import commands_of, property_of
from sila_ot2.client.generated.labware_transfer_site_controller import HandoverPosition
from sila_ot2.generated import definition
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, protocol
from tests.fakes.labware import as_file, custom_plate
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
ROUNDS = 4
SELDOM: dict[str, object] = {"idle_interval_s": 3, "active_interval_s": 1, "equipment_interval_s": 60}
FEATURES = (
    "OT2DeckService", "ParameterConstraintsProvider",
    "AtomicLiquidHandling", "DeviceLighting", "OT2CalibrationProvider", "OT2InformationProvider",
    "OT2LabwareDefinitionService", "OT2LabwareOffsetService", "OT2ModuleProvider",
    "OT2PipetteProvider", "OT2SafetyStopController", "OT2StatusProvider", "OT2WorkflowService", "ProtocolService",
    "RunController", "LockController", "PauseController", "OT2TemperatureModuleController",
    "OT2HeaterShakerController", "OT2MagneticModuleController", "OT2TipTrackingService",
    "OT2ThermocyclerController",
)  # fmt: skip
NOT_CHANGED_BY_COMMANDS = {
    "OT2CalibrationProvider": "the Opentrons App calibrates",
    "OT2InformationProvider": "the robot's software and name",
    "OT2ModuleProvider": "what is plugged in",
    "OT2MaintenanceController": "tests/unit/driver/maintenance/test_maintenance.py",
    "OT2PipetteProvider": "what is screwed on",
    **{
        f"OT2StatusProvider.{name}": "the network" for name in ("Reachability", "LastSeenAt", "Latency", "UpdateSource")
    },
    "OT2StatusProvider.ReportTimes": "when the robot was read",
    "OT2StatusProvider.Simulated": "tests/end_to_end/test_simulation_mode.py",
    "OT2StatusProvider.DoorState": "a person at the door",
    "OT2StatusProvider.DoorRequiredClosed": "a setting of the robot",
    "OT2StatusProvider.LastError": "commands that fail; tests/end_to_end/test_status.py",
    "ProtocolService.SupportedApiLevelRange": "the robot's software",
    "RunController.OperatorPrompt": "a pause that a protocol asks for; it comes with the run's own progress",
    "OT2WorkflowService.PolledOperatorPrompt": "the same",
    "OT2WorkflowService.PolledRecoverableErrors": "what a waiting run needs; test_workflow_service.py",
    "OT2SafetyStopController.LatchedAt": "read together with SafetyStopActive",
}
Is = Callable[[Any], bool]


def equal(expected: object) -> Is:
    return lambda value: bool(value == expected)


def names(run_id: str, status: str) -> Is:
    return lambda current: [(run.run_identifier, run.status) for run in current] == [(run_id, status)]


def has(member: str, value: str) -> Is:
    return lambda listed: any(getattr(one, member) == value for one in listed)


def lacks(member: str, value: str) -> Is:
    return lambda listed: not has(member, value)(listed)


def only(member: str, value: object) -> Is:
    return lambda listed: [getattr(one, member) for one in listed] == [value]


def refuses_start(code: str) -> Is:
    return lambda permission: code in [reason.code for reason in permission.reasons]


def allows_start(permission: Any) -> bool:
    return bool(permission.allowed)


def nothing(listed: Any) -> bool:
    return not listed


def idle(activity: Any) -> bool:
    return bool(activity.kind == "None")


class PropertyReader:
    """Reads the properties named, at once, and keeps what is not as it should be."""

    def __init__(self, lab: Laboratory) -> None:
        self.lab = lab
        self.wrong: list[str] = []
        self.read: set[str] = set()

    def after(self, what: str, **expected: Is) -> None:
        for name, is_right in expected.items():
            known = name.replace("__", ".")
            value = property_of(self.lab.client, known).get()
            self.read.add(known)
            if not is_right(value):
                self.wrong.append(f"after {what}, {known} is {value}")

    def after_run_change(self, what: str, run_id: str, status: str, **more: Is) -> None:
        self.after(
            what, RunController__RunStatus=equal(status), OT2WorkflowService__PolledRunStatus=equal(status),
            RunController__CurrentRun=names(run_id, status), PauseController__Paused=equal(status == "Paused"), **more,
        )  # fmt: skip


@pytest.fixture
def lab(simulator: SimulatorProcess, tmp_path: Path) -> Iterator[Laboratory]:
    simulator.control("speed", speed=200)
    with laboratory(simulator.url, tmp_path, runs=SELDOM) as lab:
        wait_for(lambda: lab.status() == "NoRun")
        yield lab


def of_files(reader: PropertyReader, number: int) -> None:
    service = reader.lab.protocols
    identifier = reader.lab.upload(QUICK.replace("'2.", "'2.", 1) + f"# {number}\n")
    reader.after("UploadProtocol", ProtocolService__Protocols=has("protocol_identifier", identifier))
    reader.lab.analyze(identifier)
    result = {one.protocol_identifier: one.last_analysis_result for one in service.protocols.get()}[identifier]
    if result != "Ok":
        reader.wrong.append(f"after AnalyzeProtocol, its result is {result}")
    service.delete_protocol(protocol_identifier=identifier)
    reader.after("DeleteProtocol", ProtocolService__Protocols=lacks("protocol_identifier", identifier))
    library = reader.lab.client.labware_definition_service
    uri = library.add_definition(as_file(custom_plate(version=number + 1))).definition_uri
    reader.after("AddDefinition", OT2LabwareDefinitionService__Definitions=has("definition_uri", uri))
    library.remove_definition(uri)
    reader.after("RemoveDefinition", OT2LabwareDefinitionService__Definitions=lacks("definition_uri", uri))
    offsets = reader.lab.client.labware_offset_service
    offsets.set_offset(definition_uri=f"my_lab/plate/{number + 1}", slot="1", x=0.1, y=0.2, z=0.3)
    reader.after(
        "SetOffset", OT2LabwareOffsetService__StoredOffsets=has("definition_uri", f"my_lab/plate/{number + 1}")
    )
    offsets.remove_offset(definition_uri=f"my_lab/plate/{number + 1}", slot="1")
    reader.after(
        "RemoveOffset", OT2LabwareOffsetService__StoredOffsets=lacks("definition_uri", f"my_lab/plate/{number + 1}")
    )
    data_file = service.upload_data_file(f"{number}.csv", f"a,{number}\n".encode())
    reader.after("UploadDataFile", ProtocolService__DataFiles=has("data_file_identifier", data_file))
    service.delete_data_file(data_file_identifier=data_file)
    reader.after("DeleteDataFile", ProtocolService__DataFiles=lacks("data_file_identifier", data_file))


def of_a_run(reader: PropertyReader, identifier: str) -> None:
    lab = reader.lab
    run_id = lab.create(identifier)
    reader.after_run_change(
        "CreateRun", run_id, "Idle", RunController__StartPermission=refuses_start("UnfinishedRun"),
        OT2StatusProvider__AllowedActions=lambda allowed: bool(allowed),
        RunController__NextSteps=lambda steps: len(steps) > 1 and steps[0] == "Home",
    )  # fmt: skip
    begun = lab.start(run_id)
    lab.until_status("Running")
    lab.pause()
    reader.after_run_change(
        "PauseRun", run_id, "Paused", OT2StatusProvider__DeviceStatus=equal("Paused"),
        OT2WorkflowService__PolledDeviceStatus=equal("Paused"),
    )  # fmt: skip
    lab.resume()
    reader.after_run_change("ResumeRun", run_id, "Running", OT2StatusProvider__DeviceStatus=equal("Busy"))
    lab.stop()
    reader.after_run_change(
        "StopRun", run_id, "Stopped", RunController__RunHistory=lambda records: records[0].result == "Stopped",
        RunController__StartPermission=allows_start, RunController__NextSteps=nothing,
    )  # fmt: skip
    wait_for(lambda: begun.done)
    reader.after("the end of StartRun", OT2StatusProvider__Activity=idle)
    lab.release()
    reader.after(
        "ReleaseRun", RunController__RunStatus=equal("NoRun"), RunController__CurrentRun=nothing,
        OT2StatusProvider__DeviceStatus=equal("Ready"), RunController__StartPermission=allows_start,
    )  # fmt: skip
    lab.runs.delete_run(run_identifier=run_id)
    reader.after("DeleteRun", RunController__CurrentRun=nothing)


def of_a_whole_run(reader: PropertyReader, identifier: str) -> None:
    record = reader.lab.run(identifier)
    reader.after_run_change(
        "RunProtocol", record.run_identifier, "Succeeded",
        RunController__RunHistory=lambda records: records[0].run_identifier == record.run_identifier,
        RunController__StartPermission=allows_start, OT2StatusProvider__Activity=idle,
        OT2StatusProvider__DeviceStatus=equal("Ready"),
    )  # fmt: skip
    reader.lab.release()
    reader.after("ReleaseRun", RunController__RunStatus=equal("NoRun"), RunController__CurrentRun=nothing)


def of_lights_locks_and_the_safety_stop(reader: PropertyReader) -> None:
    client = reader.lab.client
    for on in (True, False):
        client.device_lighting.set_rail_lights(on=on)
        reader.after("SetRailLights", DeviceLighting__RailLights=equal(on))
    client.lock_controller.lock_server(lock_identifier="mine", timeout=60)
    reader.after("LockServer", LockController__IsLocked=equal(True))
    client.lock_controller.unlock_server(lock_identifier="mine")
    reader.after("UnlockServer", LockController__IsLocked=equal(False))
    finish(client.safety_stop_controller.stop_now())
    reader.after("StopNow", OT2SafetyStopController__SafetyStopActive=equal(True),
                 OT2StatusProvider__RequiredActions=lambda actions: bool(actions),
                 OT2StatusProvider__DeviceStatus=equal("Stopped"))  # fmt: skip
    reader.lab.client.safety_stop_controller.release_stop()
    reader.after("ReleaseStop", OT2SafetyStopController__SafetyStopActive=equal(False),
                 OT2StatusProvider__DeviceStatus=lambda status: status != "Stopped")  # fmt: skip


def of_modules(reader: PropertyReader) -> None:
    client = reader.lab.client

    def targets(*values: float) -> Is:
        return lambda modules: [module.target_temperature for module in modules] == [list(values)]

    for target in (37.0, 40.0):
        client.temperature_module_controller.set_temperature(target_temperature=target)
        reader.after("SetTemperature", OT2TemperatureModuleController__TemperatureModules=targets(target))
    client.temperature_module_controller.deactivate()
    reader.after("Deactivate", OT2TemperatureModuleController__TemperatureModules=targets())

    for height in (5.0, 8.0):
        client.magnetic_module_controller.engage(height=height)
        reader.after("Engage", OT2MagneticModuleController__MagneticModules=only("height", height))
    client.magnetic_module_controller.disengage()
    reader.after("Disengage", OT2MagneticModuleController__MagneticModules=only("engaged", False))
    shaker = client.heater_shaker_controller

    def shaking(**expected: Any) -> dict[str, Is]:
        return {"OT2HeaterShakerController__HeaterShakers": lambda modules: all(
            getattr(modules[0], name) == value for name, value in expected.items())}  # fmt: skip

    finish(shaker.open_latch())
    reader.after("OpenLatch", **shaking(latch_status="idle_open"))
    finish(shaker.close_latch())
    reader.after("CloseLatch", **shaking(latch_status="idle_closed"))
    finish(shaker.set_shake_speed(target_speed=500.0))
    reader.after("SetShakeSpeed", **shaking(target_speed=[500.0]))
    shaker.deactivate_shaker()
    reader.after("DeactivateShaker", **shaking(speed_status="idle"))
    shaker.set_heater_temperature(target_temperature=40.0)
    reader.after("SetHeaterTemperature", **shaking(target_temperature=[40.0]))
    shaker.deactivate_heater()
    reader.after("DeactivateHeater", **shaking(target_temperature=[]))
    cycler = client.thermocycler_controller

    def cycling(**expected: Any) -> dict[str, Is]:
        return {"OT2ThermocyclerController__Thermocyclers": lambda modules: all(
            getattr(modules[0], name) == value for name, value in expected.items())}  # fmt: skip

    cycler.set_block_temperature(target_temperature=50.0, maximum_volume=0.0)
    reader.after("SetBlockTemperature", **cycling(block_target=[50.0]))
    cycler.deactivate_block()
    reader.after("DeactivateBlock", **cycling(block_target=[]))
    cycler.set_lid_temperature(target_temperature=50.0)
    reader.after("SetLidTemperature", **cycling(lid_target=[50.0]))
    cycler.deactivate_lid()
    reader.after("DeactivateLid", **cycling(lid_target=[]))
    for command, lid in (("CloseLid", "closed"), ("OpenLid", "open")):
        finish(commands_of(cycler)[command]())
        reader.after(command, **cycling(lid_status=lid))


def of_tip_racks(reader: PropertyReader) -> None:
    tips = reader.lab.client.tip_tracking_service

    def rack(**places: int) -> Is:
        return lambda racks: [{name: len(getattr(one, name)) for name in places} for one in racks] == [places]

    tips.reset_tips(slot="9", definition_uri="opentrons/opentrons_96_tiprack_20ul/1")
    reader.after("ResetTips", OT2TipTrackingService__TipRacks=rack(free_tips=96))
    tips.mark_tips(slot="9", wells=["A1"], tip_state="Empty")
    reader.after("MarkTips", OT2TipTrackingService__TipRacks=rack(free_tips=95, empty_places=1))
    tips.reserve_tips(definition_uri="", whole_column=False, count=2)
    reader.after("ReserveTips", OT2TipTrackingService__TipRacks=rack(free_tips=93, reserved_tips=2))
    tips.remove_tip_rack("9")
    reader.after("RemoveTipRack", OT2TipTrackingService__TipRacks=nothing)
    tips.reset_trash_count()
    reader.after("ResetTrashCount", OT2TipTrackingService__TrashedTips=lambda trash: trash.count == 0)


def stands(slot: str, state: str, source: str) -> Is:
    return lambda slots: (slot, state, source) in [(one.slot, one.state, one.source) for one in slots]


def of_the_deck(reader: PropertyReader) -> None:
    deck = reader.lab.client.deck_service
    changes: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("DeclareLabware", lambda: deck.declare_labware("9", definition_uri="my_lab/plate/1"), "Occupied"),
        ("ClearSlot", lambda: deck.clear_slot("9"), "Empty"), ("ForgetDeck", deck.forget_deck, "Unknown"),
        ("ImportDeck", lambda: deck.import_deck(b"slot,labware\n9,my_lab/plate/1\n"), "Occupied"),
    )  # fmt: skip
    for command, call, state in changes:
        call()
        reader.after(command, OT2DeckService__Slots=stands("9", state, "Nothing" if state == "Unknown" else "Declared"))
    deck.declare_liquid(slot="9", wells=["A1"], volumes=[7.0])
    reader.after("DeclareLiquid", OT2DeckService__Liquids=only("slot", "9"))
    deck.forget_liquids()
    reader.after("ForgetLiquids", OT2DeckService__Liquids=nothing)


def of_a_session(reader: PropertyReader, atomic: AtomicClient) -> None:
    def session(what: str, **more: Is) -> None:
        done = {"AtomicLiquidHandling__LastCommand": lambda last: (last[0].command_name, last[0].outcome) == (
            what, "Succeeded")}  # fmt: skip
        reader.after(what, AtomicLiquidHandling__Session=only("state", "Ready"), OT2StatusProvider__Activity=idle,
                     **done, **more)  # fmt: skip

    def held(tip: str, volume_ul: float) -> Is:
        return lambda states: any((one.tip_state, one.contained_volume) == (tip, volume_ul) for one in states
                                  if one.mount == "right")  # fmt: skip

    atomic.do("OpenSession")
    session("OpenSession", RunController__StartPermission=refuses_start("SessionActive"),
            OT2StatusProvider__Holders=only("kind", "Session"))  # fmt: skip
    atomic.set_up()
    session("LoadLabware", AtomicLiquidHandling__LoadedLabware=lambda labware: len(labware) == 2,
            OT2DeckService__Slots=stands("1", "InUse", "Session"),
            ParameterConstraintsProvider__ParametersConstraints=lambda limits: any(
                one.command_parameter_identifier.endswith("Aspirate/Parameter/LabwareIdentifier")
                and atomic.plate in one.constraints for one in limits))  # fmt: skip
    module = atomic.do("LoadModule").module_identifier
    session("LoadModule", AtomicLiquidHandling__LoadedModules=only("module_identifier", module))
    for command, tip, volume_ul in (
        ("PickUpTip", "Tip", 0.0), ("Aspirate", "Tip", 50.0), ("Dispense", "Tip", 0.0), ("MoveToWell", "Tip", 0.0),
        ("MoveToCoordinates", "Tip", 0.0), ("DropTip", "NoTip", 0.0),
    ):  # fmt: skip
        atomic.do(command)
        where = {"AtomicLiquidHandling__Position": lambda position: bool(position)} if command != "PickUpTip" else {}
        session(command, AtomicLiquidHandling__PipetteStates=held(tip, volume_ul), **where)
    atomic.do("MoveLabware", LabwareIdentifier=atomic.plate)
    session("MoveLabware", AtomicLiquidHandling__LoadedLabware=has("location", "5"),
            OT2DeckService__Slots=stands("5", "InUse", "Session"))  # fmt: skip
    atomic.do("RemoveLabware", LabwareIdentifier=atomic.plate)
    session("RemoveLabware", AtomicLiquidHandling__LoadedLabware=has("location", "offDeck"),
            OT2DeckService__Slots=stands("5", "Empty", "Session"))  # fmt: skip
    atomic.do("Home")
    session("Home", AtomicLiquidHandling__Position=nothing)
    atomic.do("CloseSession")
    reader.after("CloseSession", AtomicLiquidHandling__Session=nothing, AtomicLiquidHandling__LoadedLabware=nothing,
                 RunController__StartPermission=allows_start, OT2StatusProvider__DeviceStatus=equal("Ready"),
                 OT2StatusProvider__Holders=nothing)  # fmt: skip


def of_a_handover(reader: PropertyReader) -> None:
    site, deck = reader.lab.client.labware_transfer_site_controller, reader.lab.client.deck_service
    place = HandoverPosition(position="Deck", sub_position=3)
    finish(site.prepare_for_input(place, 3, "", labware_unique_id="plate 7"))
    pending = {"OT2DeckService__PendingHandover": only("phase", "Prepared")}
    reader.after("PrepareForInput", OT2StatusProvider__DeviceStatus=equal("Busy"),
                 RunController__StartPermission=refuses_start("ServerBusy"), **pending)  # fmt: skip
    finish(site.labware_delivered(place))
    ended = {"OT2DeckService__PendingHandover": nothing, "OT2StatusProvider__DeviceStatus": equal("Ready"),
             "RunController__StartPermission": allows_start}  # fmt: skip
    reader.after("LabwareDelivered", OT2DeckService__DeliveredLabware=only("labware_unique_id", "plate 7"),
                 OT2DeckService__Slots=stands("3", "Occupied", "Handover"), **ended)  # fmt: skip
    finish(site.prepare_for_output(place, 3))
    reader.after("PrepareForOutput", **pending)
    deck.abort_handover()
    reader.after("AbortHandover", **ended)
    finish(site.prepare_for_output(place, 3))
    finish(site.labware_removed(place))
    reader.after("LabwareRemoved", OT2DeckService__DeliveredLabware=nothing,
                 OT2DeckService__Slots=stands("3", "Empty", "Handover"), **ended)  # fmt: skip


@pytest.mark.timeout(900)
def test_every_property_shows_what_a_command_has_changed(lab: Laboratory, simulator: SimulatorProcess) -> None:
    for model in ("temperatureModuleV2", "heaterShakerModuleV1", "magneticModuleV2", "thermocyclerModuleV2"):
        simulator.control("module", model=model)
    reader, atomic = PropertyReader(lab), AtomicClient(lab, simulator)
    long, quick = lab.upload(protocol("protocol.delay(seconds=6000)")), lab.upload(QUICK)
    for identifier in (long, quick):
        lab.analyze(identifier)
    for number in range(ROUNDS):
        of_files(reader, number)
        of_a_run(reader, long)
        of_a_whole_run(reader, quick)
        of_a_session(reader, atomic)
        of_modules(reader)
    for others in (of_tip_racks, of_the_deck, of_lights_locks_and_the_safety_stop, of_a_handover):
        others(reader)
    assert reader.wrong == []
    left_out = {name for name in every_property() if not {name, name.split(".")[0]} & NOT_CHANGED_BY_COMMANDS.keys()}
    assert left_out - reader.read == set()


def every_property() -> Iterator[str]:
    for feature in FEATURES:
        for node in etree.fromstring(definition(feature).encode()).iterfind("{*}Property/{*}Identifier"):
            yield f"{feature}.{node.text}"
