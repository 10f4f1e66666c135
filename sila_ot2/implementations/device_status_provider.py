"""The feature DeviceStatusProvider."""

from __future__ import annotations

import datetime
from typing import ClassVar

from sila_ot2.driver.monitor.device_status import DeviceStatus, Permit, RequiredAction, Trouble, Work
from sila_ot2.driver.monitor.live_status import LiveStatus
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.notifications import Source
from sila_ot2.driver.monitor.reachability import Contact
from sila_ot2.generated import device_status_provider as generated
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.generated.device_lighting import DeviceLightingBase
from sila_ot2.generated.device_status_provider import DeviceStatusProviderBase
from sila_ot2.generated.run_controller import RunControllerBase
from sila_ot2.sila import Call, ObservableProperty

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
    Permit.LIGHTS: (f"{DeviceLightingBase.FEATURE}/Command/SetRailLights",),
}


class DeviceStatusProvider(DeviceStatusProviderBase):
    """The live status in the types of the feature."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, live_status: LiveStatus) -> None:
        self._live_status = live_status
        self.DeviceStatus = ObservableProperty(DeviceStatus.UNREACHABLE.value)
        self.Reachability: ObservableProperty[generated.Contact] = ObservableProperty()
        self.UpdateSource: ObservableProperty[generated.Source] = ObservableProperty()
        self.DoorState = ObservableProperty("Unknown")
        self.DoorRequiredClosed = ObservableProperty(False)
        self.Activity: ObservableProperty[generated.Work] = ObservableProperty()
        self.AllowedActions: ObservableProperty[list[str]] = ObservableProperty([])
        self.RequiredActions: ObservableProperty[list[generated.RequiredAction]] = ObservableProperty([])
        self.LastError: ObservableProperty[list[generated.Fault]] = ObservableProperty([])
        live_status.contact.subscribe(self._show_contact)
        live_status.source.subscribe(self._show_source)
        live_status.machine.subscribe(self._show_machine)
        live_status.board.work.subscribe(self._show_work)
        live_status.board.permits.subscribe(self._show_permits)
        live_status.board.required.subscribe(self._show_required)
        live_status.board.trouble.subscribe(self._show_trouble)
        live_status.board.status.subscribe(self._show_status)

    def LastSeenAt(self, *, call: Call) -> list[datetime.datetime]:
        """Return when the robot answered last."""
        seen_at = self._live_status.last_seen_at
        return [seen_at] if seen_at is not None else []

    def Latency(self, *, call: Call) -> float:
        """Return how long the last answer took."""
        return self._live_status.latency_s

    def ReportTimes(self, *, call: Call) -> list[generated.ReportTime]:
        """Return when each fact was said last."""
        return [generated.ReportTime(subject, at) for subject, at in self._live_status.reported_at.items()]

    def _show_status(self, status: DeviceStatus) -> None:
        self.DeviceStatus.set(status.value)

    def _show_contact(self, contact: Contact) -> None:
        state = "Reachable" if contact.is_made else "Unreachable"
        self.Reachability.set(generated.Contact(state, contact.problem.value, contact.explanation, contact.since))

    def _show_source(self, source: Source) -> None:
        self.UpdateSource.set(generated.Source(source.method.value, source.explanation, source.since))

    def _show_machine(self, machine: Machine) -> None:
        door = machine.door.value if machine.door else None
        state = door.status.capitalize() if door else "Unknown"
        self.DoorState.set(state if state in ("Open", "Closed") else "Unknown")
        self.DoorRequiredClosed.set(door is not None and door.door_required_closed_for_protocol)

    def _show_work(self, work: Work) -> None:
        self.Activity.set(generated.Work(work.kind.value, work.explanation, work.run_id, work.execution_uuid))

    def _show_permits(self, permits: frozenset[Permit]) -> None:
        self.AllowedActions.set([name for permit in Permit if permit in permits for name in _ALLOWED[permit]])

    def _show_required(self, required: tuple[RequiredAction, ...]) -> None:
        self.RequiredActions.set(
            [generated.RequiredAction(action.code.value, action.explanation, action.remedy) for action in required]
        )

    def _show_trouble(self, trouble: Trouble | None) -> None:
        self.LastError.set(
            [generated.Fault(trouble.code, trouble.message, trouble.remedy, trouble.at)] if trouble else []
        )
