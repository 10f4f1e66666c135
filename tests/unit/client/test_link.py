"""What changes anything is sent once; what does not is sent until it is answered."""

from __future__ import annotations

import threading
from typing import Any

import grpc
import pytest

from sila_ot2.client import errors, link, wire
from sila_ot2.client.execution import Execution
from sila_ot2.client.generated.device_lighting import BLINK_FOR_IDENTIFICATION, RAIL_LIGHTS, SET_RAIL_LIGHTS
from sila_ot2.client.generated.lock_controller import IS_LOCKED, LOCK_SERVER
from sila_ot2.client.generated.protocol_service import UPLOAD_DATA_FILE
from sila_ot2.client.generated.run_controller import RUN_PROTOCOL, STOP_RUN
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.properties import ObservableProperty
from tests.unit.client.fake_channel import FakeChannel, unavailable
from tests.unit.client.test_errors import Failed, reported

TRUE = wire.field(1, b"\x08\x01")
CONFIRMED = wire.field(1, wire.field(1, b"the-uuid"))
RUNNING, SUCCEEDED, FAILED = (wire.number_field(1, status) for status in (1, 2, 3))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "PAUSE_S", 0.0)


def linked(reconnect_s: float = 60, **answers: list[Any]) -> tuple[link.Link, FakeChannel]:
    channel = FakeChannel(**answers)
    return link.Link(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=reconnect_s), channel  # type: ignore[arg-type]


def test_a_command_whose_answer_is_lost_is_not_sent_again() -> None:
    subject, channel = linked(SetRailLights=[unavailable()])
    with pytest.raises(errors.AnswerLost, match="SetRailLights"):
        subject.command(SET_RAIL_LIGHTS, (True,))
    assert channel.sent == ["Get_ServerUUID", "SetRailLights"]


def test_an_initiation_whose_answer_is_lost_is_not_sent_again() -> None:
    subject, channel = linked(StopRun=[unavailable()])
    with pytest.raises(errors.AnswerLost, match="StopRun"):
        subject.start(STOP_RUN, ("", False))
    assert channel.sent == ["Get_ServerUUID", "StopRun"]


def test_a_command_is_not_sent_to_a_server_that_does_not_answer() -> None:
    subject, channel = linked(reconnect_s=0, Get_ServerUUID=[unavailable()], SetRailLights=[b""])
    with pytest.raises(errors.ServerUnreachable, match="Nothing was sent"):
        subject.command(SET_RAIL_LIGHTS, (True,))
    assert set(channel.sent) == {"Get_ServerUUID"}


def test_a_fresh_connection_is_not_tried_before_each_command() -> None:
    subject, channel = linked(SetRailLights=[b""])
    for _ in range(3):
        subject.command(SET_RAIL_LIGHTS, (True,))
    assert channel.sent == ["Get_ServerUUID", "SetRailLights", "SetRailLights", "SetRailLights"]


def test_a_connection_that_broke_is_tried_before_the_next_command() -> None:
    subject, channel = linked(SetRailLights=[unavailable(), b""])
    with pytest.raises(errors.AnswerLost):
        subject.command(SET_RAIL_LIGHTS, (True,))
    subject.command(SET_RAIL_LIGHTS, (True,))
    assert channel.sent == ["Get_ServerUUID", "SetRailLights"] * 2


def test_a_read_is_sent_until_it_is_answered() -> None:
    subject, channel = linked(Get_IsLocked=[unavailable(), unavailable(), TRUE])
    assert subject.read(IS_LOCKED) is True
    assert channel.sent == ["Get_IsLocked"] * 3


def test_a_read_gives_up_when_the_server_stays_away() -> None:
    subject, _ = linked(reconnect_s=0, Get_IsLocked=[unavailable()])
    with pytest.raises(errors.ServerUnreachable, match="robot:1"):
        subject.read(IS_LOCKED)


def test_an_error_of_the_server_ends_a_read_at_once() -> None:
    subject, channel = linked(Get_IsLocked=[reported(undefinedExecutionError={"message": "why"})])
    with pytest.raises(errors.UndefinedExecutionError, match="why"):
        subject.read(IS_LOCKED)
    assert channel.sent == ["Get_IsLocked"]


def test_a_result_is_waited_for_across_broken_connections_without_starting_again() -> None:
    subject, channel = linked(
        RunProtocol=[CONFIRMED],
        RunProtocol_Info=[[RUNNING, unavailable()], unavailable(), [RUNNING], [RUNNING, SUCCEEDED]],
        RunProtocol_Result=[unavailable(), reported(undefinedExecutionError={"message": "why"})],
    )
    execution = Execution(subject, RUN_PROTOCOL, subject.start(RUN_PROTOCOL, ("p", [], [], [], False, "", "")))
    for _ in range(2):  # the outcome is kept
        with pytest.raises(errors.UndefinedExecutionError, match="why"):
            execution.result()
    assert channel.sent == [
        "Get_ServerUUID", "RunProtocol", *["RunProtocol_Info"] * 4, *["RunProtocol_Result"] * 2,
    ]  # fmt: skip


def test_a_result_that_a_limit_has_stopped_is_fetched_again() -> None:
    limit = Failed(grpc.StatusCode.RESOURCE_EXHAUSTED, "limits.streams")
    why = reported(undefinedExecutionError={"message": "why"})
    subject, _ = linked(RunProtocol_Info=[[SUCCEEDED]], RunProtocol_Result=[limit, why])
    execution = Execution(subject, RUN_PROTOCOL, "the-uuid")
    with pytest.raises(errors.LimitReached):
        execution.result()
    with pytest.raises(errors.UndefinedExecutionError, match="why"):
        execution.result()


class SilentChannel(FakeChannel):
    """A call that ends with its deadline takes the time that it was given, on a clock of its own."""

    now = 0.0

    def _next(self, path: str, message: bytes, options: dict[str, Any]) -> Any:
        if path.endswith("/Get_ServerUUID") and not options.get("wait_for_ready"):
            raise unavailable()  # the connection is not made again yet
        try:
            return super()._next(path, message, options)
        except Failed as failed:
            if failed.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                self.now += options["timeout"]
            raise

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def linked(self, reconnect_s: float) -> link.Link:
        return link.Link(self, where="robot:1", alive=SERVER_UUID, reconnect_s=reconnect_s)  # type: ignore[arg-type]


LATE = Failed(grpc.StatusCode.DEADLINE_EXCEEDED)


@pytest.mark.parametrize("alive", [unavailable(), LATE])
def test_a_stream_that_broke_is_given_up_when_the_time_to_reconnect_is_over(
    alive: Failed, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = SilentChannel(RunProtocol_Info=[[RUNNING, unavailable()], LATE], Get_ServerUUID=[alive])
    monkeypatch.setattr(link, "time", channel)
    with pytest.raises(errors.ServerUnreachable, match="robot:1 has not answered for"):
        Execution(channel.linked(reconnect_s=2), RUN_PROTOCOL, "the-uuid").result()
    assert 2 <= channel.now <= 2 + link.PROBE_S


def test_a_stream_that_has_nothing_to_tell_is_not_given_up_while_the_server_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channel = SilentChannel(RunProtocol_Intermediate=[unavailable(), *[LATE] * 100, []])
    monkeypatch.setattr(link, "time", channel)
    assert list(Execution(channel.linked(reconnect_s=2), RUN_PROTOCOL, "the-uuid").intermediate()) == []
    assert channel.now > 99 * link.STREAM_S


def test_an_execution_that_the_server_does_not_know_is_lost() -> None:
    unknown = reported(frameworkError={"errorType": "INVALID_COMMAND_EXECUTION_UUID", "message": "?"})
    subject, _ = linked(RunProtocol_Info=[[unknown]])
    with pytest.raises(errors.ExecutionLost, match="the-uuid"):
        Execution(subject, RUN_PROTOCOL, "the-uuid").result()


def test_nobody_listens_for_an_iteration_that_was_given_up() -> None:
    subject, _ = linked(RunProtocol_Info=[[RUNNING]], RunProtocol_Intermediate=[[]])
    before = set(threading.enumerate())
    for _ in Execution(subject, RUN_PROTOCOL, "the-uuid"):
        break
    listening = set(threading.enumerate()) - before
    for thread in listening:
        thread.join(60)
    assert not any(thread.is_alive() for thread in listening)


def test_waiting_ends_when_the_connection_is_closed() -> None:
    subject, _ = linked(RunProtocol_Info=[[RUNNING]])
    subject.close()
    with pytest.raises(errors.ServerUnreachable, match="closed by this program"):
        Execution(subject, RUN_PROTOCOL, "the-uuid").result()


def test_what_is_asked_of_a_closed_client_says_that_this_program_closed_it() -> None:
    subject, channel = linked(SetRailLights=[b""])
    subject.close()
    for ask in (
        ObservableProperty(subject, RAIL_LIGHTS).get,
        lambda: subject.read(SERVER_UUID),
        lambda: subject.command(SET_RAIL_LIGHTS, (True,)),
        lambda: subject.start(STOP_RUN, ("", False)),
    ):
        with pytest.raises(errors.ServerUnreachable, match="closed by this program. Nothing was sent"):
            ask()
    assert "SetRailLights" not in channel.sent
    assert "StopRun" not in channel.sent


def test_waiting_ends_in_time_and_the_execution_goes_on() -> None:
    late = Failed(grpc.StatusCode.DEADLINE_EXCEEDED)
    subject, channel = linked(RunProtocol_Info=[[RUNNING, late]])
    with pytest.raises(TimeoutError, match="goes on"):
        Execution(subject, RUN_PROTOCOL, "the-uuid").result(timeout=0)
    assert channel.sent == ["RunProtocol_Info"]


def test_a_subscription_goes_on_after_a_broken_connection_without_telling_a_value_twice() -> None:
    false = wire.field(1, b"")
    subject, channel = linked(Subscribe_RailLights=[[TRUE, unavailable()], [], [TRUE, false, unavailable()], [TRUE]])
    values = ObservableProperty(subject, RAIL_LIGHTS).subscribe()
    assert [next(values) for _ in range(3)] == [True, False, True]
    values.cancel()
    assert list(values) == []
    assert channel.sent == ["Subscribe_RailLights"] * 4


def test_streams_end_quietly_when_the_client_is_closed() -> None:
    subject, _ = linked(
        Subscribe_RailLights=[[TRUE, unavailable()], ValueError("Cannot invoke RPC on closed channel!")]
    )
    values = ObservableProperty(subject, RAIL_LIGHTS).subscribe()
    assert next(values) is True
    subject.close()
    assert list(values) == []


def test_metadata_go_with_the_affected_calls_alone() -> None:
    subject, channel = linked(SetRailLights=[b""], Get_IsLocked=[TRUE])
    subject.metadata.set("key-bin", [SET_RAIL_LIGHTS.identifier], b"value")
    subject.command(SET_RAIL_LIGHTS, (True,))
    subject.read(IS_LOCKED)
    subject.metadata.remove("key-bin")
    subject.command(SET_RAIL_LIGHTS, (True,))
    sent = dict(zip(channel.sent[:3], channel.metadata[:3], strict=True))
    assert sent == {"Get_ServerUUID": None, "SetRailLights": (("key-bin", b"value"),), "Get_IsLocked": None}
    assert channel.metadata[3] is None


def test_metadata_of_a_feature_go_with_all_its_calls() -> None:
    subject, channel = linked(SetRailLights=[b""])
    subject.metadata.set("key-bin", [SET_RAIL_LIGHTS.feature], b"value")
    subject.command(SET_RAIL_LIGHTS, (True,))
    assert channel.metadata[-1] == (("key-bin", b"value"),)


def test_a_value_of_another_type_is_refused_before_anything_is_sent() -> None:
    subject, channel = linked()
    with pytest.raises(TypeError, match="On: 'yes'"):
        subject.command(SET_RAIL_LIGHTS, ("yes",))
    assert channel.sent == []


@pytest.mark.parametrize(
    ("call", "values", "text"),
    [
        (LOCK_SERVER, ("identifier", 1 << 63), "Timeout: 9223372036854775808 does not fit into 64 bits"),
        (BLINK_FOR_IDENTIFICATION, (10**400,), "Duration: it does not fit into 64 bits"),
        (UPLOAD_DATA_FILE, ("t\udce9l.csv", b""), "FileName: .*surrogates not allowed"),
    ],
)
def test_a_value_that_no_message_can_carry_is_refused_before_anything_is_sent(
    call: Any, values: tuple[Any, ...], text: str
) -> None:
    subject, channel = linked()
    with pytest.raises(wire.Unwritable, match=text):
        subject.command(call, values)
    assert channel.sent == []


def test_many_small_binaries_that_are_too_much_for_a_message_are_uploaded() -> None:
    request = UPLOAD_DATA_FILE.request(("name.csv", b"x" * 1024**2))
    assert request.complete
    large = UPLOAD_DATA_FILE.request(("name.csv", b"x" * (2 * 1024**2 + 1)))
    assert not large.complete
    assert len(large.message) < 100


def test_an_answer_that_is_not_a_message_of_the_feature_is_reported() -> None:
    subject, _ = linked(Get_IsLocked=[b"\xff"])
    with pytest.raises(errors.NotASilaServer, match="IsLocked"):
        subject.read(IS_LOCKED)
