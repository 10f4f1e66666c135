"""Sends one request to the robot, and reports of its outcome only what is certain.

No request waits for another one's connection: changes and reads have as many connections as they need, and
each interrupt (stop, pause) has a new one of its own. Reads are repeated on connection trouble, changing requests never
are.
"""

from __future__ import annotations

import functools
import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from sila_ot2.errors import Movement, OT2Fault, RobotFaulty
from sila_ot2.robot import translate
from sila_ot2.robot.answer_limits import limit_of
from sila_ot2.robot.descriptors import Reserve
from sila_ot2.robot.http_pool import HttpPool
from sila_ot2.robot.network import AnswerTooLarge, Exchange, Network, NoBody
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason, Unreachable, connect_reason, no_answer
from sila_ot2.robot.wire.base import problems_in

T = TypeVar("T")
FilePart = tuple[str, tuple[str, IO[bytes]]]
"""Form field, file name, and the open file: read in pieces while it is sent, so memory stays bounded."""

HEADERS = {
    # The newest interface this was tested with: older robots clamp it to theirs, newer ones keep to its shapes.
    "Opentrons-Version": "4",
    # The bytes on the wire are the bytes of the answer: they are read by hand below.
    "Accept-Encoding": "identity",
    "User-Agent": "sila-ot2",
}
NO_TEXT = ("image/", "video/", "application/zip")
"""How the type of content begins that is no text."""
KEEP_ALIVE_S = 3.0
"""Idle connections are dropped after this time: robot-server itself drops them after 5 s, and a request sent on a
connection the robot is just closing would be a lost answer for nothing."""
READ_AGAIN_AFTER_S = (0.05, 0.1)
"""After connection trouble, a read is repeated after these pauses."""
PREPARED = 64
"""So many addresses and reads are kept as they are sent: the same few are needed again and again, and making one takes
long."""

SLOWEST_UPLOAD_BYTES_PER_S = 100_000
"""A file is given this much longer than its time-out: some robots are at the end of a weak wireless network."""


@dataclass(frozen=True)
class Timeouts:
    """How long to wait for what, in seconds."""

    connect_s: float = 3.0
    read_s: float = 5.0
    change_s: float = 15.0
    long_s: float = 60.0
    """Creating and stopping runs: creation has been seen to take 38 s on a robot."""
    upload_s: float = 120.0


class Answer(NamedTuple):
    """An answer of the robot."""

    status: int
    content: bytes


@dataclass(frozen=True)
class Request:
    """One request, and a description of what it asks for."""

    method: str
    path: str
    what: str
    """An infinitive for messages: "play run 1234"."""
    timeout_s: float
    query: Mapping[str, str | int] | None = None
    json: Any = None
    files: Sequence[FilePart] | None = None
    form: Mapping[str, str] | None = None
    interrupt: bool = False
    harmless: bool = False
    """Whether it changes nothing at the robot, although its method is not GET."""

    @property
    def changes_robot(self) -> bool:
        """Whether the robot changes anything for it."""
        return self.method != "GET" and not self.harmless

    @property
    def may_have_moved(self) -> Movement:
        """Whether the robot may have moved for it, if it has been sent and nothing else is known."""
        return Movement.UNKNOWN if self.changes_robot else Movement.NONE

    def lost(self, reason: Reason, detail: str) -> Unreachable:
        """Return the error for an answer that did not come, or makes no sense."""
        kind = AnswerLost if self.changes_robot else Unreachable
        return kind(no_answer(self.what, reason, detail), reason)


NoteStatus = Callable[[int], None]
Observe = Callable[[Request], AbstractContextManager[NoteStatus]]
"""Is entered while a request is under way, and gives what is called with the status of the answer. Never waits."""


def unobserved(request: Request) -> AbstractContextManager[NoteStatus]:
    """Observe nothing."""
    return _UNOBSERVED


_UNOBSERVED: AbstractContextManager[NoteStatus] = nullcontext(lambda status: None)
_NOTHING = nullcontext()


class Transport:
    """The way to one robot. Thread-safe; makes no connection before the first request."""

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.BaseTransport | None = None,
        observe: Observe = unobserved,
    ) -> None:
        self._observe = observe
        self.timeouts = timeouts or Timeouts()
        self._base_url = base_url.rstrip("/")
        self.answered_at = -math.inf
        """When the robot answered anything last, on the monotonic clock."""

        self._changes_under_way = 0
        self._counting = threading.Lock()
        self._succeeded = False
        """Whether a request has succeeded since the robot was connected to: it is not starting then."""

        self._reserve = Reserve()
        self._reading = Network(self._reserve)

        # Not httpx.Client: what it adds (cookies, redirects, proxies, authentication) has no business between this
        # server and a robot on its own network, and is a third of what a request costs here.
        self._changes = transport or HttpPool(10, KEEP_ALIVE_S, Network(self._reserve))
        self._reads = transport or HttpPool(10, KEEP_ALIVE_S, self._reading)
        self._interrupts = transport or HttpPool(0, KEEP_ALIVE_S, Network(self._reserve))
        self._url = functools.lru_cache(PREPARED)(self._make_url)
        self._prepare_read = functools.lru_cache(PREPARED)(self._make_read)

    def close(self) -> None:
        """Close all connections; a request under way goes on until its answer or time-out."""
        self._changes.close()
        self._reads.close()
        self._interrupts.close()
        self._reserve.close()

    def send(self, request: Request, *, any_status: bool = False) -> Answer:
        """Send the request, once, and return its successful answer.

        Args:
            request: what to send.
            any_status: return every answer, also one with an error status.

        Raises:
            NotSent: certainly without effect.
            AnswerLost: a changing request that may have been carried out.
            Unreachable: a read that got no usable answer.
            OT2Fault: the robot answered that it will not, or that it failed (see `translate`).
        """
        pool = self._interrupts if request.interrupt else self._changes if request.changes_robot else self._reads
        limit = limit_of(request.path)
        sent = self._in_http(request)
        upload_s = 0.0 if request.method == "GET" else _content_length(sent) / SLOWEST_UPLOAD_BYTES_PER_S
        more_s = 0.0 if request.changes_robot else limit.more_s  # only what is read can be a long list
        with (
            self._observe(request) as note_status,
            self._changing() if request.changes_robot else _NOTHING,
            self._named(request),
            Exchange(request.timeout_s + more_s + upload_s, limit.largest_bytes) as exchange,
            closing(pool.handle_request(sent)) as response,
        ):
            assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - as the HTTP client is synchronous
            content = b"".join(response.stream)
            if not response.headers.get("Content-Type", "").startswith(NO_TEXT):
                content = _whole_characters(content)
            exchange.answered = True
            note_status(response.status_code)
        self.answered_at = time.monotonic()
        if any_status:
            return Answer(response.status_code, content)
        if not httpx.codes.is_success(response.status_code):
            raise _refusal(request, response.status_code, content, may_be_starting=not self._succeeded)
        self._succeeded = True
        return Answer(response.status_code, content)

    def status(self, request: Request) -> tuple[int, translate.Refusal | None]:
        """Ask for something, and return the status of the answer, and what the robot said if it refused.

        Raises:
            Unreachable: no usable answer came, or the robot is starting.
        """
        answer = self._ask(request, any_status=True)
        if httpx.codes.is_success(answer.status):
            return answer.status, None
        body = _json(answer.content)
        refusal = translate.read_refusal(body)
        if answer.status in (502, 503, 504) and (refusal is None or translate.is_starting(body)):
            raise _refusal(request, answer.status, answer.content, may_be_starting=True)
        return answer.status, refusal

    def ask(self, request: Request) -> Answer:
        """Send a request that changes nothing, again on connection trouble; as `send`."""
        return self._ask(request)

    def _ask(self, request: Request, *, any_status: bool = False) -> Answer:
        for pause_s in READ_AGAIN_AFTER_S:
            try:
                return self.send(request, any_status=any_status)
            except Unreachable as trouble:
                if trouble.reason not in (Reason.REFUSED, Reason.CONNECTION_LOST):
                    raise
            time.sleep(pause_s)
        return self.send(request, any_status=any_status)

    def _in_http(self, request: Request) -> httpx.Request:
        """Return the request as it is sent."""
        if request.method == "GET":
            return self._prepare_read(request.path, tuple((request.query or {}).items()), request.timeout_s)
        return httpx.Request(
            request.method,
            self._url(request.path, tuple((request.query or {}).items())),
            headers=HEADERS,
            json=request.json,
            files=request.files,
            data=request.form,
            extensions=self._timeouts(request.timeout_s),
        )

    def _make_read(self, path: str, query: tuple[tuple[str, str | int], ...], timeout_s: float) -> httpx.Request:
        extensions = self._timeouts(timeout_s)
        read = httpx.Request("GET", self._url(path, query), headers=HEADERS, extensions=extensions)
        read.stream = NoBody()
        return read

    def _make_url(self, path: str, query: tuple[tuple[str, str | int], ...]) -> httpx.URL:
        url = httpx.URL(self._base_url + path)
        return url.copy_merge_params(dict(query)) if query else url

    def _timeouts(self, timeout_s: float) -> dict[str, Any]:
        connect_s = min(self.timeouts.connect_s, timeout_s)
        return {"timeout": httpx.Timeout(timeout_s, connect=connect_s, pool=connect_s).as_dict()}

    @property
    def changes_under_way(self) -> int:
        """How many requests that change the robot wait for their answers."""
        return self._changes_under_way

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._counting:
            self._changes_under_way += 1
        try:
            yield
        finally:
            with self._counting:
                self._changes_under_way -= 1

    def retry_reads(self) -> None:
        """Let the reads that wait for their answers ask once more, over new connections."""
        self._reading.give_up()

    def read(self, kind: type[T] | TypeAdapter[T], request: Request, *, unwrap: bool = True) -> T:
        """Send the request and return its answer as `kind`; with `unwrap`, what is under "data"."""
        answer = self.send(request) if request.changes_robot else self.ask(request)
        return parse(kind, answer, request, unwrap=unwrap)

    @contextmanager
    def _named(self, request: Request) -> Iterator[None]:
        """Raise what the HTTP client raises as one of our errors."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            self._succeeded = False
            reason = connect_reason(error) if isinstance(error, httpx.ConnectError) else Reason.TIMED_OUT
            raise NotSent(no_answer(request.what, reason, str(error)), reason) from error
        except httpx.TransportError as error:
            timed_out = isinstance(error, httpx.TimeoutException)
            reason = Reason.TIMED_OUT if timed_out else Reason.CONNECTION_LOST
            if isinstance(error.__cause__, AnswerTooLarge):
                reason = Reason.ANSWER_TOO_LARGE
            self._succeeded = self._succeeded and timed_out
            raise request.lost(reason, str(error) or type(error).__name__) from error


def _whole_characters(content: bytes) -> bytes:
    """Return JSON without halves of surrogate pairs, which nothing after it could write.

    The robot writes them as escapes where a protocol has them in a text.
    """
    if not _HALF_PAIR.search(content):
        return content
    return _ESCAPE.sub(lambda found: _REPLACEMENT if found["half"] else found[0], content)


_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)
_REPLACEMENT = "\ufffd".encode()


def _content_length(request: httpx.Request) -> int:
    """Return the length of what is sent; each file has one, so nothing is sent in chunks."""
    return int(request.headers["Content-Length"]) if "Content-Length" in request.headers else 0


def _json(content: bytes) -> Any:
    """Return the content as JSON, None if it is not JSON."""
    try:
        return from_json(content)
    except ValueError:
        return None


def _refusal(request: Request, status: int, content: bytes, *, may_be_starting: bool) -> OT2Fault:
    body = _json(content)
    if status == 503 and translate.is_starting(body) and (may_be_starting or not request.changes_robot):
        return translate.did_nothing(request.what, Reason.STARTING, body)
    route = f"{request.method} {request.path}"
    fault = translate.refusal(status, body, request.what, route=route, moved=request.may_have_moved)
    if fault is not None:
        return fault
    text = content[:200].decode(errors="replace").strip()
    if status in (502, 503, 504) and not request.changes_robot:
        # The robot's nginx answers for the server behind it while that one starts, and also while that one is too busy.
        return request.lost(Reason.NOT_READY, f"HTTP {status}: {text}")
    if status >= 500 or status < 400:
        return request.lost(Reason.SENSELESS_ANSWER, f"HTTP {status}: {text}")
    return translate.foreign_refusal(status, text, request.what)


_adapter_of: Callable[[Any], TypeAdapter[Any]] = functools.cache(TypeAdapter)
"""Making one takes longer than most answers take to be read."""


def parse(kind: type[T] | TypeAdapter[T], answer: Answer, request: Request, *, unwrap: bool = True) -> T:
    """Return the answer as `kind`.

    Raises:
        AnswerLost: the answer to a changing request makes no sense; it may have been carried out.
        RobotFaulty: the answer to a read makes no sense.
    """
    adapter: TypeAdapter[T] = kind if isinstance(kind, TypeAdapter) else _adapter_of(kind)
    try:
        body = from_json(answer.content)
        return adapter.validate_python(body["data"] if unwrap else body)
    except MISUNDERSTOOD as error:
        detail = _not_understood(error, answer.content, unwrapped=unwrap)
        if request.changes_robot:
            raise request.lost(Reason.SENSELESS_ANSWER, detail) from error
        raise RobotFaulty(
            f"Asked to {request.what}, the robot's answer makes no sense: {detail}.",
            Reason.SENSELESS_ANSWER.remedy,
            moved=request.may_have_moved,
        ) from error


MISUNDERSTOOD = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What reading an answer raises that has another form than expected, the validation of its members included."""


def _not_understood(error: Exception, content: bytes, *, unwrapped: bool) -> str:
    """Return what of an answer cannot be understood: the members that are missing or of another type, or its text."""
    if isinstance(error, ValidationError):
        return problems_in(error, *(["data"] if unwrapped else []))
    text = content[:200].decode(errors="replace")
    return f"{'it is not JSON' if isinstance(error, ValueError) else 'it has no data'}: {text!r}"
