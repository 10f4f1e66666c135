"""Real mode and simulation mode: whether the robot of a server carries out what follows, or a simulated one.

The robot is watched in both modes, by a driver of its own: what becomes of it meanwhile, and what is in doubt about it,
is known when it serves again. The simulated robot has a process, a driver and a state directory of its own.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2 import sila
from sila_ot2.composition.driver import Driver
from sila_ot2.config import Settings
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.owner import Intent, UnknownOwner, decide
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    RobotUnreachable,
    StartRealModeFailed,
    StartSimulationModeFailed,
    StorageFull,
    TurnTaken,
)
from sila_ot2.robot.transport import unobserved
from sila_ot2.robot_features import RobotFeatures
from sila_ot2.simulated_robot import SimulatedRobot, SimulatorUnavailable
from sila_ot2.store.run_package import Signer
from sila_ot2.store.simulation_mode import Equipment
from sila_ot2.store.unusable import StateUnusable

log = logging.getLogger(__name__)

FOLDER = "simulation"
"""In the state directory: everything about the simulated robot."""
READ_WITHIN_S = 20.0
ENDED_WITHIN_S = 5.0
"""How long the commands of a simulated robot may take to end after it has been switched off."""


@dataclass(frozen=True)
class _Simulation:
    """A simulated robot and its features."""

    robot: SimulatedRobot
    features: RobotFeatures
    equipment: Equipment


class Modes:
    """One per server; safe to use from any thread.

    Attributes:
        switch: gives each call to the robot that serves when it is admitted.
    """

    def __init__(
        self,
        settings: Settings,
        timing: Timing,
        robot: RobotFeatures,
        signer: Signer,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Continue in the mode in which the server has ended; nothing is started.

        Args:
            settings: of the server.
            timing: how long a robot is waited for.
            robot: the features of the robot.
            signer: signs the packages of runs.
            on_change: called when another robot serves, and when a simulated one is reached or is so no longer.
        """
        self._settings = settings
        self._timing = timing
        self._robot = robot
        self._store = robot.driver.simulation_mode
        self._signer = signer
        self._on_change = on_change
        self._folder = settings.robot_directory / FOLDER
        self._alone = threading.Lock()
        self._closed = threading.Event()
        self._simulation: _Simulation | None = None
        self.switch = sila.FeatureSwitch(robot.features)
        if (equipment := self._store.read()) is not None:
            self._simulation = self._prepare_again(equipment)
            self.switch.change(self._simulation.features.features)

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated robot serves."""
        return self._simulation is not None

    @property
    def state(self) -> RobotState:
        """The state of the robot that serves."""
        simulation = self._simulation
        return (simulation.features if simulation else self._robot).driver.monitor.state.value

    @property
    def is_alive(self) -> bool:
        """Whether the simulated robot is watched, if it serves."""
        simulation = self._simulation
        return simulation is None or simulation.features.driver.monitor.is_alive

    def start(self) -> None:
        """Begin to watch the robots; in simulation mode the simulated one is switched on meanwhile."""
        self._robot.start()
        if (simulation := self._simulation) is not None:
            log.warning("The server is in simulation mode, as before: StartRealMode ends it.")
            self._watch(simulation)
            threading.Thread(target=self._switch_on_again, name="start of the simulated robot", daemon=True).start()

    def simulate(self) -> None:
        """Go into simulation mode; returns when the simulated robot serves.

        Raises:
            OT2Fault: the robot is not at rest, as of `RobotAtRest.require`; or the simulated robot cannot be started.
                The mode is as before.
        """
        with self._changing():
            if self._simulation is not None:
                self._switch_on(self._simulation)
                return
            turn = self._robot.driver.turn.reserve("StartSimulationMode")
            try:
                self._robot.rest.require()
                self._begin_simulation(self._equipment_of_robot())
            finally:
                turn.release()
        log.warning("The server is in simulation mode: %s serves.", self._folder)
        self._on_change()

    def end_simulation(self) -> None:
        """Go back into real mode, and end the simulated robot.

        Who uses the simulated robot would go on with the real one, not knowing of the change: it must be in use by
        nobody, unless it has ended by itself.

        Raises:
            TurnTaken: the mode is being changed, or a command or a hand-over of the simulated robot is under way.
            StartRealModeFailed: the simulated robot has a session, a run that has not ended or a command under way, or
                whether it has cannot be read. The mode is as before.
            StorageFull: the mode cannot be written down; it is as before.
        """
        with self._changing():
            if (simulation := self._simulation) is None:
                return
            if simulation.robot.is_running:
                turn = simulation.features.driver.turn.reserve("StartRealMode")
                try:
                    _require_unused(simulation)
                    self._leave_if_idle(simulation)
                finally:
                    turn.release()
            else:
                self._store.clear()
                self.switch.change(self._robot.features)
            self._simulation = None
            log.warning("The server is in real mode.")
            try:
                self._on_change()
            finally:
                self._end(simulation)

    def let_go(self) -> None:
        """End what waits for the simulated robot."""
        self._closed.set()
        if (simulation := self._simulation) is not None:
            simulation.features.driver.let_go()

    def close(self) -> None:
        """End the simulated robot; the mode stays."""
        self._closed.set()
        if (simulation := self._simulation) is not None:
            simulation.robot.stop()
            simulation.features.stop()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self._alone.acquire(blocking=False):
            raise TurnTaken("The mode is being changed already.", "Wait a moment, then repeat the command.")
        try:
            yield
        finally:
            self._alone.release()

    def _leave_if_idle(self, simulation: _Simulation) -> None:
        features = simulation.features.features
        under_way = self.switch.under_way(features)
        if not under_way:
            self._store.clear()
            if under_way := self.switch.change_if_idle(self._robot.features):
                self._store.write(simulation.equipment)
        if under_way:
            raise StartRealModeFailed(
                f"The simulated robot is at work: {_names(under_way)}.",
                "Wait for its end, or cancel it, then repeat the command.",
            )

    def _begin_simulation(self, equipment: Equipment) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            simulation = self._prepare(equipment)
        except StateUnusable as unusable:
            raise StartSimulationModeFailed(f"{unusable}.", unusable.remedy) from unusable
        try:
            self._switch_on(simulation)
            self._watch(simulation)
            _await_reading(simulation.features)
            self._robot.rest.require()
            self._store.write(equipment)
            if under_way := self.switch.change_if_idle(simulation.features.features):
                raise StartSimulationModeFailed(
                    f"The robot is at work: {_names(under_way)}.", "Wait for its end, or cancel it."
                )
            self._simulation = simulation
        except BaseException:
            self._undo(simulation)
            raise

    def _undo(self, simulation: _Simulation) -> None:
        """Let the robot serve as before, after a failure."""
        if self.switch.current is simulation.features.features:
            self.switch.change(self._robot.features)
        try:
            self._store.clear()
        except (SQLAlchemyError, StorageFull):
            log.exception("The server is in real mode, but after a restart in simulation mode: the disk is full.")
        finally:
            self._end(simulation)

    def _prepare_again(self, equipment: Equipment) -> _Simulation:
        """Go on with what the simulated robot had kept; what cannot be used must not keep the server from starting."""
        try:
            return self._prepare(equipment)
        except StateUnusable as unusable:
            log.error("The simulated robot begins anew, since what it had kept cannot be used: %s", unusable)
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._prepare(equipment)

    def _prepare(self, equipment: Equipment) -> _Simulation:
        settings = self._settings
        options = ["--speed", settings.simulator.speed]
        options += ["--left", equipment.left or "none", "--right", equipment.right or "none"]
        for model in equipment.modules:
            options += ["--module", model]
        robot = SimulatedRobot(settings.simulator.python or sys.executable, options, self._folder)
        settings = settings.model_copy(
            update={
                "robot": settings.robot.model_copy(update={"url": robot.url}),
                "notifications": settings.notifications.model_copy(update={"enabled": False}),
            }
        )
        driver = Driver(settings, self._timing, self._folder, unobserved, simulated=True)
        features = RobotFeatures(driver, settings, self._signer, self._robot.lock_holder, stands_in_for=self._robot)
        return _Simulation(robot, features, equipment)

    def _watch(self, simulation: _Simulation) -> None:
        state = simulation.features.driver.monitor.state
        state.derive(lambda state: state.reachable).subscribe(lambda _: self._on_change())
        simulation.features.start()

    def _equipment_of_robot(self) -> Equipment:
        robot = self._robot.driver.robot
        names = {pipette.mount: pipette.instrument_name for pipette in robot.instruments()}
        modules = tuple(module.module_model for module in robot.modules())
        return Equipment(left=names.get("left", ""), right=names.get("right", ""), modules=modules)

    def _switch_on(self, simulation: _Simulation) -> None:
        if simulation.robot.is_running:
            return
        try:
            simulation.robot.start()
        except SimulatorUnavailable as error:
            raise StartSimulationModeFailed(f"{error}.", error.remedy) from error
        except OSError as error:
            remedy = "See the log of the server, and make the file or the program usable."
            raise StartSimulationModeFailed(f"The simulated robot cannot be started: {error}.", remedy) from error
        if self._closed.is_set():
            simulation.robot.stop()
            raise StartSimulationModeFailed("The server is being stopped.")

    def _switch_on_again(self) -> None:
        with self._alone:
            if (simulation := self._simulation) is not None and not self._closed.is_set():
                try:
                    self._switch_on(simulation)
                except OT2Fault as fault:
                    if not self._closed.is_set():
                        log.error("The simulated robot stays switched off: %s", fault)

    def _end(self, simulation: _Simulation) -> None:
        driver, features = simulation.features.driver, simulation.features.features
        driver.let_go()
        for call in self.switch.under_way(features):
            if isinstance(call, sila.Execution) and not call.interrupts:
                call.cancelled.set()
        simulation.robot.stop()
        if not self.switch.wait_until_idle(features, ENDED_WITHIN_S):
            log.warning("A command of the simulated robot has not ended yet, and is left behind.")
        simulation.features.stop()


def _names(commands: list[sila.Call]) -> str:
    return ", ".join(sorted({call.identifier.rpartition("/")[2] for call in commands}))


def _require_unused(simulation: _Simulation) -> None:
    """Return if nobody has a session or an unended run on the simulated robot, asked of it at this moment.

    Raises:
        StartRealModeFailed: somebody has, or it runs and cannot be read.
    """
    try:
        decide(Intent.BESIDE_RUNS, simulation.features.driver.ownership.refresh(), displace_idle=False)
    except RobotUnreachable as silent:
        if simulation.robot.is_running:
            raise StartRealModeFailed.of(
                silent,
                before="Whether the simulated robot is in use cannot be read.",
                moved=Movement.NONE,
                remedy="Repeat the command. If that does not help, end the simulated robot: it is process "
                f"{simulation.robot.process_id} on this server's computer.",
            ) from silent
    except OT2Fault as used:
        raise StartRealModeFailed.of(used, before="The simulated robot is in use.", moved=Movement.NONE) from used


def _await_reading(features: RobotFeatures) -> None:
    """Wait until the robot has been read, with what is attached to it.

    Raises:
        RobotUnreachable: it has not been within `READ_WITHIN_S`.
    """
    was_read = threading.Event()

    def look(state: RobotState) -> None:
        machine = state.machine
        known = machine.pipettes is not None and machine.modules is not None
        if state.reachable and known and not isinstance(state.owner, UnknownOwner):
            was_read.set()

    state = features.driver.monitor.state
    unsubscribe = state.subscribe(look)
    try:
        if not was_read.wait(READ_WITHIN_S):
            contact = state.value.contact
            raise RobotUnreachable(f"The simulated robot cannot be read: {contact.explanation}", contact.remedy)
    finally:
        unsubscribe()
