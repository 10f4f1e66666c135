"""Rail lights: read back, restored, and never blinked by two."""

from __future__ import annotations

import threading

import httpx
import pytest

from sila_ot2.driver.lights import RailLights
from sila_ot2.errors import CommandCancelled, RobotUnreachable
from sila_ot2.robot.client import RobotClient


class Lamp:
    """The lights of a robot; `answers` scripts what becomes of the next switchings."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.switched: list[bool] = []
        self.answers: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            fate = self.answers.pop(0) if self.answers else "answered"
            wanted = request.read() == b'{"on":true}'
            if fate != "ignored" and fate != "lost before":
                self.on = wanted
                self.switched.append(wanted)
            if fate.startswith("lost"):
                raise httpx.ReadError("connection lost")
        return httpx.Response(200, json={"on": self.on})


def lights_of(lamp: Lamp) -> RailLights:
    return RailLights(RobotClient("http://robot", transport=httpx.MockTransport(lamp)))


def ignore(**_: object) -> None:
    """Take a report."""


def test_read_back() -> None:
    lamp = Lamp(on=True)
    lights = lights_of(lamp)
    assert lights.refresh() is lights.on.value is True
    lights.set(on=False)
    assert (lights.on.value, lamp.on) == (False, False)


@pytest.mark.parametrize(("fate", "switched"), [("lost after", [True]), ("lost before", [True])])
def test_lost_answer_is_read_back_before_it_is_asked_again(fate: str, switched: list[bool]) -> None:
    lamp = Lamp(on=False)
    lamp.answers = [fate]
    lights_of(lamp).set(on=True)
    assert (lamp.on, lamp.switched) == (True, switched)


def test_robot_that_does_not_obey() -> None:
    lamp = Lamp(on=False)
    lamp.answers = ["ignored"]
    lights = lights_of(lamp)
    with pytest.raises(RobotUnreachable):
        lights.set(on=True)
    assert lights.on.value is False


@pytest.mark.parametrize("on", [True, False])
def test_cancelled_blinking_restores(on: bool) -> None:
    lamp, cancelled = Lamp(on=on), threading.Event()
    lights = lights_of(lamp)
    cancelled.set()
    with pytest.raises(CommandCancelled):
        lights.blink(60, cancelled=cancelled, report=ignore)
    assert (lamp.on, lights.on.value, lights.blinking) == (on, on, False)
    assert lamp.switched == [not on, on]


def test_robot_that_falls_silent_while_blinking() -> None:
    lamp = Lamp(on=False)
    lamp.answers = ["answered", "lost before", "lost before", "lost before"]
    lights = lights_of(lamp)
    with pytest.raises(RobotUnreachable):
        lights.blink(60, cancelled=threading.Event(), report=ignore)
    assert lights.blinking is False


def test_reading_waits_for_no_switching_and_does_not_undo_it() -> None:
    lamp = Lamp(on=False)
    lights = lights_of(lamp)
    hanging, go = threading.Event(), threading.Event()
    switch = lights._robot.set_rail_lights

    def hang(*, on: bool) -> bool:
        hanging.set()
        assert go.wait(30)
        return switch(on=on)

    lights._robot.set_rail_lights = hang  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: lights.set(on=True))
    thread.start()
    assert hanging.wait(30)
    assert lights.refresh() is False
    go.set()
    thread.join()
    assert lights.on.value is True


def test_what_was_read_while_the_lights_were_switched_is_old() -> None:
    lamp = Lamp(on=False)
    lights = lights_of(lamp)
    read = lights._robot.rail_lights

    def slow() -> bool:
        old = read()
        lights.set(on=True)
        return old

    lights._robot.rail_lights = slow  # type: ignore[method-assign]
    assert lights.refresh() is True


def test_what_still_needs_light_keeps_it_when_a_picture_or_a_blink_ends() -> None:
    lamp, cancelled = Lamp(on=False), threading.Event()
    lights = lights_of(lamp)
    with lights.lit():
        with lights.lit():
            pass
        assert lamp.on
    assert not lamp.on
    first, second = lights.lit(), lights.lit()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert lamp.on
    cancelled.set()
    with pytest.raises(CommandCancelled):
        lights.blink(60, cancelled=cancelled, report=ignore)
    assert lamp.on
    second.__exit__(None, None, None)
    assert not lamp.on


def test_a_blink_ends_by_itself_and_leaves_the_lights_as_they_were() -> None:
    lamp = Lamp(on=False)
    lights_of(lamp).blink(0.05, cancelled=threading.Event(), report=ignore)
    assert lamp.switched == [True, False]


def test_switched_while_they_blink_they_are_so_afterwards() -> None:
    lamp, cancelled = Lamp(on=False), threading.Event()
    lights = lights_of(lamp)

    def switch(**_: object) -> None:
        lights.set(on=True)
        cancelled.set()

    with pytest.raises(CommandCancelled):
        lights.blink(60, cancelled=cancelled, report=switch)
    assert lamp.on
