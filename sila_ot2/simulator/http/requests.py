"""Reading requests and writing answers the way the robot does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import pydantic
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, Problem, invalid_request, refusal
from sila_ot2.simulator.release import SimulatedRelease

Model = TypeVar("Model", bound=pydantic.BaseModel)


class JsonAnswer(Response):
    """A JSON answer that is not written yet: what is written depends on the robot's release.

    Attributes:
        document: the whole answer, with all that any release knows.
        is_free: the document is a client's: it is written as it is.
    """

    def __init__(self, document: Any, status: int, *, is_free: bool) -> None:
        super().__init__(status_code=status)
        self.document = document
        self.is_free = is_free

    def written(self, release: SimulatedRelease) -> Response:
        """The answer as a robot of this release writes it."""
        document = self.document if self.is_free else release.without_unknown(self.document)
        return write(document, self.status_code)


def write(document: Any, status: int) -> Response:
    """A JSON answer that is the same in every release."""
    return Response(json.dumps(document, separators=(",", ":")), status, media_type="application/json")


def answer(body: Any, status: int = 200, *, is_free: bool = False) -> JsonAnswer:
    """A JSON answer, without the members that the robot's release does not know (unless they are a client's own)."""
    return JsonAnswer(body, status, is_free=is_free)


def page(data: list[Any], *, cursor: int = 0, total: int | None = None, links: Any = None) -> Response:
    """A list with its place in the whole."""
    body: JsonObject = {"data": data}
    if links is not None:
        body["links"] = links
    body["meta"] = {"cursor": cursor, "totalLength": len(data) if total is None else total}
    return answer(body)


async def read_json(request: Request, *, legacy: bool = False, optional: bool = False) -> Any:
    """The body's JSON; None if there is none and that is allowed.

    A body without Content-Type counts as JSON; one that says it is a form does not (``curl -d`` without a header).

    Raises:
        Problem: no JSON.
    """
    raw = await request.body()
    if not raw and optional:
        return None
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if not raw or not (content_type == "application/json" or content_type.endswith("+json")):
        why = "field required" if not raw else "value is not a valid dict"
        raise invalid_request([{"loc": ("",) if legacy else (), "msg": why}], legacy=legacy)
    try:
        return json.loads(raw)
    except ValueError as error:
        where = (str(getattr(error, "pos", 0)),)
        raise invalid_request([{"loc": where, "msg": str(error)}], legacy=legacy) from error


def validate(model: type[Model], value: Any, *, legacy: bool = False, prefix: Sequence[str] = ()) -> Model:
    """A body as a model.

    Raises:
        Problem: it is none (422).
    """
    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        raise invalid_request(error.errors(), legacy=legacy, prefix=tuple(prefix)) from error


async def read_data(
    request: Request, model: type[Model], release: SimulatedRelease | None = None, *, default: Model | None = None
) -> Model:
    """The model under ``data`` of a body, without what the release, if one is given, does not know.

    Raises:
        Problem: there is none (422), unless there is a default for an empty body.
    """
    body = await read_json(request, optional=default is not None)
    if body is None and default is not None:
        return default
    if not isinstance(body, dict) or "data" not in body:
        raise invalid_request([{"loc": ("data",), "msg": "field required"}], legacy=False)
    data = body["data"] if release is None else release.without_unknown(body["data"])
    return validate(model, data, prefix=("data",))


async def read_form(request: Request) -> FormData:
    """A multipart or url-encoded form; empty if the body is neither."""
    content_type = request.headers.get("content-type", "")
    if content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        return await request.form(max_files=1000)
    return FormData()


def query_int(
    request: Request, name: str, default: int | None = None, *, above: int | None = None, legacy: bool = False
) -> int | None:
    """An integer of the query.

    Args:
        request: whose query.
        name: the parameter.
        default: if it is absent.
        above: it must be greater than this.
        legacy: the shape of the refusal.

    Raises:
        Problem: it is no such integer (422).
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    wrong = None
    try:
        value = int(text)
    except ValueError:
        wrong, value = "value is not a valid integer", 0
    if wrong is None and above is not None and value <= above:
        wrong = f"ensure this value is greater than {above}"
    if wrong is not None:
        raise invalid_request([{"loc": ("query", name), "msg": wrong}], legacy=legacy)
    return value


def query_bool(request: Request, name: str) -> bool:
    """A yes or no of the query; no if absent."""
    return request.query_params.get(name, "false").lower() in ("1", "true", "yes", "on", "t", "y")


def bad_request(status: int, detail: str) -> Problem:
    """How the robot refuses a route or method that it does not have."""
    return refusal(status, "BadRequest", "Bad Request", detail)
