"""Parking the gantry: at home or over the front of the deck, in the open session or in one of its own."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling.motions import home, park_in_front, require_pipette_to_park
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import Phase, moved_by_opening, refuse_if
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips, require_no_tip
from sila_ot2.errors import OT2Fault
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)


class GantryParking:
    """One per robot. Callers hold the turn."""

    def __init__(
        self, robot: RobotClient, session: Session, safety_stop: SafetyStop, uncertain_tips: UncertainTips
    ) -> None:
        self._robot = robot
        self._session = session
        self._safety_stop = safety_stop
        self._uncertain_tips = uncertain_tips

    def park(
        self,
        name: str,
        *,
        in_front: bool,
        cancelled: Cancellation,
        require_fit: Callable[[], None] = lambda: None,
    ) -> None:
        """Home the gantry, and with `in_front` move it over the front of the deck.

        An open session stays open. Without one, none is open afterwards.

        Args:
            name: the command's identifier, for LastCommand.
            in_front: whether it ends over the front of the deck, or else at home.
            cancelled: nothing further is sent once it is set.
            require_fit: raises if it should not move; called first, and again if a session was opened.

        Raises:
            SafetyStopActive: the safety stop is latched.
            NotReconciled: a pipette may hold a tip that the robot does not know of, or an outcome is not known.
            TipAlreadyAttached: a pipette of the session holds a tip, which might drip on the deck.
            PipetteMissing: no pipette is attached, without which the robot moves to no point. Nothing moved.
            OT2Fault: as `Session.open` and `Session.perform`.
        """
        self._safety_stop.require_released()
        self._uncertain_tips.require_none()
        require_fit()

        def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
            require_no_tip(deck_state)
            return [*home()(deck_state), *(park_in_front()(deck_state) if in_front else ())]

        state = self._session.state.value
        if state is not None and state.phase is not Phase.LOST:
            self._session.perform(name, plan, cancelled=cancelled)
            return
        if in_front:
            require_pipette_to_park(self._robot.pipettes())
        opened = self._session.open(cancelled=cancelled)
        with moved_by_opening(opened):
            with self._closed_at_the_end() if opened.homed else contextlib.nullcontext():
                if not opened.homed or in_front:
                    require_fit()
                    self._session.perform(name, plan, cancelled=cancelled)
            refuse_if(cancelled, "the gantry is parked")

    @contextlib.contextmanager
    def _closed_at_the_end(self) -> Iterator[None]:
        """Close the session; after a fault only if it can be closed."""
        try:
            yield
        except OT2Fault:
            try:
                self._session.close(cancelled=Cancellation())
            except OT2Fault as still_open:
                log.warning("The session that was opened to park the gantry stays open: %s", still_open)
            raise
        self._session.close(cancelled=Cancellation())
