"""The feature AtomicLiquidHandling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sila_ot2.driver.liquids import aspirate, dispense
from sila_ot2.driver.motions import AXES, home
from sila_ot2.driver.plan import Plan
from sila_ot2.driver.session import Session
from sila_ot2.driver.session_setup import SessionSetup
from sila_ot2.driver.tip_handling import drop_tip, pick_up_tip
from sila_ot2.generated.atomic_liquid_handling import (
    AtomicLiquidHandlingBase,
    CommandOutcome,
    CommandRecord,
    LoadLabwareResponses,
    LoadPipetteResponses,
    PickUpTipResponses,
    SessionSummary,
)
from sila_ot2.implementations.atomic_words import mount_of, outcome_of, point_of, record_of, summary_of
from sila_ot2.robot import wire
from sila_ot2.sila import Execution, ObservableProperty


class AtomicLiquidHandling(AtomicLiquidHandlingBase):
    """Single commands in a session."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset(
        {"OpenSession", "CloseSession", "LoadLabware", "DefineLabware", "LoadPipette", "Home", "PickUpTip", "DropTip",
         "Aspirate", "Dispense"}
    )  # fmt: skip
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, session: Session, setup: SessionSetup) -> None:
        self._session = session
        self._setup = setup
        self.Session: ObservableProperty[list[SessionSummary]] = ObservableProperty([])
        self.LastCommand: ObservableProperty[list[CommandOutcome]] = ObservableProperty([])
        session.state.subscribe(lambda state: self.Session.set(summary_of(state)))
        session.last.subscribe(lambda outcome: self.LastCommand.set(outcome_of(outcome)))

    def OpenSession(self, *, execution: Execution) -> str:
        """Open a session."""
        return self._session.open(cancelled=execution.cancelled)

    def CloseSession(self, *, execution: Execution) -> None:
        """Close it."""
        self._session.close(cancelled=execution.cancelled)

    def LoadLabware(
        self, LoadName: str, Namespace: str, Version: int, Location: str, DisplayName: str, *, execution: Execution
    ) -> LoadLabwareResponses:
        """Tell what stands where."""
        commands = self._setup.load_labware(
            LoadName, Namespace, Version, Location, DisplayName, cancelled=execution.cancelled
        )
        return LoadLabwareResponses((commands[-1].result or {})["labwareId"], record_of(commands))

    def DefineLabware(self, Definition: bytes, *, execution: Execution) -> str:
        """Send a custom definition."""
        return self._setup.define_labware(Definition, cancelled=execution.cancelled)

    def LoadPipette(self, Mount: str, *, execution: Execution) -> LoadPipetteResponses:
        """Use the attached pipette."""
        pipette_id, commands = self._setup.load_pipette(mount_of(Mount), cancelled=execution.cancelled)
        return LoadPipetteResponses(pipette_id, record_of(commands))

    def Home(self, Axes: list[str], *, execution: Execution) -> CommandRecord:
        """Home the axes."""
        return record_of(self._perform("Home", [home([AXES[axis] for axis in Axes])], execution))

    def PickUpTip(self, Mount: str, TipRackIdentifier: str, Well: str, *, execution: Execution) -> PickUpTipResponses:
        """Pick up the given or the next tip."""
        commands = self._perform("PickUpTip", [pick_up_tip(mount_of(Mount), TipRackIdentifier, Well)], execution)
        taken = commands[-1].params
        return PickUpTipResponses(taken["labwareId"], taken["wellName"], record_of(commands))

    def DropTip(
        self, Mount: str, Destination: str, Well: str, Alternate: bool, *, execution: Execution
    ) -> CommandRecord:
        """Drop the tip."""
        plan = drop_tip(mount_of(Mount), self._session.release, Destination, Well, alternate=Alternate)
        return record_of(self._perform("DropTip", [plan], execution))

    def Aspirate(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Draw liquid."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        plan = aspirate(mount_of(Mount), LabwareIdentifier, Well, Volume, at, FlowRate)
        return record_of(self._perform("Aspirate", [plan], execution))

    def Dispense(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        PushOut: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Push liquid out."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        plan = dispense(mount_of(Mount), LabwareIdentifier, Well, Volume, at, FlowRate, PushOut)
        return record_of(self._perform("Dispense", [plan], execution))

    def _perform(self, name: str, plans: Sequence[Plan], execution: Execution) -> list[wire.Command]:
        return self._session.perform(name, plans, cancelled=execution.cancelled, report=execution.report)
