"""The shapes in which a robot-server refuses.

Two shapes exist side by side: the JSON-API routes answer ``{"errors": [...]}``, the older ("legacy") routes
``{"message": ...}``. Facts: robot-server 8.1.0, recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

JsonObject = dict[str, Any]

GENERAL_ERROR = "4000"
ROBOT_IN_USE = "4001"
API_REMOVED = "4002"
ROBOTICS_INTERACTION = "3000"
INVALID_STORED_DATA = "4008"


class Problem(Exception):
    """A request that is refused: status and body of the answer."""

    def __init__(self, status: int, body: JsonObject) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def error_entry(
    error_id: str,
    title: str,
    detail: str,
    *,
    code: str = GENERAL_ERROR,
    meta: JsonObject | None = None,
    source: JsonObject | None = None,
) -> JsonObject:
    """One entry of an ``errors`` list, its keys in the robot's order."""
    entry: JsonObject = {"id": error_id, "title": title, "detail": detail}
    if meta is not None:
        entry["meta"] = meta
    if source is not None:
        entry["source"] = source
    entry["errorCode"] = code
    return entry


def refusal(
    status: int,
    error_id: str,
    title: str,
    detail: str,
    *,
    code: str = GENERAL_ERROR,
    meta: JsonObject | None = None,
) -> Problem:
    """A refusal in the JSON-API shape with a single error."""
    return Problem(status, {"errors": [error_entry(error_id, title, detail, code=code, meta=meta)]})


def legacy_refusal(status: int, message: str, *, code: str = GENERAL_ERROR) -> Problem:
    """A refusal in the shape of the older routes."""
    return Problem(status, {"message": message, "errorCode": code})


def describe(error: BaseException) -> JsonObject:
    """The ``meta`` object the robot derives from an exception, with what the exception wraps."""
    from opentrons_shared_data.errors import EnumeratedError, PythonException

    enumerated = error if isinstance(error, EnumeratedError) else PythonException(error)
    detail = dict(enumerated.detail)
    detail.pop("traceback", None)
    return {
        "type": detail.pop("class", type(enumerated).__name__),
        "code": enumerated.code.value.code,
        "message": enumerated.message,
        "detail": {key: str(value) for key, value in detail.items()},
        "wrapping": [describe(inner) for inner in enumerated.wrapping],
    }


def from_engine(status: int, error_id: str, title: str, error: BaseException) -> Problem:
    """An engine's own refusal (``SetupCommandNotAllowed``, ``RunStopped``, ...) as the robot passes it on."""
    meta = describe(error)
    return refusal(status, error_id, title, meta["message"], code=meta["code"], meta=meta)


def unexpected(error: BaseException) -> Problem:
    """An unhandled exception: the robot answers 500 and then closes the connection."""
    return from_engine(500, "UnexpectedError", "Unexpected Internal Error", error)


def legacy_unexpected(error: BaseException) -> Problem:
    """An unhandled exception in the shape of the older routes."""
    return legacy_refusal(500, describe(error)["message"])


def not_available_on_ot2() -> Problem:
    """A route that only a Flex has."""
    return refusal(403, "NotSupportedOnOT2", "Not Supported On OT-2", "This route is only available on a Flex.")


def invalid_request(problems: Sequence[Mapping[str, Any]], *, legacy: bool, prefix: tuple[str, ...] = ()) -> Problem:
    """A request that fails validation.

    Args:
        problems: pydantic's error list; ``loc`` is relative to the body unless it starts with "query", "path" or
            "header".
        legacy: which of the two shapes the route uses.
        prefix: what to put before every ``loc``.
    """
    located = [(tuple(str(part) for part in (*prefix, *problem["loc"])), _wording(problem)) for problem in problems]
    if legacy:
        return legacy_refusal(
            422,
            "; ".join(
                f"{'.'.join(where if where[0] in ('query', 'path', 'header') else ('body', *where))}: {why}"
                for where, why in located
            ),
        )
    return Problem(
        422,
        {
            "errors": [
                error_entry("InvalidRequest", "Invalid Request", why, source=_source(where)) for where, why in located
            ]
        },
    )


def _wording(problem: Mapping[str, Any]) -> str:
    """What is wrong, in the words of the recorded release (pydantic 1) where it is the HTTP layer that speaks."""
    kind = problem.get("type")
    if kind == "missing":
        return "field required"
    if kind in ("literal_error", "enum"):
        permitted = str(problem["ctx"]["expected"]).replace(" or ", ", ")
        return f"value is not a valid enumeration member; permitted: {permitted}"
    return str(problem["msg"])


def _source(where: tuple[str, ...]) -> JsonObject:
    if where and where[0] == "header":
        return {"header": where[-1]}
    if where and where[0] in ("query", "path"):
        return {"parameter": where[-1]}
    return {"pointer": "/" + "/".join(where)}
