"""The feature OT2StatusProvider."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from sila_ot2.driver.monitor.device_status import (
    DeviceStatus,
    Permit,
    RequiredAction,
    Work,
    device_status,
    permits,
    required_actions,
    work_under_way,
)
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.driver.monitor.notifications import Source
from sila_ot2.driver.monitor.reachability import Contact
from sila_ot2.driver.monitor.state import LastError, RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.holders import HoldingClient
from sila_ot2.generated import ot2_status_provider as generated
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.generated.device_lighting import DeviceLightingBase
from sila_ot2.generated.labware_transfer_site_controller import LabwareTransferSiteControllerBase
from sila_ot2.generated.ot2_deck_service import OT2DeckServiceBase
from sila_ot2.generated.ot2_safety_stop_controller import OT2SafetyStopControllerBase
from sila_ot2.generated.ot2_status_provider import OT2StatusProviderBase
from sila_ot2.generated.run_controller import RunControllerBase
from sila_ot2.robot import wire
from sila_ot2.sila import Call, LockHolder, ObservableProperty

_ALLOWED = {
    Permit.LIQUID_HANDLING: (AtomicLiquidHandlingBase.FEATURE,),
    Permit.TIP_DISPOSAL: (
        f"{AtomicLiquidHandlingBase.FEATURE}/Command/Home",
        f"{AtomicLiquidHandlingBase.FEATURE}/Command/DiscardTipUntracked",
    ),
    Permit.START_OF_RUNS: (f"{RunControllerBase.FEATURE}/Command/RunProtocol",),
    Permit.PAUSE: (f"{RunControllerBase.FEATURE}/Command/PauseRun",),
    Permit.RESUME: (f"{RunControllerBase.FEATURE}/Command/ResumeRun",),
    Permit.STOP: (f"{RunControllerBase.FEATURE}/Command/StopRun",),
    Permit.RECONCILIATION: (f"{AtomicLiquidHandlingBase.FEATURE}/Command/ReconcileState",),
    Permit.RELEASE_OF_STOP: (f"{OT2SafetyStopControllerBase.FEATURE}/Command/ReleaseStop",),
    Permit.END_OF_HANDOVER: (
        f"{LabwareTransferSiteControllerBase.FEATURE}/Command/LabwareDelivered",
        f"{LabwareTransferSiteControllerBase.FEATURE}/Command/LabwareRemoved",
        f"{OT2DeckServiceBase.FEATURE}/Command/AbortHandover",
    ),
    Permit.LIGHTS: (f"{DeviceLightingBase.FEATURE}/Command/SetRailLights",),
}


class OT2StatusProvider(OT2StatusProviderBase):
    """The status of the robot, derived from its state."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        state: Observable[RobotState],
        source: Observable[Source],
        latency_s: Callable[[], float],
        holders: Callable[[], Iterable[HoldingClient]],
        lock_holder: Callable[[], LockHolder | None],
        *,
        displace_idle: bool,
        simulated: bool = False,
    ) -> None:
        self._state = state
        self._latency_s = latency_s
        self._holders = holders
        self._lock_holder = lock_holder
        self.DeviceStatus = ObservableProperty(DeviceStatus.UNREACHABLE.value)
        self.Simulated = ObservableProperty(simulated)
        self.Reachability: ObservableProperty[generated.Contact] = ObservableProperty()
        self.UpdateSource: ObservableProperty[generated.Source] = ObservableProperty()
        self.DoorState = ObservableProperty("Unknown")
        self.DoorRequiredClosed = ObservableProperty(False)
        self.Activity: ObservableProperty[generated.Work] = ObservableProperty()
        self.AllowedActions: ObservableProperty[list[str]] = ObservableProperty([])
        self.RequiredActions: ObservableProperty[list[generated.RequiredAction]] = ObservableProperty([])
        self.LastError: ObservableProperty[list[generated.Fault]] = ObservableProperty([])
        source.subscribe(self._show_source)
        state.derive(lambda state: state.contact).subscribe(self._show_contact)
        state.derive(lambda state: state.machine.door).subscribe(self._show_door)
        state.derive(lambda state: state.last_error).subscribe(self._show_last_error)
        state.derive(required_actions).subscribe(self._show_required)
        state.derive(partial(work_under_way, displace_idle=displace_idle)).subscribe(self._show_work)
        state.derive(partial(permits, displace_idle=displace_idle)).subscribe(self._show_permits)
        state.derive(partial(device_status, displace_idle=displace_idle)).subscribe(self._show_status)

    def LastSeenAt(self, *, call: Call) -> list[datetime.datetime]:
        """Return when the robot answered last."""
        read_at = self._state.value.read_at
        return [read_at] if read_at is not None else []

    def Latency(self, *, call: Call) -> float:
        """Return how long the last answer took."""
        return self._latency_s()

    def Holders(self, *, call: Call) -> list[generated.Holder]:
        """Return which clients hold the robot or the server."""
        held = [
            generated.Holder(each.kind.value, each.name, each.requester.client, each.requester.user, each.since)
            for each in self._holders()
        ]
        if (lock := self._lock_holder()) is not None:
            held.append(generated.Holder("Lock", "", lock.client, lock.user, lock.since))
        return held

    def ReportTimes(self, *, call: Call) -> list[generated.ReportTime]:
        """Return when each fact was read last."""
        state = self._state.value
        times = ({"Run": state.read_at} if state.read_at is not None else {}) | state.machine.reported_at
        return [generated.ReportTime(subject, at) for subject, at in times.items()]

    def _show_status(self, status: DeviceStatus) -> None:
        self.DeviceStatus.set(status.value)

    def _show_contact(self, contact: Contact) -> None:
        state = "Reachable" if contact.is_made else "Unreachable"
        self.Reachability.set(generated.Contact(state, contact.problem.value, contact.text, contact.since))

    def _show_source(self, source: Source) -> None:
        self.UpdateSource.set(generated.Source(source.method.value, source.explanation, source.since))

    def _show_door(self, door: Reported[wire.Door] | None) -> None:
        state = door.value.status.capitalize() if door else "Unknown"
        self.DoorState.set(state if state in ("Open", "Closed") else "Unknown")
        self.DoorRequiredClosed.set(door is not None and door.value.door_required_closed_for_protocol)

    def _show_work(self, work: Work) -> None:
        self.Activity.set(generated.Work(work.kind.value, work.explanation, work.run_id, work.execution_uuid))

    def _show_permits(self, permits: frozenset[Permit]) -> None:
        self.AllowedActions.set([name for permit in Permit if permit in permits for name in _ALLOWED[permit]])

    def _show_required(self, required: tuple[RequiredAction, ...]) -> None:
        self.RequiredActions.set(
            [generated.RequiredAction(action.code.value, action.explanation, action.remedy) for action in required]
        )

    def _show_last_error(self, error: LastError | None) -> None:
        self.LastError.set([generated.Fault(error.code, error.message, error.remedy, error.at)] if error else [])
