"""Two sets of implementations of one feature: which one serves a call, and what subscribers see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sila2.framework.abc.sila_error import SilaError

from sila_ot2.sila import (
    Call,
    Ended,
    Execution,
    FeatureBinding,
    FeatureSet,
    FeatureSwitch,
    Kind,
    NotAccepted,
    ObservableProperty,
    Sent,
    Server,
)
from sila_ot2.sila.admission import Reservation
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE, SMALL_DEVICE_FEATURE
from tests.fakes.small_device import TIMEOUT_S, Broken, SmallDevice
from tests.fakes.streams import sent
from tests.unit.sila.conftest import INFO
from tests.waiting import wait_for


@dataclass
class HeldAdmission:
    """Admits calls once `open` is set."""

    open: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: bool = False

    def admit(self, call: Call) -> Reservation | None:
        if not self.open.is_set():
            self.waiting.release()
        assert self.open.wait(TIMEOUT_S)
        if self.closed:
            raise NotAccepted("closed")
        return None


@dataclass
class SwitchedSide:
    device: SmallDevice = field(default_factory=SmallDevice)
    door: HeldAdmission = field(default_factory=HeldAdmission)

    def __post_init__(self) -> None:
        self.door.open.set()
        self.features = FeatureSet({SMALL_DEVICE_FEATURE: self.device}, self.door)


class Switched:
    """A server of two benches."""

    def __init__(self) -> None:
        self.first, self.second = SwitchedSide(), SwitchedSide()
        self.switch = FeatureSwitch(self.first.features)
        (served,) = self.switch.implementations
        self.server = Server(INFO, [FeatureBinding(SMALL_DEVICE, served)], admission=self.switch)
        self.server.start("127.0.0.1", 0, None)

    def end(self) -> None:
        for side in (self.first, self.second):
            side.device.gate.set()
            side.door.open.set()
        self.server.stop(5.0)


@pytest.fixture
def switched() -> Iterator[Switched]:
    switched = Switched()
    yield switched
    switched.end()


@pytest.fixture
def client(switched: Switched, client_of: Callable[..., Client]) -> Client:
    return client_of(switched.server)


def test_calls_go_to_the_set_that_serves(switched: Switched, client: Client) -> None:
    client.SmallDevice.Echo("1")
    switched.switch.change(switched.second.features)
    client.SmallDevice.Echo("2")
    switched.switch.change(switched.first.features)
    client.SmallDevice.Echo("3")
    assert (len(switched.first.device.calls), len(switched.second.device.calls)) == (2, 1)


def test_a_call_that_was_admitted_before_the_switch_is_carried_out_by_the_set_that_it_was_sent_to(
    switched: Switched, client: Client
) -> None:
    """Else what was meant for a simulated robot would move the real one."""
    door = switched.first.door
    door.open.clear()
    sending = threading.Thread(target=lambda: client.SmallDevice.Echo("1"))
    sending.start()
    assert door.waiting.acquire(timeout=TIMEOUT_S)
    switched.switch.change(switched.second.features)
    door.open.set()
    sending.join()
    assert (len(switched.first.device.calls), len(switched.second.device.calls)) == (1, 0)


def test_a_call_says_whether_the_set_that_it_was_given_to_simulates(
    switched: Switched, client_of: Callable[..., Client]
) -> None:
    switched.second.features = FeatureSet(
        {SMALL_DEVICE_FEATURE: switched.second.device}, switched.second.door, simulated=True
    )
    ended: list[tuple[str, bool]] = []

    class SentRecorder:
        def sent(self, command: Sent) -> Ended:
            name = command.identifier.rpartition("/")[2]
            # The mode changes after the command was sent, and before it is admitted.
            switched.switch.change((switched.first if name == "Run" else switched.second).features)
            return lambda error, call: ended.append((name, call is not None and call.simulated))

    (served,) = switched.switch.implementations
    server = Server(INFO, [FeatureBinding(SMALL_DEVICE, served)], admission=switched.switch, recorder=SentRecorder())
    server.start("127.0.0.1", 0, None)
    try:
        client = client_of(server)
        client.SmallDevice.Echo("1")
        execution = client.SmallDevice.Run(0.01, "done")
        wait_for(lambda: execution.done)
        switched.second.door.closed = True
        with pytest.raises(SilaError):
            client.SmallDevice.Fail("broken:simulated")
    finally:
        server.stop(5.0)
    assert ended == [("Echo", True), ("Run", False), ("Fail", True)]


def test_only_the_set_that_serves_admits(switched: Switched, client: Client) -> None:
    switched.second.door.closed = True
    client.SmallDevice.Echo("1")
    switched.switch.change(switched.second.features)
    with pytest.raises(Exception, match="closed"):
        client.SmallDevice.Echo("2")
    assert switched.second.device.calls == []
    assert switched.switch.under_way(switched.second.features) == []


def test_subscribers_see_the_values_of_the_set_that_serves(switched: Switched, client: Client) -> None:
    switched.second.device.Level.set(7)
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 1
        switched.switch.change(switched.second.features)
        assert next(subscription) == 7
        switched.first.device.Level.set(2)  # nobody is shown this
        switched.second.device.Level.set(8)
        assert next(subscription) == 8
        switched.switch.change(switched.first.features)
        assert next(subscription) == 2


def test_a_value_that_violates_the_definition_is_refused_where_it_is_set(switched: Switched, client: Client) -> None:
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 1
        with pytest.raises(ValueError, match="Level"):
            switched.first.device.Level.set(11)
    assert (switched.first.device.Level.value, client.SmallDevice.Level.get()) == (1, 1)


def test_an_error_of_a_property_is_that_of_the_set_that_serves() -> None:
    shown, first, second = ObservableProperty[int](), ObservableProperty(1), ObservableProperty(2)
    shown.follow(first)
    shown.bind(lambda value: bytes([value]))
    reader = shown.subscribe()
    first.fail(Broken("simulated"))
    assert isinstance(reader.end(), Broken)
    shown.follow(second)
    assert sent(shown.subscribe()) == [b"\x02"]
    first.set(3)
    assert shown.value == 2


def test_nothing_is_switched_under_a_command(switched: Switched, client: Client) -> None:
    begun = client.SmallDevice.Run(TIMEOUT_S, "done")
    assert switched.first.device.entered.acquire(timeout=TIMEOUT_S)
    assert [call.identifier for call in switched.switch.change_if_idle(switched.second.features)] == [
        f"{SMALL_DEVICE_FEATURE}/Command/Run"
    ]
    client.SmallDevice.Echo("1")
    assert len(switched.first.device.calls) == 2
    (call,) = switched.switch.under_way(switched.first.features)
    assert isinstance(call, Execution)
    call.cancelled.set()
    assert switched.switch.wait_until_idle(switched.first.features, TIMEOUT_S)
    assert switched.switch.change_if_idle(switched.second.features) == []
    assert switched.switch.current is switched.second.features
    wait_for(lambda: begun.done)


def test_a_call_that_is_not_under_way_is_carried_out_by_no_set(switched: Switched) -> None:
    """Which set it was sent to is not known."""
    call = Call(feature=SMALL_DEVICE_FEATURE, identifier=f"{SMALL_DEVICE_FEATURE}/Command/Echo", kind=Kind.COMMAND)
    with pytest.raises(KeyError):
        switched.switch.implementation(SMALL_DEVICE_FEATURE, call)
    reservation = switched.switch.admit(call)
    assert switched.switch.implementation(SMALL_DEVICE_FEATURE, call) is switched.first.device
    reservation.release()
    with pytest.raises(KeyError):
        switched.switch.implementation(SMALL_DEVICE_FEATURE, call)
