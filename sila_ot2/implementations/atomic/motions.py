"""AtomicLiquidHandling: movements without liquid, and waiting."""

from __future__ import annotations

from sila_ot2.driver.deck.state.command_results import result_member
from sila_ot2.driver.liquid_handling import commands, motions
from sila_ot2.driver.waiting import wait
from sila_ot2.generated.atomic_liquid_handling import (
    CommandRecord,
    DelayParameters,
    HomeParameters,
    MoveRelativeParameters,
    MoveToCoordinatesParameters,
    MoveToWellParameters,
    SavePositionParameters,
    SavePositionResponses,
    SetMovementSpeedParameters,
)
from sila_ot2.implementations.atomic.mapping import axis_of
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicMotions(AtomicPart):
    """Home, move, wait."""

    def Home(self, given: HomeParameters, *, execution: Execution) -> CommandRecord:
        """Home axes."""
        return self._record_of(
            self._perform("Home", motions.home([motions.AXES[axis] for axis in given.axes]), execution)
        )

    def MoveToWell(self, given: MoveToWellParameters, *, execution: Execution) -> CommandRecord:
        """Move to a point of a well."""
        return self._record_of(self._perform("MoveToWell", commands.move_to_well(given), execution))

    def MoveToCoordinates(self, given: MoveToCoordinatesParameters, *, execution: Execution) -> CommandRecord:
        """Move to a point of the deck."""
        plan = motions.move_to_coordinates(
            given.mount, given.x_mm, given.y_mm, given.z_mm, given.speed_mm_s, given.minimum_clearance_mm
        )
        return self._record_of(self._perform("MoveToCoordinates", plan, execution))

    def MoveRelative(self, given: MoveRelativeParameters, *, execution: Execution) -> CommandRecord:
        """Move along one axis."""
        plan = motions.move_relative(given.mount, axis_of(given.axis), given.distance_mm)
        return self._record_of(self._perform("MoveRelative", plan, execution))

    def SavePosition(self, given: SavePositionParameters, *, execution: Execution) -> SavePositionResponses:
        """Ask where the pipette is."""
        done = self._perform("SavePosition", motions.save_position(given.mount), execution)
        position = result_member(done[-1], "position")
        return SavePositionResponses(position["x"], position["y"], position["z"], self._record_of(done))

    def SetMovementSpeed(self, given: SetMovementSpeedParameters, *, execution: Execution) -> None:
        """Set what holds for movements that name no speed."""
        self._session.change(motions.movement_speed(given.speed_mm_s), cancelled=execution.cancelled)

    def Delay(self, given: DelayParameters, *, execution: Execution) -> None:
        """Wait; nothing is asked of the robot."""
        wait(given.duration_s, cancelled=execution.cancelled, report=execution.report)
