"""The injectable faults, and the count of what was done. All are off until ``/simulator/`` switches them on."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import pydantic


class MotionFault(pydantic.BaseModel, extra="forbid"):
    """Motions that fail.

    Attributes:
        after: how many motions still succeed before.
        kind: "smoothie" (limit switch, as recorded in hwfail_*), "stall".
        motion: which motions count, None for all.
        times: how many fail.
    """

    after: int = 0
    kind: Literal["smoothie", "stall"] = "smoothie"
    motion: Literal["move", "home"] | None = None
    times: int = 1


@dataclass
class MotionFaults:
    """The motions that are to fail, and how many there have been."""

    planned: list[MotionFault] = field(default_factory=list)
    motions: Counter[str] = field(default_factory=Counter)
    tips_missing: int = 0

    def before_motion(self, motion: Literal["move", "home"]) -> None:
        """Count a motion and let it fail if that is planned."""
        self.motions[motion] += 1
        for fault in self.planned:
            if fault.motion not in (None, motion):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.planned.remove(fault)
            raise _motion_error(fault.kind)

    def before_tip_pickup(self) -> None:
        """Let a tip pick-up fail if that is planned."""
        if self.tips_missing > 0:
            self.tips_missing -= 1
            from opentrons.protocol_engine.errors import TipNotAttachedError

            raise TipNotAttachedError("The pipette did not pick up a tip.")


def _motion_error(kind: str) -> Exception:
    if kind == "stall":
        from opentrons_shared_data.errors.exceptions import StallOrCollisionDetectedError

        stall: Exception = StallOrCollisionDetectedError("Stall or collision detected (simulated)")
        return stall
    from opentrons.drivers.smoothie_drivers.errors import SmoothieError

    limit: Exception = SmoothieError("ORACLE: hard limit", "M999 (simulated)")
    return limit


HttpFaultKind = Literal["slow", "hang", "truncate", "html", "garbage", "error", "unavailable", "reset"]

_EXECUTED: dict[HttpFaultKind, bool] = {
    "slow": True,
    "hang": True,
    "truncate": True,
    "garbage": True,
    "html": False,
    "error": False,
    "unavailable": False,
    "reset": False,
}


class HttpFault(pydantic.BaseModel, extra="forbid"):
    """Requests that get no proper answer.

    Attributes:
        kind: slow (the answer comes ``delay_s`` late), hang (never), truncate (cut in the middle), html (a proxy's
            502 page), garbage (no JSON), error (500), unavailable (503), reset (connection reset).
        executes: whether the robot does what it was asked before; slow, hang, truncate and garbage do by default
            otherwise, the others do not.
        method: HTTP method, None for any.
        path: pattern of the path, ``*`` for one segment, ``**`` for any number; None for any.
        count: how many requests, None for all until cleared.
        after: how many matching requests are let through before.
        delay_s: for slow, in real seconds.
    """

    kind: HttpFaultKind
    executes: bool | None = None
    method: str | None = None
    path: str | None = None
    count: int | None = 1
    after: int = 0
    delay_s: float = 1.0

    def model_post_init(self, context: object) -> None:
        """Fill in what is usual for the kind."""
        if self.executes is None:
            self.executes = _EXECUTED[self.kind]

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is meant."""
        if self.method is not None and self.method.upper() != method:
            return False
        return self.path is None or _pattern(self.path).fullmatch(path) is not None


def _pattern(path: str) -> re.Pattern[str]:
    parts = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", path)))


@dataclass
class HttpFaults:
    """The faulty answers that are planned."""

    planned: list[HttpFault] = field(default_factory=list)

    def take(self, method: str, path: str) -> HttpFault | None:
        """Return the fault of this request, which counts as used."""
        for fault in self.planned:
            if not fault.matches(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self.planned.remove(fault)
            return fault
        return None


class FreezeAfterRuns(pydantic.BaseModel, extra="forbid"):
    """A server that freezes when a long run has ended, as real ones do for up to half a minute.

    Attributes:
        commands: how many commands a run needs to be long; None for never.
        seconds: for how long nothing is answered then, in real seconds.
    """

    commands: int | None = None
    seconds: float = 15.0


class Freezes:
    """Times in which no request is answered at all; each is answered afterwards."""

    def __init__(self) -> None:
        self.after_runs = FreezeAfterRuns()
        self._until = 0.0

    def freeze(self, seconds: float) -> None:
        """Answer nothing for some real seconds from now on."""
        self._until = max(self._until, time.monotonic() + seconds)

    def run_ended(self, commands: int) -> None:
        """A played run of so many commands has ended."""
        if self.after_runs.commands is not None and commands >= self.after_runs.commands:
            self.freeze(self.after_runs.seconds)

    async def thawed(self) -> None:
        """Wait until requests are answered."""
        while (left_s := self._until - time.monotonic()) > 0:
            await asyncio.sleep(left_s)


class AnalysisFaults(pydantic.BaseModel, extra="forbid"):
    """Analyses that are slow or endless.

    Attributes:
        delay_s: how long every analysis takes in addition, in real seconds.
        endless: whether analyses stay pending until this is cleared.
    """

    delay_s: float = 0.0
    endless: bool = False


@dataclass
class RequestCounts:
    """What was done: requests served, and those of them that changed something."""

    requests: Counter[str] = field(default_factory=Counter)
    counts: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    """By route, kind and key, in the order of the first of each."""

    @property
    def executed(self) -> list[dict[str, Any]]:
        """The requests that changed something, for a document."""
        return [
            {"route": route, "kind": kind, "key": key, "count": count}
            for (route, kind, key), count in self.counts.items()
        ]

    def request(self, method: str, route: str) -> None:
        """A request reached its route."""
        self.requests[f"{method} {route}"] += 1

    def count(self, route: str, kind: str, *, key: str | None = None) -> None:
        """A request that changes something was carried out (by HTTP or by hand)."""
        self.counts[route, kind, key] += 1
