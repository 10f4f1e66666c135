"""The session: a run of ours that is never played, in which the robot carries out one command after the other.

It is opened by request or by the first command, adopted again after a restart of this server, and lost when another
client's run takes its place (`SessionRun`). What it knows is a `DeckState`, folded from commands that have ended.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.session.plan_checks import PlanChecks
from sila_ot2.driver.session.progress import StepClock
from sila_ot2.driver.session.sending import Decide, give_up, require_decision, until_reached
from sila_ot2.driver.session.session_deck import DeckSetup, SessionDeck
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import (
    LastCommand,
    LastOutcome,
    Opened,
    Phase,
    SessionState,
    moved_by,
    moved_by_opening,
    refuse_if,
)
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips, require_no_tip
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import LabwareDefinitionInvalid, RobotFaulty, RobotRefused, RobotRejected, RobotUnreachable
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import Release

log = logging.getLogger(__name__)
T = TypeVar("T")
Moved = Callable[[int, int, PlannedCommand], None]
"""Called after each command of the robot with how many are done, of how many, and which it was."""


class Session:
    """One per robot. Its methods are called by the holder of the turn, one at a time."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        uncertain_tips: UncertainTips,
        checks: PlanChecks,
        deck: SessionDeck,
        run: SessionRun,
        last: LastCommand,
    ) -> None:
        """Connect it to its robot; no request is made before the first command or an owner that shows our session.

        Args:
            robot: read from.
            ownership: whether it is the same robot.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            checks: what is checked before commands are sent.
            deck: what the session knows, and sends.
            run: its run on the robot.
            last: notes what becomes of commands.
        """
        self._robot = robot
        self._ownership = ownership
        self._uncertain_tips = uncertain_tips
        self._checks = checks
        self._deck = deck
        self._run = run
        self._last = last
        self.waits = checks.waits
        self.state: Observable[SessionState | None] = run.state
        self.deck_state: Observable[DeckState] = deck.current
        self.last: Observable[LastOutcome | None] = last.outcome

    @property
    def release(self) -> Release:
        """The robot's software release.

        Raises:
            RobotUnreachable: the robot has not answered yet.
        """
        return self._robot.release

    def is_at_work(self) -> bool:
        """Return whether the session is being opened, or a command is at work in it."""
        return (state := self.state.value) is not None and state.is_at_work

    def open(self, *, cancelled: threading.Event) -> Opened:
        """Open a session, or do nothing if one is open.

        Loads the attached pipettes and homes. What a lost session knew is forgotten, but its tips stay uncertain.

        Raises:
            RobotBusy: somebody's run holds the robot.
            NotReconciled: the outcome of an earlier command is not known.
            CommandCancelled: no session is open then.
        """
        with self._run.working, self._last.noted("OpenSession"):
            return self._run.open(cancelled)

    def close(self, *, cancelled: threading.Event, wait: bool = True) -> bool:
        """Close the session, with `wait` once a command at work has ended; nothing moves. Returns whether one was open.

        Raises:
            RunStillActive: a command is at work, and is not waited for.
            TipAlreadyAttached: a pipette holds a tip, which the robot would forget.
            RobotChanged: another robot answers at the address, which knows nothing of the session.
            NotReconciled: it is not known whether one holds a tip, or what became of an earlier command.
            OT2Fault: the robot could not be asked; the session stays open.
        """
        with self._run.working, self._last.noted("CloseSession"):
            self._ownership.identity.require_same()
            state = self.state.value
            if state is None or state.phase is not Phase.LOST:
                self._run.require_reconciled()
            if state is None:
                return False
            refuse_if(cancelled, "the session stays open")
            self._run.close(state, cancelled, wait=wait)
            return state.phase is not Phase.LOST

    def perform(
        self,
        name: str,
        plan: CommandPlan,
        *,
        cancelled: Cancellation,
        report: Report = lambda **_: None,
        moved: Moved = lambda *_: None,
        unreachable: Decide = give_up,
        begun: Callable[[int], None] = lambda _: None,
    ) -> list[wire.Command]:
        """Carry out one command of the laboratory: it is planned to its end first, then the robot's commands are sent.

        Opens a session if none is open. Returns the robot's commands as they ended.

        Args:
            name: the command's identifier, for LastCommand.
            plan: nothing is sent if it refuses.
            cancelled: nothing further is sent once it is set; the movement under way ends first.
            report: progress.
            moved: called after each command of the robot.
            unreachable: called when one did not reach the robot; returns to send it again.
            begun: called before each is sent, counted from 0.

        Raises:
            RobotRefused: the plan or the robot refused.
            ActionFailed: the robot began and failed; CommandCancelled says what had been done.
            OutcomeUnknown: it cannot be established what the robot did.
        """
        with self._run.working:
            nothing_at_work = self.state.value is not None and not self._deck.behind
            ahead = self._checks.read_ahead() if nothing_at_work else None
            with moved_by_opening(opened := self._run.ensure_open(cancelled)):
                look = partial(self._run.look_at_others, opened.run_id)
                planned = self._checks.plan_as_seen(plan, self.deck_state, look)
                if not planned:
                    return []
                watch = self._checks.check(name, planned, self.deck_state.value, opened.run_id, ahead)
            done, past, clock = list[wire.Command](), list[PlannedCommand](), StepClock(planned, report)
            with self._last.noted(name), moved_by_opening(opened), moved_by(past), self._run.at_work(opened.run_id):
                for number, command in enumerate(planned):
                    so_far = f"of {len(planned)} movements of {name}, {number} had been carried out"
                    refuse_if(cancelled, so_far)
                    clock.begin(number)
                    check = partial(self._checks.check_next, name, planned, number, self.deck_state.value, watch=watch)
                    if number:
                        until_reached(check, unreachable)
                    while True:
                        refuse_if(cancelled, so_far)  # the checks may have taken long
                        self._checks.require_no_profile([command], self.deck_state.value)
                        begun(number)
                        if self.waits.perform(command, self.deck_state.value, cancelled, clock.pass_time):
                            break
                        try:
                            with self._checks.keeping_profiles_out(command, self.deck_state.value):
                                ended = self._deck.execute(opened.run_id, command, cancelled, at_work=clock.pass_time)
                            done.append(ended)
                            break
                        except RobotUnreachable as lost:
                            require_decision(lost, unreachable, check)
                    past.append(command)
                    moved(number + 1, len(planned), command)
                    if number + 1 < len(planned):  # the end speaks for itself
                        report(progress=(number + 1) / len(planned))
                refuse_if(cancelled, f"{name} had been carried out all the same")
            return done

    def change(self, change: Callable[[DeckState], DeckState], *, cancelled: threading.Event) -> None:
        """Change what only this server keeps (flow rates, speeds); opens a session if none is open."""
        with self._run.working, moved_by_opening(self._run.ensure_open(cancelled)):
            self.deck_state.set(change(self.deck_state.value))

    def definition_of(self, load_name: str, namespace: str, version: int) -> Mapping[str, Any] | None:
        """Return the custom definition of this name that was sent last; of any namespace or version if not given."""
        return self._deck.definition_of(load_name, namespace, version)

    def define_labware(self, content: bytes, *, cancelled: Cancellation) -> str:
        """Make a custom definition known to the session's run; returns its URI. The same one again does no harm.

        Raises:
            LabwareDefinitionInvalid: it is too large, no JSON, or no labware definition, and nothing was sent; or the
                robot does not take it.
        """
        definition = read_definition(content)
        with self._run.working:
            with moved_by_opening(opened := self._run.ensure_open(cancelled)):
                refuse_if(cancelled, "nothing was defined")
                try:
                    with self._run.in_use(opened.run_id):
                        uri = again_if_lost(lambda: self._robot.add_labware_definition(opened.run_id, definition))
                except RobotRejected as rejected:
                    raise LabwareDefinitionInvalid.of(rejected) from rejected
            self._deck.define(uri, definition)
            return uri

    def suspend_for(
        self,
        name: str,
        plan: CommandPlan,
        use: Callable[[DeckSetup, Sequence[PlannedCommand]], T],
        begun: Callable[[Sequence[PlannedCommand]], Sequence[PlannedCommand]],
        *,
        cancelled: threading.Event,
    ) -> T:
        """Give the robot to a run of another kind, and open the session again with the same deck and identifiers.

        Args:
            name: the command's identifier, for LastCommand.
            plan: made in this session; nothing is done if it refuses.
            use: called with what the session knows and what was planned, while no session is open.
            begun: called with what was planned, afterwards; returns what of it was begun: its tips are used.
            cancelled: nothing is done if it is set before.

        Raises:
            TipAlreadyAttached: another run would know nothing of the tip.
            OT2Fault: what the plan or `use` raises.
        """
        with self._run.working:
            with moved_by_opening(opened := self._run.ensure_open(cancelled)):
                self._run.look_at_others(opened.run_id)
                deck_setup = self._deck.setup
                planned = self._checks.plan(plan, deck_setup.deck_state)
                self._checks.check(name, planned, deck_setup.deck_state, opened.run_id)
                self._uncertain_tips.require_none()
                require_no_tip(deck_setup.deck_state)
                refuse_if(cancelled, "it was not begun")
            with self._last.noted(name), moved_by_opening(opened):
                if (state := self.state.value) is not None:
                    self._run.end(state)
                try:
                    return use(deck_setup, planned)
                finally:
                    self._run.open_again(deck_setup, begun(planned))

    def follow(self, run: wire.Run | None) -> None:
        """Take in what other clients have sent to the session's run, which the monitor has read just now.

        Raises:
            RobotUnreachable: the robot has fallen silent.
        """
        state = self.state.value
        if run is None or state is None or state.phase is not Phase.READY or state.run_id != run.id:
            return
        if self._deck.behind:  # the next command reads all anew
            return
        try:
            seen, commands = self._deck.unseen(run.id)
        except RobotRefused as refused:  # it is no longer current: the next reading says what is
            log.debug("the session's run %s cannot be read: %s", run.id, refused)
            return
        if commands and self._run.working.acquire(blocking=False):
            try:
                if self.state.value == state:
                    self._deck.take_in(seen, commands)
            except RobotFaulty as fault:  # the client that sends the next command gets it
                log.warning("What another client has sent to the session is not understood: %s", fault)
            finally:
                self._run.working.release()
