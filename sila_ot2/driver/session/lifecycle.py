"""From the opening of a session to its end: which run is its own, and whether another has taken its place."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from sila_ot2.driver.deck.deck_state import Record
from sila_ot2.driver.deck.plan import Planned, rehearse
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import (
    Claim,
    Claims,
    ForeignClaim,
    SessionClaim,
    Unclaimed,
    UnknownClaim,
    Wish,
    decide,
)
from sila_ot2.driver.requests.request_log import Acts
from sila_ot2.driver.session import uncertain_tips
from sila_ot2.driver.session.live_deck_state import SessionRecord
from sila_ot2.driver.session.session_run import Accepted, Furniture, SessionRun, refuse_if
from sila_ot2.driver.session.session_state import Phase, SessionState, now
from sila_ot2.errors import NotReconciled, OT2Fault, OutcomeUnknown, RobotBusy, RunStillActive, SessionLost
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)


class SessionLife:
    """One per robot. Whoever calls a method holds the turn, and `working`."""

    def __init__(
        self,
        robot: RobotClient,
        acts: Acts,
        claims: Claims,
        record: SessionRecord,
        accepted: Accepted,
        *,
        displace_idle: bool,
        door: Callable[[], wire.Door | None],
    ) -> None:
        """As for `Session`; `accepted` is told of each command once the robot has it."""
        self._robot = robot
        self._acts = acts
        self._claims = claims
        self._record = record
        self._accepted = accepted
        self._displace_idle = displace_idle
        self.run = SessionRun(robot, acts, claims, record, door)
        self._left = Record()
        """What the last session left hanging on the pipettes."""
        self.working = threading.Lock()
        """Held while something is done in the session, against the thread that takes one up."""
        self.state: Observable[SessionState | None] = Observable(None)
        claims.current.subscribe(self._heed)

    def open(self, cancelled: threading.Event) -> str:
        """Open a session, in place of one that was lost, or do nothing if one is open; returns the run's id."""
        if (state := self.state.value) is not None and state.phase is Phase.LOST:
            self.require_reconciled()
            return self._open(cancelled)
        return self.ensure_open(cancelled)

    def ensure_open(self, cancelled: threading.Event) -> str:
        """Open a session if none is open; returns the run's id.

        Raises:
            SessionLost: it was lost.
            NotReconciled: the outcome of an earlier command is not known.
            OT2Fault: it could not be opened; no session is open then.
        """
        self.require_reconciled()
        state = self.state.value
        if state is None:
            return self._open(cancelled)
        if state.phase is Phase.LOST:
            raise SessionLost(
                f"The session (run {state.run_id}) was {self._how_lost(state)}. Nothing was done. Look at the tips and "
                f"the labware, then call OpenSession and load the labware again."
            )
        if self._record.behind:
            self._record.read(state.run_id, cancelled)
        return state.run_id

    def close(self, state: SessionState) -> None:
        """Close the session; what hangs on its pipettes stays in doubt for the next one."""
        self.end(state)
        self._left = uncertain_tips.left_behind(self._record.current.value)
        self._record.current.set(Record())

    def end(self, state: SessionState) -> None:
        """Put the session's run aside, unless it is lost; the session stays open if the robot does not do it."""
        self.state.set(None)
        if state.phase is Phase.LOST:
            return
        try:
            self.run.put_aside(state.run_id)
        except OT2Fault:
            self.state.set(state)
            raise

    def forget(self) -> None:
        """Know of no session and no tips any more: somebody has looked."""
        self.state.set(None)
        self._record.current.set(Record())
        self._left = Record()

    def open_again(self, furniture: Furniture, planned: Sequence[Planned]) -> None:
        """Open a session with the deck of the last; if that fails, none is open: nothing that was done is at stake."""
        try:
            if self._acts.unknown or not isinstance(self._claims.refresh(), Unclaimed):
                return
            self._begin(lambda run_id: self.run.furnish_again(run_id, furniture, self._accepted))
        except OT2Fault as fault:
            log.warning("the session could not be opened again: %s", fault)
            return
        used = rehearse(furniture.record, planned).used_tips
        record = self._record.current
        record.set(replace(record.value, used_tips=used, speed_mm_s=furniture.record.speed_mm_s))

    def require_reconciled(self) -> None:
        """Refuse while it is not known what became of an earlier command.

        Raises:
            NotReconciled: it is not.
        """
        if self._acts.unknown:
            raise NotReconciled(
                f"The outcome is not known of: {', '.join(self._acts.unknown)}. Nothing was sent, nothing moved. It is "
                f"being looked up; look at the robot and call ReconcileState to settle it."
            )

    def require_current(self, run_id: str) -> None:
        """Find out whether the session still has its run, which the robot has refused.

        Raises:
            SessionLost: it has not.
        """
        try:
            self._claims.require_session(run_id)
        except SessionLost:
            self.lose(run_id)
            raise

    def lose(self, run_id: str) -> None:
        """Note that the session of this run is lost."""
        state = self.state.value
        if state is not None and state.run_id == run_id:
            other = _run_of(self._claims.current.value)
            self.state.set(replace(state, phase=Phase.LOST, displaced_by="" if other == run_id else other))

    def enter(self, phase: Phase) -> None:
        """Note how far a session is that is not lost."""
        state = self.state.value
        if state is not None and state.phase is not Phase.LOST:
            self.state.set(replace(state, phase=phase))

    # --- opening ------------------------------------------------------------------------------------------------------

    def _open(self, cancelled: threading.Event) -> str:
        refuse_if(cancelled, "no session is open")
        claim = self._claims.refresh()
        if isinstance(claim, SessionClaim):
            self._adopt(claim.run_id, cancelled)
            return claim.run_id
        try:
            decide(Wish.ATOMIC, claim, displace_idle=self._displace_idle)
        except RunStillActive as active:
            raise RobotBusy(str(active)) from active
        record = self._record.current
        self._left = uncertain_tips.left_behind(record.value) if record.value.pipettes else self._left
        run_id = self._begin(lambda run_id: self.run.furnish(run_id, cancelled, self._accepted))
        record.set(uncertain_tips.carried_over(self._left, record.value))
        self._left = Record()
        return run_id

    def _begin(self, furnish: Callable[[str], None]) -> str:
        """Create the session's run and furnish it; if that fails, no session is open."""
        self._record.current.set(Record())
        opening = SessionState(Phase.OPENING, "", now())
        self.state.set(opening)
        try:
            opening = replace(opening, run_id=self.run.create())
            self.state.set(opening)
            furnish(opening.run_id)
        except OT2Fault as fault:
            self.state.set(None)
            # A run of which nobody knows what it is doing is left alone.
            if opening.run_id and not isinstance(fault, OutcomeUnknown):
                self._abandon(opening.run_id)
            raise
        self.state.set(replace(opening, phase=Phase.READY))
        return opening.run_id

    def _abandon(self, run_id: str) -> None:
        try:
            self.run.put_aside(run_id)
        except OT2Fault as left:
            log.warning("run %s of a session that could not be opened is left on the robot: %s", run_id, left)

    # --- following the robot ------------------------------------------------------------------------------------------

    def _heed(self, claim: Claim) -> None:
        """Follow what the robot says: lose a session that was displaced, take up one that is ours."""
        state = self.state.value
        if state is None:
            if isinstance(claim, SessionClaim):
                threading.Thread(target=self._take_up, args=(claim.run_id,), name="adopt-session", daemon=True).start()
        elif state.phase is Phase.LOST:
            # A robot that creates a run has none for a moment, so that its name may come with a later reading.
            if not state.displaced_by and isinstance(claim, ForeignClaim):
                self.state.set(replace(state, displaced_by=claim.run_id))
        elif (
            state.phase is not Phase.OPENING and not isinstance(claim, UnknownClaim) and _run_of(claim) != state.run_id
        ):
            self.state.set(replace(state, phase=Phase.LOST, displaced_by=_run_of(claim)))

    def _how_lost(self, state: SessionState) -> str:
        """Say what became of a lost session; whose run took its place is asked once more if that is not known."""
        if not state.displaced_by:
            with contextlib.suppress(OT2Fault):
                self._claims.refresh()
            state = self.state.value or state
        return "ended on the robot" + (f", and run {state.displaced_by} came after it" if state.displaced_by else "")

    def _take_up(self, run_id: str) -> None:
        """Adopt the session's run if it is current now that no command is at work: one may have put it aside."""
        with self.working:
            try:
                if self.state.value is None and self._claims.refresh() == SessionClaim(run_id):
                    self._adopt(run_id, threading.Event())
            except OT2Fault as fault:
                log.warning("the session of run %s cannot be taken up yet: %s", run_id, fault)

    def _adopt(self, run_id: str, cancelled: threading.Event) -> None:
        run = self._robot.run(run_id)
        self._record.read(run_id, cancelled, follow=False)
        self.state.set(SessionState(Phase.READY, run_id, run.created_at))
        log.info("took up the session of run %s", run_id)


def _run_of(claim: Claim) -> str:
    return getattr(claim, "run_id", "")
