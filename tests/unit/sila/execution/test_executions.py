"""Observable commands from their initiation until they are forgotten."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from sila2.framework import (
    CommandExecutionNotAccepted,
    CommandExecutionNotFinished,
    CommandExecutionStatus,
    DefinedExecutionError,
    InvalidCommandExecutionUUID,
    InvalidMetadata,
    SilaError,
    ValidationError,
)
from sila2.framework.pb2.SiLAFramework_pb2 import CommandExecutionUUID, ExecutionInfo

from sila_ot2 import sila
from sila_ot2.sila import Call, FeatureBinding, InTurn, Kind, Limits, NotAccepted, Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.execution.executions import Execution
from tests.fakes.bench import Broken
from tests.fakes.definitions import BENCH_FEATURE, basic, command, constrained, feature
from tests.waiting import wait_for


class Turn:
    """Admission with one place, which records what becomes of it."""

    def __init__(self, identifier: str = f"{BENCH_FEATURE}/Command/Run") -> None:
        self.identifier = identifier
        self.holder: Place | None = None
        self.calls: list[Call] = []

    def admit(self, call: Any) -> Any:
        self.calls.append(call)
        if call.identifier != self.identifier:
            return None
        if self.holder is not None:
            raise NotAccepted("somebody else has the turn")
        self.holder = Place(self)
        return self.holder


class Place:
    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.bound: uuid.UUID | None = None

    def bind(self, execution_uuid: uuid.UUID) -> None:
        self.bound = execution_uuid

    def release(self) -> None:
        if self.turn.holder is self:
            self.turn.holder = None


def finish(instance: Any, timeout_s: float = 30) -> Any:
    wait_for(lambda: instance.done, timeout_s=timeout_s)
    return instance


# --- admission --------------------------------------------------------------------------------------------------------


def test_busy_is_refused_at_initiation_and_not_in_the_result(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = Turn()
    client = client_of(serve(admission=turn))
    running = client.Bench.Run(60, "x")
    with pytest.raises(CommandExecutionNotAccepted, match="somebody else has the turn"):
        client.Bench.Run(60, "x")
    assert turn.holder is not None
    assert turn.holder.bound == running.execution_uuid


def test_turn_is_given_back_before_a_client_can_see_that_the_command_ended(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve(admission=Turn()))
    for _ in range(30):
        finish(client.Bench.Run(0, "x"))


def test_turn_is_given_back_when_parameters_are_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = Turn()
    client = client_of(serve(admission=turn))
    with pytest.raises(ValidationError):
        client.Bench.Run(float("nan"), "x")
    assert turn.holder is None


def test_turn_is_given_back_when_the_server_has_no_place_for_the_execution(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = Turn()
    client = client_of(serve(admission=turn, limits=Limits(executions=0)))
    with pytest.raises(Exception, match=r"limits\.executions"):
        client.Bench.Run(1, "x")
    assert turn.holder is None


def test_of_callers_at_the_same_moment_one_passes(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    class Atomic(Turn):
        mutex = threading.Lock()

        def admit(self, call: Any) -> Any:
            with self.mutex:
                return super().admit(call)

    client = client_of(serve(admission=Atomic()))
    outcomes = []

    def call() -> None:
        try:
            outcomes.append(client.Bench.Run(60, "x"))
        except CommandExecutionNotAccepted:
            outcomes.append(None)

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1


def test_admission_sees_who_wants_what(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    turn = Turn()
    client = client_of(serve(admission=turn))
    turn.calls.clear()
    client.Bench.Serial.get()
    client.Bench.Run(0, "x")
    client.Bench.Store(bytes(3 * 1024**2))
    with client.Bench.Level.subscribe() as subscription:
        next(subscription)
    assert [(call.kind, call.identifier.removeprefix(BENCH_FEATURE)) for call in turn.calls] == [
        (Kind.PROPERTY, "/Property/Serial"),
        (Kind.OBSERVABLE_COMMAND, "/Command/Run"),
        (Kind.UPLOAD, "/Command/Store"),
        (Kind.COMMAND, "/Command/Store"),
        (Kind.SUBSCRIPTION, "/Property/Level"),
    ]
    assert all(call.feature == BENCH_FEATURE and call.peer.startswith("ipv4:127.0.0.1:") for call in turn.calls)


def test_what_the_first_admission_reserved_is_given_back_when_the_second_refuses(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = Turn()

    class Refuses:
        def admit(self, call: Any) -> None:
            if call.kind is Kind.OBSERVABLE_COMMAND:
                raise Broken("not today")  # declared by the command

    client = client_of(serve(admission=InTurn(turn, Refuses())))
    with pytest.raises(DefinedExecutionError, match="Broken: not today"):
        client.Bench.Run(1, "x")
    assert turn.holder is None


def test_admission_may_refuse_metadata(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    class Refuses:
        def admit(self, call: Any) -> None:
            if call.kind is Kind.COMMAND:
                raise sila.InvalidMetadata("the token is too old")

    with pytest.raises(InvalidMetadata, match="too old"):
        client_of(serve(admission=Refuses())).Bench.Echo("x")


# --- life cycle -------------------------------------------------------------------------------------------------------


def test_result_and_info_after_the_end(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = finish(client_of(serve()).Bench.Run(0, "done"))
    assert instance.status is CommandExecutionStatus.finishedSuccessfully
    assert instance.get_responses().Result == "done"


def test_declared_error_ends_an_execution(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = finish(client_of(serve()).Bench.Run(0, "broken"))
    assert instance.status is CommandExecutionStatus.finishedWithError
    for _ in range(2):
        with pytest.raises(DefinedExecutionError, match="Broken: as told"):
            instance.get_responses()


def test_result_before_the_end_is_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = client_of(serve()).Bench.Run(60, "x")
    with pytest.raises(CommandExecutionNotFinished):
        instance.get_responses()


def test_uuid_of_another_command_is_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())
    ran = finish(client.Bench.Run(0, "x"))
    with pytest.raises(grpc.RpcError) as raised:
        _result(client, "Produce", ran.execution_uuid)
    assert SilaError.is_sila_error(raised.value)
    assert isinstance(SilaError.from_rpc_error(raised.value, client), InvalidCommandExecutionUUID)


def _result(client: Any, command: str, execution_uuid: uuid.UUID) -> Any:
    """The result of an execution as another client than the one that initiated it gets it."""
    request = CommandExecutionUUID(value=str(execution_uuid))
    message = getattr(client.Bench._grpc_stub, f"{command}_Result")(request)
    return client.Bench._observable_commands[command].responses.to_native_type(message)


def test_lifetime_runs_from_the_end(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    """The command runs longer than its lifetime; the result is there after it, and gone after the lifetime."""
    server = serve(limits=Limits(execution_lifetime_s=1.0))
    instance = client_of(server).Bench.Run(1.5, "kept")
    assert instance.lifetime_of_execution.total_seconds() == pytest.approx(1.0)
    finish(instance)
    assert instance.get_responses().Result == "kept"
    wait_for(lambda: not _is_known(instance))


def _is_known(instance: Any) -> bool:
    try:
        instance.get_responses()
    except InvalidCommandExecutionUUID:
        return False
    return True


def test_finished_executions_have_no_threads(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())
    finish(client.Bench.Run(0, "warm up"))
    before = _server_threads()
    instances = [client.Bench.Run(0, "x") for _ in range(100)]
    for instance in instances:
        finish(instance)
    wait_for(lambda: not [name for name in _server_threads() if name == "sila-Run"])
    assert len(_server_threads()) <= len(before) + 8


def _server_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("sila-")]


def test_oldest_results_give_way_beyond_the_cap(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve(limits=Limits(kept_executions=3)))
    instances = [finish(client.Bench.Run(0, str(n))) for n in range(5)]
    wait_for(lambda: not _is_known(instances[1]))
    assert [instance.get_responses().Result for instance in instances[2:]] == ["2", "3", "4"]


def test_results_beyond_the_memory_cap_are_on_disk_until_they_are_forgotten(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    limits = Limits(result_memory_bytes=100, kept_executions=2)
    client = client_of(serve(limits=limits, spool_directory=tmp_path))
    instances = [finish(client.Bench.Run(0, str(n) * 1000)) for n in range(4)]
    assert instances[3].get_responses().Result == "3" * 1000
    wait_for(lambda: len(_files(tmp_path)) == 2)


def _files(folder: Any) -> Any:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_are_gone_after_the_stop_and_leftovers_after_the_next_start(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    left = tmp_path / "sila-spool-old"
    left.mkdir()
    (left / "tmp1").write_bytes(b"x")
    server = serve(limits=Limits(result_memory_bytes=0), spool_directory=tmp_path)
    assert not left.exists()
    finish(client_of(server).Bench.Run(0, "x"))
    assert _files(tmp_path)
    server.stop(1)
    assert not list(tmp_path.iterdir())


def test_result_without_free_capacity_says_so(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    limits = Limits(result_memory_bytes=10, result_disk_bytes=10)
    instance = finish(client_of(serve(limits=limits)).Bench.Run(0, "x" * 100))
    with pytest.raises(Exception, match=r"limits\.result_disk_bytes"):
        instance.get_responses()


def test_info_opened_as_a_command_ends_never_hangs(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """Streams are opened around the moment of the end, many times; each must deliver the end and end itself."""
    client = client_of(serve())
    for _ in range(300):
        instance = client.Bench.Run(0.001, "x")
        finish(instance, timeout_s=10)


def test_large_result_can_be_fetched_by_several_clients(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """A client deletes what it has downloaded; that must not take it from the next."""
    server = serve()
    size = 5 * 1024**2
    instance = finish(client_of(server).Bench.Produce(size))
    for _ in range(2):
        assert len(_result(client_of(server), "Produce", instance.execution_uuid).Content) == size


# --- what an implementation can do ------------------------------------------------------------------------------------

STEPS = feature(
    "Steps",
    command(
        "Walk",
        observable=True,
        intermediate={"Step": constrained(basic("Integer"), "<MaximalInclusive>9</MaximalInclusive>")},
    ),
    command("Rest", observable=True),
)


class Steps:
    def __init__(self, walk: Any) -> None:
        self.walk = walk

    def Walk(self, *, execution: Execution) -> None:
        self.walk(execution)

    def Rest(self, *, execution: Execution) -> None:
        execution.send_intermediate(1)


def test_progress_remaining_time_and_intermediate_responses_reach_the_client(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    seen = threading.Event()

    def walk(execution: Execution) -> None:
        execution.report(progress=0.25, remaining_s=60)
        execution.send_intermediate(5)
        assert seen.wait(30)

    client = client_of(serve(FeatureBinding(STEPS, Steps(walk))))
    instance = client.Steps.Walk()
    with instance.subscribe_to_intermediate_responses() as steps:
        assert next(steps).Step == 5, "also when the subscription comes after it was sent"
    wait_for(lambda: instance.progress == 0.25)
    assert instance.status is CommandExecutionStatus.running
    assert 50 < instance.estimated_remaining_time.total_seconds() <= 60
    seen.set()
    finish(instance)
    assert instance.progress == 1.0


def test_invalid_intermediate_response_raises_where_it_is_sent(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    caught = []

    def walk(execution: Execution) -> None:
        with pytest.raises(ValueError, match="Constraint violated") as raised:
            execution.send_intermediate(11)
        caught.append(raised.value)

    client = client_of(serve(FeatureBinding(STEPS, Steps(walk))))
    finish(client.Steps.Walk())
    assert caught


def test_intermediate_response_of_a_command_without_any_is_a_bug(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(serve(FeatureBinding(STEPS, Steps(None))))
    instance = finish(client.Steps.Rest())
    assert instance.status is CommandExecutionStatus.finishedWithError
    assert "has no intermediate responses" in caplog.text


def test_reports_beyond_the_bounds_are_brought_within() -> None:
    execution = _execution()
    execution.start()
    execution.report(progress=1.5, remaining_s=-3)
    box = execution.subscribe_info()
    info = ExecutionInfo.FromString(next(iter(box)))
    assert info.progressInfo.value == 1.0
    assert info.estimatedRemainingTime.seconds == 0


def _execution() -> Execution:
    return Execution(feature="f", identifier="f/Command/C", kind=Kind.OBSERVABLE_COMMAND, lifetime_s=5)


def test_errors_asked_for_many_times_do_not_grow() -> None:
    execution = _execution()
    execution.finish(InvalidCommandExecutionUUID("an error"))
    for _ in range(50):
        with pytest.raises(InvalidCommandExecutionUUID) as raised:
            execution.result()
    depth, traceback = 0, raised.value.__traceback__
    while traceback is not None:
        depth, traceback = depth + 1, traceback.tb_next
    assert depth < 5


def test_lifetime_after_the_end_is_not_shorter_than_promised() -> None:
    """The package's client takes a shorter one for a broken promise."""
    execution = _execution()
    execution.finish(InvalidCommandExecutionUUID("an error"))
    execution.expires_at = time.monotonic() + 1
    info = ExecutionInfo.FromString(next(iter(execution.subscribe_info())))
    assert not info.HasField("updatedLifetimeOfExecution")
