"""AtomicLiquidHandling: liquid."""

from __future__ import annotations

from sila_ot2.driver.deck.state.pipettes import FlowRates
from sila_ot2.driver.liquid_handling import commands, liquids
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.generated.atomic_liquid_handling import (
    AirGapParameters,
    AspirateInPlaceParameters,
    AspirateParameters,
    BlowOutInPlaceParameters,
    BlowOutParameters,
    CommandRecord,
    ConfigureForVolumeParameters,
    ConfigureNozzleLayoutParameters,
    DispenseInPlaceParameters,
    DispenseParameters,
    MixParameters,
    PrepareToAspirateParameters,
    SetFlowRatesParameters,
    TouchTipParameters,
)
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicLiquids(AtomicPart):
    """Aspirate, dispense and what goes with them."""

    _liquid_classes: LiquidClasses

    def Aspirate(self, given: AspirateParameters, *, execution: Execution) -> CommandRecord:
        """Draw liquid."""
        return self._record_of(self._perform("Aspirate", commands.aspirate(given), execution))

    def Dispense(self, given: DispenseParameters, *, execution: Execution) -> CommandRecord:
        """Push liquid out."""
        return self._record_of(self._perform("Dispense", commands.dispense(given), execution))

    def AspirateInPlace(self, given: AspirateInPlaceParameters, *, execution: Execution) -> CommandRecord:
        """Draw where the tip is."""
        plan = liquids.aspirate_in_place(given.mount, given.volume_ul, given.flow_rate_ul_s)
        return self._record_of(self._perform("AspirateInPlace", plan, execution))

    def DispenseInPlace(self, given: DispenseInPlaceParameters, *, execution: Execution) -> CommandRecord:
        """Push out where the tip is."""
        plan = liquids.dispense_in_place(given.mount, given.volume_ul, given.flow_rate_ul_s, given.push_out_ul)
        return self._record_of(self._perform("DispenseInPlace", plan, execution))

    def BlowOutInPlace(self, given: BlowOutInPlaceParameters, *, execution: Execution) -> CommandRecord:
        """Push out all where the tip is."""
        plan = liquids.blow_out_in_place(given.mount, given.flow_rate_ul_s)
        return self._record_of(self._perform("BlowOutInPlace", plan, execution))

    def AirGap(self, given: AirGapParameters, *, execution: Execution) -> CommandRecord:
        """Draw air above the well."""
        return self._record_of(self._perform("AirGap", commands.air_gap(given, self._session.release), execution))

    def Mix(self, given: MixParameters, *, execution: Execution) -> CommandRecord:
        """Draw and push out again and again."""
        plan = commands.mix(given, self._liquid_classes)
        return self._record_of(self._perform("Mix", plan, execution))

    def BlowOut(self, given: BlowOutParameters, *, execution: Execution) -> CommandRecord:
        """Push out all into a well."""
        return self._record_of(self._perform("BlowOut", commands.blow_out(given), execution))

    def TouchTip(self, given: TouchTipParameters, *, execution: Execution) -> CommandRecord:
        """Touch the walls of a well."""
        return self._record_of(self._perform("TouchTip", commands.touch_tip(given), execution))

    def PrepareToAspirate(self, given: PrepareToAspirateParameters, *, execution: Execution) -> CommandRecord:
        """Move the plunger to where drawing begins."""
        return self._record_of(self._perform("PrepareToAspirate", liquids.prepare_to_aspirate(given.mount), execution))

    def ConfigureForVolume(self, given: ConfigureForVolumeParameters, *, execution: Execution) -> CommandRecord:
        """Announce a volume."""
        plan = liquids.configure_for_volume(given.mount, given.volume_ul)
        return self._record_of(self._perform("ConfigureForVolume", plan, execution))

    def ConfigureNozzleLayout(self, given: ConfigureNozzleLayoutParameters, *, execution: Execution) -> CommandRecord:
        """Choose the nozzles in use."""
        in_front = given.starting_from == "Front"
        plan = liquids.configure_nozzles(given.mount, given.active_nozzles, primary_in_front=in_front)
        return self._record_of(self._perform("ConfigureNozzleLayout", plan, execution))

    def SetFlowRates(self, given: SetFlowRatesParameters, *, execution: Execution) -> None:
        """Set what holds for commands that name no rate."""
        rates = FlowRates(given.aspirate_flow_rate_ul_s, given.dispense_flow_rate_ul_s, given.blow_out_flow_rate_ul_s)
        self._session.change(liquids.flow_rates(given.mount, rates), cancelled=execution.cancelled)
