"""The session's run on the robot: which it is, how it is opened, adopted, lost and released."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.deck.plans.plan import PlannedCommand, rehearse
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import HOW_TO_END, Handovers
from sila_ot2.driver.ownership.owner import (
    ForeignOwner,
    HalfCreatedOwner,
    Intent,
    NoOwner,
    Owner,
    SessionOwner,
    UnknownOwner,
    current_run_owner,
    decide,
)
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.runs_without_protocol import RunsWithoutProtocol
from sila_ot2.driver.session.session_deck import DeckSetup, SessionDeck
from sila_ot2.driver.session.session_state import Opened, Phase, SessionState, refuse_if
from sila_ot2.driver.tracking.tips.uncertain_tips import forgotten_by_robot, require_no_tip
from sila_ot2.errors import (
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotRefused,
    RobotRestarted,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    SessionLost,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)


class SessionRun:
    """One per robot. The caller of a method holds the turn, and `working`."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        deck: SessionDeck,
        runs: RunsWithoutProtocol,
        handovers: Handovers | None,
        labware_offsets: Callable[[], list[dict[str, Any]]],
        *,
        displace_idle: bool,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            request_log: sends its requests.
            ownership: whose run is current.
            deck: what the session knows.
            runs: creates its run.
            handovers: whether an arm may be inside; nobody hands over without.
            labware_offsets: those that a session is opened with, as the robot takes them.
            displace_idle: whether another client's run that was never played may be replaced.
        """
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self._deck = deck
        self._displace_idle = displace_idle
        self._runs = runs
        self._handovers = handovers
        self._labware_offsets = labware_offsets
        self.working = threading.Lock()
        """Held while something is done in the session, against the thread that takes one up."""
        self.state: Observable[SessionState | None] = Observable(None)
        ownership.current.subscribe(self._on_owner_change)

    def open(self, cancelled: threading.Event) -> Opened:
        """Open a session, in place of one that was lost, or do nothing if one is open."""
        if (state := self.state.value) is not None and state.phase is Phase.LOST:
            self._ownership.identity.require_same()
            self.require_reconciled()
            return self._open(cancelled)
        return self.ensure_open(cancelled)

    def ensure_open(self, cancelled: threading.Event) -> Opened:
        """Open a session if none is open, and know of its deck what the robot knows.

        Raises:
            RobotChanged: another robot answers at the address.
            SessionLost: it was lost.
            RobotBusy: somebody's run holds the robot, or somebody works with the Opentrons App.
            NotReconciled: the outcome of an earlier command is not known.
            OT2Fault: it could not be opened; no session is open then.
        """
        self._ownership.identity.require_same()
        self.require_reconciled()
        state = self.state.value
        if state is None:
            return self._open(cancelled)
        if state.phase is Phase.LOST:
            raise SessionLost(
                f"The session (run {state.run_id}) was {self._how_lost(state)}.",
                "Look at the tips and the labware, then call OpenSession and load the labware again.",
            )
        self._ownership.require_nobody_at_the_app()
        self._catch_up(state.run_id, cancelled)
        return Opened(state.run_id, homed=self._finish_opening(state.run_id, cancelled))

    def close(self, state: SessionState, cancelled: threading.Event, *, wait: bool) -> None:
        """Close the session.

        Args:
            state: of the session.
            cancelled: ends the waiting for a silent robot.
            wait: for the end of a command that is at work.

        Raises:
            RunStillActive: a command is at work, and is not waited for: the session stays open.
            TipAlreadyAttached: a pipette holds a tip: the session stays open.
            NotReconciled: one may hold a tip.
        """
        if state.phase is not Phase.LOST:
            try:
                self._catch_up(state.run_id, cancelled, follow=wait)
            except (RobotRestarted, SessionLost) as lost:
                raise NotReconciled.of(lost) from lost
            if self._deck.behind:
                raise RunStillActive(f"A command is at work in the session (run {state.run_id}).", "Wait for its end.")
            self.look_at_others(state.run_id)
            require_no_tip(self._deck.current.value)
        self.end(state)
        self._deck.begin()

    def end(self, state: SessionState) -> None:
        """Release the session's run, unless it is lost; the session stays open if the robot does not do it.

        Its pipettes hold no tip: the robot would forget it.

        Raises:
            NotReconciled: a hand-over is pending: the robot halts and resets its hardware when a run ends.
        """
        if state.phase is not Phase.LOST:
            self._require_no_arm()
        self.state.set(None)
        if state.phase is Phase.LOST:
            return
        try:
            self._release(state.run_id)
        except OT2Fault:
            self.state.set(state)
            raise

    def _require_no_arm(self) -> None:
        pending = self._handovers.pending.value if self._handovers is not None else None
        if pending is not None:
            raise NotReconciled(
                "The session would have to end, with which the robot halts and resets its hardware while an arm may be "
                f"inside: {pending}.",
                f"{HOW_TO_END} Then repeat the command.",
            )

    def look_at_others(self, run_id: str) -> bool:
        """Take in what other clients have sent to the session's run; returns whether there was anything.

        A robot that does not have the run any more says so in other ways.

        Raises:
            RobotUnreachable: it cannot be asked.
        """
        with contextlib.suppress(RobotRefused):
            return self._deck.take_in(*self._deck.unseen(run_id))
        return False

    def forget(self) -> None:
        """Know of no session and no tips any more: somebody has looked."""
        self.state.set(None)
        self._deck.begin()

    def open_again(self, deck_setup: DeckSetup, begun: Sequence[PlannedCommand]) -> None:
        """Open a session with the deck of the last; if that fails, none is open: nothing that was done is at stake.

        Args:
            deck_setup: of the last session.
            begun: commands that another run has carried out or begun meanwhile; tips that they picked up are used.
        """
        try:
            if self._request_log.unknown or not isinstance(
                current_run_owner(self._ownership.refresh()), NoOwner | HalfCreatedOwner
            ):
                return
            self._begin(lambda run_id: self._deck.reload(run_id, deck_setup))
        except (OT2Fault, SQLAlchemyError) as fault:
            log.warning("the session could not be opened again: %s", fault)
            return
        used = rehearse(deck_setup.deck_state, begun).used_tips
        deck_state = self._deck.current
        deck_state.set(replace(deck_state.value, used_tips=used, speed_mm_s=deck_setup.deck_state.speed_mm_s))

    def require_reconciled(self) -> None:
        """Refuse while it is not known what became of an earlier command.

        Raises:
            NotReconciled: it is not.
        """
        if self._request_log.unknown:
            raise NotReconciled(
                f"The outcome is not known of: {', '.join(self._request_log.unknown)}.",
                "It is being looked up; look at the robot and call ReconcileState to settle it.",
            )

    @contextmanager
    def in_use(self, run_id: str) -> Iterator[None]:
        """Use the run, and find out whether the session has lost it if the robot refuses it.

        Raises:
            SessionLost: it has.
            OT2Fault: what the block raises.
        """
        try:
            yield
        except (RunActionNotAllowed, RunNotFound):
            try:
                self._ownership.require_session(run_id)
            except SessionLost:
                self._lose(run_id)
                raise
            raise
        except (RobotRestarted, SessionLost):
            self._lose(run_id)
            raise

    @contextmanager
    def at_work(self, run_id: str) -> Iterator[None]:
        """Show the session as busy while commands are carried out in its run; as `in_use`."""
        self._enter(Phase.BUSY)
        try:
            with self.in_use(run_id):
                yield
        finally:
            self._enter(Phase.READY)

    def _lose(self, run_id: str) -> None:
        state = self.state.value
        if state is not None and state.run_id == run_id:
            other = _run_of(current_run_owner(self._ownership.current.value))
            self._end_unasked(state, "" if other == run_id else other)

    def _enter(self, phase: Phase) -> None:
        self.state.update(
            lambda state: replace(state, phase=phase) if state is not None and state.phase is not Phase.LOST else state
        )

    # --- opening ------------------------------------------------------------------------------------------------------

    def _open(self, cancelled: threading.Event) -> Opened:
        refuse_if(cancelled, "no session is open")
        self._ownership.identity.ask()
        owner = self._ownership.refresh()
        try:
            decide(Intent.ATOMIC, owner, displace_idle=self._displace_idle)
        except RunStillActive as active:
            raise RobotBusy.of(active) from active
        if isinstance(owner, SessionOwner):
            self._adopt(owner.run_id, cancelled)
            self._catch_up(owner.run_id, cancelled)
            return Opened(owner.run_id, homed=self._finish_opening(owner.run_id, cancelled))
        self._runs.tips_left_behind.require_displaceable(owner)
        self._runs.tips_left_behind.examine()
        return Opened(self._begin(lambda run_id: self._deck.load(run_id, cancelled)), homed=True)

    def _finish_opening(self, run_id: str, cancelled: threading.Event) -> bool:
        """Load the pipettes and home, if the process that opened the session ended before; returns whether it did.

        Only for a command that was asked for: a session that is taken up by itself moves nothing.
        """
        if self._deck.homed:
            return False
        with self.in_use(run_id):
            self._deck.load(run_id, cancelled)
        return True

    def _begin(self, load_deck: Callable[[str], None]) -> str:
        """Create the session's run and load the deck; if that fails, no session is open."""
        self._deck.begin()
        opening = SessionState(Phase.OPENING, "", utc_now(), requester=self._ownership.requester())
        self.state.set(opening)
        try:
            opening = replace(opening, run_id=self._create())
            self.state.set(opening)
            self._runs.tips_left_behind.examine()  # the run that gave way has ended only now
            load_deck(opening.run_id)
        except Exception as error:  # the disk may fail, too: no session may be left that is opening for ever
            self.state.set(None)
            # A run of which nobody knows what it is doing is left alone.
            known = isinstance(error, (OT2Fault, SQLAlchemyError)) and not isinstance(error, OutcomeUnknown)
            if opening.run_id and known:
                self._abandon(opening.run_id)
            raise
        self.state.set(replace(opening, phase=Phase.READY))
        return opening.run_id

    def _create(self) -> str:
        """Create a run for the session; nothing moves."""
        return self._runs.create("session", self._labware_offsets()).id

    def _release(self, run_id: str) -> None:
        """Make the run, which holds no tip, no longer current, if it still is; nothing moves."""
        try:
            with self._runs.tips_left_behind.ending_without_tip(run_id):
                self._request_log.perform(UncurrentRequest(run_id=run_id))
        except (RunActionNotAllowed, RunNotFound) as gone:
            log.info("the session's run %s was not current any more: %s", run_id, gone)
        with contextlib.suppress(OT2Fault):  # it is released, also if the robot cannot be read now
            self._ownership.refresh()

    def _abandon(self, run_id: str) -> None:
        try:
            self._release(run_id)
        except (OT2Fault, SQLAlchemyError) as left:
            log.warning("run %s of a session that could not be opened is left on the robot: %s", run_id, left)

    # --- following the robot ------------------------------------------------------------------------------------------

    def _on_owner_change(self, owner: Owner) -> None:
        """Follow the owner of the current run: lose a session that was displaced, take up one that is ours."""
        state, owner = self.state.value, current_run_owner(owner)
        if state is None:
            if isinstance(owner, SessionOwner):
                threading.Thread(target=self._take_up, args=(owner.run_id,), name="adopt-session", daemon=True).start()
        elif state.phase is Phase.LOST:
            # A robot that creates a run has none for a moment, so that its name may come with a later reading.
            if not state.displaced_by and isinstance(owner, ForeignOwner):
                self.state.set(replace(state, displaced_by=owner.run_id))
        elif (
            state.phase is not Phase.OPENING and not isinstance(owner, UnknownOwner) and _run_of(owner) != state.run_id
        ):
            self._end_unasked(state, _run_of(owner))

    def _end_unasked(self, state: SessionState, displaced_by: str) -> None:
        """Note that the robot has ended the session; what it has forgotten of the pipettes is no longer known."""
        self.state.update(
            lambda now: (
                replace(now, phase=Phase.LOST, displaced_by=displaced_by)
                if now is not None and now.run_id == state.run_id
                else now
            )
        )
        self._deck.current.set(forgotten_by_robot(self._deck.current.value))

    def _how_lost(self, state: SessionState) -> str:
        """Return what became of a lost session; the robot is read again if what replaced it is not known."""
        if not state.displaced_by:
            with contextlib.suppress(OT2Fault):
                self._ownership.refresh()
            state = self.state.value or state
        return "ended on the robot" + (f", and run {state.displaced_by} came after it" if state.displaced_by else "")

    def _take_up(self, run_id: str) -> None:
        """Adopt the session's run if it is current now that no command is at work: one may have released it."""
        with self.working:
            try:
                if self.state.value is None and current_run_owner(self._ownership.refresh()) == SessionOwner(run_id):
                    self._adopt(run_id, threading.Event())
            except OT2Fault as fault:
                log.warning("the session of run %s cannot be taken up yet: %s", run_id, fault)

    def _catch_up(self, run_id: str, cancelled: threading.Event, *, follow: bool = True) -> None:
        """Read the deck anew if the robot may know more; with `follow`, once a command that is at work has ended."""
        if self._deck.behind:
            with self.in_use(run_id):
                self._deck.read(run_id, cancelled, follow=follow)

    def _adopt(self, run_id: str, cancelled: threading.Event) -> None:
        run = self._robot.run(run_id)
        self._deck.read(run_id, cancelled, follow=False)
        self._runs.tips_left_behind.open(run_id)
        self.state.set(SessionState(Phase.READY, run_id, run.created_at))
        log.info("took up the session of run %s", run_id)


def _run_of(owner: Owner) -> str:
    return getattr(owner, "run_id", "")
