"""Writing the stored labware offsets to the robot's own store, when a client asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sila_ot2.driver.deck.offsets.offset_choice import kept, place_of
from sila_ot2.driver.deck.offsets.offset_of_store import DatedOffset, newest_of, to_store
from sila_ot2.driver.deck.offsets.offsets import Offsets, listed_places
from sila_ot2.errors import OutcomeUnknown, RobotFaulty, RobotUnreachable
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost
from sila_ot2.store.offsets import StoredOffset

SAME_MM = 0.001
"""How far two offsets may differ and be the same."""


class OffsetExport:
    """One per robot; nothing moves, and nothing is removed from the robot."""

    def __init__(self, robot: RobotClient, offsets: Offsets, require_same_robot: Callable[[], None]) -> None:
        """Connect it to the robot.

        Args:
            robot: whose store.
            offsets: those that this server keeps.
            require_same_robot: reads the identity of the robot; raises RobotChanged if it is another one.
        """
        self._robot = robot
        self._offsets = offsets
        self._require_same_robot = require_same_robot

    def write(self) -> tuple[int, int]:
        """Write all offsets that apply on this robot to its store, except those that it has, and read them back.

        Sent once: when the answer is lost, the store of the robot is read.

        Returns:
            How many were written, and how many were not: the robot has the same one or a newer one, or it was measured
            on another robot.

        Raises:
            UnsupportedByRobot: it has no such store (before release 8.4).
            RobotChanged: another robot answers.
            OutcomeUnknown: the answer was lost, and the robot does not have all of them.
            RobotFaulty: it answered, and does not have them.
            RobotRejected: it does not take them.
        """
        theirs = newest_of(self._robot.stored_labware_offsets())
        self._require_same_robot()
        self._offsets.notify()
        ours = self._offsets.entries.value
        wanted = [
            stored for stored, reason in ours if not reason and _is_news(stored, theirs.get(place_of(kept(stored))))
        ]
        if wanted:
            self._send(wanted)
        return len(wanted), len(ours) - len(wanted)

    def _send(self, wanted: Sequence[StoredOffset]) -> None:
        try:
            self._robot.keep_labware_offsets([to_store(offset) for offset in wanted])
        except (AnswerLost, RobotFaulty) as lost:
            try:
                missing = self._missing(wanted)
            except (RobotUnreachable, RobotFaulty) as silent:
                raise OutcomeUnknown(
                    f"{lost.explanation} What its store has cannot be read: {silent.explanation}", _REPEAT
                ) from lost
            if missing:
                kind = OutcomeUnknown if isinstance(lost, AnswerLost) else RobotFaulty
                raise kind.of(lost, before=_lacks(missing), remedy=_REPEAT) from lost
            return
        if missing := self._missing(wanted):
            raise RobotFaulty(
                f"The robot accepted the offsets. {_lacks(missing)}",
                "Compare the clocks of the robot and of this computer, and look at the offsets in the Opentrons App.",
            )

    def _missing(self, wanted: Sequence[StoredOffset]) -> list[StoredOffset]:
        theirs = newest_of(self._robot.stored_labware_offsets())
        return [offset for offset in wanted if not _is_same(offset, theirs.get(place_of(kept(offset))))]


_REPEAT = "Call the command again: it writes only what the robot does not have."


def _lacks(missing: Sequence[StoredOffset]) -> str:
    places = listed_places(place_of(kept(offset)) for offset in missing)
    return f"The newest offset of its store is another one, or none, for {places}."


def _is_news(ours: StoredOffset, theirs: DatedOffset | None) -> bool:
    """Return whether the robot has no such offset, or an older one."""
    if theirs is None:
        return True
    return not _is_same(ours, theirs) and theirs.created_at < ours.measured_at


def _is_same(ours: StoredOffset, theirs: DatedOffset | None) -> bool:
    if theirs is None:
        return False
    there = theirs.offset
    pairs = ((ours.x_mm, there.x_mm), (ours.y_mm, there.y_mm), (ours.z_mm, there.z_mm))
    return all(abs(one - other) < SAME_MM for one, other in pairs)
