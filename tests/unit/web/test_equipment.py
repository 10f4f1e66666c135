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
from sila_ot2.client.generated.ot2_heater_shaker_controller import HeaterShaker
from sila_ot2.client.generated.ot2_magnetic_module_controller import MagneticModule
from sila_ot2.client.generated.ot2_temperature_module_controller import TemperatureModule
from sila_ot2.client.generated.ot2_thermocycler_controller import Thermocycler
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack
from sila_ot2.web import texts
from sila_ot2.web.deck_drawing import DeckDrawing, Shown
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.readings import APART, KEPT, Readings, module_values, plot
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import NOW, Ended, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page, until
from tests.unit.web.test_setup import enter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
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


def shaker(latch: str) -> HeaterShaker:
    return HeaterShaker(
        serial_number="HS1", model="heaterShakerModuleV1", temperature_status="idle", current_temperature=23.0,
        target_temperature=[], speed_status="idle", current_speed=0.0, target_speed=[], latch_status=latch,
        reported_at=NOW,
    )  # fmt: skip


def cycler(lid: str) -> Thermocycler:
    return Thermocycler(
        serial_number="TC1", model="thermocyclerModuleV1", block_status="idle", block_temperature=23.0,
        block_target=[], remaining_hold_time=0.0, lid_status=lid, lid_temperature_status="idle", lid_temperature=23.0,
        lid_target=[], reported_at=NOW,
    )  # fmt: skip


def press_in(user: User, heading: str, label: str) -> None:
    """Press a button of the panel with a heading."""
    (panel,) = (each.parent_slot.parent for each in user.find(content=heading).elements if each.parent_slot)
    (button,) = (each for each in panel.descendants() if isinstance(each, ui.button) and each.text == label)
    (listener,) = (each for each in button._event_listeners.values() if each.type == "click")
    button._handle_event({"listener_id": listener.id, "args": {}})


def keeper(seen: list[Any]) -> Shown:
    return lambda drawn, trouble: seen.append((drawn, trouble))


def value(actual: float, target: float | None) -> Any:
    facts = RobotFacts(address="a", name="a", changed_at=NOW, temperature_modules=(heating(actual, target),))
    return module_values(facts)[0]


def test_readings_are_separate_and_limited_in_number() -> None:
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
        for count, typed in enumerate(("", "37,5", "nan", "inf"), start=1):
            with user:
                await enter(user, "Target (°C)", "input", typed)
            user.find(kind=ui.button, content=texts.SET).click()
            await until(lambda count=count: len(user.notify.messages) == count)  # type: ignore[misc]
            assert texts.NAME_TARGET in user.notify.messages[-1]
        assert server.calls == []
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


def test_latch_lid_and_magnets_are_moved_by_their_serial_numbers() -> None:
    server = FakeServer(
        heater_shaker_controller__heater_shakers=[shaker("idle_closed")],
        thermocycler_controller__thermocyclers=[cycler("open")],
        magnetic_module_controller__magnetic_modules=[
            MagneticModule(serial_number="MM1", model="magneticModuleV2", engaged=False, height=0.0, reported_at=NOW)
        ],
    )
    for command in ("open_latch", "close_latch", "open_lid", "close_lid"):
        server.answers[command] = Ended(None)

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/modules")
        await user.should_see("Latch, heaterShakerModuleV1", retries=30)
        server.set(heater_shaker_controller__heater_shakers=[shaker("opening")])
        await user.should_see(texts.PART_STATES["opening"], retries=30)
        user.find(kind=ui.button, content=texts.RAISE).click()
        await user.should_see(texts.NAME_HEIGHT, retries=30)
        assert server.calls == []
        with user:
            await enter(user, texts.MAGNET_HEIGHT, "input", "6.5")
        asked = [
            ("Latch, heaterShakerModuleV1", texts.OPEN, ("open_latch", {"module_identifier": "HS1"})),
            ("Latch, heaterShakerModuleV1", texts.CLOSE_PART, ("close_latch", {"module_identifier": "HS1"})),
            ("Lid, thermocyclerModuleV1", texts.OPEN, ("open_lid", {"module_identifier": "TC1"})),
            ("Lid, thermocyclerModuleV1", texts.CLOSE_PART, ("close_lid", {"module_identifier": "TC1"})),
            ("Magnets, magneticModuleV2", texts.RAISE, ("engage", {"arguments": (6.5,), "module_identifier": "MM1"})),
            ("Magnets, magneticModuleV2", texts.LOWER, ("disengage", {"module_identifier": "MM1"})),
        ]
        for number, (heading, label, _) in enumerate(asked, start=1):
            press_in(user, heading, label)
            await until(lambda number=number: len(server.calls) == number)  # type: ignore[misc]
        assert server.calls == [call for _, _, call in asked]

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
        later: list[Any] = []
        drawing.look(keeper(later))()
        assert later == [(None, "")], "the deck may have changed while nobody looked"
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(check())


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
