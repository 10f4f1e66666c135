"""AtomicLiquidHandling: tips."""

from __future__ import annotations

from sila_ot2.driver.liquid_handling import commands
from sila_ot2.driver.liquid_handling.tips import discard_tip_untracked
from sila_ot2.generated.atomic_liquid_handling import (
    CommandRecord,
    DiscardTipUntrackedParameters,
    DropTipParameters,
    PickUpTipParameters,
    PickUpTipResponses,
    ReturnTipParameters,
)
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicTips(AtomicPart):
    """Pick up, drop, return, discard."""

    def PickUpTip(self, given: PickUpTipParameters, *, execution: Execution) -> PickUpTipResponses:
        """Pick up the given or the next tip."""
        done = self._perform("PickUpTip", commands.pick_up_tip(given), execution)
        taken = done[-1].params
        return PickUpTipResponses(taken["labwareId"], taken["wellName"], self._record_of(done))

    def DropTip(self, given: DropTipParameters, *, execution: Execution) -> CommandRecord:
        """Drop the tip."""
        return self._record_of(self._perform("DropTip", commands.drop_tip(given, self._session.release), execution))

    def ReturnTip(self, given: ReturnTipParameters, *, execution: Execution) -> CommandRecord:
        """Put the tip back."""
        return self._record_of(self._perform("ReturnTip", commands.return_tip(given), execution))

    def DiscardTipUntracked(self, given: DiscardTipUntrackedParameters, *, execution: Execution) -> CommandRecord:
        """Eject whatever is there."""
        plan = discard_tip_untracked(given.mount, self._session.release)
        return self._record_of(self._perform("DiscardTipUntracked", plan, execution))
