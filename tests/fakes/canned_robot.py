"""A robot of canned answers behind the real client: what each path answers may be changed between two readings."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import httpx

from sila_ot2.robot.client import RobotClient

HEALTH = {
    "name": "left robot",
    "robot_model": "OT-2 Standard",
    "api_version": "8.1.0",
    "fw_version": "v1.1.0-25e5cea",
    "board_revision": "2.1",
    "system_version": "v0.1",
    "maximum_protocol_api_version": [2, 20],
    "minimum_protocol_api_version": [2, 0],
    "robot_serial": "OT2CEP001",
}
LEFT = {
    "mount": "left",
    "instrumentType": "pipette",
    "instrumentModel": "p20_single_v2.2",
    "instrumentName": "p20_single_gen2",
    "serialNumber": "P20-1",
    "ok": True,
    "data": {"channels": 1, "min_volume": 1.0, "max_volume": 20.0},
}
MODULE = {
    "id": "abc",
    "serialNumber": "TD01",
    "firmwareVersion": "v2.1",
    "hardwareRevision": "temp_deck_v20",
    "hasAvailableUpdate": False,
    "moduleType": "temperatureModuleType",
    "moduleModel": "temperatureModuleV2",
    "data": {"status": "idle", "currentTemperature": 23.0},
}
ANSWERS: dict[str, Any] = {
    "/health": HEALTH,
    "/robot/door/status": {"data": {"status": "closed", "doorRequiredClosedForProtocol": True}},
    "/robot/lights": {"on": False},
    "/modules": {"data": [MODULE]},
    "/instruments": {"data": [LEFT]},
    "/calibration/status": {"deckCalibration": {"status": "OK", "data": {"lastModified": "2026-01-02T03:04:05Z"}}},
    "/calibration/pipette_offset": {
        "data": [{"id": "o", "mount": "left", "pipette": "P20-1", "offset": [0.1, -0.2, 0.3], "status": {}}]
    },
    "/calibration/tip_length": {
        "data": [{"id": "t", "pipette": "P20-1", "tipLength": 31.1, "uri": "opentrons/tips/1", "status": {}}]
    },
    "/runs": {"data": [], "links": {}},
    "/maintenance_runs/current_run": {
        "errors": [{"id": "NoCurrentRunFound", "title": "No Current Run Found", "detail": "None."}]
    },
}


class CannedRobot:
    """Answers GET by path; a value that is an exception is raised, one that is an `httpx.Response` is sent as it is."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = copy.deepcopy(ANSWERS)
        self.requests: Counter[str] = Counter()
        self.client = RobotClient("http://robot:31950", transport=httpx.MockTransport(self._answer))

    def health(self, **changes: Any) -> None:
        """Change what /health says."""
        self.answers["/health"] = {**HEALTH, **changes}

    def refuse_connections(self) -> None:
        """Be switched off."""
        self.answers = dict.fromkeys(self.answers, httpx.ConnectError("refused"))

    def recover(self) -> None:
        """Answer as at the beginning."""
        self.answers = copy.deepcopy(ANSWERS)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests[path] += 1
        answer = self.answers.get(path)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None:
            return httpx.Response(404, json={"errors": [{"id": "BadRequest", "title": "Bad Request", "detail": path}]})
        return httpx.Response(404 if "errors" in answer else 200, json=answer)
