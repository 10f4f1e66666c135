"""Whether what a run needs on the deck is what was declared; where nothing was declared, nothing is compared."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

from sila_ot2.driver.runs.obstacles import Obstacle, ReasonCode
from sila_ot2.driver.tracking.tip_needs import shortages
from sila_ot2.driver.tracking.tip_stock import HOW_TO_CORRECT, TipStock
from sila_ot2.driver.tracking.tip_use import RunTips
from sila_ot2.errors import NoTipAvailable
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipPlaceState

log = logging.getLogger(__name__)

Mode = Literal["off", "warn", "refuse"]


@dataclass(frozen=True)
class DeckPolicy:
    """What the configuration decides."""

    agreement: Mode = "refuse"
    """What becomes of a run that does not agree with the deck."""
    reuse_used_tips: bool = False
    """Whether a run may pick up tips that were used."""
    low_tips: int = 0
    """A rack with fewer unused tips is low."""
    trash_limit: int = 0
    """With more tips in the trash, it should be emptied; 0: never."""


class DeckAgreement:
    """One per robot; sends nothing to it."""

    def __init__(self, stock: TipStock, policy: DeckPolicy) -> None:
        """Compare with these tips."""
        self.stock = stock
        self._policy = policy
        self._usable: frozenset[TipPlaceState] = frozenset({"Free", "Used"} if policy.reuse_used_tips else {"Free"})

    def obstacles(self, needs: wire.Analysis | None) -> tuple[Obstacle, ...]:
        """Return what does not agree with the needs of a run (None: not known), and what should be seen to."""
        found = [] if needs is None or self._policy.agreement == "off" else self._tips(needs)
        trash, limit = self.stock.trash.value, self._policy.trash_limit
        if 0 < limit < trash.count:
            text = f"{trash.count} tips are in the trash, more than the limit of {limit} that is configured."
            remedy = "Empty the trash, then call ResetTrashCount."
            found.append(Obstacle(ReasonCode.TRASH_FULL, text, remedy, blocks=False))
        return tuple(found)

    def require(self, needs: wire.Analysis | None) -> None:
        """Return if a run with these needs may start; what is only a warning is logged.

        Raises:
            NoTipAvailable: tips that it needs are not in the racks that are declared.
        """
        for obstacle in self.obstacles(needs):
            if obstacle.blocks:
                raise NoTipAvailable(obstacle.explanation, obstacle.remedy)
            log.warning("%s %s", obstacle.explanation, obstacle.remedy)

    def _tips(self, needs: wire.Analysis) -> list[Obstacle]:
        racks = self.stock.racks.value
        if not racks:
            return []
        names = {pipette.id: pipette.pipette_name for pipette in needs.pipettes}
        blocks = self._policy.agreement == "refuse"
        return [
            Obstacle(ReasonCode.NO_TIP_AVAILABLE, str(shortage), HOW_TO_CORRECT, blocks=blocks)
            for shortage in shortages(needs.commands, RunTips(), names, racks, self._usable)
        ]
