"""A robot of an old release: an HTTP server that answers as that release was recorded, with a state of its own.

Small on purpose: it executes nothing. A run follows the commands of a recorded run; a protocol gets a
recorded analysis. Releases 5.0.0, 6.3.1 and 7.5.0 are here, 4.7.0 (sessions instead of runs) in `sessions.py`.
"""

from __future__ import annotations

import email
import json
import re
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from typing_extensions import Self

from tests.replay.book import Answer, Book, Refused, new_id, now_text
from tests.replay.commands import Commands, find, page_of
from tests.replay.protocols import Protocol, check_upload
from tests.replay.runs import TERMINAL, Run

KEPT_RUNS = 20
KEPT_UNUSED_PROTOCOLS = 5
LEGACY = re.compile(r"/(health|identify|robot|pipettes|settings|logs|motors|calibration/status|modules)\b")
"""Routes with the older shapes of errors."""


class Request:
    """One request as the routes see it."""

    def __init__(self, method: str, target: str, headers: Any, content: bytes) -> None:
        parts = urllib.parse.urlsplit(target)
        self.method = method
        self.path = parts.path
        self.query = dict(urllib.parse.parse_qsl(parts.query))
        self.version_header: str | None = headers.get("Opentrons-Version")
        self.files: dict[str, bytes] = {}
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
        else:
            self.form[name] = content.decode()

    @property
    def waits(self) -> bool:
        return self.query.get("waitUntilComplete") == "true"


Route = Callable[..., Answer]


class ReplayRobot:
    """A robot of one release, serving while it is entered."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.book = Book(release)
        self.requests: list[tuple[str, str]] = []
        """Method and path of all that was asked."""
        self._lock = threading.RLock()
        self._door_open = False
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._forget_all()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def set_door(self, *, open: bool) -> None:  # noqa: A002 - the robot's word
        """Open or close the front door."""
        with self._lock:
            self._look()
            self._door_open = open
            self._look()

    def restart(self) -> None:
        """Lose what a restart loses: release 5 everything, later ones what is not in their database."""
        with self._lock:
            if self.book.version < (6, 0):
                self._forget_all()
                return
            for run in self.runs:
                if run.status not in TERMINAL:
                    run.status, run.commands, run.lost = "stopped", [], True
            self.current = None
            self.commands = Commands(self.book)

    def _forget_all(self) -> None:
        self.lights = False
        self.door_safety = False
        self.runs: list[Run] = []
        self.current: Run | None = None
        self.protocols: list[Protocol] = []
        self.commands = Commands(self.book)

    # --- dispatch -----------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        with self._lock:
            self.requests.append((request.method, request.path))
            self._look()
            try:
                self._check_version(request)
                for method, pattern, route in self.routes():
                    found = re.fullmatch(pattern, request.path)
                    if found and method == request.method:
                        return route(request, *found.groups())
                return self._recorded(request)
            except Refused as refused:
                return refused.answer

    def routes(self) -> list[tuple[str, str, Route]]:
        """The routes with a state behind them; everything else is answered as recorded."""
        old = self.book.version < (6, 0)
        routes: list[tuple[str, str, Route]] = [
            ("GET", "/robot/lights", lambda _: Answer(200, {"on": self.lights})),
            ("POST", "/robot/lights", self._post_lights),
            ("POST", "/settings", self._post_settings),
            ("GET", "/settings", lambda _: Answer(200, self._settings())),
            ("GET", "/protocols", lambda _: Answer(200, {"data": [p.describe() for p in self.protocols]})),
            ("POST", "/protocols", self._post_protocol),
            ("GET", "/protocols/([^/]+)", lambda _, i: Answer(200, {"data": self._protocol(i).describe()})),
            ("DELETE", "/protocols/([^/]+)", self._delete_protocol),
            ("GET", "/runs", self._list_runs),
            ("POST", "/runs", self._post_run),
            ("GET", "/runs/([^/]+)", lambda _, i: self._say(self._run(i))),
            ("DELETE", "/runs/([^/]+)", self._delete_run),
            ("PATCH", "/runs/([^/]+)", self._patch_run),
            ("POST", "/runs/([^/]+)/actions", self._act),
            ("GET", "/runs/([^/]+)/commands", lambda r, i: page_of(self._run(i).commands, i, r.query)),
            ("POST", "/runs/([^/]+)/commands", self._post_command),
            ("GET", "/runs/([^/]+)/commands/([^/]+)", self._get_command),
            ("POST", "/runs/([^/]+)/labware_offsets", self._post_offset),
            ("POST", "/commands", self._post_stateless),
        ]
        if not old:
            routes += [
                ("GET", "/commands", lambda r: page_of(self.commands.stateless, None, r.query)),
                ("GET", "/protocols/([^/]+)/analyses", self._list_analyses),
                ("GET", "/protocols/([^/]+)/analyses/([^/]+)", self._get_analysis),
                ("POST", "/runs/([^/]+)/labware_definitions", self._post_definition),
            ]
        if self.book.version >= (7, 0):
            routes += [
                ("GET", "/robot/door/status", lambda _: Answer(200, {"data": self._door()})),
                ("GET", "/protocols/([^/]+)/analyses/([^/]+)/asDocument", self._get_document),
            ]
        if self.book.version >= (7, 3):
            routes.append(("POST", "/protocols/([^/]+)/analyses", self._post_analysis))
        return routes

    def _check_version(self, request: Request) -> None:
        given = request.version_header
        number = given is not None and re.fullmatch(r"\d+", given)
        if given == "*" or (number and int(str(given)) >= 2):
            return
        word = "none" if given is None else ("1" if number else "abc")
        case = "health" if LEGACY.match(request.path) else "runs"
        raise self.book.refuse(f"versionheader-{word}-{case}")

    def _recorded(self, request: Request) -> Answer:
        for case in self.book.cases.values():
            same = (case.method, case.path.split("?")[0]) == (request.method, request.path)
            if same and not case.case.startswith(("versionheader", "hwfail")):
                return Answer(case.status, case.body)
        return self.book.answer("get_nope")

    def _look(self) -> None:
        if self.current is not None:
            self.current.look(door_blocks=self._door_blocks)

    @property
    def _door_blocks(self) -> bool:
        return self._door_open and self.door_safety

    # --- the robot itself ---------------------------------------------------------------------------------------

    def _post_lights(self, request: Request) -> Answer:
        if not isinstance(request.json.get("on"), bool):
            raise self.book.refuse("post_lights_bad")
        self.lights = request.json["on"]
        return Answer(200, {"on": self.lights})

    def _post_settings(self, request: Request) -> Answer:
        if request.json.get("id") == "enableDoorSafetySwitch":
            self.door_safety = bool(request.json.get("value"))
        return Answer(200, self._settings())

    def _settings(self) -> Any:
        settings = self.book.answer("get_settings").body
        for setting in settings["settings"]:
            if setting["id"] == "enableDoorSafetySwitch":
                setting["value"] = self.door_safety or None
        return settings

    def _door(self) -> dict[str, Any]:
        return {"status": "open" if self._door_open else "closed", "doorRequiredClosedForProtocol": self.door_safety}

    # --- protocols ----------------------------------------------------------------------------------------------

    def _protocol(self, protocol_id: str) -> Protocol:
        for protocol in self.protocols:
            if protocol.id == protocol_id:
                return protocol
        raise self._not_found("protocol_get_404", protocol_id)

    def _not_found(self, case: str, given: str) -> Refused:
        answer = self.book.answer(case)
        return Refused(Answer(answer.status, json.loads(json.dumps(answer.body).replace("nope", given))))

    def _post_protocol(self, request: Request) -> Answer:
        if (refusal := check_upload(self.book, request.files)) is not None:
            return refusal
        if self.book.version >= (7, 0):
            for protocol in self.protocols:
                if protocol.files == request.files:
                    if self.book.version >= (7, 3) and protocol.has_pending_analysis:
                        raise self.book.refuse("rtp_new_analysis_noforce_same")
                    return Answer(200, {"data": protocol.describe(briefly=True)})
        protocol = Protocol(self.book, request.files, request.form.get("key"))
        if self.book.version >= (6, 0):
            used = {run.protocol for run in self.runs}
            unused = [kept for kept in self.protocols if kept not in used]
            for forgotten in unused[: max(0, len(unused) + 1 - KEPT_UNUSED_PROTOCOLS)]:
                self.protocols.remove(forgotten)
        self.protocols.append(protocol)
        return Answer(201, {"data": protocol.describe(briefly=True)})

    def _delete_protocol(self, _: Request, protocol_id: str) -> Answer:
        protocol = self._protocol(protocol_id)
        if self.book.version >= (6, 0) and any(run.protocol is protocol for run in self.runs):
            raise self.book.refuse("protocol_delete_in_use", subject=protocol_id)
        self.protocols.remove(protocol)
        return Answer(200, {})

    def _list_analyses(self, _: Request, protocol_id: str) -> Answer:
        return Answer(200, {"data": self._protocol(protocol_id).list_analyses()})

    def _analysis(self, protocol_id: str, analysis_id: str) -> dict[str, Any]:
        for analysis in self._protocol(protocol_id).list_analyses():
            if analysis["id"] == analysis_id:
                return analysis
        raise self._not_found("analysis_404", analysis_id)

    def _get_analysis(self, _: Request, protocol_id: str, analysis_id: str) -> Answer:
        return Answer(200, {"data": self._analysis(protocol_id, analysis_id)})

    def _get_document(self, _: Request, protocol_id: str, analysis_id: str) -> Answer:
        return Answer(200, self._analysis(protocol_id, analysis_id))

    def _post_analysis(self, _: Request, protocol_id: str) -> Answer:
        protocol = self._protocol(protocol_id)
        if protocol.has_pending_analysis:
            raise self.book.refuse("rtp_new_analysis_noforce_same")
        protocol.analyse()
        return Answer(201, {"data": [{"id": a["id"], "status": a["status"]} for a in protocol.list_analyses()]})

    # --- runs ---------------------------------------------------------------------------------------------------

    def _run(self, run_id: str) -> Run:
        for run in self.runs:
            if run.id == run_id:
                return run
        raise self._not_found("run_404", run_id)

    def _say(self, run: Run, status: int = 200) -> Answer:
        return Answer(status, {"data": run.describe(current=run is self.current)})

    def _list_runs(self, request: Request) -> Answer:
        found = [run.describe(current=run is self.current) for run in self.runs]
        if self.book.version < (6, 0):
            found = [
                {name: run[name] for name in ("id", "status", "createdAt", "current", "protocolId") if name in run}
                for run in found
            ]
        total = len(found)
        if "pageLength" in request.query and self.book.version >= (7, 0):
            found = found[-int(request.query["pageLength"]) :]
        links = {"current": {"href": f"/runs/{self.current.id}"}} if self.current else {}
        return Answer(200, {"data": found, "links": links, "meta": {"cursor": 0, "totalLength": total}})

    def _post_run(self, request: Request) -> Answer:
        data = request.json.get("data") or {}
        protocol = self._protocol(data["protocolId"]) if data.get("protocolId") else None
        if self.current is not None:
            if self.current.is_active:
                raise self.book.refuse("run_create_while_running")
            if self.current.status == "idle":
                self.current.end_idle()
        if self.book.version >= (6, 0):
            self.runs = self.runs[-(KEPT_RUNS - 1) :]
        self.current = Run(self.book, protocol, data.get("labwareOffsets", []))
        self.runs.append(self.current)
        return self._say(self.current, 201)

    def _delete_run(self, _: Request, run_id: str) -> Answer:
        run = self._run(run_id)
        self._refuse_active(run, "run_delete_running")
        self.runs.remove(run)
        if run is self.current:
            self.current = None
        return Answer(200, {})

    def _patch_run(self, request: Request, run_id: str) -> Answer:
        run = self._run(run_id)
        if run is not self.current:
            raise self.book.refuse("run_set_current_true", subject=run_id)
        if request.json["data"].get("current") is False:
            self._refuse_active(run, "run_uncurrent_running")
            if run.status == "idle":
                run.end_idle()
            self.current = None
        return self._say(run)

    def _refuse_active(self, run: Run, case: str) -> None:
        if run is self.current and run.is_active:
            raise self.book.refuse(case, subject=run.id)

    def _act(self, request: Request, run_id: str) -> Answer:
        run = self._run(run_id)
        if run is not self.current:
            raise self.book.refuse("action_on_noncurrent", subject=run_id)
        return run.act(request.json["data"]["actionType"], door_blocks=self._door_blocks)

    def _post_command(self, request: Request, run_id: str) -> Answer:
        if "timeout" in request.query and not re.fullmatch(r"[1-9]\d*", request.query["timeout"]):
            negative = request.query["timeout"].startswith("-")
            raise self.book.refuse("atomic_timeout_neg" if negative else "atomic_timeout_0")
        run = self._run(run_id)
        return self.commands.post(run, request.json, current=run is self.current, waits=request.waits)

    def _get_command(self, _: Request, run_id: str, command_id: str) -> Answer:
        not_found = self._not_found("command_404", command_id)
        return Answer(200, {"data": find(self._run(run_id).commands, command_id, not_found)})

    def _post_stateless(self, request: Request) -> Answer:
        active = self.current is not None and self.current.is_active
        answer = self.commands.post_stateless(request.json, active=active, waits=request.waits)
        if request.json["data"]["commandType"] == "setRailLights":
            self.lights = request.json["data"]["params"]["on"]
        return answer

    def _post_offset(self, request: Request, run_id: str) -> Answer:
        run = self._run(run_id)
        offset = {"id": new_id(), "createdAt": now_text(), **request.json["data"]}
        run.offsets.append(offset)
        return self._say(run, 201) if run.is_old else Answer(201, {"data": offset})

    def _post_definition(self, request: Request, run_id: str) -> Answer:
        data, run = request.json["data"], self._run(run_id)
        if "parameters" not in data:
            raise self.book.refuse("labware_definitions_bad")
        uri = f"{data['namespace']}/{data['parameters']['loadName']}/{data['version']}"
        run.definitions.add(uri)
        return Answer(201, {"data": {"definitionUri": uri}})


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _handler_for(robot: ReplayRobot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
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
            status, body = robot.answer(Request(self.command, self.path, self.headers, content))
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

    return Handler
