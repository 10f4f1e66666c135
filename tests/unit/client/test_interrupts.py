"""Ctrl-C leaves no command under way, no session open and no server locked, whenever it comes."""

from __future__ import annotations

import _thread
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from types import FrameType
from typing import Any

import grpc
import pytest

from sila_ot2.cli import progress
from sila_ot2.cli.progress import wait_for
from sila_ot2.client import deck, execution, interrupts, link, lock, session
from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.generated.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.interrupts import Interrupts
from sila_ot2.client.lock import Lock
from sila_ot2.client.session import Session
from tests.unit.client.fake_channel import unavailable
from tests.unit.client.interruptible_robot import InterruptibleRobot, States
from tests.unit.client.test_errors import reported

TRACED = {
    deck.__file__,
    execution.__file__,
    interrupts.__file__,
    link.__file__,
    lock.__file__,
    progress.__file__,
    session.__file__,
}
"""What an interrupt can do harm to; the other modules only read and write messages."""


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    """Raise KeyboardInterrupt, whatever runs the tests; nothing else may be left there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    left = signal.signal(signal.SIGINT, before)
    assert left is signal.default_int_handler


def linked(robot: Any) -> link.Link:
    return link.Link(robot, where="robot:1", alive=SERVER_UUID, reconnect_s=0)


def in_session(connection: link.Link) -> None:
    with Session(connection) as robot:
        robot.delay(1)


def by_itself(connection: link.Link) -> None:
    AtomicLiquidHandling(connection).delay(1).result()


def start(connection: link.Link) -> None:
    AtomicLiquidHandling(connection).delay(1)


def on_the_command_line(connection: link.Link) -> None:
    wait_for("Waiting", AtomicLiquidHandling(connection).delay, 1)


def locked(connection: link.Link) -> None:
    with Lock(connection, None, None):
        pass


class Interrupter:
    """Presses Ctrl-C before the line with the given number that the client executes.

    A `with` statement can be interrupted after its block and before its `__exit__` has begun, whatever is written
    there; the first line of `__exit__` is not counted.
    """

    def __init__(self, at: int) -> None:
        self._at, self.lines = at, 0

    def run(self, work: Callable[[], None]) -> bool:
        """Return whether the interrupt came out of the work."""
        before = sys.gettrace()  # of the measurement of coverage
        sys.settrace(self._traced)
        try:
            work()
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    def _traced(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line" and not _begins_exit(frame):
            self.lines += 1
            if self.lines == self._at:
                signal.raise_signal(signal.SIGINT)
        return self._traced


def _begins_exit(frame: FrameType) -> bool:
    """Whether it is the first line of what ends a block, where nothing can be done about an interrupt yet."""
    codes = Session.__exit__.__code__, Lock.__exit__.__code__
    return frame.f_code in codes and frame.f_lineno == frame.f_code.co_firstlineno + 1


@pytest.mark.slow
@pytest.mark.parametrize("work", [in_session, start, on_the_command_line, locked])
def test_an_interrupt_at_any_line_leaves_nothing_on_the_robot(work: Callable[[link.Link], None]) -> None:
    for at in count(1):
        robot = InterruptibleRobot()
        connection = linked(robot)
        if not Interrupter(at).run(partial(work, connection)):
            break  # that line is after its end
        assert robot.is_free, f"interrupted at {at}: {robot.running}, {robot.is_open}, {robot.is_locked}"
    assert at > 30


@pytest.mark.parametrize("work", [in_session, by_itself, on_the_command_line, locked])
def test_an_interrupt_waits_for_a_late_confirmation(work: Callable[[link.Link], None]) -> None:
    presses = iter([signal.SIGINT])

    def initiated() -> None:
        for press in presses:
            signal.raise_signal(press)

    robot = InterruptibleRobot(initiated)
    with pytest.raises(KeyboardInterrupt):
        work(linked(robot))
    assert robot.is_free


def test_a_second_interrupt_does_not_wait() -> None:
    def initiated() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the initiation went on")

    robot = InterruptibleRobot(initiated)
    with pytest.raises(KeyboardInterrupt):
        by_itself(linked(robot))


def test_an_interrupt_before_anything_is_sent_does_not_wait() -> None:
    class Silent(InterruptibleRobot):
        def answer(self, method: str, message: bytes) -> bytes:
            assert method == "Get_ServerUUID"
            signal.raise_signal(signal.SIGINT)
            pytest.fail("the server was waited for")

    with pytest.raises(KeyboardInterrupt):
        by_itself(linked(Silent()))


@pytest.mark.parametrize("pressed_at", ["Subscribe_Session", "OpenSession"])
def test_a_session_of_somebody_else_is_not_closed(pressed_at: str) -> None:
    class Interrupted(InterruptibleRobot):
        def answer(self, method: str, message: bytes) -> bytes:
            answer = super().answer(method, message)
            if method == pressed_at:
                signal.raise_signal(signal.SIGINT)
            return answer

        def unary_stream(self, path: str) -> Callable[..., States]:
            if path.endswith(pressed_at):
                signal.raise_signal(signal.SIGINT)
            return super().unary_stream(path)

    robot = Interrupted()
    robot.is_open = True
    with pytest.raises(KeyboardInterrupt):
        in_session(linked(robot))
    assert robot.is_open
    assert "CloseSession" not in robot.begun


def test_a_second_interrupt_while_the_server_is_locked_unlocks_it() -> None:
    def initiated() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    robot = InterruptibleRobot(initiated)
    with pytest.raises(KeyboardInterrupt):
        locked(linked(robot))
    assert not robot.is_locked


@pytest.mark.parametrize(("error", "is_locked"), [(unavailable(), False), (reported(undefinedExecutionError={}), True)])
def test_a_lock_is_given_back_if_its_answer_is_lost_and_not_if_it_is_refused(
    error: grpc.RpcError, is_locked: bool
) -> None:
    def initiated() -> None:
        raise error

    robot = InterruptibleRobot(initiated)
    with pytest.raises(ClientError):
        locked(linked(robot))
    assert robot.is_locked is is_locked


def test_a_program_that_handles_interrupts_itself_gets_them_after_the_answer() -> None:
    seen: list[bool] = []
    signal.signal(signal.SIGINT, lambda *_: seen.append(robot.is_open))
    robot = InterruptibleRobot(lambda: signal.raise_signal(signal.SIGINT))
    feature = AtomicLiquidHandling(linked(robot))
    feature.delay(1)
    assert seen == [False]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_thread_without_interrupts_holds_none() -> None:
    with ThreadPoolExecutor(1) as pool, Interrupts():
        pool.submit(by_itself, linked(InterruptibleRobot())).result()


def test_a_subscription_that_is_interrupted_is_cancelled() -> None:
    class WatchedCalls:
        def __init__(self) -> None:
            self.cancelled = False

        def __next__(self) -> bytes:
            raise KeyboardInterrupt

        def cancel(self) -> None:
            self.cancelled = True

    stream = WatchedCalls()
    robot = InterruptibleRobot()
    robot.unary_stream = lambda _: lambda *_, **__: stream  # type: ignore[method-assign, assignment, return-value]
    subscription = AtomicLiquidHandling(linked(robot)).session.subscribe()
    with pytest.raises(KeyboardInterrupt):
        next(subscription)
    assert stream.cancelled
    assert list(subscription) == []


def test_grpc_does_not_cut_off_an_initiation_that_is_interrupted() -> None:
    robot = InterruptibleRobot(_thread.interrupt_main)
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((Handlers(robot),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        connection = link.Link(
            grpc.insecure_channel(f"127.0.0.1:{port}"), where="robot:1", alive=SERVER_UUID, reconnect_s=10
        )
        with pytest.raises(KeyboardInterrupt):
            by_itself(connection)
        connection.close()
    finally:
        server.stop(None).wait()
    assert robot.begun == ["Delay"]
    assert robot.is_free


class Handlers(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """The robot as a gRPC server."""

    def __init__(self, robot: InterruptibleRobot) -> None:
        self._robot = robot

    def service(self, details: Any) -> Any:
        method = details.method.rsplit("/", 1)[1]

        def answer(message: bytes, context: Any) -> bytes:
            return self._robot.answer(method, message)

        return grpc.unary_unary_rpc_method_handler(answer)
