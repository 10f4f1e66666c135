"""Going into simulation mode and back: what is written down when, and what is left after a failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2.config import load
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.timing import Timing
from sila_ot2.errors import RobotBusy, StartSimulationModeFailed, TurnTaken
from sila_ot2.modes import Modes
from sila_ot2.robot_features import RobotFeatures
from sila_ot2.sila import AdmitAll, Call, FeatureSet, Kind
from sila_ot2.store.database import open_database
from sila_ot2.store.run_package import Signer
from sila_ot2.store.simulation_mode import Equipment, SimulationModeStore
from tests.waiting import TIMEOUT_S

FEATURE = "org.example/tests/Feature/v1"
ON_ROBOT = Equipment(left="p20_single_gen2", modules=("temperatureModuleV2",))


class Side:
    """The features of a robot, as far as the modes use them."""

    def __init__(self, store: SimulationModeStore) -> None:
        self.features = FeatureSet({FEATURE: self}, AdmitAll())
        self.driver = SimpleNamespace(
            simulation_mode=store,
            turn=Turn(),
            monitor=SimpleNamespace(state=Observable(RobotState()), is_alive=True),
            robot=SimpleNamespace(
                instruments=lambda: [SimpleNamespace(mount="left", instrument_name="p20_single_gen2")],
                modules=lambda: [SimpleNamespace(module_model="temperatureModuleV2")],
            ),
            let_go=lambda: None,
            stop=self._stop,
        )
        self.rest = self
        self.stopped = False
        self.before_rest: Callable[[], None] = lambda: None

    def require(self) -> None:
        self.before_rest()

    def start(self) -> None:
        pass

    def _stop(self) -> None:
        self.stopped = True


class Machine:
    """The process of the simulated robot."""

    def __init__(self) -> None:
        self.is_running = False
        self.before_start: Callable[[], None] = lambda: None

    def start(self) -> None:
        self.before_start()
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False


class Bench:
    """The modes of a server, whose simulated robot is on paper."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = open_database(folder)
        self.store = SimulationModeStore(self.engine)
        self.robot, self.simulated, self.machine = Side(self.store), Side(self.store), Machine()
        self.prepared: list[Equipment] = []
        monkeypatch.setattr(Modes, "_prepare", self._prepare)
        monkeypatch.setattr("sila_ot2.modes._await_reading", lambda features: None)
        self.settings = load({"robot": {"url": "robot"}, "server": {"state_directory": folder}})
        self.modes = self.server()

    def server(self) -> Modes:
        return Modes(self.settings, Timing(), cast(RobotFeatures, self.robot), cast(Signer, None))

    def _prepare(self, equipment: Equipment) -> Any:
        self.prepared.append(equipment)
        return SimpleNamespace(robot=self.machine, features=self.simulated)

    @property
    def serving(self) -> Side:
        return self.robot if self.modes.switch.current is self.robot.features else self.simulated

    def send(self, kind: Kind = Kind.OBSERVABLE_COMMAND) -> Any:
        return self.modes.switch.admit(Call(feature=FEATURE, identifier=f"{FEATURE}/Command/Heat", kind=kind))

    def is_real(self) -> bool:
        """Whether everything is as it was before the simulation."""
        return (
            not self.modes.is_simulated
            and self.serving is self.robot
            and self.store.read() is None
            and not self.machine.is_running
            and not self.robot.driver.turn.is_reserved
        )


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    bench = Bench(tmp_path, monkeypatch)
    yield bench
    bench.engine.dispose()


def test_the_simulated_robot_has_what_the_robot_has_and_the_mode_is_kept(bench: Bench) -> None:
    bench.modes.simulate()
    assert bench.modes.is_simulated
    assert bench.serving is bench.simulated
    assert bench.prepared == [ON_ROBOT] == [bench.store.read()]
    assert not bench.robot.driver.turn.is_reserved
    assert bench.server().is_simulated
    bench.modes.end_simulation()
    assert bench.is_real()
    assert bench.simulated.stopped
    assert not bench.server().is_simulated


def test_the_robot_s_turn_is_held_until_the_simulated_robot_serves(bench: Bench) -> None:
    holders = []
    bench.machine.before_start = lambda: holders.append(str(bench.robot.driver.turn.holder.value))
    bench.modes.simulate()
    assert holders == ["StartSimulationMode"]


def test_a_held_turn_keeps_the_mode(bench: Bench) -> None:
    bench.robot.driver.turn.reserve("Home")
    with pytest.raises(TurnTaken, match="Home"):
        bench.modes.simulate()
    assert bench.prepared == []


def test_a_robot_that_is_taken_up_while_the_simulated_one_starts_keeps_the_mode(bench: Bench) -> None:
    def take_up() -> None:
        bench.robot.before_rest = busy

    def busy() -> None:
        raise RobotBusy("Another client's run is running.")

    bench.machine.before_start = take_up
    with pytest.raises(RobotBusy):
        bench.modes.simulate()
    assert bench.is_real()
    assert bench.simulated.stopped


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.OBSERVABLE_COMMAND])
def test_a_command_under_way_that_needs_no_turn_keeps_the_mode(bench: Bench, kind: Kind) -> None:
    heating = bench.send(kind)
    with pytest.raises(StartSimulationModeFailed, match="Heat"):
        bench.modes.simulate()
    assert bench.is_real()
    heating.release()
    bench.send(Kind.PROPERTY)  # who reads keeps nothing
    bench.modes.simulate()
    assert bench.modes.is_simulated


def test_a_simulated_robot_that_cannot_be_started_keeps_the_mode(bench: Bench) -> None:
    def fail() -> None:
        raise FileNotFoundError("no such program")

    bench.machine.before_start = fail
    with pytest.raises(StartSimulationModeFailed, match="no such program"):
        bench.modes.simulate()
    assert bench.is_real()


def test_one_that_has_ended_by_itself_is_switched_on_again_whatever_the_robot_does(bench: Bench) -> None:
    bench.modes.simulate()
    bench.machine.is_running = False
    bench.robot.driver.turn.reserve("Home")
    bench.modes.simulate()
    assert bench.machine.is_running
    assert len(bench.prepared) == 1


def test_who_comes_while_the_mode_changes_is_refused(bench: Bench) -> None:
    starting, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        starting.set()
        go_on.wait(TIMEOUT_S)

    bench.machine.before_start = wait
    first = threading.Thread(target=bench.modes.simulate)
    first.start()
    assert starting.wait(TIMEOUT_S)
    for change in (bench.modes.simulate, bench.modes.end_simulation):
        with pytest.raises(TurnTaken):
            change()
    go_on.set()
    first.join()
    assert bench.modes.is_simulated
