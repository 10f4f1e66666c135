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
from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner, Owner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.errors import (
    OT2Fault,
    RobotBusy,
    RobotUnreachable,
    StartRealModeFailed,
    StartSimulationModeFailed,
    StorageFull,
    TurnTaken,
)
from sila_ot2.modes import Modes
from sila_ot2.robot_features import RobotFeatures
from sila_ot2.sila import AdmitAll, Call, FeatureSet, Kind, ObservableProperty
from sila_ot2.sila.switching import SwitchedFeature
from sila_ot2.store.database import open_database
from sila_ot2.store.run_package import Signer
from sila_ot2.store.simulation_mode import Equipment, SimulationModeStore
from sila_ot2.store.unusable import StateUnusable
from tests.fakes.streams import sent
from tests.waiting import TIMEOUT_S

FEATURE = "org.example/tests/Feature/v1"
ON_ROBOT = Equipment(left="p20_single_gen2", modules=("temperatureModuleV2",))


class ModeFeatures:
    """The features of a robot, as far as the modes use them."""

    def __init__(self, store: SimulationModeStore) -> None:
        self.features = FeatureSet({FEATURE: self}, AdmitAll())
        self.owner: Owner | OT2Fault = NoOwner()
        self.Level: ObservableProperty[int] = ObservableProperty(1)
        self.Lid: ObservableProperty[str] = ObservableProperty("open")
        self.driver = SimpleNamespace(
            simulation_mode=store,
            turn=Turn(),
            monitor=SimpleNamespace(state=Observable(RobotState()), is_alive=True),
            robot=SimpleNamespace(
                instruments=lambda: [SimpleNamespace(mount="left", instrument_name="p20_single_gen2")],
                modules=lambda: [SimpleNamespace(module_model="temperatureModuleV2")],
            ),
            ownership=SimpleNamespace(refresh=self._read_owner),
            let_go=lambda: None,
        )
        self.rest = self
        self.stopped = False
        self.before_rest: Callable[[], None] = lambda: None

    def require(self) -> None:
        self.before_rest()

    def start(self) -> None:
        pass

    def _read_owner(self) -> Owner:
        if isinstance(self.owner, OT2Fault):
            raise self.owner
        return self.owner

    def stop(self) -> None:
        self.stopped = True


class SimulatorProcessDouble:
    """The process of the simulated robot."""

    def __init__(self) -> None:
        self.is_running = False
        self.process_id = 4711
        self.before_start: Callable[[], None] = lambda: None

    def start(self) -> None:
        self.before_start()
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False


class ServerModes:
    """The modes of a server, whose simulated robot is in memory."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = open_database(folder)
        self.store = SimulationModeStore(self.engine)
        self.robot, self.simulated, self.machine = (
            ModeFeatures(self.store),
            ModeFeatures(self.store),
            SimulatorProcessDouble(),
        )
        self.prepared: list[Equipment] = []
        self.unusable: list[StateUnusable] = []
        monkeypatch.setattr(Modes, "_prepare", self._prepare)
        monkeypatch.setattr("sila_ot2.modes._await_reading", lambda features: None)
        self.settings = load({"robot": {"url": "robot"}, "server": {"state_directory": folder}})
        self.modes = self.server()

    def server(self) -> Modes:
        return Modes(self.settings, Timing(), cast(RobotFeatures, self.robot), cast(Signer, None))

    def _prepare(self, equipment: Equipment) -> Any:
        self.prepared.append(equipment)
        if self.unusable and (damaged := self.unusable.pop()):
            raise damaged
        return SimpleNamespace(robot=self.machine, features=self.simulated, equipment=equipment)

    @property
    def serving(self) -> ModeFeatures:
        return self.robot if self.modes.switch.current is self.robot.features else self.simulated

    def send(self, kind: Kind = Kind.OBSERVABLE_COMMAND) -> Any:
        return self.modes.switch.admit(Call(feature=FEATURE, identifier=f"{FEATURE}/Command/Heat", kind=kind))

    def shown(self, name: str) -> ObservableProperty[Any]:
        """A property as clients see it."""
        (served,) = self.modes.switch.implementations
        shown: ObservableProperty[Any] = getattr(served, name)
        shown.bind(lambda value: str(value).encode())
        return shown

    def is_as_simulated(self) -> bool:
        """Whether everything is as it was in the simulation."""
        return (
            self.modes.is_simulated
            and self.serving is self.simulated
            and self.store.read() == ON_ROBOT
            and self.machine.is_running
            and not self.simulated.driver.turn.is_reserved
        )

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
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerModes]:
    case = ServerModes(tmp_path, monkeypatch)
    yield case
    case.engine.dispose()


def test_the_simulated_robot_has_what_the_robot_has_and_the_mode_is_kept(case: ServerModes) -> None:
    case.modes.simulate()
    assert case.modes.is_simulated
    assert case.serving is case.simulated
    assert case.prepared == [ON_ROBOT] == [case.store.read()]
    assert not case.robot.driver.turn.is_reserved
    assert case.server().is_simulated
    case.modes.end_simulation()
    assert case.is_real()
    assert case.simulated.stopped
    assert not case.server().is_simulated


def test_the_robot_s_turn_is_held_until_the_simulated_robot_serves(case: ServerModes) -> None:
    holders = []
    case.machine.before_start = lambda: holders.append(str(case.robot.driver.turn.holder.value))
    case.modes.simulate()
    assert holders == ["StartSimulationMode"]


def test_a_held_turn_keeps_the_mode(case: ServerModes) -> None:
    case.robot.driver.turn.reserve("Home")
    with pytest.raises(TurnTaken, match="Home"):
        case.modes.simulate()
    assert case.prepared == []


def test_a_robot_that_is_taken_up_while_the_simulated_one_starts_keeps_the_mode(case: ServerModes) -> None:
    def take_up() -> None:
        case.robot.before_rest = busy

    def busy() -> None:
        raise RobotBusy("Another client's run is running.")

    case.machine.before_start = take_up
    with pytest.raises(RobotBusy):
        case.modes.simulate()
    assert case.is_real()
    assert case.simulated.stopped


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.OBSERVABLE_COMMAND])
def test_a_command_under_way_that_needs_no_turn_keeps_the_mode(case: ServerModes, kind: Kind) -> None:
    heating = case.send(kind)
    with pytest.raises(StartSimulationModeFailed, match="Heat"):
        case.modes.simulate()
    assert case.is_real()
    heating.release()
    case.send(Kind.PROPERTY)  # who reads keeps nothing
    case.modes.simulate()
    assert case.modes.is_simulated


def test_a_simulated_robot_that_cannot_be_started_keeps_the_mode(case: ServerModes) -> None:
    def fail() -> None:
        raise FileNotFoundError("no such program")

    case.machine.before_start = fail
    with pytest.raises(StartSimulationModeFailed, match="no such program"):
        case.modes.simulate()
    assert case.is_real()


def test_one_that_has_ended_by_itself_is_switched_on_again_whatever_the_robot_does(case: ServerModes) -> None:
    case.modes.simulate()
    case.machine.is_running = False
    case.robot.driver.turn.reserve("Home")
    case.modes.simulate()
    assert case.machine.is_running
    assert len(case.prepared) == 1


def test_who_comes_while_the_mode_changes_is_refused(case: ServerModes) -> None:
    starting, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        starting.set()
        go_on.wait(TIMEOUT_S)

    case.machine.before_start = wait
    first = threading.Thread(target=case.modes.simulate)
    first.start()
    assert starting.wait(TIMEOUT_S)
    for change in (case.modes.simulate, case.modes.end_simulation):
        with pytest.raises(TurnTaken):
            change()
    go_on.set()
    first.join()
    assert case.modes.is_simulated


@pytest.mark.parametrize(
    ("owner", "named", "way_out"),
    [
        (SessionOwner("1"), "session", "CloseSession"),
        (RunOwner("1", "running"), "running", "StopRun"),
        (RunOwner("1", "idle"), "waits to be started", "ReleaseRun"),
        (ForeignOwner("1", "paused"), "paused", "ReleaseRun"),
        (ForeignOwner("1", "idle"), "run 1", "ReleaseRun"),
        (UnknownOwner("An outcome is not known."), "not known", "ReconcileState"),
        (RobotUnreachable("It is silent."), "silent", "4711"),
    ],
    ids=str,
)
def test_who_uses_the_simulated_robot_does_not_go_on_with_the_real_one(
    case: ServerModes, owner: Owner | OT2Fault, named: str, way_out: str
) -> None:
    case.modes.simulate()
    case.simulated.owner = owner
    with pytest.raises(StartRealModeFailed, match=named) as refused:
        case.modes.end_simulation()
    assert way_out in str(refused.value)
    assert case.is_as_simulated()
    case.machine.is_running = False  # it has ended by itself: nothing can go on there
    case.modes.end_simulation()
    assert case.is_real()


def test_a_held_turn_of_the_simulated_robot_keeps_the_mode(case: ServerModes) -> None:
    case.modes.simulate()
    moving = case.simulated.driver.turn.reserve("Home")
    with pytest.raises(TurnTaken, match="Home"):
        case.modes.end_simulation()
    moving.release()
    assert case.is_as_simulated()
    case.modes.end_simulation()
    assert case.is_real()


@pytest.mark.parametrize("late", [False, True])
def test_a_command_of_the_simulated_robot_that_needs_no_turn_keeps_the_mode(
    case: ServerModes, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.modes.simulate()
    heating: list[Any] = []
    clear = case.store.clear

    def begin_while_it_is_written_down() -> None:
        clear()
        if not heating:
            heating.append(case.send())

    monkeypatch.setattr(case.store, "clear", begin_while_it_is_written_down)
    if not late:
        heating.append(case.send())
    with pytest.raises(StartRealModeFailed, match="Heat"):
        case.modes.end_simulation()
    assert case.is_as_simulated()
    heating[0].release()
    case.modes.end_simulation()
    assert case.is_real()


def test_a_property_that_cannot_be_shown_keeps_no_other_from_following(case: ServerModes) -> None:
    level, lid = case.shown("Level"), case.shown("Lid")
    case.simulated.Level, case.simulated.Lid = ObservableProperty(), ObservableProperty("closed")
    case.modes.simulate()
    assert case.is_as_simulated()
    assert isinstance(level.subscribe().end(), LookupError)
    assert sent(lid.subscribe()) == [b"closed"]
    case.simulated.Level.set(3)
    assert sent(level.subscribe()) == [b"3"]
    case.robot.Level = ObservableProperty()
    case.modes.end_simulation()
    assert case.is_real()
    assert isinstance(level.subscribe().end(), LookupError)
    assert sent(lid.subscribe()) == [b"open"]


def test_a_failure_while_the_simulated_robot_begins_to_serve_keeps_the_mode(
    case: ServerModes, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, once = SwitchedFeature.follow, [RuntimeError("simulated")]

    def fail(feature: SwitchedFeature) -> None:
        if once:
            raise once.pop()
        follow(feature)

    monkeypatch.setattr(SwitchedFeature, "follow", fail)
    with pytest.raises(RuntimeError, match="simulated"):
        case.modes.simulate()
    assert case.is_real()
    assert case.simulated.stopped


def test_a_failure_is_not_hidden_by_a_full_disk(case: ServerModes, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise StorageFull("full")

    monkeypatch.setattr(case.store, "clear", full)
    heating = case.send()
    with pytest.raises(StartSimulationModeFailed, match="Heat"):
        case.modes.simulate()
    heating.release()
    assert (case.modes.is_simulated, case.serving, case.simulated.stopped) == (False, case.robot, True)


def test_a_server_starts_though_what_the_simulated_robot_kept_is_damaged(case: ServerModes) -> None:
    case.modes.simulate()
    kept = case.settings.robot_directory / "simulation" / "kept"
    kept.parent.mkdir(parents=True)
    kept.write_text("damaged")
    case.unusable = [StateUnusable("The database is damaged", remedy="Restore it.")]
    assert case.server().is_simulated
    assert not kept.exists()
    assert case.prepared[1:] == [ON_ROBOT, ON_ROBOT]


def test_a_folder_that_cannot_be_used_keeps_the_mode(case: ServerModes) -> None:
    case.unusable = [StateUnusable("The database is damaged", remedy="Restore it.")]
    with pytest.raises(StartSimulationModeFailed, match="damaged.*Restore"):
        case.modes.simulate()
    assert case.is_real()
