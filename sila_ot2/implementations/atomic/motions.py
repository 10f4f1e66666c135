"""AtomicLiquidHandling: movements without liquid, and waiting."""

from __future__ import annotations

from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.waiting import wait
from sila_ot2.generated.atomic_liquid_handling import CommandRecord, SavePositionResponses
from sila_ot2.implementations.atomic.mapping import axis_of, mount_of, point_of, record_of
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.sila import Execution


class AtomicMotions(AtomicPart):
    """Home, move, wait."""

    def Home(self, Axes: list[str], *, execution: Execution) -> CommandRecord:
        """Home the axes."""
        return self._record("Home", motions.home([motions.AXES[axis] for axis in Axes]), execution)

    def MoveToWell(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        Speed: float,
        MinimumClearance: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Move to a point of a well."""
        at = point_of(Origin, OffsetX, OffsetY, OffsetZ)
        plan = motions.move_to_well(mount_of(Mount), LabwareIdentifier, Well, at, Speed, MinimumClearance)
        return self._record("MoveToWell", plan, execution)

    def MoveToCoordinates(
        self,
        Mount: str,
        X: float,
        Y: float,
        Z: float,
        Speed: float,
        MinimumClearance: float,
        *,
        execution: Execution,
    ) -> CommandRecord:
        """Move to a point of the deck."""
        plan = motions.move_to_coordinates(mount_of(Mount), X, Y, Z, Speed, MinimumClearance)
        return self._record("MoveToCoordinates", plan, execution)

    def MoveRelative(self, Mount: str, Axis: str, Distance: float, *, execution: Execution) -> CommandRecord:
        """Move along one axis."""
        plan = motions.move_relative(mount_of(Mount), axis_of(Axis), Distance)
        return self._record("MoveRelative", plan, execution)

    def SavePosition(self, Mount: str, *, execution: Execution) -> SavePositionResponses:
        """Ask where the pipette is."""
        commands = self._perform("SavePosition", motions.save_position(mount_of(Mount)), execution)
        position = (commands[-1].result or {})["position"]
        return SavePositionResponses(position["x"], position["y"], position["z"], record_of(commands))

    def SetMovementSpeed(self, Speed: float, *, execution: Execution) -> None:
        """Set what holds for movements that name no speed."""
        self._session.change(motions.movement_speed(Speed), cancelled=execution.cancelled)

    def Delay(self, Duration: float, *, execution: Execution) -> None:
        """Wait; nothing is asked of the robot."""
        wait(Duration, cancelled=execution.cancelled, report=execution.report)
