"""A command is admitted before it begins, and gives back what was reserved for it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework import (
    CommandExecutionNotAccepted,
    DefinedExecutionError,
    InvalidMetadata,
    ValidationError,
)

from sila_ot2 import sila
from sila_ot2.sila import Call, InTurn, Kind, Limits, NotAccepted, Server
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE_FEATURE
from tests.fakes.small_device import Broken
from tests.unit.sila.execution.instances import finish


class OneTurn:
    """Admission with one place, which records what becomes of it."""

    def __init__(self, identifier: str = f"{SMALL_DEVICE_FEATURE}/Command/Run") -> None:
        self.identifier = identifier
        self.holder: AdmissionPlace | None = None
        self.calls: list[Call] = []

    def admit(self, call: Any) -> Any:
        self.calls.append(call)
        if call.identifier != self.identifier:
            return None
        if self.holder is not None:
            raise NotAccepted("somebody else has the turn")
        self.holder = AdmissionPlace(self)
        return self.holder


class AdmissionPlace:
    def __init__(self, turn: OneTurn) -> None:
        self.turn = turn
        self.bound: uuid.UUID | None = None

    def bind(self, execution_uuid: uuid.UUID) -> None:
        self.bound = execution_uuid

    def release(self) -> None:
        if self.turn.holder is self:
            self.turn.holder = None


def test_busy_is_refused_at_initiation_and_not_in_the_result(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = OneTurn()
    client = client_of(serve(admission=turn))
    running = client.SmallDevice.Run(60, "x")
    with pytest.raises(CommandExecutionNotAccepted, match="somebody else has the turn"):
        client.SmallDevice.Run(60, "x")
    assert turn.holder is not None
    assert turn.holder.bound == running.execution_uuid


def test_turn_is_given_back_before_a_client_can_see_that_the_command_ended(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve(admission=OneTurn()))
    for _ in range(30):
        finish(client.SmallDevice.Run(0, "x"))


def test_turn_is_given_back_when_parameters_are_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = OneTurn()
    client = client_of(serve(admission=turn))
    with pytest.raises(ValidationError):
        client.SmallDevice.Run(float("nan"), "x")
    assert turn.holder is None


def test_turn_is_given_back_when_the_server_has_no_place_for_the_execution(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = OneTurn()
    client = client_of(serve(admission=turn, limits=Limits(executions=0)))
    with pytest.raises(Exception, match=r"limits\.executions"):
        client.SmallDevice.Run(1, "x")
    assert turn.holder is None


def test_of_callers_at_the_same_moment_one_passes(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    class Atomic(OneTurn):
        mutex = threading.Lock()

        def admit(self, call: Any) -> Any:
            with self.mutex:
                return super().admit(call)

    client = client_of(serve(admission=Atomic()))
    outcomes = []

    def call() -> None:
        try:
            outcomes.append(client.SmallDevice.Run(60, "x"))
        except CommandExecutionNotAccepted:
            outcomes.append(None)

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1


def test_admission_sees_who_wants_what(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    turn = OneTurn()
    client = client_of(serve(admission=turn))
    turn.calls.clear()
    client.SmallDevice.Serial.get()
    client.SmallDevice.Run(0, "x")
    client.SmallDevice.Store(bytes(3 * 1024**2))
    with client.SmallDevice.Level.subscribe() as subscription:
        next(subscription)
    assert [(call.kind, call.identifier.removeprefix(SMALL_DEVICE_FEATURE)) for call in turn.calls] == [
        (Kind.PROPERTY, "/Property/Serial"),
        (Kind.OBSERVABLE_COMMAND, "/Command/Run"),
        (Kind.UPLOAD, "/Command/Store"),
        (Kind.COMMAND, "/Command/Store"),
        (Kind.SUBSCRIPTION, "/Property/Level"),
    ]
    assert all(call.feature == SMALL_DEVICE_FEATURE and call.peer.startswith("ipv4:127.0.0.1:") for call in turn.calls)


def test_what_the_first_admission_reserved_is_given_back_when_the_second_refuses(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    turn = OneTurn()

    class Refuses:
        def admit(self, call: Any) -> None:
            if call.kind is Kind.OBSERVABLE_COMMAND:
                raise Broken("not today")  # declared by the command

    client = client_of(serve(admission=InTurn(turn, Refuses())))
    with pytest.raises(DefinedExecutionError, match="Broken: not today"):
        client.SmallDevice.Run(1, "x")
    assert turn.holder is None


def test_admission_may_refuse_metadata(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    class Refuses:
        def admit(self, call: Any) -> None:
            if call.kind is Kind.COMMAND:
                raise sila.InvalidMetadata("the token is too old")

    with pytest.raises(InvalidMetadata, match="too old"):
        client_of(serve(admission=Refuses())).SmallDevice.Echo("x")
