"""A volume takes a short way from the command of a client to the request to the robot."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import httpx
import pytest

import sila_ot2
from sila_ot2.driver.liquid_handling import tips
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.modules.switch_off import SwitchOff
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.atomic_liquid_handling import AspirateParameters, AtomicLiquidHandlingBase
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.sila import Execution
from sila_ot2.sila.admission import Kind
from tests.fakes.session_server import NEVER, Server, load_deck, serve
from tests.fakes.tip_robot import TipRobot

MOST_FUNCTIONS = 8
PRODUCT = str(Path(sila_ot2.__file__).parent)


@dataclass
class NotingRobot(TipRobot):
    """Notes which functions of the product have called each other when a command of this type is sent to it."""

    way_of: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/commands"):
            frames = [frame for frame in reversed(inspect.stack()) if frame.filename.startswith(PRODUCT)]
            command = json.loads(request.read())["data"]["commandType"]
            self.way_of[command] = [f"{Path(frame.filename).stem}.{frame.function}" for frame in frames]
        return super().answer(request)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = serve(NotingRobot(), tmp_path)
    yield server
    server.end()


def test_a_volume_passes_few_functions_on_its_way_to_the_robot(server: Server) -> None:
    load_deck(server)
    server.do("PickUpTip", tips.pick_up_tip("right", "", ""))
    plate = next(one for one in server.session.deck_state.value.labware.values() if one.location == "2").labware_id
    atomic = AtomicLiquidHandling(
        server.session,
        server.queued,
        server.uncertain_tips,
        Observable(server.parts.monitor.state.value.machine),
        cast(SwitchOff, None),  # only CloseSession uses it
        server.remedies,
        liquid_classes=LiquidClasses(),
        allow_raw_commands=False,
    )
    feature = AtomicLiquidHandlingBase.FEATURE
    execution = Execution(
        feature=feature,
        identifier=f"{feature}/Command/Aspirate",
        kind=Kind.OBSERVABLE_COMMAND,
        lifetime_s=60,
        cancelled=NEVER,
    )
    given = AspirateParameters(mount="right", labware_identifier=plate, well="A1", volume_ul=50.0)
    atomic.Aspirate(given, execution=execution)
    assert isinstance(server.robot, NotingRobot)
    way = server.robot.way_of["aspirate"]
    assert (way[0], way[-1]) == ("liquids.Aspirate", "transport.send"), "the whole way is seen"
    assert len(way) <= MOST_FUNCTIONS, f"{len(way)} functions: {' -> '.join(way)}"
