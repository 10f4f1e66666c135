"""Scenarios of calls that meet in the server: initiations, cancels, hand-overs, the lock, subscriptions, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from sila2.framework.abc.sila_error import SilaError
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError

from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.implementations.labware_transfer_site_controller import LabwareTransferSiteController
from sila_ot2.implementations.run_controller import RunController
from sila_ot2.implementations.turn_admission import TurnAdmission
from sila_ot2.sila.admission import Admission, Call, InTurn, Kind
from sila_ot2.sila.controllers.cancel import CancelController, NotUnderExecution
from sila_ot2.sila.controllers.lock import LOCK_IDENTIFIER, InvalidLockIdentifier, LockController, ServerAlreadyLocked
from sila_ot2.sila.errors import NotAccepted, ServerStopping
from sila_ot2.sila.execution.executions import Execution, Executions
from sila_ot2.sila.streams.properties import ObservableProperty
from sila_ot2.sila.switching import FeatureSet, FeatureSwitch
from sila_ot2.store.handovers import Direction, Handover
from sila_ot2.times import utc_now
from tests.fakes.streams import sent
from tests.interleavings.exploration import Play, Scenario
from tests.interleavings.primitives import World
from tests.interleavings.scheduler import ThreadResult

FEATURE = RunController.FEATURE
START = f"{FEATURE}/Command/StartRun"
PREPARE = f"{LabwareTransferSiteController.FEATURE}/Command/PrepareForInput"
MOVES_S = 2.0
"""How long a command of these scenarios moves the robot, unless it is cancelled."""


class KeptResults:
    """Keeps results in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content

    def discard(self) -> None:
        """Nothing is to be freed."""


class AdmittingServer:
    """Admission and executions of one server, and a robot of which only one command may move."""

    def __init__(self, world: World, *admissions: Admission, handovers: Handovers | None = None) -> None:
        """Make one."""
        self.world = world
        self.turn = Turn(handover=None if handovers is None else handovers.pending)
        moving: Any = [RunController, LabwareTransferSiteController]
        self.admission = InTurn(*admissions, TurnAdmission(self.turn, moving))
        spool: Any = SimpleNamespace(keep=KeptResults)
        self.executions = Executions(spool=spool, running=4, interrupts=4, kept=10, lifetime_s=60.0)
        self.executions._threads._idle_s = 3600.0  # no thread ends by the clock, which goes on whatever is scheduled
        self.cancels = CancelController()
        self.cancels.use(self.executions)
        self.moving: list[str] = []
        self.begun: list[Execution] = []
        self.overlaps: list[str] = []

    def initiate(
        self,
        identifier: str = START,
        finish: Callable[[], None] = lambda: None,
        metadata: Mapping[str, str] = MappingProxyType({}),
    ) -> Execution:
        """Do what the server does when a command is called; it moves the robot until it is cancelled.

        Args:
            identifier: the command's.
            finish: called when the robot has moved, before the command ends.
            metadata: what the client sends with the call.
        """
        execution = Execution(
            feature=identifier.partition("/Command/")[0],
            identifier=identifier,
            kind=Kind.OBSERVABLE_COMMAND,
            metadata=dict(metadata),
            lifetime_s=60.0,
            cancelled=self.world.cancellation(),
        )
        execution.reservation = self.admission.admit(execution)
        try:
            self.executions.launch(execution, lambda moving: self._move(moving, finish), as_it_is, lambda error: None)
        except BaseException:
            if execution.reservation is not None:
                execution.reservation.release()
            raise
        self.begun.append(execution)
        return execution

    def _move(self, execution: Execution, finish: Callable[[], None]) -> bytes:
        me = str(execution.execution_uuid)
        self.overlaps += self.moving
        self.moving.append(me)
        execution.report(0.5, MOVES_S)
        execution.cancelled.wait(MOVES_S)
        self.moving.remove(me)
        finish()
        return b"cancelled" if execution.cancelled.is_set() else b"moved"

    def check(self) -> None:
        """Nothing has moved at once with something else, and nothing is held any more."""
        assert not self.overlaps, "two commands moved the robot at once"
        assert self.executions.running() == []
        assert not self.turn.is_reserved, f"the turn is still held by {self.turn.holder.value}"
        self.turn.reserve("the next command", during_handover=True).release()
        for execution in self.begun:
            assert not execution.running
            execution.result()


class Mode:
    """What serves in one mode: it carries out what it has admitted, and nothing else."""

    def __init__(self) -> None:
        """Nothing was admitted yet."""
        self.features = FeatureSet({FEATURE: self}, self)
        self.admitted: list[Call] = []

    def admit(self, call: Call) -> None:
        """Admit every call."""
        self.admitted.append(call)

    def StartRun(self, *, execution: Execution) -> None:
        """Carry out the command."""
        assert execution in self.admitted, "a command of the other mode is carried out"


class SwitchedServer(AdmittingServer):
    """A server with two modes."""

    def __init__(self, world: World) -> None:
        """Make one in simulation mode."""
        self.simulation, self.real = Mode(), Mode()
        self.switch = FeatureSwitch(self.simulation.features)
        super().__init__(world, self.switch)

    def _move(self, execution: Execution, finish: Callable[[], None]) -> bytes:
        (feature,) = self.switch.implementations
        feature.StartRun(execution=execution)
        moved = super()._move(execution, finish)
        feature.StartRun(execution=execution)
        serving: Any = self.switch.implementation(FEATURE)
        assert execution in serving.admitted, "the mode was changed under a command"
        return moved


def as_it_is(error: BaseException) -> SilaError:
    """Translate an error of a command."""
    return UndefinedExecutionError(repr(error))


def refused(
    results: Mapping[str, ThreadResult], *names: str, by: type[BaseException] | tuple[type[BaseException], ...]
) -> list[str]:
    """Return those of the threads that were refused; any other error is raised."""
    for name in names:
        if (error := results[name].error) is not None and not isinstance(error, by):
            raise error
    return [name for name in names if results[name].error is not None]


def two_initiations(world: World) -> Play:
    """Two clients start a run at once: one does."""
    server = AdmittingServer(world)

    def check(results: Mapping[str, ThreadResult]) -> None:
        refused(results, "first", "second", by=NotAccepted)
        assert server.begun, "nobody got the turn"
        server.check()

    return Play({"first": server.initiate, "second": server.initiate}, check)


def initiation_and_cancel(world: World) -> Play:
    """A client starts a run while another one cancels everything, and starts its own."""
    server = AdmittingServer(world)

    def cancel_and_initiate() -> None:
        for execution in tuple(server.begun):
            server.cancels.CancelCommand(str(execution.execution_uuid), call=call())
            assert execution.cancelled.is_set()
        server.cancels.CancelAll(call=call())
        server.initiate()

    def check(results: Mapping[str, ThreadResult]) -> None:
        refused(results, "first", by=NotAccepted)
        refused(results, "second", by=(NotAccepted, NotUnderExecution))
        server.check()

    return Play({"first": server.initiate, "second": cancel_and_initiate}, check)


def initiation_and_stop(world: World) -> Play:
    """The server stops while a client starts a run: it is refused, or ends, and so does every stream."""
    server = AdmittingServer(world)

    def check(results: Mapping[str, ThreadResult]) -> None:
        refused(results, "client", by=ServerStopping)
        refused(results, "server", by=NotAccepted)
        server.check()
        for execution in server.begun:
            assert sent(execution.subscribe_info())

    return Play({"client": server.initiate, "server": lambda: server.executions.stop(60.0)}, check)


def handover_and_start(world: World) -> Play:
    """A slot is prepared for an arm while another client starts a run: nothing moves under the arm."""
    store: Any = SimpleNamespace(pending=lambda: None, delivered=tuple, begin=lambda handover: None)
    handovers = Handovers(store, overdue_after_s=3600.0)
    server = AdmittingServer(world, handovers=handovers)
    moved_under_the_arm: list[str] = []

    def begin() -> None:
        handovers.begin(Handover("3", Direction.INPUT, 3, "", "", utc_now()))

    def look() -> None:
        if handovers.pending.value is not None:
            moved_under_the_arm.append("StartRun")

    def check(results: Mapping[str, ThreadResult]) -> None:
        refused(results, "arm", by=NotAccepted)
        refused(results, "client", by=NotAccepted)
        assert not moved_under_the_arm
        assert server.begun, "nobody got the turn"
        server.check()
        handovers.close()

    return Play({"arm": lambda: server.initiate(PREPARE, begin), "client": lambda: server.initiate(finish=look)}, check)


def lock_and_initiation(world: World) -> Play:
    """A lock is about to lapse while its holder starts a run and another client locks the server."""
    lock = LockController([START], clock=world.now_s)
    server = AdmittingServer(world, lock)
    lock.LockServer("mine", 3, call=call())
    first: Any = lock._current
    owners: list[str] = []

    def wait_out() -> None:
        world.time.sleep(3.0)
        lock.LockServer("theirs", 3, call=call())
        owners.append("theirs")
        assert not first.commands, "locked by another client while a command of the holder runs"

    def use() -> None:
        server.initiate(metadata={LOCK_IDENTIFIER: "mine"})

    def check(results: Mapping[str, ThreadResult]) -> None:
        refused(results, "holder", by=InvalidLockIdentifier)
        refused(results, "other", by=ServerAlreadyLocked)
        world.scheduler.now_s += 3.0  # whoever has it uses it no more
        if not owners:
            lock.LockServer("theirs", 3, call=call())
        server.check()

    return Play({"holder": use, "other": wait_out}, check)


def subscription_and_end(world: World) -> Play:
    """A client subscribes to a property while it changes and the server ends."""
    shown: ObservableProperty[int] = ObservableProperty(0)
    shown.bind(lambda value: bytes([value]))
    seen: list[int] = []
    called = world.threading.Event()

    def subscribe() -> None:
        queue = shown.subscribe()
        queue.open(called.set)
        while True:
            called.wait()
            called.clear()
            while (item := queue.take()) is not None:
                seen.append(item[0])
                if not queue.has_more():
                    break
            else:
                queue.end()
                return

    def check(results: Mapping[str, ThreadResult]) -> None:
        for result in results.values():
            assert result.error is None
        assert seen == sorted(seen)
        assert len(set(seen)) == len(seen), f"the same value twice: {seen}"
        assert seen, "a subscriber gets the present value"

    return Play({"subscriber": subscribe, "writer": lambda: shown.set(1), "server": shown.close}, check)


def initiation_and_change_of_mode(world: World) -> Play:
    """The mode is changed while a client starts a run: the run belongs to the mode in which it was admitted."""
    server = SwitchedServer(world)
    kept: list[Call] = []

    def change() -> None:
        kept.extend(server.switch.change_if_idle(server.real.features))

    def check(results: Mapping[str, ThreadResult]) -> None:
        for result in results.values():
            if result.error is not None:
                raise result.error
        server.check()
        serving = server.simulation if kept else server.real
        assert server.switch.current is serving.features
        for mode in (server.simulation, server.real):
            assert server.switch.under_way(mode.features) == []

    return Play({"client": server.initiate, "mode": change}, check)


def call(peer: str = "ipv4:192.0.2.7:50312") -> Call:
    """Return a call of a client."""
    return Call(feature=FEATURE, identifier="", kind=Kind.COMMAND, peer=peer)


OF_CALLS = (
    Scenario("two initiations at once", two_initiations, ("ownership/turn.py",)),
    Scenario("initiation against cancel", initiation_and_cancel, ("controllers/cancel.py",)),
    Scenario("initiation against the end of the server", initiation_and_stop, ()),
    Scenario("hand-over prepare against StartRun", handover_and_start, ("ownership/turn.py", "ownership/handovers.py")),
    Scenario("lock expiry against initiation", lock_and_initiation, ("controllers/lock.py",)),
    Scenario("initiation against a change of the mode", initiation_and_change_of_mode, ("sila/switching.py",)),
    Scenario("subscription against the end of the server", subscription_and_end, ("streams/properties.py",)),
)
