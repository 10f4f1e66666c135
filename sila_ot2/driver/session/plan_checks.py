"""What is checked before the commands of a plan are sent: their speeds and volumes, the door, and the modules."""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.driver.deck.conflicts import check_deck
from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.destinations import destination_of
from sila_ot2.driver.deck.module_safety import check_modules, concerns_modules, has_dangerous, stopped_elsewhere
from sila_ot2.driver.deck.nozzle_reach import check_nozzles
from sila_ot2.driver.deck.plan import STILL, CommandPlan, PlannedCommand
from sila_ot2.driver.liquid_handling.motions import drags_tips
from sila_ot2.driver.liquid_handling.small_volumes import check_small_volumes
from sila_ot2.driver.liquid_handling.speeds import check_speeds
from sila_ot2.driver.monitor import door
from sila_ot2.driver.tracking.liquid_needs import LiquidRules
from sila_ot2.driver.tracking.liquid_use import CONCERNS_LIQUIDS, DRAWS, RunParts
from sila_ot2.driver.tracking.tip_stock import TipStock
from sila_ot2.driver.tracking.uncertain_tips import UncertainTips
from sila_ot2.errors import DeckUnsafe, Movement
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.concurrent_read import ConcurrentRead

WAYS_OUT = frozenset({"Home", "DiscardTipUntracked"})
"""Commands that lift the mounts first; they are carried out also when nothing else is."""


class PlanChecks:
    """One per robot; nothing here moves it."""

    def __init__(
        self, robot: RobotClient, stock: TipStock, *, refuse_small_volumes: bool, liquid_rules: LiquidRules
    ) -> None:
        """Join it to its robot.

        Args:
            robot: read from: the door and the modules.
            stock: the tips and liquids on the deck.
            refuse_small_volumes: whether volumes below a pipette's minimum are refused; if not, they are logged.
            liquid_rules: what becomes of draws that should not be.
        """
        self._robot = robot
        self._stock = stock
        self._refuse_small_volumes = refuse_small_volumes
        self._liquid_rules = liquid_rules

    def plan(self, plan: CommandPlan, deck_state: DeckState) -> Sequence[PlannedCommand]:
        """Return the plan, made with what is known of the tips on the deck beyond the session.

        It begins with what the session's run has to know of heater-shakers that were stopped outside of it.
        """
        planned = plan(self._stock.applied_to(deck_state))
        if deck_state.shaking and _meets_modules(planned, deck_state):
            return [*stopped_elsewhere(deck_state, self._robot.modules()), *planned]
        return planned

    def check(self, name: str, planned: Sequence[PlannedCommand], deck_state: DeckState, run_id: str) -> bool:
        """Check a whole plan before its first command is sent.

        Returns whether a module is attached that can make a movement unsafe: then each further movement is checked
        again by `check_next`.

        Args:
            name: the command of the laboratory.
            planned: what it asks of the robot.
            deck_state: what the session knows before.
            run_id: the session's run.

        Raises:
            NotEnoughLiquid, TipContaminated: as `LiquidRules.judge`.
            SpeedOutOfRange, VolumeOutOfRange: as configured and by the pipettes.
            DoorOpen: it is, the robot's safety setting is on, and one of the commands moves.
            DeckUnsafe: things on the deck cannot stand together, liquid is moved where no well is, a pipette of eight
            channels would hit something, or the state of a module makes one of the commands unsafe.
        """
        check_speeds(planned, deck_state)
        check_deck(planned, deck_state)
        check_nozzles(planned, deck_state)
        check_small_volumes(name, planned, deck_state, refuse=self._refuse_small_volumes)
        self._check_liquids(planned, deck_state, run_id)
        by_modules = name not in WAYS_OUT and _meets_modules(planned, deck_state)
        attached = ConcurrentRead(self._robot.modules) if by_modules else None
        require_closed_door(self._robot, planned)
        return attached is not None and _require_safe(planned, deck_state, attached.result())

    def check_next(self, command: PlannedCommand, deck_state: DeckState, reported: str) -> None:
        """Check the next command of a plan, of which some have been carried out, by the modules as they are now.

        Raises:
            DeckUnsafe: it is unsafe; `reported` says what had been done.
        """
        try:
            if _meets_modules([command], deck_state):
                _require_safe([command], deck_state, self._robot.modules())
        except DeckUnsafe as unsafe:
            raise DeckUnsafe.of(unsafe, before=reported, moved=Movement.SOME) from unsafe

    def _check_liquids(self, planned: Sequence[PlannedCommand], deck_state: DeckState, run_id: str) -> None:
        commands = [
            wire.Command(id="none", command_type=one.command_type, status="succeeded", params=dict(one.params))
            for one in planned
            if one.command_type in CONCERNS_LIQUIDS
        ]
        if any(command.command_type in DRAWS for command in commands):
            self._liquid_rules.judge(self._stock.foresee(run_id, commands, RunParts.of_session(deck_state)))


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
    if not all(command.command_type in STILL for command in planned):
        door.require_closed(robot)


def require_certain_tips(name: str, planned: Sequence[PlannedCommand], uncertain_tips: UncertainTips) -> None:
    """Refuse to move while a pipette may hold a tip that the robot does not know of, but for the ways out.

    Raises:
        NotReconciled: nothing was sent.
    """
    still = all(command.command_type in STILL for command in planned)
    if not still and (name not in WAYS_OUT or any(drags_tips(command) for command in planned)):
        uncertain_tips.require_none()
