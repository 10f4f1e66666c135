"""Comparing an answer of the simulator with what a real robot-server answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HEADERS = ("content-type", "opentrons-version", "opentrons-min-version")
WORDS = frozenset(
    {
        "status", "current", "ok", "actionType", "commandType", "errorType", "errorCode", "intent", "result", "code",
        "isDefined", "title", "protocolType", "robotType", "role", "protocolKind", "moduleType", "moduleModel", "on",
        "doorRequiredClosedForProtocol", "totalLength", "message", "type",
    }
)  # fmt: skip
"""Keys whose values are compared as well, not only their types."""
SAMPLED = frozenset({"wells"})
"""Objects of which the recording keeps one member."""
NOT_KEPT = frozenset({"errorInfo.class", "errorInfo.traceback"})
"""Members that the recorder did not always keep."""
SAMPLED_LISTS = frozenset({"ordering", "brandId", "links", "groups"})


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Difference:
    """One difference: where, of what kind, and what it was and is."""

    path: str
    kind: str
    recorded: Any = None
    simulated: Any = None

    def __str__(self) -> str:
        return f"{self.path} {self.kind}: {_short(self.recorded)} / {_short(self.simulated)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 80 else text[:77] + "..."


def compare_answers(recorded: dict[str, Any], status: int, headers: Any, body: Any) -> list[Difference]:
    """Every difference between a recorded answer and the simulator's."""
    found = []
    if recorded["status"] != status:
        found.append(Difference("status", "value", recorded["status"], status))
    for name in HEADERS if "headers" in recorded else ():  # they were kept with some releases only
        was, now = recorded["headers"].get(name), headers.get(name)
        # The recorder did not always keep the content type.
        if was != now and not (name == "content-type" and was is None):
            found.append(Difference(f"header {name}", "value", was, now))
    found.extend(compare(recorded["body"], body, "body"))
    return found


def compare(recorded: Any, simulated: Any, path: str) -> Iterator[Difference]:
    """Differences in keys, types and, for some keys, values."""
    if _kind(recorded) != _kind(simulated):
        yield Difference(path, "type", recorded, simulated)
    elif isinstance(recorded, dict):
        yield from _compare_objects(recorded, simulated, path)
    elif isinstance(recorded, list):
        yield from _compare_lists(recorded, simulated, path)
    elif path.rpartition(".")[2] in WORDS and _anonymous(recorded) != _anonymous(simulated):
        yield Difference(path, "value", recorded, simulated)
    elif isinstance(recorded, str) and recorded.startswith("{") and path.endswith("]"):
        # A list of JSON strings.
        yield from compare(json.loads(recorded), json.loads(simulated), path)


def _compare_objects(recorded: dict[str, Any], simulated: dict[str, Any], path: str) -> Iterator[Difference]:
    sampled = path.rpartition(".")[2] in SAMPLED
    for key in recorded:
        if key not in simulated:
            yield Difference(f"{path}.{key}", "missing", recorded[key])
    for key in simulated:
        if key in recorded:
            if key == "id" and path.rpartition(".")[2].startswith("errors["):
                if recorded[key] != simulated[key] and "errorType" not in recorded:
                    yield Difference(f"{path}.{key}", "value", recorded[key], simulated[key])
                continue
            yield from compare(recorded[key], simulated[key], f"{path}.{key}")
        elif not sampled and f"{path.rpartition('.')[2]}.{key}" not in NOT_KEPT:
            yield Difference(f"{path}.{key}", "extra", None, simulated[key])


def _compare_lists(recorded: list[Any], simulated: list[Any], path: str) -> Iterator[Difference]:
    if SAMPLED_LISTS & set(path.replace("[", ".").split(".")):
        recorded, simulated = recorded[:1], simulated[:1]
    if len(recorded) != len(simulated):
        yield Difference(path, "length", len(recorded), len(simulated))
    for index, (was, now) in enumerate(zip(recorded, simulated, strict=False)):
        yield from compare(was, now, f"{path}[{index}]")


def _anonymous(value: Any) -> Any:
    return _UUID.sub("<id>", value) if isinstance(value, str) else value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__
