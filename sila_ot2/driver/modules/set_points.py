"""Set-points of modules, and everything that switches off: sent outside of runs, which needs no turn.

The robot carries them out with the live state of the module, also while a session is open or a command is at work in
it; not while a run is active.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sila_ot2.driver.deck.plans.module_plans import REMOVES_TARGETS
from sila_ot2.driver.deck.plans.plan import START_TIMER
from sila_ot2.driver.deck.state.deck_state import SET_TARGETS
from sila_ot2.driver.modules.kinds import ModuleKind, choose_module, module_by_serial
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.modules.waits import TAKEN_WITHIN_S, TimeToTake
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.errors import ModuleFailed, Movement, OT2Fault, OutcomeUnknown
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

ENDS_WITHIN_S = 10.0
"""How long a set-point may take; the robot has taken up to 20 ms."""
_SET_BY = {removes: SET_TARGETS[wait] for wait, removes in REMOVES_TARGETS.items()}
"""By what removes a target, what sets it."""


def _still_wanted() -> None:
    """Nothing but the module's own reading ends the wait for it."""


@dataclass(frozen=True)
class SetPoint:
    """Something to be set at a module, or switched off."""

    kind: ModuleKind
    command_type: str
    params: Mapping[str, Any]
    """Without the module's identifier."""
    is_shown: Callable[[wire.Module], bool]
    """Whether a module that was reported afterwards shows it."""
    switches_off: bool = False
    sets_temperature: bool = False
    """Nothing moves then, so that it is accepted also while the robot must keep still."""
    check: Callable[[wire.Module], None] = lambda _: None
    """Called with the module before anything is sent; raises to refuse.

    Once more directly before it is sent: the robot may have been slow to answer meanwhile.
    """
    is_needless: Callable[[wire.Module], bool] = lambda _: False
    """Whether a module is off already and refuses to be switched off."""


class SetPoints:
    """Sends set-points; one per robot, safe to use from any thread."""

    def __init__(self, robot: RobotClient, commands: StatelessCommands, ownership: Ownership, monitor: Monitor) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            commands: through which each is sent.
            ownership: whose run is current.
            monitor: shows clients what the modules report.
        """
        self._robot = robot
        self._commands = commands
        self._ownership = ownership
        self._monitor = monitor
        self._last: dict[tuple[str, str], SetPoint] = {}
        """What this server has set last, or removed, by the module's serial number and by what sets it."""

    def set(
        self,
        set_point: SetPoint,
        serial_number: str,
        *,
        require_wanted: Callable[[], None] = _still_wanted,
        looks_later: bool = False,
    ) -> wire.Command:
        """Set something at a module, and return the robot's command once clients see what it has changed.

        Args:
            set_point: what.
            serial_number: of the module; empty if there is only one of the kind.
            require_wanted: called again and again while the module is waited for that is to report a temperature's
                target; raises to end that at once.
            looks_later: whether the caller looks for the target itself, so that it need not be known here that the
                module has it: the robot may be silent for a while, and the module not be listed.

        Raises:
            RunStillActive, RobotBusy: a run is active, of this server or of somebody else.
            RobotChanged: another robot answers at the address.
            OutcomeUnknown: it cannot be established whether the robot has done it, or whether the module has taken the
                target, because the robot cannot be read any more; or that is so of an earlier request, and this one
                does not just switch off.
            ModuleMissing, ModuleAmbiguous: no module is meant.
            ModuleFailed: the robot has not carried it out in time, or the module does not report the target.
            SafetyStopActive: it does not just switch off, and the safety stop is latched.
            RunActionNotAllowed: something would move in the module, and an arm may be inside.
            OT2Fault: what `SetPoint.check`, `require_wanted`, the robot and the way to it raise.
        """
        return self._send(set_point, self._module(set_point, serial_number), require_wanted, looks_later=looks_later)

    def switch_off(self, set_point: SetPoint, serial_number: str) -> None:
        """Switch something off at a module as `set` does, but send nothing if the module is off and refuses it."""
        module = self._module(set_point, serial_number)
        if set_point.is_needless(module):
            self._show(set_point, module)
        else:
            self._send(set_point, module)

    def _module(self, set_point: SetPoint, serial_number: str) -> wire.Module:
        intent = Intent.MODULE_OFF if set_point.switches_off else Intent.MODULE
        decide(intent, self._ownership.refresh(), displace_idle=False)
        return choose_module(self._robot.modules(), set_point.kind, serial_number)

    def _send(
        self,
        set_point: SetPoint,
        module: wire.Module,
        require_wanted: Callable[[], None] = _still_wanted,
        *,
        looks_later: bool = False,
    ) -> wire.Command:
        set_point.check(module)

        def check() -> None:
            set_point.check(module)
            if set_point.sets_temperature:  # noted before it is sent: what removes it may be answered sooner
                self._last[_target(set_point, module)] = set_point

        with showing_failures(self._monitor):
            command = self._commands.perform(
                set_point.command_type,
                {"moduleId": module.id, **set_point.params},
                switches_off=set_point.switches_off,
                sets_temperature=set_point.sets_temperature,
                ends_within_s=ENDS_WITHIN_S,
                check=check,
            )
        if set_point.sets_temperature:
            self._require_taken(set_point, module, require_wanted, looks_later=looks_later)
        else:
            self._last[_target(set_point, module)] = set_point
            self._show(set_point, module)
        return command

    def _require_taken(
        self, set_point: SetPoint, module: wire.Module, require_wanted: Callable[[], None], *, looks_later: bool
    ) -> None:
        """Return once clients see the target; of a caller that looks later also if the module cannot be read.

        From release 8.8 on, the command succeeds before the module gets the target: the robot sends it in the
        background, says nothing if that fails, and drops the target of a thermocycler that is on its way to another one
        (read in the sources of 9.0.0, and seen on its engine).

        Raises:
            ModuleFailed: the module does not report the target.
            OutcomeUnknown: the robot has carried it out, and the modules cannot be read any more, or this server ends.
            OT2Fault: what `require_wanted` raises.
        """
        answered_at, give_up_at = utc_now(), time.monotonic() + TAKEN_WITHIN_S
        read_at, time_to_take = answered_at, TimeToTake(answered_at)
        with self._monitor.machine.reading_modules_often():
            while True:
                self._show(set_point, module, require_wanted)
                require_wanted()
                modules = self._monitor.state.value.machine.modules
                if modules is None or modules.at <= read_at:
                    if self._monitor.is_alive and time.monotonic() < give_up_at:
                        continue
                    if looks_later:
                        return
                    raise OutcomeUnknown(
                        f"The robot has carried out {set_point.command_type}, and is not read any more: whether the "
                        f"{set_point.kind} {module.serial_number} has taken the target is not known.",
                        "Read the module when the robot answers again; set the target anew if it does not report it.",
                        moved=Movement.NONE,
                    )
                read_at, give_up_at = modules.at, time.monotonic() + TAKEN_WITHIN_S
                reported = module_by_serial(modules.value, module.serial_number)
                if reported is None and looks_later:
                    return
                if reported is not None and set_point.is_shown(reported):
                    return
                is_last = self._last[_target(set_point, module)] is set_point
                if reported is None or not is_last or time_to_take.is_over(modules.at):
                    raise ModuleFailed(
                        f"The robot has carried out {set_point.command_type}, but the {set_point.kind} "
                        f"{module.serial_number} does not report the new target. "
                        f"{self._why_not(set_point, reported, is_last)}",
                        "Look at the module, and at who else has set it. If the target is still wanted, switch the "
                        "module off, wait some seconds, and set it anew.",
                        moved=Movement.NONE,
                    )

    def _why_not(self, set_point: SetPoint, reported: wire.Module | None, is_last: bool) -> str:
        """Return why a module may not report a target."""
        if reported is None:
            return "The robot does not list it any more."
        if not is_last:
            return "Another command of this server has switched it off or set it anew meanwhile."
        if set_point.kind is ModuleKind.THERMOCYCLER and self._robot.release.knows(START_TIMER):
            return (
                "Somebody else has removed or changed it, or the thermocycler was on its way to another target: robots "
                "from release 8.8 on drop the new one then."
            )
        return "Somebody else has removed or changed it, or the module has not taken it."

    def _show(
        self, set_point: SetPoint, module: wire.Module, require_wanted: Callable[[], None] = _still_wanted
    ) -> None:
        """Return once clients see what the module has reported after this moment."""
        asked_at = utc_now()

        def is_shown(modules: Modules) -> bool:
            require_wanted()
            shown = module_by_serial(modules.value, module.serial_number)
            return modules.at > asked_at and (shown is None or set_point.is_shown(shown))

        self._monitor.show_modules(is_shown)


def _target(set_point: SetPoint, module: wire.Module) -> tuple[str, str]:
    return module.serial_number, _SET_BY.get(set_point.command_type, set_point.command_type)


@contextmanager
def showing_failures(monitor: Monitor) -> Iterator[None]:
    """Let clients see what a command that fails has done at a module all the same, before they get its error."""
    try:
        yield
    except OT2Fault as fault:
        failed_at = utc_now()
        if fault.moved is not Movement.NONE:
            monitor.show_modules(lambda modules: modules.at > failed_at)
        raise
