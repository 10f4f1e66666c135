"""What a client learns when a request that changes the robot goes wrong: each kind of request against each fault."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sila_ot2
from tests.end_to_end.requests_that_change import KINDS, RequestKind
from tests.proxy import Kind as FaultKind
from tests.proxy import ProxyFault

Outcome = Literal["succeeded", "failed", "unknown"]

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
INTERNAL = b'{"errors": [{"id": "UnexpectedError", "title": "Unexpected Internal Error", "detail": "simulated"}]}'
REFUSED = b'{"errors": [{"id": "NotNow", "title": "Not Now", "detail": "The robot does not do this now."}]}'
STARTING = (
    b'{"errors": [{"id": "HardwareNotYetInitialized", "title": "Hardware Not Yet Initialized", '
    b'"detail": "The device\'s hardware has not finished initializing.", "errorCode": "4000"}]}'
)


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one request.

    Attributes:
        name: for the table.
        kind, status, answer, content_type: as of `proxy.Fault`.
        executed: whether the robot has carried the request out.
    """

    name: str
    kind: FaultKind
    executed: bool
    status: int = 200
    answer: bytes = b""
    content_type: str = "application/json"

    def of(self, kind: RequestKind) -> ProxyFault:
        """Return the fault that does it to the next request of this kind."""
        return ProxyFault(
            self.kind,
            kind.method,
            kind.path,
            kind.body,
            executed=self.executed,
            status=self.status,
            answer=self.answer,
            content_type=self.content_type,
        )


def _both(name: str, make: Callable[[str, bool], Trouble]) -> tuple[Trouble, Trouble]:
    return make(f"{name}, before the effect", False), make(f"{name}, after it", True)


TROUBLES = (
    *_both("connection reset", lambda name, executed: Trouble(name, "reset", executed)),
    *_both("no answer in time", lambda name, executed: Trouble(name, "hang", executed)),
    Trouble("answer drips", "drip", True),
    Trouble("answer cut off", "truncate", True),
    Trouble("answer without end", "flood", True),
    *_both("500 of the robot", lambda name, executed: Trouble(name, "answer", executed, 500, INTERNAL)),
    *_both("503 as while starting", lambda name, executed: Trouble(name, "answer", executed, 503, STARTING)),
    *_both("502 of a proxy, HTML", lambda name, executed: Trouble(name, "answer", executed, 502, HTML, "text/html")),
    Trouble("refused by the robot", "answer", False, 409, REFUSED),
    *_both("200 with other JSON", lambda name, executed: Trouble(name, "answer", executed, 200, b'{"surprise": true}')),
)


def outcome(kind: RequestKind, trouble: Trouble) -> Outcome:
    """Return what the client learns: what has become of the request, whatever came of its answer."""
    if (kind.name, trouble.status) == ("create a run", 500):
        return "succeeded"  # releases 8.x may leave half a run behind: it is cleared, and the creation asked for again
    if trouble.answer == REFUSED:
        return "succeeded" if kind.name in _DONE_ANYWAY else "failed"
    if trouble.executed or kind.repeatable or kind.name in _DONE_ANYWAY:
        return "succeeded"
    return "unknown" if kind.may_come_late else "failed"


def cells(*, every: bool) -> list[tuple[RequestKind, Trouble]]:
    """Return the cells to try: every one, or a quarter, in which each request meets four faults.

    Each fault is then tried with five or six requests; of the four of a request, some are carried out and some not.
    The content of what sends and looks up requests chooses the quarter: each change of it tries another one.
    """
    quarter = int(hashlib.sha256(b"".join(map(Path.read_bytes, _SENDERS))).hexdigest(), 16) % 4
    return [
        (kind, trouble)
        for row, kind in enumerate(KINDS)
        for column, trouble in enumerate(TROUBLES)
        if every or (row + column) % 4 == quarter
    ]


_SENDERS = sorted(
    file
    for package in ("driver/requests", "robot")
    for file in (Path(sila_ot2.__file__).parent / package).rglob("*.py")
)
_DONE_ANYWAY: frozenset[str] = frozenset({"delete a protocol"})
"""The library decides which protocols there are; the robot forgets its copy by itself."""


def table() -> str:
    """Return the matrix as a table in Markdown."""
    head = ["request", *(trouble.name for trouble in TROUBLES)]
    rows = [[kind.name, *(outcome(kind, trouble) for trouble in TROUBLES)] for kind in KINDS]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))
