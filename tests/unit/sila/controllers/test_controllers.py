"""CancelController, PauseController and LockController."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework import (
    CommandExecutionNotAccepted,
    DefinedExecutionError,
    InvalidMetadata,
    NoMetadataAllowed,
    SilaError,
    ValidationError,
)

from sila_ot2.sila import (
    RESUME,
    CancelController,
    Execution,
    FeatureBinding,
    InvalidCommandState,
    LockController,
    PauseController,
    Server,
)
from sila_ot2.sila.client import Client
from tests.fakes.clock import PassingClock
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, command, feature
from tests.waiting import wait_for

LOCK_FEATURE = "org.silastandard/core/LockController/v1"


# --- cancel -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cancelling(serve: Callable[..., Server], client_of: Callable[..., Client], standard: Callable[[str], str]) -> Any:
    return client_of(serve(FeatureBinding(standard("CancelController"), CancelController())))


def test_cancelled_command_ends_with_its_declared_error(cancelling: Any) -> None:
    instance = cancelling.SmallDevice.Run(60, "x")
    cancelling.CancelController.CancelCommand(str(instance.execution_uuid))
    wait_for(lambda: instance.done)
    with pytest.raises(DefinedExecutionError, match="CommandCancelled: ended early"):
        instance.get_responses()


def test_cancel_all_cancels_everything(cancelling: Any) -> None:
    instances = [cancelling.SmallDevice.Run(60, "x") for _ in range(3)]
    cancelling.CancelController.CancelAll()
    wait_for(lambda: all(instance.done for instance in instances))


def test_cancel_of_what_is_not_running_is_the_declared_error(cancelling: Any) -> None:
    ended = cancelling.SmallDevice.Run(0, "x")
    wait_for(lambda: ended.done)
    for execution_uuid in (ended.execution_uuid, uuid.uuid4()):
        with pytest.raises(DefinedExecutionError) as raised:
            cancelling.CancelController.CancelCommand(str(execution_uuid))
        assert raised.value.identifier == "InvalidCommandExecutionUUID"
    with pytest.raises(ValidationError):
        cancelling.CancelController.CancelCommand("no uuid")


# --- pause ------------------------------------------------------------------------------------------------------------


class Walker:
    def __init__(self) -> None:
        self.done: list[str] = []

    @property
    def paused(self) -> bool:
        return self.done[-1:] == ["paused"]

    def Walk(self, *, execution: Execution) -> None:
        execution.allow_pause(self._pause, lambda: self.done.append("resumed"))
        execution.cancelled.wait(60)

    def _pause(self) -> None:
        if self.done:
            raise InvalidCommandState("it is paused")
        self.done.append("paused")


@pytest.fixture
def pausing(serve: Callable[..., Server], client_of: Callable[..., Client], standard: Callable[[str], str]) -> Any:
    walker = Walker()
    client = client_of(
        serve(
            FeatureBinding(standard("PauseController"), PauseController(lambda: walker.paused)),
            FeatureBinding(feature("Walker", command("Walk", observable=True)), walker),
        )
    )
    return client, walker


def test_pause_and_resume_call_what_the_command_offers(pausing: Any) -> None:
    client, walker = pausing
    instance = client.Walker.Walk()
    execution_uuid = str(instance.execution_uuid)
    wait_for(lambda: _pauses(client, execution_uuid))
    assert walker.done == ["paused"]
    assert client.PauseController.Paused.get()
    with pytest.raises(DefinedExecutionError) as raised:
        client.PauseController.Pause(execution_uuid)
    assert raised.value.identifier == "InvalidCommandState"
    client.PauseController.Resume(execution_uuid)
    assert walker.done == ["paused", "resumed"]
    assert not client.PauseController.Paused.get()


def _pauses(client: Any, execution_uuid: str) -> bool:
    try:
        client.PauseController.Pause(execution_uuid)
    except DefinedExecutionError:
        return False  # it has not begun yet
    return True


def test_pause_of_a_command_that_does_not_offer_it_is_the_declared_error(pausing: Any) -> None:
    client, _ = pausing
    for act in (client.PauseController.Pause, client.PauseController.Resume):
        with pytest.raises(DefinedExecutionError) as raised:
            act(str(client.SmallDevice.Run(60, "x").execution_uuid))
        assert raised.value.identifier == "OperationNotSupported"
        with pytest.raises(DefinedExecutionError) as raised:
            act(str(uuid.uuid4()))
        assert raised.value.identifier == "InvalidCommandExecutionUUID"


# --- lock -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Any:
    return PassingClock(0.0)


@pytest.fixture
def lock(clock: Any) -> Any:
    protected = {f"{SMALL_DEVICE_FEATURE}/Command/{name}" for name in ("Echo", "Run", "Store")}
    return LockController(protected | {RESUME}, clock)


@pytest.fixture
def locking(
    serve: Callable[..., Server], client_of: Callable[..., Client], standard: Callable[[str], str], lock: Any
) -> Any:
    return client_of(
        serve(
            FeatureBinding(standard("LockController"), lock),
            FeatureBinding(standard("CancelController"), CancelController()),
            FeatureBinding(standard("PauseController"), PauseController(lambda: False)),
            admission=lock,
        )
    )


def test_unlocked_server_asks_nobody_for_the_identifier(locking: Any) -> None:
    assert not locking.LockController.IsLocked.get()
    assert locking.SmallDevice.Echo("x").Text == "x"
    assert locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("any")]).Text == "x"
    locking.SmallDevice.Run(60, "x")


def test_locked_server_asks_for_it_where_something_changes(locking: Any) -> None:
    locking.LockController.LockServer("mine", 0)
    with pytest.raises(InvalidMetadata):
        locking.SmallDevice.Echo("x")
    with pytest.raises(InvalidMetadata):
        locking.SmallDevice.Run(0, "x")
    with pytest.raises(InvalidMetadata):
        locking.SmallDevice.Store(bytes(3_000_000))
    mine, other = (locking.LockController.LockIdentifier(text) for text in ("mine", "other"))
    with pytest.raises(DefinedExecutionError) as raised:
        locking.SmallDevice.Echo("x", metadata=[other])
    assert raised.value.fully_qualified_identifier == f"{LOCK_FEATURE}/DefinedExecutionError/InvalidLockIdentifier"
    assert locking.SmallDevice.Echo("x", metadata=[mine]).Text == "x"
    assert locking.SmallDevice.Store(bytes(3_000_000), metadata=[mine]).Size == 3_000_000


def test_reading_stopping_cancelling_and_sila_service_never_need_it(locking: Any) -> None:
    instance = locking.SmallDevice.Run(60, "x")
    locking.LockController.LockServer("mine", 0)
    assert locking.SmallDevice.Serial.get() == "4711"
    assert next(locking.SmallDevice.Level.subscribe()) == 1
    assert locking.SiLAService.ServerName.get() == "SmallDevice"
    locking.SmallDevice.Stop()
    assert locking.LockController.IsLocked.get()
    locking.CancelController.CancelCommand(str(instance.execution_uuid))
    wait_for(lambda: instance.done)
    with pytest.raises(DefinedExecutionError, match="CommandCancelled"):
        instance.get_responses()


def test_lock_is_taken_and_given_back_by_its_holder_alone(locking: Any) -> None:
    locking.LockController.LockServer("mine", 0)
    with pytest.raises(DefinedExecutionError, match="ServerAlreadyLocked"):
        locking.LockController.LockServer("other", 0)
    with pytest.raises(DefinedExecutionError, match="InvalidLockIdentifier"):
        locking.LockController.UnlockServer("other")
    locking.LockController.UnlockServer("mine")
    assert not locking.LockController.IsLocked.get()
    with pytest.raises(DefinedExecutionError, match="ServerNotLocked"):
        locking.LockController.UnlockServer("mine")


def test_lock_ends_when_it_is_not_used_and_use_renews_it(locking: Any, clock: Any) -> None:
    locking.LockController.LockServer("mine", 10)
    for _ in range(3):
        clock.now += 9
        locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("mine")])
    clock.now += 9
    assert locking.LockController.IsLocked.get()
    clock.now += 2
    assert not locking.LockController.IsLocked.get()
    assert locking.SmallDevice.Echo("x").Text == "x"


def test_lock_is_kept_alive_by_a_command_that_was_begun_with_it(locking: Any, clock: Any) -> None:
    locking.LockController.LockServer("mine", 10)
    mine = [locking.LockController.LockIdentifier("mine")]
    first, second = (locking.SmallDevice.Run(60, "x", metadata=mine) for _ in range(2))
    clock.now += 1000
    assert locking.LockController.IsLocked.get()
    with pytest.raises(DefinedExecutionError, match="ServerAlreadyLocked.*after the command"):
        locking.LockController.LockServer("other", 10)
    for instance in (first, second):
        assert locking.LockController.IsLocked.get()
        locking.CancelController.CancelCommand(str(instance.execution_uuid))
        wait_for(lambda instance=instance: instance.done)  # type: ignore[misc]
        clock.now += 9  # the timeout starts again with the end of each
    assert locking.LockController.IsLocked.get()
    clock.now += 2
    assert not locking.LockController.IsLocked.get()


def test_lock_is_kept_alive_neither_by_a_stranger_nor_by_commands_of_an_earlier_lock(locking: Any, clock: Any) -> None:
    before = locking.SmallDevice.Run(60, "x")
    locking.LockController.LockServer("first", 10)
    locking.SmallDevice.Run(60, "x", metadata=[locking.LockController.LockIdentifier("first")])
    locking.LockController.UnlockServer("first")
    locking.LockController.LockServer("second", 10)
    locking.CancelController.CancelAll()
    wait_for(lambda: before.done)
    clock.now += 11
    assert not locking.LockController.IsLocked.get()


def test_refusals_say_who_holds_the_lock_and_until_when(locking: Any) -> None:
    locking.LockController.LockServer("mine", 60)
    for refused in (
        lambda: locking.SmallDevice.Echo("x"),
        lambda: locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("other")]),
        lambda: locking.LockController.LockServer("other", 0),
        lambda: locking.LockController.UnlockServer("other"),
        lambda: locking.SiLAService.SetServerName("Mine"),
    ):
        with pytest.raises(SilaError, match=r"locked by a client at 127.0.0.1 since .* UTC. It ends at .* UTC"):
            refused()  # type: ignore[no-untyped-call]
    locking.LockController.UnlockServer("mine")
    locking.LockController.LockServer("mine", 0)
    with pytest.raises(InvalidMetadata, match="does not end by itself"):
        locking.SmallDevice.Echo("x")


@pytest.mark.parametrize("timeout_s", [10**11, 2**63 - 1])
def test_a_timeout_beyond_all_dates_never_ends(locking: Any, clock: Any, timeout_s: int) -> None:
    locking.LockController.LockServer("mine", timeout_s)
    with pytest.raises(InvalidMetadata, match="does not end by itself"):
        locking.SmallDevice.Echo("x")
    assert locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("mine")]).Text == "x"
    clock.now += 1e9
    assert locking.LockController.IsLocked.get()


def test_resuming_needs_the_lock_and_pausing_does_not(locking: Any) -> None:
    instance = locking.SmallDevice.Run(60, "x")
    locking.LockController.LockServer("mine", 0)
    with pytest.raises(InvalidMetadata):
        locking.PauseController.Resume(str(instance.execution_uuid))
    with pytest.raises(DefinedExecutionError, match="OperationNotSupported"):
        locking.PauseController.Pause(str(instance.execution_uuid))


def test_metadata_is_accepted_where_it_is_not_needed_but_not_by_sila_service(locking: Any) -> None:
    locking.LockController.LockServer("mine", 0)
    for identifier in ("mine", "other"):
        metadata = [locking.LockController.LockIdentifier(identifier)]
        assert locking.SmallDevice.Serial.get(metadata=metadata) == "4711"
        assert locking.LockController.IsLocked.get(metadata=metadata)
        locking.SmallDevice.Stop(metadata=metadata)
        locking.CancelController.CancelAll(metadata=metadata)
        with pytest.raises(NoMetadataAllowed):
            locking.SiLAService.ServerName.get(metadata=metadata)


def test_name_of_a_locked_server_stays(locking: Any) -> None:
    locking.LockController.LockServer("mine", 0)
    with pytest.raises(CommandExecutionNotAccepted, match="cannot be set now"):
        locking.SiLAService.SetServerName("Mine")
    locking.LockController.UnlockServer("mine")
    locking.SiLAService.SetServerName("Mine")
    assert locking.SiLAService.ServerName.get() == "Mine"


def test_wrong_identifier_renews_nothing(locking: Any, clock: Any) -> None:
    locking.LockController.LockServer("mine", 10)
    clock.now += 9
    with pytest.raises(DefinedExecutionError):
        locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("other")])
    clock.now += 2
    assert not locking.LockController.IsLocked.get()


def test_a_timeout_of_zero_never_ends_and_a_negative_one_is_refused(locking: Any, clock: Any) -> None:
    with pytest.raises(CommandExecutionNotAccepted, match="negative"):
        locking.LockController.LockServer("mine", -1)
    locking.LockController.LockServer("mine", 0)
    clock.now += 1e9
    assert locking.LockController.IsLocked.get()


def test_administrator_breaks_the_lock_and_it_is_recorded(
    locking: Any, lock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert not lock.break_lock("nobody holds it")
    locking.LockController.LockServer("mine", 0)
    assert lock.break_lock("asked by the operator")
    assert not locking.LockController.IsLocked.get()
    assert "the lock was broken: asked by the operator" in caplog.text


def test_identifier_of_the_lock_does_not_reach_the_log(locking: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    locking.LockController.LockServer("geheim", 1)
    locking.SmallDevice.Echo("x", metadata=[locking.LockController.LockIdentifier("geheim")])
    locking.LockController.UnlockServer("geheim")
    assert "locks the server" in caplog.text
    assert "geheim" not in caplog.text


def test_calls_affected_by_the_lock_are_reported(locking: Any) -> None:
    affected = {str(call) for call in locking.LockController.LockIdentifier.get_affected_calls()}
    assert f"{SMALL_DEVICE_FEATURE}/Command/Echo" in affected
    assert f"{SMALL_DEVICE_FEATURE}/Command/Stop" not in affected
