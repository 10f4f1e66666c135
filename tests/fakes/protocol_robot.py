"""A robot in memory that keeps protocols and data files, and returns the analyses that a test gives it."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.robot_in_memory import BEGIN, Json, RobotInMemory, _data, _refused


@dataclass
class ProtocolRobot(RobotInMemory):
    """State that tests write and read.

    Attributes:
        found: what the next analyses find, in order; {} for one that is fine.
        looks: at how many looks at the protocol its analysis is pending before it has ended.
        protocols: by identifier; the robot forgets one that is deleted here.
        data_files: by identifier.
        uploads: the bodies of uploads of protocols and data files.
        analysis_requests: the bodies of requests to analyze a protocol again.
        upload_answers: what the next uploads of protocols are answered with instead: status and error.
    """

    found: list[Json] = field(default_factory=list)
    looks: int = 0
    protocols: dict[str, Json] = field(default_factory=dict)
    analyses: dict[str, Json] = field(default_factory=dict)
    data_files: dict[str, Json] = field(default_factory=dict)
    uploads: list[bytes] = field(default_factory=list)
    upload_answers: list[tuple[int, str]] = field(default_factory=list)
    analysis_requests: list[bytes] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def _route(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        if (method, path) == ("POST", "/protocols"):
            return self._upload(request.read())
        if (method, path) == ("GET", "/protocols"):
            return _data(list(self.protocols.values()))
        if match := re.fullmatch("/protocols/([^/]+)(/analyses)?(/[^/]+)?(/asDocument)?", path):
            return self._protocol(request, *match.groups())
        if path == "/dataFiles":
            return self._data_file(request.read()) if method == "POST" else _data(list(self.data_files.values()))
        return super()._route(request)

    def _upload(self, body: bytes) -> httpx.Response:
        self.uploads.append(body)
        if self.upload_answers:
            return _refused(*self.upload_answers.pop(0), "simulated")
        identifier = f"protocol-{next(self._numbers)}"
        self.protocols[identifier] = {
            "id": identifier, "createdAt": BEGIN.isoformat(), "robotType": "OT-2 Standard", "analysisSummaries": [],
            "metadata": {"protocolName": "as the robot read it", "author": "someone", "apiLevel": "2.12"},
        }  # fmt: skip
        self._analyze(identifier)
        return _data(self.protocols[identifier], 201)

    def _analyze(self, identifier: str) -> None:
        found = {"id": f"analysis-{next(self._numbers)}", "status": "completed", "result": "ok"}
        found |= self.found.pop(0) if self.found else {}
        self.analyses[found["id"]] = found
        summary = {"id": found["id"], "status": "pending" if self.looks else "completed"}
        self.protocols[identifier]["analysisSummaries"].append(summary)

    def _protocol(
        self, request: httpx.Request, identifier: str, analyses: str | None, analysis: str | None, document: str | None
    ) -> httpx.Response:
        protocol = self.protocols.get(identifier)
        if protocol is None:
            return _refused(404, "ProtocolNotFound", "simulated")
        if analysis is not None:
            found = self.analyses[analysis.removeprefix("/")]
            return httpx.Response(200, json=found) if document else _data(found)
        if analyses is not None:
            self._analyze(identifier)
            return _data(protocol["analysisSummaries"], 201)
        if request.method == "DELETE":
            del self.protocols[identifier]
            return httpx.Response(200, json={})
        if self.looks:
            self.looks -= 1
        elif protocol["analysisSummaries"]:
            protocol["analysisSummaries"][-1]["status"] = "completed"
        return _data(protocol)

    def _data_file(self, body: bytes) -> httpx.Response:
        self.uploads.append(body)
        identifier = f"file-{next(self._numbers)}"
        self.data_files[identifier] = {"id": identifier, "name": "wells.csv", "createdAt": BEGIN.isoformat()}
        return _data(self.data_files[identifier], 201)

    def asked_to_analyze(self) -> list[Json]:
        """Return what the robot was asked to analyze again, with the values and files that it got."""
        return [json.loads(body)["data"] for body in self.analysis_requests]

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/analyses"):
            self.analysis_requests.append(request.read())
        return super().answer(request)
