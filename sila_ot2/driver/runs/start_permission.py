"""Whether a run may start now and, if not, why and what to do: each reason for which a robot refuses."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.deck.checks.module_safety import is_shaking
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import AppOwner, Intent, Owner, RunOwner, current_run_owner, refusal
from sila_ot2.driver.protocols.analyses import Analyses, Parameters
from sila_ot2.driver.requests.safety_stop import HOW_TO_RELEASE
from sila_ot2.driver.runs.compatibility import missing_modules, pipette_fits
from sila_ot2.driver.runs.deck_agreement import DeckAgreement
from sila_ot2.driver.runs.obstacles import Obstacle, ReasonCode
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.tips.uncertain_tips import WAY_OUT
from sila_ot2.errors import (
    CalibrationMissing,
    CameraDisabled,
    DeckUnsafe,
    DoorOpen,
    ModuleMissing,
    OT2Fault,
    OutcomeUnknown,
    PipetteMissing,
    RobotBusy,
    RobotChanged,
    RobotRefused,
    RunStillActive,
    SessionActive,
)
from sila_ot2.robot import wire
from sila_ot2.robot.translate import SWITCH_CAMERA_ON
from sila_ot2.store.runs import LeftOutOffset

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """What the configuration decides."""

    displace_idle_runs: bool
    require_calibration: bool


class Needs(NamedTuple):
    """What is known of the run that waits to be started."""

    analysis: wire.Analysis | None = None
    left_out: tuple[LeftOutOffset, ...] = ()
    """Stored labware offsets that it does not get."""


NOTHING = Needs()


class StartPermission:
    """What prevents the start of a run now, brought up to date with every change of the robot's state."""

    def __init__(
        self,
        state: Observable[RobotState],
        registry: RunRegistry,
        analyses: Analyses,
        agreement: DeckAgreement,
        *,
        policy: Policy,
    ) -> None:
        self._state = state
        self._registry = registry
        self._analyses = analyses
        self._agreement = agreement
        self._policy = policy
        self._needs: tuple[str, Needs] = ("", NOTHING)
        self._compared: tuple[object, ...] = ()
        self._disagreements: tuple[Obstacle, ...] = ()
        self._deriving = threading.Lock()
        self.obstacles: Observable[tuple[Obstacle, ...]] = Observable(())
        for changing in (
            state,
            agreement.stock.racks,
            agreement.stock.trash,
            agreement.stock.liquids.contents,
            agreement.slots,
        ):
            changing.subscribe(self._derive)

    def _derive(self, _: object) -> None:
        with self._deriving:
            state = self._state.value
            owner = current_run_owner(state.owner)
            needs = self._needs_of(owner.run_id) if isinstance(owner, RunOwner) and owner.status == "idle" else NOTHING
            found = obstacles(state, needs=needs.analysis, policy=self._policy)
            self.obstacles.set((*found, *self._deck_obstacles(needs)))

    def _deck_obstacles(self, needs: Needs) -> tuple[Obstacle, ...]:
        """Return how the deck differs from what a run needs; compared only when one of the two has changed."""
        agreement = self._agreement
        stock = agreement.stock
        known = (stock.racks.value, stock.trash.value, stock.liquids.contents.value, agreement.slots.value)
        compared = (needs, *known)
        if len(self._compared) != len(compared) or any(
            one is not other for one, other in zip(compared, self._compared, strict=True)
        ):
            self._disagreements = agreement.obstacles(needs.analysis, needs.left_out)
            self._compared = compared
        return self._disagreements

    def _needs_of(self, run_id: str) -> Needs:
        """Return what the run that waits to be started needs; read until its analysis is kept, which may be later."""
        if self._needs[0] != run_id or self._needs[1].analysis is None:
            try:
                start = self._registry.view(run_id).start
                values = {name: str(value) for name, value in start.parameter_values.items()}
                kept = self._analyses.kept(start.protocol_identifier, Parameters(values, start.parameter_files))
            except (OT2Fault, SQLAlchemyError, OSError) as unread:
                log.debug("What run %s needs cannot be read: %s", run_id, unread)
                return NOTHING
            if self._needs != (found := (run_id, Needs(kept, start.left_out_offsets))):
                self._needs = found
        return self._needs[1]


def obstacles(state: RobotState, *, needs: wire.Analysis | None, policy: Policy) -> tuple[Obstacle, ...]:
    """Return everything that prevents the start of a run now.

    Args:
        state: the robot as it was read last.
        needs: what the run that waits to be started needs, if one does.
        policy: what the configuration decides.
    """
    if not state.reachable:
        return (Obstacle(ReasonCode.ROBOT_UNREACHABLE, state.contact.explanation, state.contact.remedy),)
    found = list(_owner_obstacles(state.owner, policy))
    if state.is_other_robot:
        return tuple(found)
    if state.safety_stop_since is not None:
        found.append(Obstacle(ReasonCode.SAFETY_STOP_ACTIVE, "The safety stop is latched.", HOW_TO_RELEASE))
    found += [Obstacle(ReasonCode.ROBOT_BUSY, wait.explanation, wait.remedy) for wait in state.unended_waits]
    for tip in state.uncertain_tips:
        found.append(Obstacle(ReasonCode.NOT_RECONCILED, tip.explanation, WAY_OUT))
    if state.turn is not None:
        text = f"{state.turn.command} is acting on the robot."
        found.append(Obstacle(ReasonCode.SERVER_BUSY, text, "Wait for its end, or cancel it."))
    return (*found, *machine_obstacles(state.machine, needs, policy))


def machine_obstacles(machine: Machine, needs: wire.Analysis | None, policy: Policy) -> tuple[Obstacle, ...]:
    """Return what about the robot itself prevents the start of a run that needs `needs` (None: not known)."""
    found: list[Obstacle] = []
    if machine.door_blocks_runs:
        found.append(
            Obstacle(ReasonCode.DOOR_OPEN, "The door or the top window is open.", "Close the door, then start again.")
        )
    for pipette in needs.pipettes if needs else ():
        attached = next((one for one in machine.attached_pipettes if one.mount == pipette.mount), None)
        if attached is None or not pipette_fits(attached.instrument_name, wanted=pipette.pipette_name):
            there = f"has {attached.instrument_name}" if attached else "is empty"
            found.append(
                Obstacle(
                    ReasonCode.PIPETTE_MISSING,
                    f"The protocol needs {pipette.pipette_name} on the {pipette.mount} mount, which {there}.",
                    "Attach the pipette, and home the robot so that it looks.",
                )
            )
    attached_modules = machine.modules.value if machine.modules else ()
    attached_models = [module.module_model for module in attached_modules]
    for model in missing_modules((module.model for module in needs.modules) if needs else (), attached_models):
        found.append(
            Obstacle(
                ReasonCode.MODULE_MISSING,
                f"The protocol needs a {model}, which is not attached; attached is: "
                f"{', '.join(attached_models) or 'no module'}.",
                "Attach the module and switch it on, or change the protocol to the module that is there.",
            )
        )
    used = {module.model for module in needs.modules} if needs else set()
    for module in attached_modules:
        if is_shaking(module) and module.module_model in used:
            found.append(
                Obstacle(
                    ReasonCode.DECK_UNSAFE,
                    f"Heater-shaker {module.serial_number} is shaking, which the run could not know: it would open "
                    f"the latch or move beside it.",
                    "Stop the shaking, then start again.",
                )
            )
    if needs is not None and needs.uses_camera and machine.camera_off is not None and machine.camera_off.value:
        text = "The protocol takes pictures, and the camera of the robot is switched off."
        found.append(Obstacle(ReasonCode.CAMERA_DISABLED, text, SWITCH_CAMERA_ON))
    calibration = machine.calibration.value.deck_reported if machine.calibration else ""
    if policy.require_calibration and calibration not in ("", "OK"):
        found.append(
            Obstacle(
                ReasonCode.CALIBRATION_MISSING,
                f"The deck's calibration is {calibration}.",
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
        CameraDisabled: the protocol takes pictures, and the camera is switched off.
        CalibrationMissing: one that this server is configured to require has not been made.
        DeckUnsafe: a heater-shaker that the protocol uses is shaking.
    """
    for obstacle in found:
        raise _FAULTS[obstacle.code](obstacle.explanation, obstacle.remedy)


def _owner_obstacles(owner: Owner, policy: Policy) -> tuple[Obstacle, ...]:
    refused = refusal(Intent.RUN, owner, displace_idle=policy.displace_idle_runs)
    beside = _owner_obstacles(owner.beside, policy) if isinstance(owner, AppOwner) else ()
    if refused is None:
        return beside
    return (Obstacle(_REASONS[refused.fault], refused.explanation, refused.remedy), *beside)


_REASONS: dict[type[OT2Fault], ReasonCode] = {
    RobotChanged: ReasonCode.ROBOT_CHANGED,
    OutcomeUnknown: ReasonCode.OUTCOME_UNKNOWN,
    RunStillActive: ReasonCode.UNFINISHED_RUN,
    SessionActive: ReasonCode.SESSION_ACTIVE,
    RobotBusy: ReasonCode.FOREIGN_RUN,
}
_FAULTS: dict[ReasonCode, type[RobotRefused]] = {
    ReasonCode.DOOR_OPEN: DoorOpen,
    ReasonCode.PIPETTE_MISSING: PipetteMissing,
    ReasonCode.MODULE_MISSING: ModuleMissing,
    ReasonCode.CAMERA_DISABLED: CameraDisabled,
    ReasonCode.CALIBRATION_MISSING: CalibrationMissing,
    ReasonCode.DECK_UNSAFE: DeckUnsafe,
}
