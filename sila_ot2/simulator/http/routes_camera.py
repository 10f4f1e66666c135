"""Routes about the camera and the pictures of runs (before 8.8 only ``POST /camera/picture``, which always works)."""

from __future__ import annotations

import io
import zipfile

import pydantic
from opentrons.protocol_engine.resources.camera_provider import CameraSettings
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, legacy_refusal, refusal
from sila_ot2.simulator.http.requests import answer, page, query_int, read_data, read_json, validate
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.machine.camera import Exposure
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.camera import CAMERA_ID, ImageSettings


class _Switches(pydantic.BaseModel):
    cameraEnabled: bool | None  # noqa: N815 - the robot's terms
    liveStreamEnabled: bool | None  # noqa: N815
    errorRecoveryCameraEnabled: bool | None  # noqa: N815


async def get_camera(robot: Robot, request: Request) -> Response:
    """What the camera may be used for."""
    robot.camera.require_device()
    return answer(robot.camera.body())


async def post_camera(robot: Robot, request: Request) -> Response:
    """Allow or forbid the use of the camera; all three members are required, null leaves one as it is."""
    robot.camera.require_device()
    body = await read_json(request, legacy=True)
    wanted = validate(_Switches, body.get("data") if isinstance(body, dict) else None, legacy=True, prefix=("data",))
    robot.camera.switch(wanted.model_dump())
    robot.request_counts.count("POST /camera", "switch")
    return answer(robot.camera.body())


async def post_picture(robot: Robot, request: Request) -> Response:
    """Take a picture."""
    return _jpeg(await robot.camera.take(Exposure()))


async def post_preview(robot: Robot, request: Request) -> Response:
    """Take a picture with the settings given, while no run is there to be disturbed."""
    wanted = await _image_settings(request)
    robot.camera.require_device()
    engine = robot.runs.orchestrator
    if engine is not None and engine.get_run_status().value not in ("stopped", "failed", "succeeded"):
        raise legacy_refusal(422, "Cannot take a picture for preview while a run is active.")
    return _jpeg(await robot.camera.take(wanted.exposure()))


async def post_image_settings(robot: Robot, request: Request) -> Response:
    """Set how pictures are taken."""
    wanted = await _image_settings(request)
    robot.camera.require_device()
    wanted.exposure()
    robot.camera.image_settings = wanted
    return answer(wanted.model_dump(exclude_none=True))


async def get_image_settings(robot: Robot, request: Request) -> Response:
    """How pictures are taken."""
    robot.camera.require_device()
    return answer({"cameraId": CAMERA_ID, **robot.camera.image_settings.model_dump(exclude_none=True)})


async def _image_settings(request: Request) -> ImageSettings:
    body = await read_json(request, legacy=True)
    data = body.get("data") if isinstance(body, dict) else None
    return validate(ImageSettings, data, legacy=True, prefix=("data",))


async def get_stream(robot: Robot, request: Request) -> Response:
    """Where a live stream would be; an OT-2 has none."""
    robot.camera.require_device()
    enabled = robot.camera.switches["liveStreamEnabled"]
    return answer({"enabled": enabled, "hls": "/hls/stream.m3u8", "rtmp": "rtmp://localhost/live/stream"})


async def get_stream_settings(robot: Robot, request: Request) -> Response:
    """Refused: an OT-2 has no live stream."""
    raise legacy_refusal(400, "The live stream is not supported on an OT-2.")


async def post_run_switches(robot: Robot, request: Request) -> Response:
    """Allow or forbid the camera to the commands of a run; this overrides the setting of the robot."""
    robot.camera.require_device()
    wanted = await read_data(request, _Switches)
    _, engine = robot.runs.current(request.path_params["run_id"])
    given = {name: value for name, value in wanted.model_dump().items() if value is not None}
    settings = CameraSettings(**{**robot.camera.switches, **given})
    engine.add_camera_enablement_settings(settings)
    return answer({"data": settings.model_dump()}, 201)


async def post_run_image_settings(robot: Robot, request: Request) -> Response:
    """Set how the commands of a run take pictures."""
    wanted = await read_data(request, ImageSettings)
    _, engine = robot.runs.current(request.path_params["run_id"])
    wanted.exposure()
    given = wanted.model_dump()
    engine.add_camera_capture_image_settings(camera_id=given.pop("cameraId"), **given)
    return answer({"data": wanted.model_dump(exclude_none=True)}, 201)


async def get_run_image_settings(robot: Robot, request: Request) -> Response:
    """How the commands of a run take pictures."""
    _, engine = robot.runs.current(request.path_params["run_id"])
    if request.path_params["camera_id"] != CAMERA_ID:
        raise legacy_refusal(422, f"There is no camera {request.path_params['camera_id']}.")
    settings = {**engine.get_camera_capture_image_settings(), "camera_id": None}
    return answer({"cameraId": CAMERA_ID, **{name: one for name, one in settings.items() if one is not None}})


async def post_run_preview(robot: Robot, request: Request) -> Response:
    """Take a picture for a run that waits to be played, or is over."""
    wanted = await read_data(request, ImageSettings)
    _, engine = robot.runs.current(request.path_params["run_id"])
    if engine.get_run_status().value not in ("idle", "stopped", "failed", "succeeded"):
        raise legacy_refusal(422, "Cannot take a picture for preview while the run goes on.")
    return _jpeg(await robot.camera.take(wanted.exposure()))


async def get_pictures(robot: Robot, request: Request) -> Response:
    """The pictures of a run, newest first; of an unknown run none."""
    pictures = [
        {
            "id": one.id,
            "filename": one.name,
            "cameraId": CAMERA_ID,
            "commandId": one.made_by["commandId"],
            "prevCommandId": one.made_by["prevCommandId"],
            "createdAt": one.created_at,
        }
        for one in reversed(robot.data_files.pictures_of(request.path_params["run_id"]))
    ]
    cursor, length = query_int(request, "cursor", 0) or 0, query_int(request, "pageLength", 99) or 0
    return page(pictures[cursor : cursor + length], cursor=cursor, total=len(pictures))


async def delete_pictures(robot: Robot, request: Request) -> Response:
    """Delete the pictures of a run."""
    run = robot.runs.get(request.path_params["run_id"])
    robot.data_files.remove_pictures(run.id)
    robot.notifications.pictures_changed(run.id)
    robot.request_counts.count("DELETE /dataFiles/{run_id}/images", "delete")
    return answer({})


async def download_pictures(robot: Robot, request: Request) -> Response:
    """The pictures of a run as an archive."""
    pictures = robot.data_files.pictures_of(request.path_params["run_id"])
    if not pictures:
        raise refusal(404, "NoImagesFound", "No Images Found", "The run has no pictures.")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for one in pictures:
            archive.write(robot.data_files.path(one.id), one.name)
    return Response(file.getvalue(), media_type="application/zip")


async def get_all_files(robot: Robot, request: Request) -> Response:
    """Every file of a run: those that its parameters took, then those that it made."""
    run = robot.runs.get(request.path_params["run_id"])
    taken = [robot.data_files.get(file_id) for file_id in robot.runs.files_taken(run)]
    files: list[JsonObject] = [
        {
            "id": one.id,
            "filename": one.name,
            "stored": True,
            "generated": one.is_picture,
            "mimeType": "image/jpeg" if one.is_picture else "text/csv",
        }
        for one in (*taken, *robot.data_files.pictures_of(run.id))
    ]
    return page(files)


def _jpeg(picture: bytes) -> Response:
    return Response(picture, media_type="image/jpeg")


ROUTES = [
    Endpoint("GET", "/camera", get_camera, legacy=True),
    Endpoint("POST", "/camera", post_camera, legacy=True),
    Endpoint("POST", "/camera/picture", post_picture, legacy=True),
    Endpoint("POST", "/camera/capturePreviewImage", post_preview, legacy=True),
    Endpoint("POST", "/camera/cameraSettings", post_image_settings, legacy=True),
    Endpoint("GET", "/camera/cameraSettings/{camera_id}", get_image_settings, legacy=True),
    Endpoint("GET", "/camera/stream", get_stream, legacy=True),
    Endpoint("GET", "/camera/stream/settings", get_stream_settings, legacy=True),
    Endpoint("POST", "/runs/{run_id}/camera/settings", post_run_switches),
    Endpoint("POST", "/runs/{run_id}/camera/cameraSettings", post_run_image_settings),
    Endpoint("GET", "/runs/{run_id}/cameraSettings/{camera_id}", get_run_image_settings),
    Endpoint("POST", "/runs/{run_id}/camera/capturePreviewImage", post_run_preview),
    Endpoint("GET", "/dataFiles/{run_id}/images", get_pictures),
    Endpoint("DELETE", "/dataFiles/{run_id}/images", delete_pictures),
    Endpoint("GET", "/dataFiles/{run_id}/images/download", download_pictures),
    Endpoint("GET", "/dataFiles/{run_id}/all", get_all_files),
]
