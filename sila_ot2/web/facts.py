"""What the page knows of a robot, and from which properties of its server."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sila_ot2.client import AsyncOT2
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.generated.atomic_liquid_handling import SessionSummary
from sila_ot2.client.generated.ot2_calibration_provider import DeckState
from sila_ot2.client.generated.ot2_deck_service import SlotState
from sila_ot2.client.generated.ot2_heater_shaker_controller import HeaterShaker
from sila_ot2.client.generated.ot2_magnetic_module_controller import MagneticModule
from sila_ot2.client.generated.ot2_module_provider import AttachedModule
from sila_ot2.client.generated.ot2_pipette_provider import AttachedPipette
from sila_ot2.client.generated.ot2_status_provider import (
    Contact,
    DeviceStatus,
    DoorState,
    Fault,
    Holder,
    RequiredAction,
    Work,
)
from sila_ot2.client.generated.ot2_temperature_module_controller import TemperatureModule
from sila_ot2.client.generated.ot2_thermocycler_controller import Thermocycler
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack, Trash
from sila_ot2.client.generated.protocol_service import DataFile, ProtocolSummary
from sila_ot2.client.generated.run_controller import CompletedRun, Permission, RunSummary

Connection = Literal["Connecting", "Connected", "LogInNeeded", "Lost"]


@dataclass(frozen=True, kw_only=True)
class RobotFacts:
    """What the server of a robot reported last; None, or an empty list, where it has not yet reported.

    Attributes:
        address: where the server is.
        name: its name; its address until it is known.
        connection: whether it answers; LogInNeeded: it does, and lets the page read nothing.
        changed_at: since when it answers, or does not.
        trouble: why it does not answer, or lets the page read nothing, in words.
        locked: whether the server is locked.
        holders: which clients hold the robot or the server, as it was asked last.
    """

    address: str
    name: str
    connection: Connection = "Connecting"
    changed_at: datetime.datetime
    trouble: str = ""
    locked: bool = False
    holders: tuple[Holder, ...] = ()
    device_status: DeviceStatus | None = None
    simulated: bool = False
    reachability: Contact | None = None
    door_state: DoorState | None = None
    activity: Work | None = None
    allowed_actions: tuple[str, ...] = ()
    required_actions: tuple[RequiredAction, ...] = ()
    last_error: tuple[Fault, ...] = ()
    current_run: tuple[RunSummary, ...] = ()
    start_permission: Permission | None = None
    run_history: tuple[CompletedRun, ...] = ()
    operator_prompt: str = ""
    next_steps: tuple[str, ...] = ()
    protocols: tuple[ProtocolSummary, ...] = ()
    data_files: tuple[DataFile, ...] = ()
    robot_name: str = ""
    software_version: str = ""
    session: tuple[SessionSummary, ...] = ()
    deck_calibration: DeckState | None = None
    attached_pipettes: tuple[AttachedPipette, ...] = ()
    attached_modules: tuple[AttachedModule, ...] = ()
    tip_racks: tuple[TipRack, ...] = ()
    trashed_tips: Trash | None = None
    slots: tuple[SlotState, ...] = ()
    rail_lights: bool | None = None
    temperature_modules: tuple[TemperatureModule, ...] = ()
    heater_shakers: tuple[HeaterShaker, ...] = ()
    thermocyclers: tuple[Thermocycler, ...] = ()
    magnetic_modules: tuple[MagneticModule, ...] = ()


WATCHED: dict[str, Callable[[AsyncOT2], AsyncObservableProperty[Any]]] = {
    "device_status": lambda ot2: ot2.status_provider.device_status,
    "simulated": lambda ot2: ot2.status_provider.simulated,
    "reachability": lambda ot2: ot2.status_provider.reachability,
    "door_state": lambda ot2: ot2.status_provider.door_state,
    "activity": lambda ot2: ot2.status_provider.activity,
    "allowed_actions": lambda ot2: ot2.status_provider.allowed_actions,
    "required_actions": lambda ot2: ot2.status_provider.required_actions,
    "last_error": lambda ot2: ot2.status_provider.last_error,
    "current_run": lambda ot2: ot2.run_controller.current_run,
    "start_permission": lambda ot2: ot2.run_controller.start_permission,
    "run_history": lambda ot2: ot2.run_controller.run_history,
    "operator_prompt": lambda ot2: ot2.run_controller.operator_prompt,
    "next_steps": lambda ot2: ot2.run_controller.next_steps,
    "protocols": lambda ot2: ot2.protocol_service.protocols,
    "data_files": lambda ot2: ot2.protocol_service.data_files,
    "robot_name": lambda ot2: ot2.information_provider.robot_name,
    "software_version": lambda ot2: ot2.information_provider.software_version,
    "session": lambda ot2: ot2.atomic_liquid_handling.session,
    "deck_calibration": lambda ot2: ot2.calibration_provider.deck_calibration,
    "attached_pipettes": lambda ot2: ot2.pipette_provider.attached_pipettes,
    "attached_modules": lambda ot2: ot2.module_provider.attached_modules,
    "tip_racks": lambda ot2: ot2.tip_tracking_service.tip_racks,
    "trashed_tips": lambda ot2: ot2.tip_tracking_service.trashed_tips,
    "slots": lambda ot2: ot2.deck_service.slots,
    "rail_lights": lambda ot2: ot2.device_lighting.rail_lights,
    "temperature_modules": lambda ot2: ot2.temperature_module_controller.temperature_modules,
    "heater_shakers": lambda ot2: ot2.heater_shaker_controller.heater_shakers,
    "thermocyclers": lambda ot2: ot2.thermocycler_controller.thermocyclers,
    "magnetic_modules": lambda ot2: ot2.magnetic_module_controller.magnetic_modules,
}
"""The properties that are watched, by the name of the fact."""
