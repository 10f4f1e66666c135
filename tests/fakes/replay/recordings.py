"""The answers of real robot-server releases, as recorded with simulated hardware; one line of JSON a case.

Labware definitions and stack traces are left out, long lists cut; those of 8.1.0, which the simulator is compared with,
are complete and have their headers. Two lists of protocols of 5.0.0 are missing (`limits_protocols`, `protocols_list`):
they have more than a megabyte, and were recorded without their ends.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "recordings"
RELEASES = ("4.7.0", "5.0.0", "6.3.1", "7.5.0", "8.1.0")
EQUIPMENT = ("7.5.0-equipment", "8.1.0-equipment")
"""More of two releases: modules, labware, tips, maintenance runs, a second stop."""


class Recording(NamedTuple):
    case: str
    method: str
    path: str
    query: dict[str, Any]
    json: Any
    files: list[list[str]]
    version_header: str | None
    status: int
    body: Any

    @property
    def error_id(self) -> str | None:
        errors = self.body.get("errors") if isinstance(self.body, dict) else None
        return errors[0]["id"] if self.status >= 400 and errors else None


@cache
def recordings(release: str) -> dict[str, Recording]:
    """Return the recordings of a release by case, without those of notifications."""
    return {
        line["case"]: Recording(
            line["case"],
            line["method"],
            line["path"],
            line.get("query", {}),
            line.get("json"),
            line.get("files", []),
            line.get("version_header"),
            line["status"],
            line.get("body"),
        )
        for line in _lines(release)
        if "method" in line
    }


@cache
def notifications(release: str) -> dict[str, list[tuple[str, str]]]:
    """Return (topic, payload) of the notifications that followed each request."""
    return {
        line["case"]: [(topic, payload) for topic, payload, *_ in line["notifications"]]
        for line in _lines(release)
        if "notifications" in line
    }


def _lines(release: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{release}.jsonl").read_text(encoding="utf-8").splitlines()]
