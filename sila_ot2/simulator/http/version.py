"""The rules of the header ``Opentrons-Version``. Facts: robot-server 8.1.0, recorded (versionheader-*)."""

from __future__ import annotations

import re

from starlette.datastructures import Headers

from sila_ot2.simulator.errors import Problem, invalid_request, refusal, unexpected

NEWEST = 4
OLDEST = 2
HEADER = "opentrons-version"


def negotiate(headers: Headers, *, legacy: bool, path: str) -> int:
    """The version a request is served with.

    Raises:
        Problem: the header is missing (422), no version (422) or too old (400). ``GET /modules`` without it
            is 500, as on a robot.
    """
    asked = headers.get(HEADER)
    if asked == "*":
        return NEWEST
    if asked is None:
        wrong = ["field required"]
    elif not re.fullmatch("-?[0-9]{1,9}", asked):
        wrong = ["unexpected value; permitted: '*'", "value is not a valid integer"]
    else:
        number = int(asked)
        if number < OLDEST:
            raise refusal(
                400,
                "OutdatedAPIVersion",
                "Requested HTTP API version no longer supported",
                f"The requested API version '{asked}' is not supported. '{HEADER.title()}' must be at least '{OLDEST}'."
                " Please upgrade your Opentrons App or other HTTP API client.",
            )
        return min(number, NEWEST)
    if path == "/modules":
        raise _modules_without_version()
    raise invalid_request([{"loc": ("header", HEADER), "msg": text} for text in wrong], legacy=legacy)


def _modules_without_version() -> Problem:
    error = AttributeError("'State' object has no attribute 'api_version'", name="api_version", obj=object())
    error.__cause__ = KeyError("api_version")
    return unexpected(error)


def answer_headers(version: int) -> dict[str, str]:
    """What legacy routes and refusals carry; successful JSON-API answers carry none."""
    return {"opentrons-version": str(version), "opentrons-min-version": str(OLDEST)}
