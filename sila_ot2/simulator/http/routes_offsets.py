"""Routes about labware offsets that are kept between runs (8.4 and later)."""

from __future__ import annotations

import pydantic
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import unexpected
from sila_ot2.simulator.http.requests import answer, page, read_data
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.labware_offsets import OffsetFilter, SimulatedOffset


class _Offsets(pydantic.RootModel[SimulatedOffset | list[SimulatedOffset]]):
    pass


async def post_offsets(robot: Robot, request: Request) -> Response:
    """Keep an offset, or several."""
    wanted = (await read_data(request, _Offsets)).root
    robot.request_counts.count("POST /labwareOffsets", "keep")
    if isinstance(wanted, SimulatedOffset):
        return answer({"data": robot.labware_offsets.add(wanted)}, 201)
    return answer({"data": [robot.labware_offsets.add(one) for one in wanted]}, 201)


async def get_offsets(robot: Robot, request: Request) -> Response:
    """Every offset, oldest first. Pages were never written: asking for one is an error of the robot's own."""
    if (
        request.query_params.get("cursor", "0") != "0"
        or request.query_params.get("pageLength", "unlimited") != "unlimited"
    ):
        raise unexpected(NotImplementedError("Pagination not currently supported on this endpoint."))
    return page(robot.labware_offsets.all())


class _Search(pydantic.BaseModel):
    filters: list[OffsetFilter]


async def post_search(robot: Robot, request: Request) -> Response:
    """The offsets that match any of the filters."""
    return page(robot.labware_offsets.search((await read_data(request, _Search)).filters))


async def delete_offset(robot: Robot, request: Request) -> Response:
    """Forget an offset."""
    removed = robot.labware_offsets.remove(request.path_params["offset_id"])
    robot.request_counts.count("DELETE /labwareOffsets/{offset_id}", "forget")
    return answer({"data": removed})


async def delete_offsets(robot: Robot, request: Request) -> Response:
    """Forget every offset."""
    robot.labware_offsets.clear()
    robot.request_counts.count("DELETE /labwareOffsets", "forget")
    return answer({})


ROUTES = [
    Endpoint("POST", "/labwareOffsets", post_offsets),
    Endpoint("GET", "/labwareOffsets", get_offsets),
    Endpoint("POST", "/labwareOffsets/searches", post_search),
    Endpoint("DELETE", "/labwareOffsets/{offset_id}", delete_offset),
    Endpoint("DELETE", "/labwareOffsets", delete_offsets),
]
