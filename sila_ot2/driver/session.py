"""The session: a run of ours that is never played, in which the robot carries out one command after the other.

It is opened by request or by the first command, adopted again after a restart of this server, and lost when another
client's run takes its place. What it knows is a `Record`, folded from the commands that have ended.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sila_ot2.driver import doubts
from sila_ot2.driver.acts import Acts
from sila_ot2.driver.claim import Claim, Claims, SessionClaim, Unclaimed, UnknownClaim, Wish, decide
from sila_ot2.driver.commands import Commands
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.pipettes import Mount
from sila_ot2.driver.plan import WAIT, Plan, Planned, rehearse
from sila_ot2.driver.record import Record
from sila_ot2.driver.session_record import SessionRecord
from sila_ot2.driver.session_run import Furniture, SessionRun, refuse_if
from sila_ot2.driver.session_state import LastCommand, Outcome, Phase, SessionState, now
from sila_ot2.driver.waiting import Report, wait
from sila_ot2.errors import (
    LabwareDefinitionInvalid,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotRejected,
    RobotRestarted,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    SessionLost,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import Release

log = logging.getLogger(__name__)

T = TypeVar("T")
Moved = Callable[[int, int, Planned], None]
"""Told after each command of the robot how many are done, of how many, and which it was."""


class Session:
    """One per robot. Its methods are called by whoever holds the turn, one at a time."""

    def __init__(
        self,
        robot: RobotClient,
        acts: Acts,
        claims: Claims,
        commands: Commands,
        *,
        displace_idle: bool = False,
        door: Callable[[], wire.Door | None] = lambda: None,
    ) -> None:
        """Join it to its robot; no request is made before the first command or a claim that shows a session of ours.

        Args:
            robot: read from.
            acts: through whom every acting request goes.
            claims: whose run is current.
            commands: sends commands.
            displace_idle: whether another client's run that was never played may be replaced.
            door: what the robot said of its door last, if it says anything.
        """
        self._robot = robot
        self._acts = acts
        self._claims = claims
        self._displace_idle = displace_idle
        self._record = SessionRecord(commands)
        self._run = SessionRun(robot, acts, claims, self._record, door)
        self._left = Record()
        """What the last session left hanging on the pipettes."""
        self._working = threading.Lock()  # against the thread that adopts a session while a command arrives
        self.state: Observable[SessionState | None] = Observable(None)
        self.record: Observable[Record] = self._record.current
        self._last = LastCommand()
        self.last: Observable[Outcome | None] = self._last.outcome
        claims.current.subscribe(self._heed)

    @property
    def release(self) -> Release:
        """The robot's software release.

        Raises:
            RobotUnreachable: the robot has not answered yet.
        """
        return self._robot.release

    # --- what clients ask ---------------------------------------------------------------------------------------------

    def open(self, *, cancelled: threading.Event) -> str:
        """Open a session, or do nothing if one is open; returns the run's id.

        Loads the attached pipettes and homes. A session that was lost is replaced; what it knew is forgotten but for
        tips that were attached: they stay in doubt.

        Raises:
            RobotBusy: somebody's run holds the robot.
            NotReconciled: the outcome of an earlier command is not known.
            CommandCancelled: no session is open then.
        """
        with self._working, self._last.noted("OpenSession"):
            if (state := self.state.value) is not None and state.phase is Phase.LOST:
                self._require_reconciled()
                return self._open(cancelled)
            return self._ensure_open(cancelled)

    def ensure_open(self, *, cancelled: threading.Event) -> str:
        """Open a session if none is open; returns the run's id.

        Raises:
            SessionLost: it was lost; OpenSession opens a new one.
            OT2Fault: as `open`.
        """
        with self._working:
            return self._ensure_open(cancelled)

    def close(self, *, cancelled: threading.Event) -> None:
        """Close the session; nothing moves, tips stay on. No session: nothing to do."""
        with self._working, self._last.noted("CloseSession"):
            state = self.state.value
            if state is None:
                return
            refuse_if(cancelled, "the session stays open")
            self._end(state)
            self._left = doubts.left_behind(self.record.value)
            self.record.set(Record())

    def perform(
        self,
        name: str,
        plan: Plan,
        *,
        cancelled: threading.Event,
        report: Report = lambda **_: None,
        moved: Moved = lambda *_: None,
    ) -> list[wire.Command]:
        """Carry out one command of the laboratory: it is planned to its end first, then the robot's commands are sent.

        Opens a session if none is open. Returns the robot's commands as they ended.

        Args:
            name: the command's identifier, for LastCommand.
            plan: nothing is sent if it refuses.
            cancelled: nothing further is sent once it is set; the movement under way ends first.
            report: progress.
            moved: told after each command of the robot.

        Raises:
            RobotRefused: the plan or the robot refused.
            ActionFailed: the robot began and failed; CommandCancelled says what had been done.
            OutcomeUnknown: it cannot be established what the robot did.
        """
        with self._working:
            run_id = self._ensure_open(cancelled)
            planned = plan(self.record.value)
            if not planned:
                return []
            self._run.require_closed_door(planned)
            with self._last.noted(name):
                return self._carry_out(name, run_id, planned, cancelled, report, moved)

    def change(self, change: Callable[[Record], Record], *, cancelled: threading.Event) -> None:
        """Change what only this server keeps (flow rates, speeds); opens a session if none is open."""
        with self._working:
            self._ensure_open(cancelled)
            self.record.set(change(self.record.value))

    def define(self, definition: Mapping[str, Any], *, cancelled: threading.Event) -> str:
        """Make a labware definition known to the session's run; returns its URI. May be repeated.

        Raises:
            LabwareDefinitionInvalid: the robot does not take it.
        """
        with self._working:
            run_id = self._ensure_open(cancelled)
            refuse_if(cancelled, "nothing was defined")
            try:
                uri = self._robot.add_labware_definition(run_id, definition)
            except RobotRejected as rejected:
                raise LabwareDefinitionInvalid(str(rejected)) from rejected
            except (RunActionNotAllowed, RunNotFound):
                self._require_session(run_id)
                raise
            self._record.define(uri, definition)
            return uri

    def definition_of(self, load_name: str, namespace: str, version: int) -> Mapping[str, Any] | None:
        """Return the custom labware definition of this name sent last, of any namespace or version if empty."""
        return self._record.definition_of(load_name, namespace, version)

    def lend(
        self, name: str, plan: Plan, use: Callable[[Furniture, Sequence[Planned]], T], *, cancelled: threading.Event
    ) -> T:
        """Give the robot to a run of another kind, and open the session again afterwards with the same deck.

        The labware keeps its identifiers; tips that the plan picks up count as used, whatever became of the run.

        Args:
            name: the command's identifier, for LastCommand.
            plan: made in this session; nothing is done if it refuses.
            use: told what the session knows and what was planned, while no session is open.
            cancelled: nothing is done if it is set before.

        Raises:
            TipAlreadyAttached: another run would know nothing of the tip.
            OT2Fault: what the plan or `use` raises.
        """
        with self._working:
            self._ensure_open(cancelled)
            furniture = Furniture(self.record.value, self._record.definitions)
            planned = plan(furniture.record)
            doubts.require_bare(furniture.record)
            self._run.require_closed_door(planned)
            refuse_if(cancelled, "nothing moved")
            with self._last.noted(name):
                if (state := self.state.value) is not None:
                    self._end(state)
                try:
                    return use(furniture, planned)
                finally:
                    self._open_again(furniture, planned)

    def reconcile(self, tips: Mapping[Mount, bool], *, confirmed: bool, cancelled: threading.Event) -> None:
        """Settle what is unknown: from the robot where it can tell, else by the word of somebody who has looked.

        Where that word contradicts what the robot believes of a tip, the session is closed, since nothing else makes
        the robot forget a tip; a tip that the robot does not know of is left to `discard_tip_untracked`.

        Args:
            tips: whether a tip is attached, by mount.
            confirmed: whether somebody has looked; if not, the robot is asked and nothing else is settled.
            cancelled: nothing is settled if it is set before.

        Raises:
            NotReconciled: the robot cannot tell, and nobody has looked.
            RobotUnreachable: the robot cannot be read.
        """
        with self._working, self._last.noted("ReconcileState"):
            refuse_if(cancelled, "nothing was settled")
            settled = not self._acts.unknown or self._acts.settle_open()
            if not settled and confirmed:
                self._acts.reconcile(f"tips as stated: {dict(tips)}")
            self._require_reconciled()
            self._claims.refresh()
            refuse_if(cancelled, "what the robot cannot tell is left as it is")
            state = self.state.value
            if state is None or state.phase is Phase.LOST:
                if confirmed:
                    self.state.set(None)
                    self.record.set(Record())
                    self._left = Record()
                return
            self._record.read(state.run_id, cancelled)
            if not confirmed:
                return
            agreed = doubts.agreed(self.record.value, tips)
            if agreed is None:
                self._end(state)
            self.record.set(agreed or Record())

    # --- opening and ending -------------------------------------------------------------------------------------------

    def _require_reconciled(self) -> None:
        if self._acts.unknown:
            raise NotReconciled(
                f"The outcome is not known of: {', '.join(self._acts.unknown)}. Nothing was sent, nothing moved. It is "
                f"being looked up; look at the robot and call ReconcileState to settle it."
            )

    def _ensure_open(self, cancelled: threading.Event) -> str:
        self._require_reconciled()
        state = self.state.value
        if state is None:
            return self._open(cancelled)
        if state.phase is Phase.LOST:
            by = f"displaced by run {state.displaced_by}" if state.displaced_by else "ended on the robot"
            raise SessionLost(
                f"The session (run {state.run_id}) was {by}. Nothing was done. Look at the tips and the labware, then "
                f"call OpenSession and load the labware again."
            )
        if self._record.behind:
            self._record.read(state.run_id, cancelled)
        return state.run_id

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
        self._left = doubts.left_behind(self.record.value) if self.record.value.pipettes else self._left
        run_id = self._begin(lambda run_id: self._run.furnish(run_id, cancelled, self._last.accepted))
        self.record.set(doubts.carried_over(self._left, self.record.value))
        self._left = Record()
        return run_id

    def _begin(self, furnish: Callable[[str], None]) -> str:
        """Create the session's run and furnish it; if that fails, no session is open."""
        self.record.set(Record())
        opening = SessionState(Phase.OPENING, "", now())
        self.state.set(opening)
        try:
            opening = replace(opening, run_id=self._run.create())
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
            self._run.put_aside(run_id)
        except OT2Fault as left:
            log.warning("run %s of a session that could not be opened is left on the robot: %s", run_id, left)

    def _end(self, state: SessionState) -> None:
        """Close the session on the robot, unless it is lost; it stays open if the robot does not do it."""
        self.state.set(None)
        if state.phase is Phase.LOST:
            return
        try:
            self._run.put_aside(state.run_id)
        except OT2Fault:
            self.state.set(state)
            raise

    def _open_again(self, furniture: Furniture, planned: Sequence[Planned]) -> None:
        """Nothing is at stake for what has been done if this fails: then no session is open."""
        try:
            if self._acts.unknown or not isinstance(self._claims.refresh(), Unclaimed):
                return
            self._begin(lambda run_id: self._run.furnish_again(run_id, furniture, self._last.accepted))
        except OT2Fault as fault:
            log.warning("the session could not be opened again: %s", fault)
            return
        used = rehearse(furniture.record, planned).used_tips
        self.record.set(replace(self.record.value, used_tips=used, speed_mm_s=furniture.record.speed_mm_s))

    # --- carrying out -------------------------------------------------------------------------------------------------

    def _carry_out(
        self,
        name: str,
        run_id: str,
        planned: Sequence[Planned],
        cancelled: threading.Event,
        report: Report,
        moved: Moved,
    ) -> list[wire.Command]:
        done: list[wire.Command] = []
        self._enter(Phase.BUSY)
        try:
            for number, command in enumerate(planned):
                refuse_if(cancelled, f"of {len(planned)} movements of {name}, {number} had been carried out")
                if command.command_type == WAIT:
                    wait(command.params["seconds"], cancelled=cancelled)
                else:
                    done.append(self._execute(run_id, command, cancelled))
                moved(number + 1, len(planned), command)
                if number + 1 < len(planned):  # the end speaks for itself
                    report(progress=(number + 1) / len(planned))
        finally:
            self._enter(Phase.READY)
        refuse_if(cancelled, f"{name} had been carried out all the same")
        return done

    def _execute(self, run_id: str, planned: Planned, cancelled: threading.Event) -> wire.Command:
        """Send one command; find out whether the session is lost if the robot refuses its run."""
        try:
            return self._record.execute(run_id, planned, cancelled, accepted=self._last.accepted)
        except (RunActionNotAllowed, RunNotFound):
            self._require_session(run_id)
            raise
        except RobotRestarted:
            self._lose(run_id)
            raise

    def _require_session(self, run_id: str) -> None:
        try:
            self._claims.require_session(run_id)
        except SessionLost:
            self._lose(run_id)
            raise

    def _lose(self, run_id: str) -> None:
        state = self.state.value
        if state is not None and state.run_id == run_id:
            other = _run_of(self._claims.current.value)
            self.state.set(replace(state, phase=Phase.LOST, displaced_by="" if other == run_id else other))

    def _enter(self, phase: Phase) -> None:
        state = self.state.value
        if state is not None and state.phase is not Phase.LOST:
            self.state.set(replace(state, phase=phase))

    # --- following the robot ------------------------------------------------------------------------------------------

    def _heed(self, claim: Claim) -> None:
        """Follow what the robot says: lose a session that was displaced, take up one that is ours."""
        state = self.state.value
        if isinstance(claim, SessionClaim) and state is None:
            threading.Thread(target=self._take_up, args=(claim.run_id,), name="adopt-session", daemon=True).start()
        elif (
            state is not None
            and state.phase in (Phase.READY, Phase.BUSY)
            and not isinstance(claim, UnknownClaim)
            and _run_of(claim) != state.run_id
        ):
            displaced_by = _run_of(claim)
            self.state.set(replace(state, phase=Phase.LOST, displaced_by=displaced_by))

    def _take_up(self, run_id: str) -> None:
        """Adopt the session's run if it is current now that no command is at work: one may have put it aside."""
        with self._working:
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
