"""A recorder gets every command of every client once, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework.abc.sila_error import SilaError

from sila_ot2.sila import Call, Ended, FeatureBinding, Kind, LockController, NotAccepted, Sent, Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.codec import summary
from tests.waiting import wait_for

SECRET = "the-secret-identifier"


class Recorder:
    def __init__(self) -> None:
        self.sent_commands: list[Sent] = []
        self.outcomes: list[tuple[str, str]] = []

    def sent(self, command: Sent) -> Ended:
        self.sent_commands.append(command)
        name = command.identifier.rpartition("/")[2]
        return lambda error, call: self.outcomes.append((name, type(error).__name__ if error else "Succeeded"))

    def parameters(self) -> list[Any]:
        return [dict(command.parameters()) for command in self.sent_commands]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def client(serve: Callable[..., Server], client_of: Callable[..., Client], recorder: Recorder) -> Client:
    return client_of(serve(recorder=recorder))


def test_commands_are_recorded_with_parameters_and_outcome_and_reading_is_not(
    client: Client, recorder: Recorder
) -> None:
    client.SmallDevice.Echo("text")
    client.SmallDevice.Serial.get()
    with pytest.raises(SilaError):
        client.SmallDevice.Fail("broken:simulated")
    assert recorder.outcomes == [("Echo", "Succeeded"), ("Fail", "DefinedExecutionError")]
    assert recorder.parameters() == [{"Text": "text"}, {"Text": "broken:simulated"}]
    assert all(command.peer.startswith("ipv4:127.0.0.1:") for command in recorder.sent_commands)


def test_an_observable_command_ends_with_its_execution(client: Client, recorder: Recorder) -> None:
    for result in ("done", "broken"):
        execution = client.SmallDevice.Run(0.01, result)
        wait_for(lambda: execution.done)  # noqa: B023 (called before the next turn)
    assert recorder.outcomes == [("Run", "Succeeded"), ("Run", "DefinedExecutionError")]


class RefuseAll:
    def admit(self, call: Call) -> None:
        if call.kind is Kind.COMMAND and call.feature.endswith("/SmallDevice/v1"):
            raise NotAccepted("not now")


def test_a_command_that_is_refused_is_recorded(
    serve: Callable[..., Server], client_of: Callable[..., Client], recorder: Recorder
) -> None:
    client = client_of(serve(recorder=recorder, admission=RefuseAll()))
    with pytest.raises(SilaError):
        client.SmallDevice.Echo("text")
    assert recorder.outcomes == [("Echo", "CommandExecutionNotAccepted")]


def test_long_texts_and_contents_are_recorded_by_size_and_hash(
    client: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "MOST_ELEMENTS", 2)
    client.SmallDevice.Echo("x" * 201)
    client.SmallDevice.Store(b"content")
    client.SmallDevice.Count([5, 0, 7])
    text, content, values = recorder.parameters()
    assert text["Text"]["characters"] == 201
    assert len(text["Text"]["sha256"]) == 64
    assert content["Content"]["bytes"] == 7
    assert values["Values"] == [5, 0, {"more": 1}]


def test_no_lock_identifier_is_recorded(
    serve: Callable[..., Server],
    client_of: Callable[..., Client],
    standard: Callable[[str], str],
    recorder: Recorder,
) -> None:
    lock = LockController(protected=set())
    client = client_of(serve(FeatureBinding(standard("LockController"), lock), admission=lock, recorder=recorder))
    client.LockController.LockServer(SECRET, 60)
    client.LockController.UnlockServer(SECRET)
    assert len(recorder.sent_commands) == 2
    assert SECRET not in repr(recorder.parameters())
