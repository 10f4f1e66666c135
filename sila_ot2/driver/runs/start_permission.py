"""Whether a run may start now and, if not, why and what to do: each reason for which a robot refuses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.snapshot import Equipment, Snapshot
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import ForeignOwner, Owner, Ownership, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.protocols.analyses import Analyses, Parameters
from sila_ot2.driver.runs.compatibility import missing_modules, pipette_fits
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.uncertain_tips import WAY_OUT, UncertainTips
from sila_ot2.errors import CalibrationMissing, DoorOpen, ModuleMissing, PipetteMissing, RobotRefused, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.store.uncertain_tips import UncertainTip


class ReasonCode(str, Enum):
    """Why a run may not start."""

    ROBOT_UNREACHABLE = "RobotUnreachable"
    OUTCOME_UNKNOWN = "OutcomeUnknown"
    NOT_RECONCILED = "NotReconciled"
    FOREIGN_RUN = "ForeignRun"
    UNFINISHED_RUN = "UnfinishedRun"
    SESSION_ACTIVE = "SessionActive"
    SERVER_BUSY = "ServerBusy"
    DOOR_OPEN = "DoorOpen"
    PIPETTE_MISSING = "PipetteMissing"
    MODULE_MISSING = "ModuleMissing"
    CALIBRATION_MISSING = "CalibrationMissing"


@dataclass(frozen=True)
class Obstacle:
    """One reason against a start, and what to do about it."""

    code: ReasonCode
    explanation: str
    remedy: str


@dataclass(frozen=True)
class Policy:
    """What the configuration decides."""

    displace_idle_runs: bool
    require_calibration: bool


class StartPermission:
    """What speaks against starting a run now, brought up to date with every reading of the robot. One per robot."""

    def __init__(
        self,
        monitor: Monitor,
        ownership: Ownership,
        turn: Turn,
        registry: RunRegistry,
        analyses: Analyses,
        uncertain_tips: UncertainTips,
        *,
        policy: Policy,
    ) -> None:
        self._monitor = monitor
        self._ownership = ownership
        self._turn = turn
        self._registry = registry
        self._analyses = analyses
        self._uncertain_tips = uncertain_tips
        self._policy = policy
        self._needs: tuple[str, wire.Analysis | None] = ("", None)
        self.obstacles: Observable[tuple[Obstacle, ...]] = Observable(self._found())
        monitor.snapshot.subscribe(lambda snapshot: self.obstacles.set(self._found()))
        uncertain_tips.current.subscribe(lambda found: self.obstacles.set(self._found()))

    def _found(self) -> tuple[Obstacle, ...]:
        holder = self._turn.holder
        owner = self._ownership.current.value
        return obstacles(
            self._monitor.snapshot.value,
            owner,
            tuple(self._uncertain_tips.current.value.values()),
            turn_holder=holder.holder if holder else "",
            needs=self._needs_of(owner.run_id) if isinstance(owner, RunOwner) and owner.status == "idle" else None,
            policy=self._policy,
        )

    def _needs_of(self, run_id: str) -> wire.Analysis | None:
        """Return what the run that waits to be started needs, as far as its analysis is kept; read once."""
        if self._needs[0] != run_id:
            try:
                start = self._registry.view(run_id).start
            except RunNotFound:
                return None
            values = {name: str(value) for name, value in start.parameter_values.items()}
            kept = self._analyses.kept(start.protocol_identifier, Parameters(values, start.parameter_files))
            self._needs = (run_id, kept)
        return self._needs[1]


def obstacles(
    snapshot: Snapshot,
    owner: Owner,
    uncertain_tips: tuple[UncertainTip, ...],
    *,
    turn_holder: str,
    needs: wire.Analysis | None,
    policy: Policy,
) -> tuple[Obstacle, ...]:
    """Return everything that speaks against starting a run now.

    Args:
        snapshot: the robot as it was seen last.
        owner: whose run is current.
        uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
        turn_holder: which command of this server acts on the robot now; empty: none.
        needs: what the run that waits to be started needs, if one does.
        policy: what the configuration decides.
    """
    if not snapshot.reachable:
        return (Obstacle(ReasonCode.ROBOT_UNREACHABLE, snapshot.trouble, "Check the robot's power and network."),)
    found = list(_owner_obstacles(owner, policy))
    for tip in uncertain_tips:
        text = f"The {tip.mount} pipette may hold a tip that the robot does not know of. {tip.reason}"
        found.append(Obstacle(ReasonCode.NOT_RECONCILED, text, WAY_OUT))
    if turn_holder:
        found.append(
            Obstacle(ReasonCode.SERVER_BUSY, f"{turn_holder} acts on the robot.", "Wait for its end, or cancel it.")
        )
    return (*found, *equipment_obstacles(snapshot.equipment, needs, policy))


def equipment_obstacles(equipment: Equipment, needs: wire.Analysis | None, policy: Policy) -> tuple[Obstacle, ...]:
    """Return what about the robot itself speaks against starting a run that needs `needs` (None: not known)."""
    found: list[Obstacle] = []
    door = equipment.door
    if door is not None and door.status == "open" and door.door_required_closed_for_protocol:
        found.append(
            Obstacle(ReasonCode.DOOR_OPEN, "The door or the top window is open.", "Close the door, then start again.")
        )
    for pipette in needs.pipettes if needs else ():
        attached = next((one for one in equipment.pipettes if one.mount == pipette.mount), None)
        if attached is None or not pipette_fits(attached.name, wanted=pipette.pipette_name):
            there = f"has {attached.name}" if attached else "is empty"
            found.append(
                Obstacle(
                    ReasonCode.PIPETTE_MISSING,
                    f"The protocol needs {pipette.pipette_name} on the {pipette.mount} mount, which {there}.",
                    "Attach the pipette, and home the robot so that it looks.",
                )
            )
    attached_models = [module.module_model for module in equipment.modules]
    for model in missing_modules((module.model for module in needs.modules) if needs else (), attached_models):
        found.append(
            Obstacle(
                ReasonCode.MODULE_MISSING,
                f"The protocol needs a {model}, which is not attached; attached is: "
                f"{', '.join(attached_models) or 'no module'}.",
                "Attach the module and switch it on, or change the protocol to the module that is there.",
            )
        )
    if policy.require_calibration and equipment.deck_calibration not in ("", "OK"):
        found.append(
            Obstacle(
                ReasonCode.CALIBRATION_MISSING,
                f"The deck's calibration is {equipment.deck_calibration}.",
                "Calibrate the deck with the Opentrons App.",
            )
        )
    return tuple(found)


def refuse(found: tuple[Obstacle, ...]) -> None:
    """Return if nothing stands in the way.

    Raises:
        DoorOpen: the door is open, and the robot minds.
        PipetteMissing: a pipette the protocol needs is not attached.
        ModuleMissing: a module the protocol needs is not attached.
        CalibrationMissing: one that this server is configured to require has not been made.
    """
    for obstacle in found:
        raise _FAULTS[obstacle.code](f"{obstacle.explanation} No run was begun; nothing moved. {obstacle.remedy}")


def _owner_obstacles(owner: Owner, policy: Policy) -> tuple[Obstacle, ...]:
    match owner:
        case UnknownOwner(why):
            return (Obstacle(ReasonCode.OUTCOME_UNKNOWN, why, "Look at the robot, then call ReconcileState."),)
        case SessionOwner(run_id):
            text = f"A session of atomic commands is open (run {run_id})."
            return (Obstacle(ReasonCode.SESSION_ACTIVE, text, "Call CloseSession."),)
        case RunOwner(run_id, "idle"):
            text = f"Run {run_id} was created here and waits to be started."
            return (Obstacle(ReasonCode.UNFINISHED_RUN, text, "Start it with StartRun or release it with ReleaseRun."),)
        case RunOwner(run_id, status):
            text = f"Run {run_id} of this server is {status}."
            return (Obstacle(ReasonCode.UNFINISHED_RUN, text, "Wait for its end, or stop it with StopRun."),)
        case ForeignOwner(run_id, "idle") if not policy.displace_idle_runs:
            text = f"Another client has set up run {run_id} and has not played it."
            return (Obstacle(ReasonCode.FOREIGN_RUN, text, "End it there, or call ReleaseRun with Force."),)
        case ForeignOwner(run_id, status) if not owner.at_rest:
            text = f"Another client's run {run_id} is {status}."
            return (Obstacle(ReasonCode.FOREIGN_RUN, text, "Wait for its end, or call ReleaseRun with Force."),)
        case _:
            return ()


_FAULTS: dict[ReasonCode, type[RobotRefused]] = {
    ReasonCode.DOOR_OPEN: DoorOpen,
    ReasonCode.PIPETTE_MISSING: PipetteMissing,
    ReasonCode.MODULE_MISSING: ModuleMissing,
    ReasonCode.CALIBRATION_MISSING: CalibrationMissing,
}
