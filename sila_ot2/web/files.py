"""Files: the log of a run, its pictures, and the certificate of a server."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from sila_ot2.client.errors import ClientError
from sila_ot2.client.pins import Pins
from sila_ot2.client.wire import Unwritable
from sila_ot2.web import sentences, texts
from sila_ot2.web.watched_robot import WatchedRobot


async def log_of(robot: WatchedRobot | None, run: str) -> Response:
    """Return the log of a run as CSV, or why there is none."""
    if robot is None:
        return PlainTextResponse(texts.NOT_FOUND, status_code=404)
    try:
        content = await (await robot.client.run_controller.retrieve_run_log(run, format="Csv"))
    except ClientError as error:
        return PlainTextResponse(sentences.failed(texts.LOG, str(error)), status_code=502)
    return saved(content, "text/csv; charset=utf-8", "run-log.csv")


async def picture_of(robot: WatchedRobot | None, run: str, number: int) -> Response:
    """Return a picture of a run, or why there is none."""
    if robot is None:
        return PlainTextResponse(texts.NOT_FOUND, status_code=404)
    try:
        content = await robot.client.camera_service.retrieve_run_picture(run, number)
    except (ClientError, Unwritable) as error:
        return PlainTextResponse(sentences.failed(texts.PICTURES, str(error)), status_code=502)
    return Response(content, media_type="image/jpeg")


def certificate_of(robot: WatchedRobot | None) -> Response:
    """Return the certificate that the server of a robot is trusted by, or why there is none."""
    if robot is None:
        return PlainTextResponse(texts.NOT_FOUND, status_code=404)
    try:
        content = robot.trust()
        if content is None and (pin := Pins().find(address=robot.address)) is not None:
            content = pin.certificate.encode()
    except (OSError, ValueError) as error:  # the files with certificates cannot be read, or are damaged
        return PlainTextResponse(sentences.failed(texts.CERTIFICATE, str(error)), status_code=502)
    if content is None:
        return PlainTextResponse(texts.NO_CERTIFICATE, status_code=404)
    return saved(content, "application/x-pem-file", "server.crt")


def saved(content: bytes, kind: str, name: str) -> Response:
    """Return content that a browser saves as a file."""
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
