"""Answers of a robot of a release to come: those of a robot of today, changed by a seed.

Each seed stands for one release. It changes the same member of the same route in the same way as long as it is in
force: it leaves members out, gives them other names or types, adds new ones, has new words for what is and what was
done, lists actions of a new kind and lists things in another order, and has lost routes that are there today.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}")
WORDS = frozenset({"status", "commandType", "actionType", "moduleModel", "moduleType", "errorType", "intent", "id"})
"""Members whose values are words of the robot; a new release has new ones. `id` is one in errors only."""
GONE = {404: ("BadRequest", "Not Found"), 405: ("BadRequest", "Method Not Allowed"), 410: ("RouteRemoved", "Removed")}
"""How a robot answers on a route that it has no longer: the status, and the name and text of its error."""
_LOOKED_FOR = {"shape": ("diameter", "xDimension", "yDimension"), "diameter": ("xDimension",)}
"""Members that are looked for, and not there, where another one is not what it was."""
NEW_ACTION = {"id": "action-of-the-future", "actionType": "ponder", "createdAt": "2026-01-01T00:00:00.000000+00:00"}
LISTED = ".data"
"""Where an answer has what was asked to be listed; only lists of commands, which are asked for by place, keep order."""
LEAST_OFTEN = "/health"
"""Without it there is no robot at all, and nothing else is tried."""


class FutureRelease:
    """One release to come.

    Args:
        seed: which one.
        changes: how many of a thousand members are changed.
    """

    def __init__(self, seed: int, changes: int = 15) -> None:
        self._seed = seed
        self._changes = changes
        self.made: set[str] = set()
        """What was changed, in words."""
        self.names: set[str] = set()
        """The members, words and routes that were changed: an error that comes from there names one of them."""
        self._chances: dict[tuple[str, ...], float] = {}

    def answer(self, method: str, path: str, status: int, body: bytes) -> tuple[int, bytes]:
        """Return the answer of this release to a request that a robot of today has answered."""
        route = f"{method} {IDENTIFIER.sub('*', path)}"
        if method == "GET" and path != LEAST_OFTEN and self._chance(route, "gone") < self._changes / 3:
            gone = list(GONE)[int(self._chance("how", route, "gone")) % len(GONE)]
            self.made.add(f"{route} is gone: {gone}")
            self.names.add(f"{method} {path}")
            name, text = GONE[gone]
            return gone, json.dumps({"errors": [{"id": name, "title": name, "detail": text}]}).encode()
        try:
            document = json.loads(body)
        except ValueError:
            return status, body
        return status, json.dumps(self._changed(document, route, "")).encode()

    def _chance(self, *where: str) -> float:
        """Return a number below 1000 that is always the same for one place of one release."""
        if where not in self._chances:
            self._chances[where] = random.Random(f"{self._seed} {' '.join(where)}").random() * 1000
        return self._chances[where]

    def _changed(self, value: Any, route: str, place: str) -> Any:
        if isinstance(value, list):
            changed = [self._changed(item, route, f"{place}[]") for item in value]
            if place.endswith(".actions") and self._chance("actions") < self._changes * 3:
                self.made.add(f"{route}: an action of a new kind")
                changed.append(NEW_ACTION)
            if (
                place == LISTED
                and not route.endswith("/commands")
                and len(changed) > 1
                and self._chance(route, "order") < self._changes * 3
            ):
                self.made.add(f"{route}: another order")
                changed.reverse()
            return changed
        if isinstance(value, dict):
            return self._changed_members(value, route, place)
        return value

    def _changed_members(self, members: dict[str, Any], route: str, place: str) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for name, value in members.items():
            where = f"{place}.{name}"
            chance = self._chance(route, where)
            if route.endswith(LEAST_OFTEN):
                chance *= 4
            if chance >= self._changes or place.endswith((".params", ".definition")):
                changed[name] = self._changed(value, route, where)
                continue
            how = _HOW[int(self._chance("how", route, where)) % len(_HOW)]
            is_word = isinstance(value, str) and name in WORDS and not IDENTIFIER.fullmatch(value)
            self.names |= {name, _new(name), *_LOOKED_FOR.get(name, ())}
            if is_word and (name != "id" or ".errors" in place):
                self.made.add(f"{route}: a new word for {where} {value}")
                changed[name] = f"future-{value}"
                continue
            self.made.add(f"{route}: {how.__name__.strip('_')} {where}")
            how(changed, name, value)
        return changed


def _left_out(changed: dict[str, Any], name: str, value: Any) -> None:
    """Leave the member out."""


def _renamed(changed: dict[str, Any], name: str, value: Any) -> None:
    changed[f"{name}Future"] = value


def _retyped(changed: dict[str, Any], name: str, value: Any) -> None:
    changed[name] = value[0] if isinstance(value, list) and value else {"value": value}


def _emptied(changed: dict[str, Any], name: str, value: Any) -> None:
    changed[name] = None


def _accompanied(changed: dict[str, Any], name: str, value: Any) -> None:
    changed[name] = value
    changed[_new(name)] = [{"value": name}]


def _new(name: str) -> str:
    return f"new{name.capitalize()}"


_HOW: tuple[Callable[[dict[str, Any], str, Any], None], ...] = (_left_out, _renamed, _retyped, _emptied, _accompanied)
