"""Deck, tips, modules, camera and lights on the page."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from sila_ot2.client.errors import UndefinedExecutionError
from sila_ot2.client.generated.ot2_camera_service import TakePictureResponses
from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent
from sila_ot2.client.generated.ot2_temperature_module_controller import TemperatureModule
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack
from sila_ot2.web import texts
from sila_ot2.web.deck_drawing import DeckDrawing, Shown
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.readings import APART, KEPT, Readings, module_values, plot
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import NOW, Ended, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page, until
from tests.unit.web.test_setup import enter

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of NiceGUI's own libraries
DRAWN = DrawDeckResponses(
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "Run",
    [SlotContent(slot="2", labware_name="plate", details="96 wells")],
)
RACK = TipRack(
    slot="1", definition_uri="opentrons/opentrons_96_tiprack_300ul/1", free_tips=["A1"], reserved_tips=["B1"],
    used_tips=["C1", "D1"], empty_places=[], unknown_places=[], low=True, declared_at=NOW,
)  # fmt: skip


def heating(actual: float, target: float | None) -> TemperatureModule:
    return TemperatureModule(
        serial_number="TM1", model="temperatureModuleV2", status="heating", current_temperature=actual,
        target_temperature=[] if target is None else [target], reported_at=NOW,
    )  # fmt: skip


def keeper(seen: list[Any]) -> Shown:
    return lambda drawn, trouble: seen.append((drawn, trouble))


def value(actual: float, target: float | None) -> Any:
    facts = RobotFacts(address="a", name="a", changed_at=NOW, temperature_modules=(heating(actual, target),))
    return module_values(facts)[0]


def test_readings_are_apart_and_do_not_grow_for_ever() -> None:
    readings = Readings()
    for number in range(3000):
        readings.add(value(float(number), None), NOW + number * APART)
    kept = readings.of(value(0, None))
    assert kept[-1].actual == 2999
    assert kept[-1].at - kept[0].at <= KEPT
    readings.add(value(1, None), kept[-1].at + APART / 2)
    assert readings.of(value(0, None)) == kept
    readings.add(value(1, 37.0), kept[-1].at + APART / 2)
    assert readings.of(value(0, None))[-1].target == 37.0, "a new target is kept at once"


def test_plot_goes_from_the_lower_left_to_the_upper_right() -> None:
    readings = Readings()
    readings.add(value(20.0, None), NOW)
    readings.add(value(40.0, None), NOW + datetime.timedelta(minutes=1))
    points = plot(readings.of(value(0, None)), NOW + datetime.timedelta(minutes=1)).split('points="')[1].split('"')[0]
    (x1, y1), (x2, y2) = ([float(each) for each in point.split(",")] for point in points.split()[:2])
    assert (x1, x2) == (0, 600)
    assert y1 > y2, "the axis of a picture points down"
    assert plot((), NOW)


def test_module_is_set_and_switched_off_by_its_serial_number() -> None:
    server = FakeServer(temperature_module_controller__temperature_modules=[heating(23.0, None)])

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/modules")
        await user.should_see("23.0 °C", retries=30)
        server.set(temperature_module_controller__temperature_modules=[heating(23.5, 37.0)])
        await user.should_see("target 37.0 °C, heating", retries=30)
        with user:
            await enter(user, "Target (°C)", "input", "42")
        user.find(kind=ui.button, content=texts.SET).click()
        await until(lambda: len(server.calls) == 1)
        user.find(kind=ui.button, content=texts.OFF).click()
        await until(lambda: len(server.calls) == 2)
        assert server.calls == [
            ("set_temperature", {"arguments": (42.0,), "module_identifier": "TM1"}),
            ("deactivate", {"module_identifier": "TM1"}),
        ]

    run_page(scene, server)


def test_deck_is_drawn_once_for_all_viewers_and_only_while_somebody_looks() -> None:
    async def check() -> None:
        server = FakeServer()
        server.answers["draw_deck"] = DRAWN
        robot = WatchedRobot("a:1", server.connect, heartbeat_s=0.01)
        watching = asyncio.create_task(robot.watch())
        await until(lambda: robot.facts.connection == "Connected")
        drawing = DeckDrawing(robot, rest_s=0)
        assert server.calls == []
        seen: list[list[Any]] = [[], []]
        ends = [drawing.look(keeper(each)) for each in seen]
        await until(lambda: all((DRAWN, "") in each for each in seen))
        drawn = len(server.calls)
        server.set(tip_tracking_service__tip_racks=[RACK])
        server.answers["draw_deck"] = UndefinedExecutionError("The robot does not answer.")
        server.set(status_provider__activity=dataclasses.replace(server.values["status_provider.activity"], kind="Run"))
        await until(lambda: all(each[-1] == (DRAWN, "The robot does not answer.") for each in seen))
        assert len(server.calls) == drawn + 1
        for end in ends:
            end()
        server.set(run_controller__current_run=[])
        await asyncio.sleep(0)
        assert len(server.calls) == drawn + 1
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(check())


def test_deck_is_shown_in_words_and_tips_are_marked() -> None:
    server = FakeServer(tip_tracking_service__tip_racks=[RACK])
    server.answers["draw_deck"] = DRAWN

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("plate (96 wells)", retries=30)
        await user.should_see("2 unused, 2 used")
        user.find(kind=ui.button, content=texts.NEW_RACK).click()
        await user.should_see(texts.RACK_RENEWED, retries=30)
        with user:
            await enter(user, texts.WELLS, "input", "a1, B1")
        user.find(kind=ui.button, content=texts.MARK).click()
        await user.should_see(texts.TIPS_MARKED, retries=30)
        sent = [call for call in server.calls if call[0] != "draw_deck"]
        assert sent == [
            ("reset_tips", {"arguments": ("1",), "definition_uri": None}),
            ("mark_tips", {"arguments": ("1",), "wells": ["A1", "B1"], "tip_state": "Used"}),
        ]

    run_page(scene, server)


def test_camera_and_lights() -> None:
    server = FakeServer(device_lighting__rail_lights=True)
    server.answers["take_picture"] = Ended(TakePictureResponses(b"jpeg", NOW))

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/service")
        await user.should_see(texts.LIGHTS_OFF, retries=30)
        user.find(kind=ui.button, content=texts.LIGHTS_OFF).click()
        await user.should_see(texts.LIGHTS_DONE, retries=30)
        user.find(kind=ui.button, content=texts.TAKE_PICTURE).click()
        await user.should_see(texts.PICTURE_TAKEN, retries=30)
        assert server.calls == [("set_rail_lights", {"arguments": (False,)}), ("take_picture", {})]

    run_page(scene, server)
