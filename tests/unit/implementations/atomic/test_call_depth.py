"""A volume takes a short way from the command of a client to the request to the robot."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

import sila_ot2
from sila_ot2.driver.liquid_handling import tips
from sila_ot2.generated.atomic_liquid_handling import AspirateParameters
from tests.fakes.atomic import atomic_of, execution_of
from tests.fakes.session_server import SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot

MOST_FUNCTIONS = 8
PRODUCT = str(Path(sila_ot2.__file__).parent)


@dataclass
class NotingRobot(TipRobot):
    """Notes which functions of the product have called each other when a command of this type is sent to it."""

    way_of: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/commands"):
            functions = [frame.f_code for frame, _ in traceback.walk_stack(None)]
            command = json.loads(request.read())["data"]["commandType"]
            self.way_of[command] = [
                f"{Path(function.co_filename).stem}.{function.co_name}"
                for function in reversed(functions)
                if function.co_filename.startswith(PRODUCT)
            ]
        return super().answer(request)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(NotingRobot(), tmp_path)
    yield server
    server.end()


def test_a_volume_passes_few_functions_on_its_way_to_the_robot(server: SessionServer) -> None:
    load_deck(server)
    server.do("PickUpTip", tips.pick_up_tip("right", "", ""))
    plate = next(one for one in server.session.deck_state.value.labware.values() if one.location == "2").labware_id
    given = AspirateParameters(mount="right", labware_identifier=plate, well="A1", volume_ul=50.0)
    atomic_of(server).Aspirate(given, execution=execution_of("Aspirate"))
    assert isinstance(server.robot, NotingRobot)
    way = server.robot.way_of["aspirate"]
    assert (way[0], way[-1]) == ("liquids.Aspirate", "transport.send"), "the whole way is seen"
    assert len(way) <= MOST_FUNCTIONS, f"{len(way)} functions: {' -> '.join(way)}"
