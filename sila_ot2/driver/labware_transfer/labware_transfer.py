"""The slots of the deck as places where an arm puts labware and takes it away."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.driver.deck.slots.conflicts import conflict_with
from sila_ot2.driver.deck.slots.loading import load_arrived, move_labware, parts_of_type
from sila_ot2.driver.deck.slots.standing import described, is_adapter
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK, SLOTS, Labware
from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import HandoverPhase, Handovers
from sila_ot2.driver.ownership.owner import AppOwner, ForeignOwner, Intent, Owner, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.stock.known_deck import Slots
from sila_ot2.driver.tracking.tips.uncertain_tips import require_no_tip
from sila_ot2.errors import (
    CommandCancelled,
    InvalidCommandSequence,
    LabwareDefinitionNotFound,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    StorageFull,
)
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import KnownSlot
from sila_ot2.store.handovers import Direction, Handover
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

SLOT_NAME = "Slot"
"""A hand-over position may also be named "Slot3"; it has one place."""


@dataclass(frozen=True)
class TransferPolicy:
    """What the configuration decides."""

    positions: tuple[str, ...]
    """Names of the deck as a hand-over position."""
    prepare_within_s: float
    parked_in_front: tuple[str, ...]
    """Slots that an arm reaches while the gantry stands over the front of the deck, and not while it is at home."""


class LabwareTransfer:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        session: Session,
        handovers: Handovers,
        parking: GantryParking,
        library: DefinitionLibrary,
        ownership: Ownership,
        known: Observable[Slots],
        *,
        policy: TransferPolicy,
    ) -> None:
        self._session = session
        self._handovers = handovers
        self._parking = parking
        self._library = library
        self._ownership = ownership
        self._known = known
        self._policy = policy
        self._loaded: dict[str, str] = {}
        """Delivered labware that the session knows: its identifier by slot."""
        session.deck_state.subscribe(self._follow)
        session.state.subscribe(self._follow_session)

    @property
    def positions(self) -> list[tuple[str, int]]:
        """Names of hand-over positions, each with its sub-positions."""
        return [(name, int(slot)) for name in self._policy.positions for slot in SLOTS]

    def prepare(
        self,
        direction: Direction,
        position: tuple[str, int],
        internal_position: int,
        labware_type: str = "",
        labware_id: str = "",
        *,
        cancelled: Cancellation,
    ) -> None:
        """Park the gantry where an arm reaches the slot, and keep the robot still from then on.

        An open session stays open. Without one, none is open afterwards. If the slot is prepared already, nothing is
        done.

        Args:
            direction: whether labware comes in.
            position: the hand-over position and its sub-position.
            internal_position: the slot.
            labware_type: load name, or namespace/load name/version; empty if it is not known.
            labware_id: the laboratory's name for it.
            cancelled: nothing is prepared if it is set before the end.

        Raises:
            InvalidCommandSequence: another hand-over is pending, or the slot is not fit for this one. Nothing moved.
            NotReconciled: the pending hand-over was interrupted, or a pipette may hold a tip.
            TipAlreadyAttached: a pipette holds a tip, which might drip on the arm.
            RobotBusy: somebody else has taken up the robot while the gantry was parked.
            OT2Fault: as `GantryParking.park`.
        """
        slot = self._slot_of(position, internal_position)
        if self._is_prepared(direction, slot):
            return
        handover = Handover(slot, direction, position[1], labware_type, labware_id, utc_now())
        with self._in_time(cancelled) as limited:
            name = "PrepareForInput" if handover.is_input else "PrepareForOutput"
            self._parking.park(
                name,
                in_front=handover.slot in self._policy.parked_in_front,
                cancelled=limited,
                require_fit=lambda: self._require_fit(handover),
            )
        try:
            self._handovers.begin(handover)
        except StorageFull as full:
            full.moved = Movement.SOME  # the gantry is parked
            raise
        try:
            self._require_nobody_else()
        except (OT2Fault, SQLAlchemyError):
            self._handovers.abort()
            raise

    def complete(self, direction: Direction, position: tuple[str, int], *, cancelled: Cancellation) -> None:
        """End the pending hand-over: the arm is clear, and the labware is there or gone. Nothing moves.

        Raises:
            InvalidCommandSequence: no such hand-over is pending.
            NotReconciled, OutcomeUnknown: call ReconcileState first; a pending hand-over does not block it.
            OT2Fault: the session's deck could not be brought up to date; the hand-over stays pending.
        """
        pending = self._handovers.pending.value
        done = "LabwareDelivered" if direction is Direction.INPUT else "LabwareRemoved"
        if pending is None:
            raise InvalidCommandSequence(f"{done}: no hand-over is pending.", "Prepare the slot first.")
        handover = pending.handover
        if handover.direction is not direction or not self._is_at(position, handover):
            raise InvalidCommandSequence(
                f"{done} at {position[0]} {position[1]} does not end this: {pending}.",
                "Name the slot and the direction of the pending hand-over, or call AbortHandover.",
            )
        state = self._session.state.value
        if state is not None and state.phase is not Phase.LOST:
            with self._handovers.completing(), _reconciled_first(done):
                self._tell_session(done, handover, cancelled)
        self._handovers.complete(handover)
        self._follow(self._session.deck_state.value)  # it knew of the labware before it counted as delivered

    def follow_owner(self, owner: Owner) -> None:
        """Note that somebody else may move the robot under the arm."""
        if isinstance(owner, AppOwner):
            self._handovers.interrupt(f"{owner.work.explanation}.")
        elif isinstance(owner, ForeignOwner) and owner.status not in wire.ENDED_RUN_STATUSES:
            self._handovers.interrupt(f"Another client's run {owner.run_id} is {owner.status}.")

    # --- preparing ----------------------------------------------------------------------------------------------------

    def _require_nobody_else(self) -> None:
        """Return if the robot reports, once this server keeps it still, that nobody else moves it.

        Raises:
            RobotBusy: somebody has taken it up while the gantry was parked.
            NotReconciled: something may have moved the robot since this server keeps it still.
            RobotChanged, OutcomeUnknown, RobotUnreachable: it cannot be established.
        """
        decide(Intent.ATOMIC, self._ownership.refresh(), displace_idle=False)
        pending = self._handovers.pending.value
        if pending is not None and pending.why:
            raise NotReconciled(
                f"Nothing is prepared: {pending.why}", "Look at the robot, then prepare the slot again."
            )

    @contextlib.contextmanager
    def _in_time(self, cancelled: Cancellation) -> Iterator[Cancellation]:
        """Cancel what is done within when the client does, and when it takes too long."""
        limited = Cancellation()
        timer = threading.Timer(self._policy.prepare_within_s, limited.set)
        timer.daemon = True
        timer.start()
        try:
            with cancelled.waking(limited.set):
                yield limited
        except CommandCancelled as ended:
            if cancelled.is_set():
                raise
            late = f"Preparing took longer than {self._policy.prepare_within_s:g} s and was given up."
            raise CommandCancelled.of(ended, before=late) from ended
        finally:
            timer.cancel()

    def _slot_of(self, position: tuple[str, int], internal_position: int) -> str:
        """Return the slot that is meant.

        Raises:
            InvalidCommandSequence: there is no such place, or the numbers name two.
        """
        name, sub_position = position
        slot = ""
        if name.startswith(SLOT_NAME) and (named := name.removeprefix(SLOT_NAME)) in SLOTS:
            slot = named if str(internal_position) in ("1", named) else ""
        elif name in self._policy.positions and str(internal_position) in SLOTS:
            slot = str(internal_position)
        if slot and str(sub_position) not in ("1", slot):  # schedulers that do not use it give 1
            raise InvalidCommandSequence(
                f"The hand-over position {name} {sub_position} with the internal position {internal_position} names "
                f"two slots, {sub_position} and {slot}.",
                "Give the slot as both numbers.",
            )
        if slot:
            return slot
        raise InvalidCommandSequence(
            f"There is no internal position {internal_position} at the hand-over position {name!r}.",
            f"Name {' or '.join(self._policy.positions)} and the slot, 1 to {len(SLOTS)}, as the internal position.",
        )

    def _is_at(self, position: tuple[str, int], handover: Handover) -> bool:
        """Return whether a client that reports the end means this hand-over: schedulers name the slot in two ways."""
        name, sub_position = position
        if name.startswith(SLOT_NAME) and name.removeprefix(SLOT_NAME) in SLOTS:
            return name == f"{SLOT_NAME}{handover.slot}"
        return name in self._policy.positions and sub_position in (int(handover.slot), handover.sub_position)

    def _is_prepared(self, direction: Direction, slot: str) -> bool:
        pending = self._handovers.pending.value
        if pending is None:
            return False
        if pending.phase is HandoverPhase.INTERRUPTED:
            raise NotReconciled(
                f"{pending}, and it was interrupted: {pending.why}",
                "Look at the robot, then call LabwareDelivered, LabwareRemoved or AbortHandover.",
            )
        if (pending.handover.direction, pending.handover.slot) != (direction, slot):
            raise InvalidCommandSequence(f"Another hand-over has not ended: {pending}.", "End it first.")
        return True

    def _require_fit(self, handover: Handover) -> None:
        """Return if labware may come to the slot, or there is some that may leave.

        Raises:
            InvalidCommandSequence: it may not, or there is none.
            TipAlreadyAttached, NotReconciled: a pipette of the session holds a tip, or may.
        """
        state = self._session.state.value
        known = state is not None and state.phase is not Phase.LOST
        deck_state = self._session.deck_state.value if known else DeckState()
        require_no_tip(deck_state)
        there = deck_state.at_location(handover.slot)
        delivered = next((one for one in self._handovers.delivered.value if one.slot == handover.slot), None)
        known_there = self._known.value.get(handover.slot) or KnownSlot(handover.slot, stated=False)
        if not handover.is_input:
            if not isinstance(there, Labware) and delivered is None and not known_there.labware:
                raise InvalidCommandSequence(
                    f"No labware is known to stand on slot {handover.slot}.",
                    "If some does, say so first: with LoadLabware, or by a hand-over.",
                )
            return
        if there is not None or delivered is not None:
            name = delivered.labware_type if delivered else getattr(there, "name", "a module")
            raise InvalidCommandSequence(
                f"Slot {handover.slot} is not empty: {name or 'labware'} stands there.", "Take it away first."
            )
        if known_there.stated and not all(map(is_adapter, known_there.labware)):
            stack = described(known_there.labware, known_there.module_model)
            raise InvalidCommandSequence(
                f"Slot {handover.slot} is not empty: {stack} was declared.",
                "Take it away and call ClearSlot, or correct what is declared.",
            )
        new = Labware("new labware", handover.labware_type, "", 1, handover.slot)
        if (conflict := conflict_with(deck_state, new)) is not None:
            raise InvalidCommandSequence(
                f"Nothing can be put on slot {handover.slot}: {conflict}.",
                "Choose another slot, or take away what is in the way.",
            )

    # --- completing ---------------------------------------------------------------------------------------------------

    def _tell_session(self, done: str, handover: Handover, cancelled: Cancellation) -> None:
        """Bring the deck of the open session up to date."""
        if handover.is_input:
            custom = None
            if (content := self._library.to_define(*parts_of_type(handover.labware_type))) is not None:
                custom = read_definition(content)
                self._session.define_labware(content, cancelled=cancelled)
            try:
                self._session.perform(done, load_arrived(handover, custom), cancelled=cancelled)
            except LabwareDefinitionNotFound as unknown:  # schedulers may name types by words of their own
                log.warning("The robot does not know the labware on slot %s: %s", handover.slot, unknown)
            return
        there = self._session.deck_state.value.at_location(handover.slot)
        if isinstance(there, Labware):
            self._session.perform(done, move_labware(there.labware_id, OFF_DECK), cancelled=cancelled)

    def _follow(self, deck_state: DeckState) -> None:
        """Note where delivered labware is after the commands of a session have moved it."""
        for labware in self._handovers.delivered.value:
            there = deck_state.at_location(labware.slot)
            if isinstance(there, Labware):
                self._loaded[labware.slot] = there.labware_id
            elif (moved := deck_state.labware.get(self._loaded.pop(labware.slot, ""))) is not None:
                try:
                    self._handovers.note_moved(labware.slot, moved.location if moved.location in SLOTS else None)
                except (SQLAlchemyError, StorageFull) as failed:
                    log.error("That the labware on slot %s was moved cannot be written down: %s", labware.slot, failed)

    def _follow_session(self, state: SessionState | None) -> None:
        if state is not None and state.phase is Phase.LOST:
            self._handovers.interrupt("The session was lost: the robot was restarted, or another client has used it.")


@contextlib.contextmanager
def _reconciled_first(done: str) -> Iterator[None]:
    """Put the remedy into the fault if the session's deck cannot be updated because of an unknown outcome."""
    try:
        yield
    except (NotReconciled, OutcomeUnknown) as unknown:
        kind = OutcomeUnknown if isinstance(unknown, OutcomeUnknown) else NotReconciled
        remedy = f"The hand-over is still pending. Look at the robot, call ReconcileState, then call {done} again."
        raise kind.of(unknown, remedy=remedy) from unknown
