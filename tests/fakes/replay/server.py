"""What replay robots of all releases share: the HTTP server, the version header, lights, settings, door."""

from __future__ import annotations

import email
import json
import re
import sys
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from typing_extensions import Self

from tests.fakes.replay.recorded_answers import RecordedAnswer, RecordedAnswers, ReplayRefused

LEGACY = re.compile(r"/(health|identify|robot|pipettes|settings|logs|motors|calibration/status|modules)\b")
"""Routes with the older shapes of errors."""

REPLAY_ROUTE = "/replay"
"""Answered by no robot: it tells that this one only replays what was recorded."""

METHOD_NOT_ALLOWED = RecordedAnswer(
    405, {"errors": [{"id": "BadRequest", "title": "Bad Request", "detail": "Method Not Allowed"}]}
)
"""Recorded on 8.1.0 only, in the shape that all releases have for 404."""


class ReplayRequest:
    """One request as the routes see it."""

    def __init__(self, method: str, target: str, headers: Any, content: bytes) -> None:
        parts = urllib.parse.urlsplit(target)
        self.method = method
        self.path = parts.path
        self.query = dict(urllib.parse.parse_qsl(parts.query))
        self.version_header: str | None = headers.get("Opentrons-Version")
        self.files: dict[str, bytes] = {}
        self.fields: dict[str, list[str]] = {}
        """Names of the files by form field."""
        self.form: dict[str, str] = {}
        self.json: Any = {}
        kind = headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            message = email.message_from_bytes(b"Content-Type: %s\r\n\r\n%s" % (kind.encode(), content))
            for part in message.get_payload():
                self._take_part(part)
        elif content:
            self.json = json.loads(content)

    def _take_part(self, part: Any) -> None:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is not None:
            self.files[part.get_filename()] = content
            self.fields.setdefault(name, []).append(part.get_filename())
        else:
            self.form[name] = content.decode()

    @property
    def waits(self) -> bool:
        return self.query.get("waitUntilComplete") == "true"


Route = Callable[..., RecordedAnswer]


class ServedRobot:
    """A robot of one release, serving while it is entered."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.recorded = RecordedAnswers(release)
        self.requests: list[tuple[str, str]] = []
        """Method and path of all that was asked."""
        self.lock = threading.RLock()
        self.lights = False
        self.door_safety = False
        self._server = _ReplayServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: ReplayRequest) -> RecordedAnswer:
        """Answer one request."""
        with self.lock:
            self.requests.append((request.method, request.path))
            self.look()
            try:
                self._check_version(request)
                otherwise = self.recorded.answer("get_nope")
                for method, pattern, route in self.routes():
                    found = re.fullmatch(pattern, request.path)
                    if found and method == request.method:
                        return route(request, *found.groups())
                    otherwise = METHOD_NOT_ALLOWED if found else otherwise
                return self._recorded(request) or otherwise
            except ReplayRefused as refused:
                return refused.answer

    def look(self) -> None:
        """Bring everything up to the present."""

    def routes(self) -> list[tuple[str, str, Route]]:
        """The routes with a state behind them; everything else is answered as recorded."""
        return [
            ("GET", REPLAY_ROUTE, lambda _: RecordedAnswer(200, {"release": self.release})),
            ("GET", "/robot/lights", lambda _: RecordedAnswer(200, {"on": self.lights})),
            ("POST", "/robot/lights", self._post_lights),
            ("POST", "/settings", self._post_settings),
            ("GET", "/settings", lambda _: RecordedAnswer(200, self._settings())),
        ]

    def not_found(self, case: str, given: str) -> ReplayRefused:
        """Return a recorded refusal of something called "nope", for something else."""
        answer = self.recorded.answer(case)
        return ReplayRefused(RecordedAnswer(answer.status, json.loads(json.dumps(answer.body).replace("nope", given))))

    def _check_version(self, request: ReplayRequest) -> None:
        given = request.version_header
        number = given is not None and re.fullmatch(r"\d+", given)
        if given == "*" or (number and int(str(given)) >= 2):
            return
        word = "none" if given is None else ("1" if number else "abc")
        case = "health" if LEGACY.match(request.path) else "runs"
        raise self.recorded.refuse(f"versionheader-{word}-{case}")

    def _recorded(self, request: ReplayRequest) -> RecordedAnswer | None:
        for case in self.recorded.cases.values():
            same = (case.method, case.path.split("?")[0]) == (request.method, request.path)
            if same and not case.case.startswith(("versionheader", "hwfail")):
                return RecordedAnswer(case.status, case.body)
        return None

    def _post_lights(self, request: ReplayRequest) -> RecordedAnswer:
        if not isinstance(request.json.get("on"), bool):
            raise self.recorded.refuse("post_lights_bad")
        self.lights = request.json["on"]
        return RecordedAnswer(200, {"on": self.lights})

    def _post_settings(self, request: ReplayRequest) -> RecordedAnswer:
        self.change_setting(request.json.get("id"), on=bool(request.json.get("value")))
        return RecordedAnswer(200, self._settings())

    def change_setting(self, name: str, *, on: bool) -> None:
        """Change a setting that has an effect here."""
        if name == "enableDoorSafetySwitch":
            self.door_safety = on

    def settings_here(self) -> dict[str, bool]:
        """The settings that have an effect here."""
        return {"enableDoorSafetySwitch": self.door_safety}

    def _settings(self) -> Any:
        settings = self.recorded.answer("get_settings").body
        for setting in settings["settings"]:
            if setting["id"] in self.settings_here():
                setting["value"] = self.settings_here()[setting["id"]] or None
        return settings


class _ReplayServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that did not wait for the answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler_for(robot: ServedRobot) -> type[BaseHTTPRequestHandler]:
    class ReplayHandler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = robot.answer(ReplayRequest(self.command, self.path, self.headers, content))
            answer = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            # As the real one: closed after an unhandled error without having said so.
            self.close_connection = self.close_connection or status == 500

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output clean."""

    return ReplayHandler
