"""Commands of modules that can move the gantry: labware latch, shaking, lid. They need the turn.

In a session they are commands of the session, so that its run knows where the gantry stands; otherwise they are sent
outside of runs. The module itself is read first: a run's engine knows only what commands of the same run did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.modules.kinds import ModuleKind, choose_module, module_by_serial
from sila_ot2.driver.modules.set_points import showing_failures
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import Intent, SessionOwner, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.session.plan_checks import require_closed_door
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import refuse_if
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import ModuleNotLoaded
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

ENDS_WITHIN_S = 120.0
"""How long one may take: the lid of a thermocycler moves for about 20 s."""


@dataclass(frozen=True)
class GantryCommand:
    """A command of a module that can move the gantry."""

    kind: ModuleKind
    name: str
    """The command of the laboratory."""
    command_types: tuple[str, ...]
    """The robot's commands, in this order."""
    params: Mapping[str, Any]
    """Of the last one, without the module's identifier."""
    is_shown: Callable[[wire.Module], bool]
    """Whether a module that was reported afterwards shows it."""
    check: Callable[[wire.Module], None] = lambda _: None
    """Called with the module before anything is sent; raises to refuse."""

    def planned(self, module_id: str) -> list[PlannedCommand]:
        """Return the robot's commands for a module."""
        *first, last = self.command_types
        before = [PlannedCommand(command_type, {"moduleId": module_id}) for command_type in first]
        return [*before, PlannedCommand(last, {"moduleId": module_id, **self.params})]


class GantryCommands:
    """Sends such commands; one per robot. Called by the holder of the turn."""

    def __init__(
        self,
        robot: RobotClient,
        commands: StatelessCommands,
        ownership: Ownership,
        monitor: Monitor,
        session: Session,
        tips_left_behind: TipsLeftBehind,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            commands: through which they are sent without a session.
            ownership: whose run is current.
            monitor: shows clients what the modules report.
            session: carries them out while it is open.
            tips_left_behind: examines runs that have ended for tips that they have left behind.
        """
        self._robot = robot
        self._commands = commands
        self._ownership = ownership
        self._monitor = monitor
        self._session = session
        self._tips_left_behind = tips_left_behind

    def perform(
        self,
        command: GantryCommand,
        serial_number: str,
        *,
        cancelled: Cancellation,
        report: Report = lambda **_: None,
    ) -> None:
        """Carry out a command; returns once clients see what it has changed.

        Args:
            command: what to do.
            serial_number: of the module; empty if there is only one of the kind.
            cancelled: nothing is sent once it is set; what the robot has begun goes on to its end.
            report: progress.

        Raises:
            RunStillActive, RobotBusy: a run is active, or somebody else works at the robot.
            ModuleNotLoaded: a session is open, and the module is not loaded in it.
            DeckUnsafe: the state of the module makes it unsafe.
            OT2Fault: what the session, the robot and the way to it raise.
        """
        owner = self._ownership.refresh()
        decide(Intent.MODULE_AND_GANTRY, owner, displace_idle=False)
        module = choose_module(self._robot.modules(), command.kind, serial_number)
        command.check(module)
        with showing_failures(self._monitor):
            if isinstance(owner, SessionOwner):
                self._session.perform(command.name, _in_session(command, module), cancelled=cancelled, report=report)
            else:
                self._perform_without_session(command, module, cancelled)
        ended_at = utc_now()

        def is_shown(modules: Modules) -> bool:
            shown = module_by_serial(modules.value, module.serial_number)
            return modules.at > ended_at and (shown is None or command.is_shown(shown))

        self._monitor.show_modules(is_shown)

    def _perform_without_session(self, command: GantryCommand, module: wire.Module, cancelled: Cancellation) -> None:
        planned = command.planned(module.id)
        require_closed_door(self._robot, planned)
        self._tips_left_behind.examine()
        self._tips_left_behind.require_no_doubt()
        refuse_if(cancelled, "nothing was asked of the module")
        last = planned[-1]  # outside of runs the robot reads the module, and needs none of the others
        self._commands.perform(last.command_type, dict(last.params), ends_within_s=ENDS_WITHIN_S)


def _in_session(command: GantryCommand, module: wire.Module) -> CommandPlan:
    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        loaded = [one for one in deck_state.modules.values() if one.serial_number == module.serial_number]
        if not loaded:
            raise ModuleNotLoaded(
                f"A session is open, and the {command.kind} {module.serial_number} is not loaded in it: the session "
                f"would not know where the gantry stands.",
                "Load it with LoadModule, or call CloseSession.",
            )
        return command.planned(loaded[0].module_id)

    return plan
