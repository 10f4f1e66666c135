"""AtomicLiquidHandling: tips."""

from __future__ import annotations

from sila_ot2.driver.liquid_handling.tips import discard_tip_untracked, drop_tip, pick_up_tip, return_tip
from sila_ot2.generated.atomic_liquid_handling import CommandRecord, PickUpTipResponses
from sila_ot2.implementations.atomic.mapping import mount_of, record_of
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicTips(AtomicPart):
    """Pick up, drop, return, discard."""

    def PickUpTip(self, Mount: str, TipRackIdentifier: str, Well: str, *, execution: Execution) -> PickUpTipResponses:
        """Pick up the given or the next tip."""
        commands = self._perform("PickUpTip", pick_up_tip(mount_of(Mount), TipRackIdentifier, Well), execution)
        taken = commands[-1].params
        return PickUpTipResponses(taken["labwareId"], taken["wellName"], record_of(commands))

    def DropTip(
        self, Mount: str, Destination: str, Well: str, Alternate: bool, *, execution: Execution
    ) -> CommandRecord:
        """Drop the tip."""
        plan = drop_tip(mount_of(Mount), self._session.release, Destination, Well, alternate=Alternate)
        return self._record("DropTip", plan, execution)

    def ReturnTip(self, Mount: str, *, execution: Execution) -> CommandRecord:
        """Put the tip back."""
        return self._record("ReturnTip", return_tip(mount_of(Mount)), execution)

    def DiscardTipUntracked(self, Mount: str, *, execution: Execution) -> CommandRecord:
        """Eject whatever is there."""
        plan = discard_tip_untracked(mount_of(Mount), self._session.release)
        return self._record("DiscardTipUntracked", plan, execution)
