"""The session: a run of ours that is never played, in which the robot carries out one command after the other.

It is opened by request or by the first command, adopted again after a restart of this server, and lost when another
client's run takes its place. What it knows is a `Record`, folded from the commands that have ended.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sila_ot2.driver.acts import Acts, CreateRunAct, UncurrentAct
from sila_ot2.driver.claim import Claim, Claims, ForeignClaim, RunClaim, SessionClaim, Unclaimed, Wish, decide
from sila_ot2.driver.commands import Commands
from sila_ot2.driver.deck_setup import load_pipette
from sila_ot2.driver.motions import home
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.pipettes import Evidence, Mount
from sila_ot2.driver.plan import WAIT, Plan, Planned, rehearse
from sila_ot2.driver.record import Record
from sila_ot2.driver.session_record import SessionRecord
from sila_ot2.driver.session_state import Noted, Outcome, Phase, SessionState, now
from sila_ot2.errors import (
    CommandCancelled,
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


Report = Callable[..., None]
"""Called with `progress` (0 to 1) and `remaining_s`."""


def _quiet(**_: object) -> None:
    """Report to nobody."""


class Session:
    """One per robot. Its methods are called by whoever holds the turn, one at a time."""

    def __init__(
        self, robot: RobotClient, acts: Acts, claims: Claims, commands: Commands, *, displace_idle: bool = False
    ) -> None:
        """Join it to its robot; no request is made before the first command or a claim that shows a session of ours.

        Args:
            robot: read from.
            acts: through whom every acting request goes.
            claims: whose run is current.
            commands: sends commands.
            displace_idle: whether another client's run that was never played may be replaced.
        """
        self._robot = robot
        self._acts = acts
        self._claims = claims
        self._record = SessionRecord(commands)
        self._displace_idle = displace_idle
        self._working = threading.Lock()  # against the thread that adopts a session while a command arrives
        self.state: Observable[SessionState | None] = Observable(None)
        self.record: Observable[Record] = self._record.current
        self.last: Observable[Outcome | None] = Observable(None)
        claims.current.subscribe(self._heed)

    @property
    def release(self) -> Release:
        """The robot's software release.

        Raises:
            RobotUnreachable: the robot has not answered yet.
        """
        return self._robot.release

    # --- opening and closing ------------------------------------------------------------------------------------------

    def open(self, *, cancelled: threading.Event) -> str:
        """Open a session, or do nothing if one is open; returns the run's id.

        Loads the attached pipettes and homes. A session that was lost is replaced; what it knew is forgotten but for
        tips that were attached: they stay in doubt.

        Raises:
            RobotBusy: somebody's run holds the robot.
            NotReconciled: the outcome of an earlier command is not known.
            CommandCancelled: no session is open then.
        """
        with self._working, self._noted("OpenSession"):
            state = self.state.value
            if state is not None and state.phase is Phase.LOST:
                self._require_reconciled()
                return self._open(cancelled)
            return self._ensure_open(cancelled)

    def close(self, *, cancelled: threading.Event) -> None:
        """Close the session; nothing moves, tips stay on. No session: nothing to do."""
        with self._working, self._noted("CloseSession"):
            state = self.state.value
            if state is None:
                return
            if cancelled.is_set():
                raise CommandCancelled("CloseSession was cancelled before anything was sent; the session stays open.")
            self._end(state)
            self.record.set(Record(pipettes=self._doubtful_pipettes()))

    def perform(
        self,
        name: str,
        plans: Sequence[Plan],
        *,
        cancelled: threading.Event,
        report: Report = _quiet,
        step_done: Callable[[int], None] | None = None,
    ) -> list[wire.Command]:
        """Carry out one command of the laboratory: all its plans are made first, then the robot's commands are sent.

        Opens a session if none is open. Returns the robot's commands as they ended.

        Args:
            name: the command's identifier, for LastCommand.
            plans: one for each step; nothing is sent if any of them refuses.
            cancelled: nothing further is sent once it is set; the movement under way ends first.
            report: progress.
            step_done: told the number of steps done.

        Raises:
            RobotRefused: a plan or the robot refused.
            ActionFailed: the robot began and failed; CommandCancelled says what had been done.
            OutcomeUnknown: it cannot be established what the robot did.
        """
        with self._working:
            run_id = self._ensure_open(cancelled)
            record = self.record.value
            steps: list[Sequence[Planned]] = []
            for plan in plans:
                record = rehearse(record, steps[-1]) if steps else record
                steps.append(plan(record))
            if not any(steps):
                return []
            with self._noted(name):
                return self._carry_out(name, run_id, steps, cancelled, report, step_done)

    def change(self, change: Callable[[Record], Record], *, cancelled: threading.Event) -> None:
        """Change what only this server keeps (flow rates, speeds); opens a session if none is open."""
        with self._working:
            self._ensure_open(cancelled)
            self.record.set(change(self.record.value))

    def ensure_open(self, *, cancelled: threading.Event) -> str:
        """Open a session if none is open; returns the run's id.

        Raises:
            SessionLost: it was lost; OpenSession opens a new one.
            RobotBusy, NotReconciled: as `open`.
        """
        with self._working:
            return self._ensure_open(cancelled)

    def define(self, definition: Mapping[str, Any], *, cancelled: threading.Event) -> str:
        """Make a labware definition known to the session's run; returns its URI. May be repeated.

        Raises:
            LabwareDefinitionInvalid: the robot does not take it.
        """
        with self._working:
            run_id = self._ensure_open(cancelled)
            _refuse_if(cancelled, "nothing was sent")
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

    # --- settling -----------------------------------------------------------------------------------------------------

    def reconcile(self, tips: Mapping[Mount, bool], *, cancelled: threading.Event) -> None:
        """Settle what is unknown: from the robot where it can tell, else by the word of somebody who has looked.

        Where that word contradicts what the robot believes of a tip, the session is closed, since nothing else makes
        the robot forget a tip; a tip that the robot does not know of is left to `discard_tip_untracked`.

        Args:
            tips: whether a tip is attached, by mount.
            cancelled: ends the looking up.

        Raises:
            RobotUnreachable: the robot cannot be read; nothing is settled.
        """
        with self._working, self._noted("ReconcileState"):
            if self._acts.unknown and not self._acts.settle_open():
                self._acts.reconcile(f"tips as stated: {dict(tips)}")
            self._claims.refresh()
            state = self.state.value
            if state is None or state.phase is Phase.LOST:
                self.state.set(None)
                self.record.set(Record())
                return
            self._record.read(state.run_id, cancelled)
            record = self.record.value
            for pipette in record.pipettes.values():
                stated = tips.get(pipette.mount, pipette.tip is not None)
                if pipette.tip is not None and not stated:
                    self._end(state)
                    self.record.set(Record())
                    return
                untracked = stated and pipette.tip is None
                record = record.with_pipette(replace(pipette, evidence=Evidence.ASSUMED, untracked_tip=untracked))
            self.record.set(record)

    def _require_reconciled(self) -> None:
        if self._acts.unknown:
            raise NotReconciled(
                f"The outcome is not known of: {', '.join(self._acts.unknown)}. Nothing was sent, nothing moved. It is "
                f"being looked up; look at the robot and call ReconcileState to settle it."
            )

    # --- within -------------------------------------------------------------------------------------------------------

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
        _refuse_if(cancelled, "nothing was sent, and no session is open")
        claim = self._claims.refresh()
        if isinstance(claim, SessionClaim):
            self._adopt(claim.run_id, cancelled)
            return claim.run_id
        try:
            decide(Wish.ATOMIC, claim, displace_idle=self._displace_idle)
        except RunStillActive as active:
            raise RobotBusy(str(active)) from active
        doubtful = self._doubtful_pipettes()
        self.record.set(Record())
        opening = SessionState(Phase.OPENING, "", now())
        self.state.set(opening)
        try:
            before = [run.id for run in self._robot.runs().runs]
            run = self._acts.perform(CreateRunAct(purpose="session", runs_before=before))
        except OT2Fault:
            self.state.set(None)
            raise
        self.state.set(replace(opening, run_id=run.id))
        try:
            for attached in self._robot.pipettes():
                self._load_pipette(run.id, attached, cancelled)
            self._execute(run.id, home()(self.record.value)[0], cancelled)
            _refuse_if(cancelled, "the robot has been homed at most; no session is open")
        except OT2Fault as fault:
            self._abandon(run.id, fault)
            raise
        record = self.record.value
        for mount, pipette in doubtful.items():
            if (fresh := record.pipettes.get(mount)) is not None and fresh.name == pipette.name:
                record = record.with_pipette(replace(fresh, evidence=Evidence.UNKNOWN, untracked_tip=True))
        self.record.set(record)
        self.state.set(replace(opening, run_id=run.id, phase=Phase.READY))
        self._claims.refresh()
        return run.id

    def _load_pipette(self, run_id: str, attached: wire.Pipette, cancelled: threading.Event) -> None:
        _refuse_if(cancelled, "nothing moved, and no session is open")
        self._execute(run_id, load_pipette(attached.mount, attached.name)(self.record.value)[0], cancelled)

    def _abandon(self, run_id: str, fault: OT2Fault) -> None:
        """Put aside the run of a session that could not be opened, unless nobody knows what it is doing."""
        self.state.set(None)
        if isinstance(fault, OutcomeUnknown):
            return
        try:
            self._release(run_id)
        except OT2Fault as left:
            log.warning("run %s of a session that could not be opened is left on the robot: %s", run_id, left)

    def _end(self, state: SessionState) -> None:
        """Close the session on the robot, unless it is lost; it stays open if the robot does not do it."""
        self.state.set(None)
        if state.phase is Phase.LOST:
            return
        try:
            self._release(state.run_id)
        except OT2Fault:
            self.state.set(state)
            raise

    def _release(self, run_id: str) -> None:
        try:
            self._acts.perform(UncurrentAct(run_id=run_id))
        except (RunActionNotAllowed, RunNotFound) as gone:
            log.info("the session's run %s was not current any more: %s", run_id, gone)
        self._claims.refresh()

    def _carry_out(
        self,
        name: str,
        run_id: str,
        steps: Sequence[Sequence[Planned]],
        cancelled: threading.Event,
        report: Report,
        step_done: Callable[[int], None] | None,
    ) -> list[wire.Command]:
        total = sum(len(step) for step in steps)
        done: list[wire.Command] = []
        sent = 0
        self._enter(Phase.BUSY)
        try:
            for number, step in enumerate(steps, start=1):
                for planned in step:
                    _refuse_if(cancelled, f"of {total} steps of {name}, {sent} had been carried out")
                    if planned.command_type == WAIT:
                        _wait(
                            planned.params["seconds"],
                            cancelled,
                            f"{name} was waiting; {sent} steps had been carried out",
                        )
                    else:
                        done.append(self._execute(run_id, planned, cancelled))
                    sent += 1
                    report(progress=sent / total)
                if step_done is not None:
                    step_done(number)
        finally:
            self._enter(Phase.READY)
        _refuse_if(cancelled, f"{name} had been carried out all the same")
        return done

    def _execute(self, run_id: str, planned: Planned, cancelled: threading.Event) -> wire.Command:
        """Send one command; find out whether the session is lost if the robot refuses its run."""
        try:
            return self._record.execute(run_id, planned, cancelled, accepted=self._note_accepted)
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
            self.state.set(replace(state, phase=Phase.LOST, displaced_by=_run_of(self._claims.current.value, run_id)))

    def _enter(self, phase: Phase) -> None:
        state = self.state.value
        if state is not None and state.phase is not Phase.LOST:
            self.state.set(replace(state, phase=phase))

    def _doubtful_pipettes(self) -> dict[str, Any]:
        """Pipettes that hold, or may hold, a tip that a new run on the robot knows nothing of."""
        return {
            mount: pipette
            for mount, pipette in self.record.value.pipettes.items()
            if pipette.tip is not None or pipette.untracked_tip
        }

    # --- taking up a session that is there already --------------------------------------------------------------------

    def _heed(self, claim: Claim) -> None:
        """Follow what the robot says: lose a session that was displaced, take up one that is ours."""
        state = self.state.value
        if isinstance(claim, SessionClaim) and state is None:
            threading.Thread(target=self._take_up, args=(claim.run_id,), name="adopt-session", daemon=True).start()
        elif (
            isinstance(claim, (ForeignClaim, RunClaim, SessionClaim, Unclaimed))
            and state is not None
            and state.phase in (Phase.READY, Phase.BUSY)
            and _run_of(claim, "") != state.run_id
        ):
            self._lose(state.run_id)

    def _take_up(self, run_id: str) -> None:
        with self._working:
            if self.state.value is None and self._claims.current.value == SessionClaim(run_id):
                try:
                    self._adopt(run_id, threading.Event())
                except OT2Fault as fault:
                    log.warning("the session of run %s cannot be taken up yet: %s", run_id, fault)

    def _adopt(self, run_id: str, cancelled: threading.Event) -> None:
        run = self._robot.run(run_id)
        self._record.read(run_id, cancelled, follow=False)
        self.state.set(SessionState(Phase.READY, run_id, run.created_at))
        log.info("took up the session of run %s", run_id)

    # --- the last command ---------------------------------------------------------------------------------------------

    def _noted(self, name: str) -> Noted:
        return Noted(self.last, name)

    def _note_accepted(self, command: wire.Command) -> None:
        if (outcome := self.last.value) is not None and outcome.word == "AtWork":
            self.last.set(replace(outcome, command_id=command.id))


def _refuse_if(cancelled: threading.Event, said: str) -> None:
    if cancelled.is_set():
        raise CommandCancelled(f"The command was cancelled: {said}. Nothing further was sent.")


def _wait(duration_s: float, cancelled: threading.Event, said: str) -> None:
    if cancelled.wait(duration_s):
        raise CommandCancelled(f"The command was cancelled: {said}. Nothing further was sent.")


def _run_of(claim: Claim, not_this: str) -> str:
    run_id = getattr(claim, "run_id", "")
    return run_id if run_id != not_this else ""
