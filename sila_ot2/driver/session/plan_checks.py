"""What is checked before the commands of a plan are sent: speeds and volumes, tips, the door, the App, and modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from sila_ot2.driver.deck.checks.module_safety import check_modules, concerns_modules, has_dangerous, stopped_elsewhere
from sila_ot2.driver.deck.checks.nozzle_reach import check_nozzles
from sila_ot2.driver.deck.checks.volume_limits import check_small_volumes
from sila_ot2.driver.deck.plans.destinations import destination_of
from sila_ot2.driver.deck.plans.module_plans import RUN_PROFILE
from sila_ot2.driver.deck.plans.plan import STILL, CommandPlan, PlannedCommand
from sila_ot2.driver.deck.slots.conflicts import check_deck
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling.motions import drags_tips
from sila_ot2.driver.liquid_handling.speeds import check_speeds
from sila_ot2.driver.monitor import door
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.session.driver_waits import DriverWaits
from sila_ot2.driver.session.read_ahead import ReadAhead
from sila_ot2.driver.session.session_state import has_moved
from sila_ot2.driver.tracking.liquids.liquid_use import CONCERNS_LIQUIDS, DRAWS, RunParts
from sila_ot2.driver.tracking.needs.liquid_needs import LiquidRules
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import (
    DeckUnsafe,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotRefused,
    RobotUnreachable,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.concurrent_read import ConcurrentRead

WAYS_OUT = frozenset({"Home", "DiscardTipUntracked"})
"""Commands that lift the mounts first; they are carried out also when nothing else is."""

DISTURBS_PROFILE = frozenset(
    f"thermocycler/{name}"
    for name in ("openLid", "closeLid", "setTargetBlockTemperature", "runProfile", "runExtendedProfile",
                 "startRunExtendedProfile")
)  # fmt: skip
"""Commands of the robot that do not go with a profile of this server on the same thermocycler."""

WITH_OPEN_DOOR = STILL | {RUN_PROFILE}
"""Commands for which the door and the Opentrons App do not matter: nothing moves. A profile must not be done twice."""


class PlanChecks:
    """One per robot; nothing here moves it.

    Attributes:
        waits: what this server carries out in place of the session; it knows which profiles run.
    """

    def __init__(
        self,
        robot: RobotClient,
        stock: TipStock,
        uncertain_tips: UncertainTips,
        ownership: Ownership,
        *,
        refuse_small_volumes: bool,
        rules: LiquidRules,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from: the door and the modules.
            stock: the tips and liquids on the deck.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            ownership: whether somebody works with the Opentrons App.
            refuse_small_volumes: whether volumes below a pipette's minimum are refused; if not, they are logged.
            rules: what becomes of draws that should not be.
        """
        self.waits = DriverWaits()
        self._robot = robot
        self._stock = stock
        self._uncertain_tips = uncertain_tips
        self._ownership = ownership
        self._refuse_small_volumes = refuse_small_volumes
        self._liquid_rules = rules

    def plan(self, plan: CommandPlan, deck_state: DeckState) -> Sequence[PlannedCommand]:
        """Return the plan, made with what is known of tips beyond the session: on the deck, and on pipettes.

        It begins with what the session's run has to know of heater-shakers that were stopped outside of it.
        """
        planned = plan(self._uncertain_tips.with_forgotten(self._stock.applied_to(deck_state)))
        if deck_state.shaking and _meets_modules(planned, deck_state):
            return [*stopped_elsewhere(deck_state, self._robot.modules()), *planned]
        return planned

    def plan_as_seen(
        self, plan: CommandPlan, deck_state: Observable[DeckState], look: Callable[[], bool]
    ) -> Sequence[PlannedCommand]:
        """Plan a command; if that refuses, look whether another client has changed what the session knows.

        Args:
            plan: the plan.
            deck_state: what the session knows.
            look: returns whether that has changed.

        Raises:
            RobotRefused: the plan refuses all the same.
        """
        try:
            return self.plan(plan, deck_state.value)
        except RobotRefused:
            if not look():
                raise
        return self.plan(plan, deck_state.value)

    def read_ahead(self) -> ReadAhead:
        """Begin to read what `check` needs of the robot, for a movement that is about to be planned."""
        return ReadAhead(self._robot)

    def check(
        self,
        name: str,
        planned: Sequence[PlannedCommand],
        deck_state: DeckState,
        run_id: str,
        ahead: ReadAhead | None = None,
    ) -> bool:
        """Check a whole plan before its first command is sent.

        Returns whether a module is attached that can make a movement unsafe, for `check_next`.

        Args:
            name: the command of the laboratory.
            planned: what it asks of the robot.
            deck_state: what the session knows before.
            run_id: the session's run.
            ahead: the door and the modules, if they have been read just now.

        Raises:
            NotReconciled: a pipette may hold a tip of which the robot knows nothing.
            NotEnoughLiquid, TipContaminated: as `LiquidRules.judge`.
            SpeedOutOfRange, VolumeOutOfRange: as configured and by the pipettes.
            DoorOpen: it is, the robot's safety setting is on, and one of the commands moves.
            DeckUnsafe: things on the deck cannot stand together, liquid is moved where no well is, a pipette of eight
            channels would hit something, or a profile or the state of a module makes one of the commands unsafe.
        """
        self._require_certain_tips(name, planned)
        check_speeds(planned, deck_state)
        self.require_no_profile(planned, deck_state)
        check_deck(planned, deck_state)
        check_nozzles(planned, deck_state)
        check_small_volumes(name, planned, deck_state, refuse=self._refuse_small_volumes)
        self._check_liquids(planned, deck_state, run_id)
        by_modules = name not in WAYS_OUT and _meets_modules(planned, deck_state)
        if not (by_modules or _moves(planned)):
            return False
        if ahead is None or not ahead.is_usable:
            ahead = self.read_ahead()
        if _moves(planned):
            ahead.require_closed_door()
        return by_modules and _require_safe(planned, deck_state, ahead.modules())

    def check_next(
        self, name: str, planned: Sequence[PlannedCommand], number: int, deck_state: DeckState, *, watch: bool
    ) -> None:
        """Check the next command of a plan that has been begun: the robot is read at this moment.

        A plan can last for an hour, and the robot keeps no set-up command from moving.

        Args:
            name: the command of the laboratory.
            planned: what it asks of the robot.
            number: of the next one, counted from 0; so many have been carried out.
            deck_state: what the session knows now.
            watch: whether a module is attached that can make a movement unsafe.

        Raises:
            DoorOpen, RobotBusy, NotReconciled: the door is open, somebody works with the Opentrons App, or it is not
                known what the pipettes hold. If anything has been carried out, the fault does not just say that nothing
                has moved: the plan must not be begun again.
            DeckUnsafe: the state of a module makes it unsafe.
            RobotChanged: another robot answers.
            RobotUnreachable: the robot cannot be read. It says that nothing moved: this may be asked again.
        """
        command = planned[number]
        try:
            self.require_no_profile([command], deck_state)
            by_modules = watch and _meets_modules([command], deck_state)
            attached = ConcurrentRead(self._robot.modules) if by_modules else None
            if command.command_type not in WITH_OPEN_DOOR:
                closed = ConcurrentRead(lambda: door.require_closed(self._robot))
                self._ownership.require_nobody_at_the_app()
                self._require_certain_tips(name, [command])
                closed.result()
            if attached is not None:
                _require_safe([command], deck_state, attached.result())
        except OT2Fault as fault:
            fault.cause = f"Of {len(planned)} movements of {name}, {number} had been carried out. {fault.cause}"
            if number == 0 or isinstance(fault, RobotUnreachable):
                fault.moved = Movement.NONE
            else:
                fault.moved = Movement.SOME if has_moved(planned[:number]) else Movement.WAITED
            if isinstance(fault, OutcomeUnknown):  # of another request
                raise NotReconciled.of(fault) from fault
            raise

    def require_no_profile(self, planned: Sequence[PlannedCommand], deck_state: DeckState) -> None:
        """Refuse what would disturb a profile that runs on a thermocycler; as its own commands do.

        Raises:
            DeckUnsafe: nothing was sent.
        """
        for command in planned:
            serial_number = _disturbed(command, deck_state)
            if serial_number is not None and self.waits.runs_profile(serial_number):
                raise DeckUnsafe(
                    f"{command.command_type} was not begun: a profile runs on the thermocycler {serial_number}.",
                    "Wait for its end, or cancel it.",
                )

    @contextmanager
    def keeping_profiles_out(self, command: PlannedCommand, deck_state: DeckState) -> Iterator[None]:
        """Let no profile begin that a command would disturb, until the command has ended.

        Raises:
            DeckUnsafe: one runs; nothing was sent.
        """
        serial_number = _disturbed(command, deck_state)
        with nullcontext() if serial_number is None else self.waits.keep_profiles_out(serial_number):
            self.require_no_profile([command], deck_state)
            yield

    def _require_certain_tips(self, name: str, planned: Sequence[PlannedCommand]) -> None:
        """Refuse to move while a pipette may hold a tip that the robot does not know of, but for the ways out.

        Raises:
            NotReconciled: nothing was sent.
        """
        if _moves(planned) and (name not in WAYS_OUT or any(drags_tips(command) for command in planned)):
            self._uncertain_tips.require_none()

    def _check_liquids(self, planned: Sequence[PlannedCommand], deck_state: DeckState, run_id: str) -> None:
        commands = [
            wire.Command(id="none", command_type=one.command_type, status="succeeded", params=dict(one.params))
            for one in planned
            if one.command_type in CONCERNS_LIQUIDS
        ]
        if any(command.command_type in DRAWS for command in commands):
            self._liquid_rules.judge(self._stock.foresee(run_id, commands, RunParts.of_session(deck_state)))


def _disturbed(command: PlannedCommand, deck_state: DeckState) -> str | None:
    """Return on which thermocycler a command would disturb a profile: its serial number."""
    module = deck_state.modules.get(str(command.params.get("moduleId")))
    return module.serial_number if module is not None and command.command_type in DISTURBS_PROFILE else None


def _meets_modules(planned: Sequence[PlannedCommand], deck_state: DeckState) -> bool:
    """Whether the state of a module can make one of the commands unsafe."""
    return any(concerns_modules(one) or destination_of(one, deck_state) is not None for one in planned)


def _require_safe(planned: Sequence[PlannedCommand], deck_state: DeckState, attached: Sequence[wire.Module]) -> bool:
    check_modules(planned, deck_state, attached)
    return has_dangerous(attached)


def require_closed_door(robot: RobotClient, planned: Sequence[PlannedCommand]) -> None:
    """Read the door now: the robot itself does not keep set-up commands from moving while it is open.

    Raises:
        DoorOpen: it is, the robot's safety setting is on, and one of the commands moves.
    """
    if _moves(planned):
        door.require_closed(robot)


def _moves(planned: Sequence[PlannedCommand]) -> bool:
    return not all(command.command_type in WITH_OPEN_DOOR for command in planned)
