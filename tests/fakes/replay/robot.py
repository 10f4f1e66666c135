"""A robot of an old release that answers as that release was recorded, with a state of its own.

Small on purpose: it executes nothing. A run follows the commands of a recorded run; a protocol gets a
recorded analysis. Releases 5.0.0, 6.3.1 and 7.5.0 are here, 4.7.0 (sessions instead of runs) in `sessions.py`.
"""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.replay.commands import Commands, find, page_of
from tests.fakes.replay.protocols import ReplayProtocol, check_upload
from tests.fakes.replay.recorded_answers import RecordedAnswer, new_id, now_text
from tests.fakes.replay.runs import TERMINAL, ReplayRun
from tests.fakes.replay.server import ReplayRequest, Route, ServedRobot

KEPT_RUNS = 20
KEPT_UNUSED_PROTOCOLS = 5


class ReplayRobot(ServedRobot):
    """A robot of a release with runs."""

    current: ReplayRun | None

    def __init__(self, release: str) -> None:
        super().__init__(release)
        self._door_open = False
        self._forget_all()

    def set_door(self, *, open: bool) -> None:  # noqa: A002 - the robot's word
        """Open or close the front door."""
        with self.lock:
            self.look()
            self._door_open = open
            self.look()

    def restart(self) -> None:
        """Lose what a restart loses: release 5 everything, later ones what is not in their database."""
        with self.lock:
            if self.recorded.version < (6, 0):
                self._forget_all()
                return
            for run in self.runs:
                if run.status not in TERMINAL:
                    run.status, run.commands, run.lost = "stopped", [], True
            self.current = None
            self.commands = Commands(self.recorded)

    def _forget_all(self) -> None:
        self.lights = False
        self.door_safety = False
        self.runs: list[ReplayRun] = []
        self.current = None
        self.protocols: list[ReplayProtocol] = []
        self.commands = Commands(self.recorded)

    def routes(self) -> list[tuple[str, str, Route]]:
        """The routes with a state behind them; everything else is answered as recorded."""
        old = self.recorded.version < (6, 0)
        routes: list[tuple[str, str, Route]] = [
            *super().routes(),
            ("GET", "/protocols", lambda _: RecordedAnswer(200, {"data": [p.describe() for p in self.protocols]})),
            ("POST", "/protocols", self._post_protocol),
            ("GET", "/protocols/([^/]+)", lambda _, i: RecordedAnswer(200, {"data": self._protocol(i).describe()})),
            ("DELETE", "/protocols/([^/]+)", self._delete_protocol),
            ("GET", "/runs", self._list_runs),
            ("POST", "/runs", self._post_run),
            ("GET", "/runs/([^/]+)", lambda _, i: self._describe_run(self._run(i))),
            ("DELETE", "/runs/([^/]+)", self._delete_run),
            ("PATCH", "/runs/([^/]+)", self._patch_run),
            ("POST", "/runs/([^/]+)/actions", self._post_action),
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
        if self.recorded.version >= (7, 0):
            routes += [
                ("GET", "/robot/door/status", lambda _: RecordedAnswer(200, {"data": self._door()})),
                ("GET", "/protocols/([^/]+)/analyses/([^/]+)/asDocument", self._get_document),
            ]
        if self.recorded.version >= (7, 3):
            routes.append(("POST", "/protocols/([^/]+)/analyses", self._post_analysis))
        return routes

    def look(self) -> None:
        if self.current is not None:
            self.current.look(door_blocks=self._door_blocks)

    @property
    def _door_blocks(self) -> bool:
        return self._door_open and self.door_safety

    def _door(self) -> dict[str, Any]:
        return {"status": "open" if self._door_open else "closed", "doorRequiredClosedForProtocol": self.door_safety}

    # --- protocols ----------------------------------------------------------------------------------------------

    def _protocol(self, protocol_id: str) -> ReplayProtocol:
        for protocol in self.protocols:
            if protocol.id == protocol_id:
                return protocol
        raise self.not_found("protocol_get_404", protocol_id)

    def _post_protocol(self, request: ReplayRequest) -> RecordedAnswer:
        if (refusal := check_upload(self.recorded, request.files)) is not None:
            return refusal
        if self.recorded.version >= (7, 0):
            for protocol in self.protocols:
                if protocol.files == request.files:
                    if self.recorded.version >= (7, 3) and protocol.has_pending_analysis:
                        raise self.recorded.refuse("rtp_new_analysis_noforce_same")
                    return RecordedAnswer(200, {"data": protocol.describe(briefly=True)})
        protocol = ReplayProtocol(self.recorded, request.files, request.form.get("key"))
        if self.recorded.version >= (6, 0):
            used = {run.protocol for run in self.runs}
            unused = [kept for kept in self.protocols if kept not in used]
            for forgotten in unused[: max(0, len(unused) + 1 - KEPT_UNUSED_PROTOCOLS)]:
                self.protocols.remove(forgotten)
        self.protocols.append(protocol)
        return RecordedAnswer(201, {"data": protocol.describe(briefly=True)})

    def _delete_protocol(self, _: ReplayRequest, protocol_id: str) -> RecordedAnswer:
        protocol = self._protocol(protocol_id)
        if self.recorded.version >= (6, 0) and any(run.protocol is protocol for run in self.runs):
            raise self.recorded.refuse("protocol_delete_in_use", subject=protocol_id)
        self.protocols.remove(protocol)
        return RecordedAnswer(200, {})

    def _list_analyses(self, _: ReplayRequest, protocol_id: str) -> RecordedAnswer:
        return RecordedAnswer(200, {"data": self._protocol(protocol_id).list_analyses()})

    def _analysis(self, protocol_id: str, analysis_id: str) -> dict[str, Any]:
        for analysis in self._protocol(protocol_id).list_analyses():
            if analysis["id"] == analysis_id:
                return analysis
        raise self.not_found("analysis_404", analysis_id)

    def _get_analysis(self, _: ReplayRequest, protocol_id: str, analysis_id: str) -> RecordedAnswer:
        return RecordedAnswer(200, {"data": self._analysis(protocol_id, analysis_id)})

    def _get_document(self, _: ReplayRequest, protocol_id: str, analysis_id: str) -> RecordedAnswer:
        return RecordedAnswer(200, self._analysis(protocol_id, analysis_id))

    def _post_analysis(self, _: ReplayRequest, protocol_id: str) -> RecordedAnswer:
        protocol = self._protocol(protocol_id)
        if protocol.has_pending_analysis:
            raise self.recorded.refuse("rtp_new_analysis_noforce_same")
        protocol.analyze()
        return RecordedAnswer(201, {"data": [{"id": a["id"], "status": a["status"]} for a in protocol.list_analyses()]})

    # --- runs ---------------------------------------------------------------------------------------------------

    def _run(self, run_id: str) -> ReplayRun:
        for run in self.runs:
            if run.id == run_id:
                return run
        raise self.not_found("run_404", run_id)

    def _describe_run(self, run: ReplayRun, status: int = 200) -> RecordedAnswer:
        return RecordedAnswer(status, {"data": run.describe(current=run is self.current)})

    def _list_runs(self, request: ReplayRequest) -> RecordedAnswer:
        found = [run.describe(current=run is self.current) for run in self.runs]
        if self.recorded.version < (6, 0):
            found = [
                {name: run[name] for name in ("id", "status", "createdAt", "current", "protocolId") if name in run}
                for run in found
            ]
        total = len(found)
        if "pageLength" in request.query and self.recorded.version >= (7, 0):
            found = found[-int(request.query["pageLength"]) :]
        links: dict[str, Any] = {"current": {"href": f"/runs/{self.current.id}"}} if self.current else {}
        return RecordedAnswer(200, {"data": found, "links": links, "meta": {"cursor": 0, "totalLength": total}})

    def _post_run(self, request: ReplayRequest) -> RecordedAnswer:
        data = request.json.get("data") or {}
        protocol = self._protocol(data["protocolId"]) if data.get("protocolId") else None
        if self.current is not None:
            if self.current.is_active:
                raise self.recorded.refuse("run_create_while_running")
            if self.current.status == "idle":
                self.current.end_idle()
        if self.recorded.version >= (6, 0):
            self.runs = self.runs[-(KEPT_RUNS - 1) :]
        run = self.current = ReplayRun(self.recorded, protocol, data.get("labwareOffsets", []))
        self.runs.append(run)
        return self._describe_run(run, 201)

    def _delete_run(self, _: ReplayRequest, run_id: str) -> RecordedAnswer:
        run = self._run(run_id)
        self._refuse_active(run, "run_delete_running")
        self.runs.remove(run)
        if run is self.current:
            self.current = None
        return RecordedAnswer(200, {})

    def _patch_run(self, request: ReplayRequest, run_id: str) -> RecordedAnswer:
        run = self._run(run_id)
        if run is not self.current:
            raise self.recorded.refuse("run_set_current_true", subject=run_id)
        if request.json["data"].get("current") is False:
            self._refuse_active(run, "run_uncurrent_running")
            if run.status == "idle":
                run.end_idle()
            self.current = None
        return self._describe_run(run)

    def _refuse_active(self, run: ReplayRun, case: str) -> None:
        if run is self.current and run.is_active:
            raise self.recorded.refuse(case, subject=run.id)

    def _post_action(self, request: ReplayRequest, run_id: str) -> RecordedAnswer:
        run = self._run(run_id)
        if run is not self.current:
            raise self.recorded.refuse("action_on_noncurrent", subject=run_id)
        return run.take_action(request.json["data"]["actionType"], door_blocks=self._door_blocks)

    def _post_command(self, request: ReplayRequest, run_id: str) -> RecordedAnswer:
        if "timeout" in request.query and not re.fullmatch(r"[1-9]\d*", request.query["timeout"]):
            negative = request.query["timeout"].startswith("-")
            raise self.recorded.refuse("atomic_timeout_neg" if negative else "atomic_timeout_0")
        run = self._run(run_id)
        return self.commands.post(run, request.json, current=run is self.current, waits=request.waits)

    def _get_command(self, _: ReplayRequest, run_id: str, command_id: str) -> RecordedAnswer:
        not_found = self.not_found("command_404", command_id)
        return RecordedAnswer(200, {"data": find(self._run(run_id).commands, command_id, not_found)})

    def _post_stateless(self, request: ReplayRequest) -> RecordedAnswer:
        active = self.current is not None and self.current.is_active
        answer = self.commands.post_stateless(request.json, active=active, waits=request.waits)
        if request.json["data"]["commandType"] == "setRailLights":
            self.lights = request.json["data"]["params"]["on"]
        return answer

    def _post_offset(self, request: ReplayRequest, run_id: str) -> RecordedAnswer:
        run = self._run(run_id)
        offset = {"id": new_id(), "createdAt": now_text(), **request.json["data"]}
        run.offsets.append(offset)
        return self._describe_run(run, 201) if run.is_old else RecordedAnswer(201, {"data": offset})

    def _post_definition(self, request: ReplayRequest, run_id: str) -> RecordedAnswer:
        data, run = request.json["data"], self._run(run_id)
        if "parameters" not in data:
            raise self.recorded.refuse("labware_definitions_bad")
        uri = f"{data['namespace']}/{data['parameters']['loadName']}/{data['version']}"
        run.definitions.add(uri)
        return RecordedAnswer(201, {"data": {"definitionUri": uri}})
