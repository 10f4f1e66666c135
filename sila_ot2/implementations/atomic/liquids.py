"""AtomicLiquidHandling: liquid."""

from __future__ import annotations

from sila_ot2.driver.deck.pipettes import FlowRates
from sila_ot2.driver.liquid_handling import liquids
from sila_ot2.generated.atomic_liquid_handling import CommandRecord
from sila_ot2.implementations.atomic.mapping import mount_of, point_of
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicLiquids(AtomicPart):
    """Aspirate, dispense and what goes with them."""

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
        plan = liquids.aspirate(mount_of(Mount), LabwareIdentifier, Well, Volume, at, FlowRate)
        return self._record("Aspirate", plan, execution)

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
        plan = liquids.dispense(mount_of(Mount), LabwareIdentifier, Well, Volume, at, FlowRate, PushOut)
        return self._record("Dispense", plan, execution)

    def AspirateInPlace(self, Mount: str, Volume: float, FlowRate: float, *, execution: Execution) -> CommandRecord:
        """Draw where the tip is."""
        plan = liquids.aspirate_in_place(mount_of(Mount), Volume, FlowRate)
        return self._record("AspirateInPlace", plan, execution)

    def DispenseInPlace(
        self,
        Mount: str,
        Volume: float,
        FlowRate: float,
        PushOut: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Push out where the tip is."""
        plan = liquids.dispense_in_place(mount_of(Mount), Volume, FlowRate, PushOut)
        return self._record("DispenseInPlace", plan, execution)

    def BlowOutInPlace(self, Mount: str, FlowRate: float, *, execution: Execution) -> CommandRecord:
        """Push out all where the tip is."""
        plan = liquids.blow_out_in_place(mount_of(Mount), FlowRate)
        return self._record("BlowOutInPlace", plan, execution)

    def AirGap(self, Mount: str, Volume: float, FlowRate: float, *, execution: Execution) -> CommandRecord:
        """Draw air above the well."""
        plan = liquids.air_gap(mount_of(Mount), Volume, FlowRate)
        return self._record("AirGap", plan, execution)

    def Mix(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Repetitions: int,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        AspirateFlowRate: float,
        DispenseFlowRate: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Draw and push out again and again."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        rates = (AspirateFlowRate, DispenseFlowRate)
        plan = liquids.mix(mount_of(Mount), LabwareIdentifier, Well, Volume, Repetitions, at, *rates)
        return self._record("Mix", plan, execution)

    def BlowOut(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Push out all into a well."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        plan = liquids.blow_out(mount_of(Mount), LabwareIdentifier, Well, at, FlowRate)
        return self._record("BlowOut", plan, execution)

    def TouchTip(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        Radius: float,
        Speed: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Touch the walls of a well."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        plan = liquids.touch_tip(mount_of(Mount), LabwareIdentifier, Well, at, Radius, Speed)
        return self._record("TouchTip", plan, execution)

    def PrepareToAspirate(self, Mount: str, *, execution: Execution) -> CommandRecord:
        """Move the plunger to where drawing begins."""
        return self._record("PrepareToAspirate", liquids.prepare_to_aspirate(mount_of(Mount)), execution)

    def ConfigureForVolume(self, Mount: str, Volume: float, *, execution: Execution) -> CommandRecord:
        """Announce a volume."""
        return self._record("ConfigureForVolume", liquids.configure_for_volume(mount_of(Mount), Volume), execution)

    def ConfigureNozzleLayout(
        self,
        Mount: str,
        ActiveNozzles: int,
        StartingFrom: str,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Choose the nozzles in use."""
        plan = liquids.configure_nozzles(mount_of(Mount), ActiveNozzles, primary_in_front=StartingFrom == "Front")
        return self._record("ConfigureNozzleLayout", plan, execution)

    def SetFlowRates(
        self,
        Mount: str,
        AspirateFlowRate: float,
        DispenseFlowRate: float,
        BlowOutFlowRate: float,
        *,
        execution: Execution,
    ) -> None:
        """Set what holds for commands that name no rate."""
        rates = FlowRates(AspirateFlowRate, DispenseFlowRate, BlowOutFlowRate)
        self._session.change(liquids.flow_rates(mount_of(Mount), rates), cancelled=execution.cancelled)
