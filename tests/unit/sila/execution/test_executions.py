"""Observable commands from their initiation until they are forgotten."""

from __future__ import annotations

import gc
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from sila2.framework import (
    CommandExecutionNotFinished,
    CommandExecutionStatus,
    DefinedExecutionError,
    InvalidCommandExecutionUUID,
    SilaError,
)
from sila2.framework.pb2.SiLAFramework_pb2 import CommandExecutionUUID, ExecutionInfo

from sila_ot2.sila import Limits, Server
from sila_ot2.sila.client import Client
from tests.fakes.streams import sent
from tests.unit.sila.execution.instances import execution, finish
from tests.waiting import wait_for


def test_result_and_info_after_the_end(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = finish(client_of(serve()).SmallDevice.Run(0, "done"))
    assert instance.status is CommandExecutionStatus.finishedSuccessfully
    assert instance.get_responses().Result == "done"


def test_declared_error_ends_an_execution(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = finish(client_of(serve()).SmallDevice.Run(0, "broken"))
    assert instance.status is CommandExecutionStatus.finishedWithError
    for _ in range(2):
        with pytest.raises(DefinedExecutionError, match="Broken: simulated"):
            instance.get_responses()


def test_result_before_the_end_is_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    instance = client_of(serve()).SmallDevice.Run(60, "x")
    with pytest.raises(CommandExecutionNotFinished):
        instance.get_responses()


def test_uuid_of_another_command_is_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())
    ran = finish(client.SmallDevice.Run(0, "x"))
    with pytest.raises(grpc.RpcError) as raised:
        _result(client, "Produce", ran.execution_uuid)
    assert SilaError.is_sila_error(raised.value)
    assert isinstance(SilaError.from_rpc_error(raised.value, client), InvalidCommandExecutionUUID)


def _result(client: Any, command: str, execution_uuid: uuid.UUID) -> Any:
    """The result of an execution as another client than the one that initiated it gets it."""
    request = CommandExecutionUUID(value=str(execution_uuid))
    message = getattr(client.SmallDevice._grpc_stub, f"{command}_Result")(request)
    return client.SmallDevice._observable_commands[command].responses.to_native_type(message)


@pytest.mark.slow
def test_lifetime_runs_from_the_end(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    """The command runs longer than its lifetime; the result is there after it, and gone after the lifetime."""
    server = serve(limits=Limits(execution_lifetime_s=1.0))
    instance = client_of(server).SmallDevice.Run(1.5, "kept")
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


@pytest.mark.slow
def test_finished_executions_have_no_threads(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())
    finish(client.SmallDevice.Run(0, "warm up"))
    before = _server_threads()
    instances = [client.SmallDevice.Run(0, "x") for _ in range(100)]
    for instance in instances:
        finish(instance)
    wait_for(lambda: not [name for name in _server_threads() if name == "sila-Run"])
    assert len(_server_threads()) <= len(before) + 8


def _server_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("sila-")]


def test_oldest_results_give_way_beyond_the_cap(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve(limits=Limits(kept_executions=3)))
    instances = [finish(client.SmallDevice.Run(0, str(n))) for n in range(5)]
    wait_for(lambda: not _is_known(instances[1]))
    assert [instance.get_responses().Result for instance in instances[2:]] == ["2", "3", "4"]


def test_results_beyond_the_memory_cap_are_on_disk_until_they_are_forgotten(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    limits = Limits(result_memory_bytes=100, kept_executions=2)
    client = client_of(serve(limits=limits, spool_directory=tmp_path))
    instances = [finish(client.SmallDevice.Run(0, str(n) * 1000)) for n in range(4)]
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
    finish(client_of(server).SmallDevice.Run(0, "x"))
    assert _files(tmp_path)
    server.stop(1)
    assert not list(tmp_path.iterdir())


def test_result_without_free_capacity_says_so(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    limits = Limits(result_memory_bytes=10, result_disk_bytes=10)
    instance = finish(client_of(serve(limits=limits)).SmallDevice.Run(0, "x" * 100))
    with pytest.raises(Exception, match=r"limits\.result_disk_bytes"):
        instance.get_responses()


@pytest.mark.slow
def test_info_opened_as_a_command_ends_never_hangs(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """Streams are opened around the moment of the end, many times; each must deliver the end and end itself."""
    client = client_of(serve())
    for _ in range(300):
        instance = client.SmallDevice.Run(0.001, "x")
        finish(instance, timeout_s=60)


def test_large_result_can_be_fetched_by_several_clients(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """A client deletes what it has downloaded; that must not take it from the next."""
    server = serve()
    size = 5 * 1024**2
    instance = finish(client_of(server).SmallDevice.Produce(size))
    for _ in range(2):
        assert len(_result(client_of(server), "Produce", instance.execution_uuid).Content) == size


def test_errors_asked_for_many_times_do_not_grow() -> None:
    one = execution()
    one.finish(InvalidCommandExecutionUUID("an error"))
    for _ in range(50):
        with pytest.raises(InvalidCommandExecutionUUID) as raised:
            one.result()
    depth, traceback = 0, raised.value.__traceback__
    while traceback is not None:
        depth, traceback = depth + 1, traceback.tb_next
    assert depth < 5


def test_errors_that_are_kept_keep_no_calls(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())

    def ask_for_errors() -> None:
        for _ in range(20):
            with pytest.raises(DefinedExecutionError):
                finish(client.SmallDevice.Run(0, "broken")).get_responses()

    ask_for_errors()
    before = _calls()
    ask_for_errors()
    wait_for(lambda: _calls() <= before + 1)


def _calls() -> int:
    gc.collect()
    return sum(issubclass(type(each), grpc.ServicerContext) for each in gc.get_objects())


def test_lifetime_after_the_end_is_not_shorter_than_promised() -> None:
    """The package's client takes a shorter one for a broken promise."""
    one = execution()
    one.finish(InvalidCommandExecutionUUID("an error"))
    one.expires_at = time.monotonic() + 1
    info = ExecutionInfo.FromString(sent(one.subscribe_info())[0])
    assert not info.HasField("updatedLifetimeOfExecution")
