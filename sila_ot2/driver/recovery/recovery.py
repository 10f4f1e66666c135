"""Recoverable errors of command executions: listed while they last, and ended by what a client chooses."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.recovery.conditions import Choice, Condition, condition_of
from sila_ot2.driver.waiting import wait_until
from sila_ot2.errors import CommandCancelled, InvalidCommandExecutionUUID, Movement, UnknownContinuationOption
from sila_ot2.times import utc_now

A_DAY_S = 86_400.0


@dataclass(frozen=True)
class RecoverableError:
    """An error of a command execution that waits for a client."""

    command: str
    """The command's fully qualified identifier."""
    execution_uuid: str
    number: int
    """No other error of this process has it."""
    condition: Condition
    """Its options end with the number: what was chosen for one error never fits another."""
    since: datetime = field(compare=False)


@dataclass(eq=False)
class WatchedExecution:
    """A command execution while it can have recoverable errors; changed only by `Recovery`."""

    command: str
    execution_uuid: str
    cancelled: Cancellation
    stops_run: bool
    """Whether its cancel stops the run that it follows."""
    run_id: str = ""
    held: Condition | None = None
    """What the command itself waits for."""
    answer: str = ""
    """What a client has chosen about that."""
    error: RecoverableError | None = None
    is_being_answered: bool = False
    """What a client has chosen about the error is under way; the error stays as it is until that is done."""
    is_settled: bool = False
    """The error was answered or is no longer handled; that ends with the error."""
    timer: threading.Timer | None = None


class Recovery:
    """One per robot; safe to use from any thread. It sends nothing to the robot but what a client has chosen.

    Args:
        state: the robot's.
        resume: resumes a run that was started or resumed so many times, and no oftener.
        ask: has the robot read at once.
    """

    def __init__(
        self, state: Observable[RobotState], resume: Callable[[str, int], None], ask: Callable[[], None]
    ) -> None:
        self._state = state
        self._resume = resume
        self._ask = ask
        self._changing = threading.RLock()
        self._work: list[WatchedExecution] = []
        self._timeout_s = 0
        self._numbers = itertools.count(1)
        self.errors: Observable[tuple[RecoverableError, ...]] = Observable(())
        state.subscribe(lambda _: self._publish())

    @contextmanager
    def watching(
        self, command: str, execution_uuid: UUID, cancelled: Cancellation, *, stops_run: bool
    ) -> Iterator[WatchedExecution]:
        """List the errors of a command execution within.

        Args:
            command: its fully qualified identifier.
            execution_uuid: names the execution.
            cancelled: cancels it.
            stops_run: whether that stops the run; if not, that is no option.
        """
        work = WatchedExecution(command, str(execution_uuid), cancelled, stops_run)
        with self._changing:
            self._work.append(work)
        try:
            yield work
        finally:
            with self._changing:
                self._work.remove(work)
                self._end_error(work)
                self._publish()

    def follow(self, work: WatchedExecution, run_id: str) -> None:
        """Note which run an execution follows from now on."""
        work.run_id = run_id
        self._publish()

    def hold(self, work: WatchedExecution, condition: Condition, is_over: Callable[[], bool]) -> str:
        """Wait until a client has chosen; returns the identifier of its option, empty if the error was given up.

        Called by the command that has the error. It holds up nothing but the command, which keeps the turn.

        Args:
            work: the execution.
            condition: what it waits for.
            is_over: whether no answer can help any more; the error is given up then.

        Raises:
            CommandCancelled: the execution was cancelled.
        """
        with self._changing:
            self._end_error(work)
            work.held, work.answer = condition, ""
            self._publish()

        def answer() -> bool | None:
            return True if work.held is None or work.is_settled or is_over() else None

        try:
            while not work.cancelled.is_set():
                if wait_until(self.errors, answer, timeout_s=A_DAY_S, ends=(work.cancelled,)):
                    return work.answer
        finally:
            with self._changing:
                work.held = None
                self._publish()
        raise CommandCancelled(
            f"The command was cancelled while it waited for an answer to this: {condition.message}",
            moved=Movement.NONE,
        )

    def set_timeout(self, timeout_s: int) -> None:
        """Set after which time errors that occur from now on are no longer handled; 0: never."""
        self._timeout_s = 0 if timeout_s > threading.TIMEOUT_MAX else timeout_s

    def choose(self, execution_uuid: str, choice: str) -> None:
        """Do what a client has chosen.

        Returns when a run that is to be resumed runs. Anything else is only set going.

        Raises:
            InvalidCommandExecutionUUID: the execution has no error that waits for a client, or another client's choice
                is under way.
            UnknownContinuationOption: the error has no such option.
            OT2Fault: the robot does not allow it, or cannot be asked; the error stays.
        """
        with self._changing:
            work, error = self._waiting(execution_uuid)
            condition = error.condition
            options = [option.identifier for option in condition.options]
            if choice not in options:
                raise UnknownContinuationOption(
                    f"The error {condition.identifier} has no option {choice[:80]!r}.",
                    f"Its options are {', '.join(options)}. Each error has its own: read what it waits for first.",
                )
            what = choice.removesuffix(f"-{error.number}")
            if work.held is not None:  # the command itself does it
                work.held, work.answer = None, what
                self._publish()
                return
            work.is_being_answered = True
        is_settled = False
        try:
            if what == Choice.ABORT.value:
                work.cancelled.set()
            elif what == Choice.ASK_AGAIN.value:
                self._ask()
            else:
                self._resume(condition.run_id, condition.plays)
            is_settled = what != Choice.ASK_AGAIN.value
        finally:
            with self._changing:
                work.is_being_answered = False
                if work.error is not None and work.error.number == error.number:
                    work.is_settled |= is_settled
                self._publish()

    def give_up(self, execution_uuid: str) -> None:
        """Handle the error of an execution no longer.

        Raises:
            InvalidCommandExecutionUUID: the execution has no error that waits for a client.
        """
        with self._changing:
            work, _ = self._waiting(execution_uuid)
            self._leave(work)

    def _waiting(self, execution_uuid: str) -> tuple[WatchedExecution, RecoverableError]:
        for work in self._work:
            if work.execution_uuid != execution_uuid or work.error is None:
                continue
            if not (work.is_settled or work.is_being_answered):
                return work, work.error
        raise InvalidCommandExecutionUUID(
            f"The command execution {execution_uuid} has no error that waits for a client.",
            "Read the errors again: its cause may have gone, or another client has handled it.",
        )

    def _leave(self, work: WatchedExecution) -> None:
        work.is_settled = True
        self._publish()

    def _publish(self) -> None:
        with self._changing:
            for work in self._work:
                if not work.is_being_answered:
                    self._follow(work, self._condition_of(work))
            self.errors.set(tuple(work.error for work in self._work if work.error is not None and not work.is_settled))

    def _condition_of(self, work: WatchedExecution) -> Condition | None:
        if work.held is not None:
            return work.held
        condition = condition_of(self._state.value, work.run_id) if work.run_id else None
        if condition is None or work.stops_run:
            return condition
        return replace(
            condition, options=tuple(option for option in condition.options if option.identifier != Choice.ABORT.value)
        )

    def _follow(self, work: WatchedExecution, condition: Condition | None) -> None:
        before = work.error
        if condition is None or (before is not None and before.condition.occurrence != condition.occurrence):
            self._end_error(work)
            before = None
        if condition is None:
            return
        number = before.number if before is not None else next(self._numbers)
        since = before.since if before is not None else utc_now()
        work.error = RecoverableError(work.command, work.execution_uuid, number, _numbered(condition, number), since)
        if before is None and self._timeout_s:
            work.timer = threading.Timer(self._timeout_s, self._time_out, (work, number))
            work.timer.daemon = True
            work.timer.start()

    def _time_out(self, work: WatchedExecution, number: int) -> None:
        with self._changing:
            if work.error is not None and work.error.number == number:
                self._leave(work)

    def _end_error(self, work: WatchedExecution) -> None:
        if work.timer is not None:
            work.timer.cancel()
        work.error, work.timer, work.is_settled = None, None, False


def _numbered(condition: Condition, number: int) -> Condition:
    options = (replace(option, identifier=f"{option.identifier}-{number}") for option in condition.options)
    return replace(condition, options=tuple(options))
