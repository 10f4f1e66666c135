"""A robot of release 4.7.0: protocols are run by sessions."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from tests.fakes.replay.recorded_answers import RecordedAnswer, RecordedAnswers, ReplayRefused, new_id, now_text
from tests.fakes.replay.server import ReplayRequest, Route, ServedRobot

COMMAND_S = 0.01
LOADING_S = 0.05
ALLOWED = {
    "loaded": ("startRun", "startSimulate"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "finished": ("startRun", "startSimulate"),
    "stopped": (),
}
AFTER = {"startRun": "running", "startSimulate": "running", "pause": "paused", "resume": "running", "cancel": "stopped"}


class ProtocolSession:
    """One protocol session; moved on by the clock when somebody looks."""

    def __init__(self, recorded: RecordedAnswers, protocol_id: str, text: str) -> None:
        self._recorded_answers = recorded
        self._text = text
        self.id = new_id()
        self.data = recorded.data("sessions_create") | {"id": self.id, "createdAt": now_text()}
        self.data["createParams"] = {"protocolId": protocol_id}
        self.links = recorded.answer("sessions_get", subject=self.id).body["links"]
        self.state = "stopped"
        self.events: list[dict[str, Any]] = []
        self._loading_until: float | None = time.monotonic() + LOADING_S
        self._waiting: list[dict[str, Any]] = []
        self._left_s = 0.0
        self._looked_at = time.monotonic()
        self._count = 0

    def look(self) -> None:
        now = time.monotonic()
        elapsed_s, self._looked_at = now - self._looked_at, now
        if self._loading_until is not None and now >= self._loading_until:
            self._loading_until, self.state = None, "loaded"
            self.events += self._recorded_events()
        while self.state == "running":
            if elapsed_s < self._left_s:
                self._left_s -= elapsed_s
                return
            elapsed_s -= self._left_s
            self._step()

    def _step(self) -> None:
        if not self._waiting:
            self.state = "finished"
            return
        event = self._waiting.pop(0)
        self.events.append(event | {"timestamp": now_text()})
        self._left_s = self._duration_s(event) if event["event"].endswith(".start") else 0.0

    def _duration_s(self, event: dict[str, Any]) -> float:
        found = re.search(r"delay\((?:seconds=)?([\d.]+)", self._text)
        return float(found[1]) if found and "DELAY" in event["event"] else COMMAND_S

    def _recorded_events(self) -> list[dict[str, Any]]:
        """The commands of the recorded protocol that resembles this one, numbered on."""
        case = "sessions_delay_get" if "delay(" in self._text else "sessions_get"
        events: Iterator[dict[str, Any]] = iter(self._recorded_answers.data(case)["details"]["events"])
        found: list[dict[str, Any]] = []
        for event in events:
            if event["source"] != "protocol":
                break
            number = self._count + int(event["commandId"])
            found.append(event | {"commandId": str(number), "timestamp": now_text()})
        self._count = int(found[-1]["commandId"])
        return found

    def execute(self, command: str) -> RecordedAnswer:
        """Do a command, or refuse it in this state."""
        name = command.removeprefix("protocol.")
        if name not in ALLOWED[self.state]:
            body = self._recorded_answers.answer("sessions_cmd_protocol.pause").body
            body["errors"][0]["detail"] = f"Can't execute '{command}' during state '{self.state}'"
            raise ReplayRefused(RecordedAnswer(403, body))
        answer = self._recorded_answers.answer("sessions_cmd_protocol.startRun", subject=self.id)
        done = answer.body["data"]
        done |= {"id": new_id(), "command": command, "createdAt": now_text(), "completedAt": now_text()}
        event = {"source": "sessionCommand", "event": command, "timestamp": now_text(), "commandId": done["id"]}
        self.events.append(event | {"params": None, "result": None})
        self.state = AFTER[name]
        if name in ("startRun", "startSimulate"):
            self._waiting, self._left_s = self._recorded_events(), 0.0
        self._looked_at = time.monotonic()
        return answer

    def describe(self) -> dict[str, Any]:
        details = {"currentState": self.state, "events": list(self.events)}
        answer: dict[str, Any] = self.data | {
            "details": {"protocolId": self.data["createParams"]["protocolId"], **details}
        }
        return answer


class SessionRobot(ServedRobot):
    """A robot of release 4.7.0."""

    def __init__(self, release: str = "4.7.0") -> None:
        super().__init__(release)
        self.sessions_enabled = True
        self.restart()

    def restart(self) -> None:
        """Lose everything but the settings."""
        with self.lock:
            self.protocols: dict[str, tuple[dict[str, Any], str]] = {}
            self.sessions: list[ProtocolSession] = []

    def look(self) -> None:
        for session in self.sessions:
            session.look()

    def routes(self) -> list[tuple[str, str, Route]]:
        return [
            *super().routes(),
            (
                "GET",
                "/protocols",
                lambda _: RecordedAnswer(200, {"data": [data for data, _ in self.protocols.values()]}),
            ),
            ("POST", "/protocols", self._post_protocol),
            ("GET", "/protocols/([^/]+)", lambda _, i: RecordedAnswer(200, {"data": self._protocol(i)[0]})),
            ("DELETE", "/protocols/([^/]+)", self._delete_protocol),
            (
                "GET",
                "/sessions",
                lambda _: RecordedAnswer(200, {"data": [s.describe() for s in self.sessions], "links": None}),
            ),
            ("POST", "/sessions", self._post_session),
            ("GET", "/sessions/([^/]+)", self._get_session),
            ("DELETE", "/sessions/([^/]+)", self._delete_session),
            ("POST", "/sessions/([^/]+)/commands/execute", self._execute),
        ]

    def change_setting(self, name: str, *, on: bool) -> None:
        super().change_setting(name, on=on)
        if name == "enableHttpProtocolSessions":
            self.sessions_enabled = on

    def settings_here(self) -> dict[str, bool]:
        return super().settings_here() | {"enableHttpProtocolSessions": self.sessions_enabled}

    def _protocol(self, protocol_id: str) -> tuple[dict[str, Any], str]:
        if protocol_id not in self.protocols:
            raise self._resource_not_found("protocol", protocol_id)
        return self.protocols[protocol_id]

    def _session(self, session_id: str) -> ProtocolSession:
        for session in self.sessions:
            if session.id == session_id:
                return session
        raise self._resource_not_found("session", session_id)

    def _resource_not_found(self, kind: str, given: str) -> ReplayRefused:
        body = self.recorded.answer("sessions_get_deleted").body
        body["errors"][0]["detail"] = f"Resource type '{kind}' with id '{given}' was not found"
        return ReplayRefused(RecordedAnswer(404, body))

    def _post_protocol(self, request: ReplayRequest) -> RecordedAnswer:
        fields = dict(request.fields)
        main = fields["protocolFile"][0]
        text = request.files[main].decode()
        protocol_id = main.rsplit(".", 1)[0]
        if protocol_id in self.protocols:
            body = self.recorded.answer("protocols_post_same").body
            body["errors"][0]["detail"] = body["errors"][0]["detail"].replace("simple47", protocol_id)
            raise ReplayRefused(RecordedAnswer(403, body))
        if self.protocols:
            error = {"id": "UncategorizedError", "title": "Action Forbidden"}
            raise ReplayRefused(
                RecordedAnswer(403, {"errors": [error | {"detail": "Upload limit of 1 has been reached."}]})
            )
        level = re.search(r"apiLevel\W+2\.(\d+)", text)
        data = self.recorded.data("protocols_post_disabled" if level and int(level[1]) > 11 else "protocols_post")
        data |= {"id": protocol_id, "protocolFile": {"basename": main}, "createdAt": now_text()}
        data["supportFiles"] = [{"basename": name} for name in fields.get("supportFiles", [])]
        self.protocols[protocol_id] = (data, text)
        return RecordedAnswer(201, {"data": data, "links": self.recorded.answer("protocols_post").body["links"]})

    def _delete_protocol(self, _: ReplayRequest, protocol_id: str) -> RecordedAnswer:
        data, _text = self._protocol(protocol_id)
        del self.protocols[protocol_id]
        return RecordedAnswer(200, {"data": data})

    def _post_session(self, request: ReplayRequest) -> RecordedAnswer:
        if not self.sessions_enabled:
            error = {"id": "UncategorizedError", "title": "Action Forbidden"}
            detail = "HTTP Protocol Session feature is disabled"
            raise ReplayRefused(RecordedAnswer(403, {"errors": [error | {"detail": detail}]}))
        protocol_id = request.json["data"]["createParams"]["protocolId"]
        session = ProtocolSession(self.recorded, protocol_id, self._protocol(protocol_id)[1])
        self.sessions.append(session)
        return RecordedAnswer(201, {"data": session.describe(), "links": session.links})

    def _get_session(self, _: ReplayRequest, session_id: str) -> RecordedAnswer:
        session = self._session(session_id)
        return RecordedAnswer(200, {"data": session.describe(), "links": session.links})

    def _delete_session(self, _: ReplayRequest, session_id: str) -> RecordedAnswer:
        session = self._session(session_id)
        self.sessions.remove(session)
        return RecordedAnswer(200, {"data": session.describe(), "links": session.links})

    def _execute(self, request: ReplayRequest, session_id: str) -> RecordedAnswer:
        return self._session(session_id).execute(request.json["data"]["command"])
