"""Commands that are refused before anything is done wait for a client's answer, and are then tried again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple, TypeVar

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.recovery.conditions import Choice, Condition, Option
from sila_ot2.driver.recovery.recovery import Recovery, WatchedExecution
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import Phase
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import DoorOpen, Movement, NoTipAvailable, NotReconciled, OT2Fault, RobotUnreachable, SessionLost

T = TypeVar("T")
Preparation = Callable[[], None]
"""What is done before the command is tried again."""

ABORT = Option(Choice.ABORT.value, "The command ends with the error.")
RETRY = Option(Choice.RETRY.value, "Remedy the cause first. Nothing of the step was done, and it is tried again.")


class Remedy(NamedTuple):
    """What a client can have done about a fault."""

    option: Option
    prepare: Preparation


def nothing() -> None:
    """Nothing is to be done before the command is tried again."""


class Remedies:
    """One per robot; used by the commands that hold the turn.

    Args:
        recovery: lists what waits for an answer.
        state: the robot's.
        session: in which tips are reconciled.
        uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
        stock: the tips on the deck.
        hold: whether commands wait at all; if not, each fault ends its command at once.
    """

    def __init__(
        self,
        recovery: Recovery,
        state: Observable[RobotState],
        session: Session,
        reconciliation: Reconciliation,
        uncertain_tips: UncertainTips,
        stock: TipStock,
        *,
        hold: bool,
    ) -> None:
        self.recovery = recovery
        self._state = state
        self._session = session
        self._reconciliation = reconciliation
        self._uncertain_tips = uncertain_tips
        self._stock = stock
        self._hold = hold

    def attempt(self, execution: WatchedExecution, do: Callable[[], T]) -> T:
        """Do something; if it is refused before anything was done, do it again when a client has chosen that.

        What has begun to follow a run is never done again.

        Raises:
            OT2Fault: what `do` raises, at once if no client can remedy it, else if none does.
            CommandCancelled: while it waited for an answer.
        """
        prepare = nothing
        while True:
            try:
                prepare()
                return do()
            except OT2Fault as fault:
                if (remedied := self.remedied(execution, fault)) is None:
                    raise
                prepare = remedied

    def remedied(self, execution: WatchedExecution, fault: OT2Fault) -> Preparation | None:
        """Wait until a client has chosen a remedy for a refused command; return what is done before it is tried again.

        Returns None if no client can remedy it, at once, or if none does.

        Raises:
            CommandCancelled: while it waited for an answer.
        """
        can_wait = self._hold and fault.moved is Movement.NONE and not execution.run_id
        remedies = self._of(fault, execution) if can_wait else ()
        return self._chosen(execution, fault, remedies) if remedies else None

    def step_again(self, execution: WatchedExecution, fault: RobotUnreachable) -> None:
        """Return when a step of a command is to be tried again, of which nothing was done.

        Raises:
            OT2Fault: `fault`, if it is not to be tried again.
            CommandCancelled: while it waited for an answer.
        """
        can_wait = self._hold and fault.moved is Movement.NONE
        if not can_wait or self._chosen(execution, fault, (Remedy(RETRY, nothing),)) is None:
            raise fault

    def _chosen(self, execution: WatchedExecution, fault: OT2Fault, remedies: tuple[Remedy, ...]) -> Preparation | None:
        options = (*(remedy.option for remedy in remedies), ABORT)
        chosen = self.recovery.hold(execution, Condition(fault.identifier, str(fault), options), self._is_over)
        return next((remedy.prepare for remedy in remedies if remedy.option.identifier == chosen), None)

    def _is_over(self) -> bool:
        """Whether no answer can help any more: everything was stopped, or the session was taken away."""
        session = self._session.state.value
        return self._state.value.safety_stop_since is not None or (session is not None and session.phase is Phase.LOST)

    def _of(self, fault: OT2Fault, execution: WatchedExecution) -> tuple[Remedy, ...]:
        if isinstance(fault, NoTipAvailable):
            racks = self._racks()
            refilled = (self._refilled(slot, racks[slot]) for slot in sorted(racks, key=int))
            return (*refilled, Remedy(RETRY, nothing))
        if isinstance(fault, NotReconciled):
            return (self._confirmed(execution), Remedy(RETRY, nothing))
        if isinstance(fault, DoorOpen):
            explanation = "Close the door and the top window first. The command is tried again."
            return (Remedy(Option(Choice.RESUME_AFTER_DOOR_CLOSED.value, explanation), nothing),)
        return ()

    def _racks(self) -> dict[str, str]:
        """Return the definitions of the tip racks that are known, by their slots."""
        loaded = self._session.deck_state.value.labware.values()
        racks = {one.location: one.uri for one in loaded if one.is_tip_rack and one.location in SLOTS}
        return racks | {slot: rack.definition_uri for slot, rack in self._stock.racks.value.items()}

    def _refilled(self, slot: str, definition_uri: str) -> Remedy:
        explanation = (
            f"Put a full tip rack of the same kind on slot {slot} first. It counts as full, as by ResetTips, and the "
            "command is tried again."
        )
        option = Option(f"{Choice.TIP_RACK_REFILLED.value}{slot}", explanation)
        return Remedy(option, lambda: self._stock.reset(slot, definition_uri))

    def _confirmed(self, execution: WatchedExecution) -> Remedy:
        mounts = self._uncertain_tips.current.value.keys()
        bare = f", and take off by hand a tip of the {' and the '.join(mounts)} pipette" if mounts else ""
        explanation = (
            f"Look at the deck and the pipettes first{bare}. States that what this server shows is so and that these "
            "pipettes hold no tip, as by ReconcileState with Confirm. The command is tried again."
        )
        return Remedy(
            Option(Choice.STATE_CONFIRMED.value, explanation), lambda: self._reconcile(mounts, execution.cancelled)
        )

    def _reconcile(self, bare: Collection[Mount], cancelled: Cancellation) -> None:
        self._uncertain_tips.require_no_other(bare)  # the client that answered was not asked to look at another
        try:
            self._reconciliation.settle(dict.fromkeys(bare, False), confirmed=True, cancelled=cancelled)
        except SessionLost as lost:
            raise NotReconciled.of(lost) from lost
