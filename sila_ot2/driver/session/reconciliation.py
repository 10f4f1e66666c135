"""ReconcileState: settles an unknown outcome by reading the robot, or else by what an operator states."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.session_deck import SessionDeck
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import LastCommand, Phase, SessionState, refuse_if
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips, agreed, with_known_tips


class Reconciliation:
    """One per robot. Callers hold the turn. Nothing here moves the robot."""

    def __init__(
        self,
        request_log: RequestLog,
        ownership: Ownership,
        uncertain_tips: UncertainTips,
        tips_left_behind: TipsLeftBehind,
        deck: SessionDeck,
        run: SessionRun,
        last: LastCommand,
    ) -> None:
        """Connect it to the parts of the session."""
        self._request_log = request_log
        self._ownership = ownership
        self._uncertain_tips = uncertain_tips
        self._tips_left_behind = tips_left_behind
        self._deck = deck
        self._run = run
        self._last = last

    def settle(self, tips: Mapping[Mount, bool], *, confirmed: bool, cancelled: threading.Event) -> None:
        """Settle what is unknown: from the robot where it can tell, else by what an operator has seen.

        Where that contradicts what the robot believes of a tip, the session is closed, since nothing else makes
        the robot forget a tip; a tip that the robot does not know of is left to `discard_tip_untracked`.

        Args:
            tips: whether a tip is attached, by mount.
            confirmed: whether somebody has looked; if not, only what the robot can tell is settled.
            cancelled: nothing is settled if it is set before.

        Raises:
            NotReconciled: nobody has looked; the session would end in a hand-over; or an unnamed pipette came in doubt.
            RobotChanged: another robot answers at the address.
            RobotUnreachable: the robot cannot be read.
        """
        in_doubt = self._uncertain_tips.current.value
        with self._run.working, self._last.noted("ReconcileState"):
            refuse_if(cancelled, "nothing was settled")
            self._ownership.identity.ask()
            if self._request_log.unknown and not self._request_log.settle_open() and confirmed:
                self._request_log.reconcile(f"tips as stated: {dict(tips)}")
            self._run.require_reconciled()
            self._ownership.refresh()
            self._tips_left_behind.examine()
            refuse_if(cancelled, "what the robot cannot tell is left as it is")
            state = self._run.state.value
            if state is not None and state.phase is not Phase.LOST:
                self._deck.read(state.run_id, cancelled)
            if confirmed:
                self._uncertain_tips.require_no_other({*in_doubt, *tips})
                self._accept_statement(state, tips)

    def _accept_statement(self, state: SessionState | None, tips: Mapping[Mount, bool]) -> None:
        """Accept what an operator who has looked states about the tips."""
        if state is None or state.phase is Phase.LOST:
            self._run.forget()
            self._uncertain_tips.accept_statement(tips)
            return
        stated = agreed(self._deck.current.value, tips)
        if stated is None:
            tips = with_known_tips(self._deck.current.value, tips)
            self._run.end(state)
        known = stated or DeckState()
        believed = {pipette.mount for pipette in known.pipettes.values() if pipette.tip is not None}
        self._uncertain_tips.accept_statement({mount: there for mount, there in tips.items() if mount not in believed})
        self._deck.current.set(known)
