"""Replaying recorded requests on the simulator, with the ids of the day."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.simulator.comparison import Difference, compare_answers
from tests.simulator.simulated_robot import SimulatorUnderTest

RECORDINGS = Path(__file__).parents[1] / "recordings"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}X?")


@cache
def recordings(release: str = "8.1.0") -> dict[str, dict[str, Any]]:
    """Every recorded case of a release, by name."""
    lines = (RECORDINGS / f"{release}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = (json.loads(line) for line in lines)
    return {case["case"]: case for case in cases}


@dataclass
class Outcomes:
    """What came of the cases replayed so far."""

    differences: dict[str, list[Difference]] = field(default_factory=dict)


class Replay:
    """Sends recorded requests to a simulated robot and keeps how the answers differ."""

    def __init__(
        self, robot: SimulatorUnderTest, outcomes: Outcomes, files: dict[str, str], release: str = "8.1.0"
    ) -> None:
        self.robot = robot
        self.outcomes = outcomes
        self.files = files
        self.ids: dict[str, str] = {}
        self._recorded = recordings(release)

    def case(self, name: str, *path_ids: str, rename: dict[str, str] | None = None, history: bool = False) -> Any:
        """Replay one case; answers the simulator's body, or None if it was not recorded with this release.

        Args:
            name: the case's.
            path_ids: what stands in for the ids in its path, in order; the learned ones if none is given.
            rename: keys of the answer that are serial numbers, and what they were in the recording.
            history: the answer lists what the recorded robot happened to hold; compare the last of it only.
        """
        if name not in self._recorded:
            return None
        recorded = self._recorded[name]
        response = self.send(recorded, path_ids)
        answer = _body(response)
        if rename is not None:
            answer = {rename.get(key, key): value for key, value in answer.items()}
        was = recorded
        if history:
            was, compared = _last(was), _last({"body": answer})["body"]
        else:
            compared = answer
        self.outcomes.differences[name] = compare_answers(was, response.status_code, response.headers, compared)
        self._learn(was["body"], compared)
        return answer

    def send(self, request: dict[str, Any], path_ids: tuple[str, ...]) -> httpx.Response:
        """Send a recorded request with the ids of the day."""
        path = request["path"]
        if path_ids:
            given = iter(path_ids)
            path = _UUID.sub(lambda match: next(given, match[0]), path)
        else:
            path = self._translate(path)
        options: dict[str, Any] = {"params": request.get("query")} if request.get("query") else {}
        if "json" in request:
            options["json"] = json.loads(self._translate(json.dumps(request["json"])))
        if "form" in request:
            options["data"] = {key: self._translate(value) for key, value in request["form"].items()}
        if "files" in request:
            options["files"] = [(where, (name, self.files[name])) for where, name in request["files"]]
        version = request.get("version_header")
        headers = {"Opentrons-Version": version} if version is not None else {}
        client = self.robot.fresh()
        if version is None:
            # The shared client sends the header always.
            return httpx.request(request["method"], self.robot.url + path, timeout=60, verify=False)
        return client.request(request["method"], path, headers=headers, **options)

    def learn(self, name: str, **ids: str) -> None:
        """Learn ids from a case's recorded request: what its keys named was today's ..."""
        for key, value in ids.items():
            for recorded in _values(self._recorded[name].get("json"), key):
                self.ids[recorded] = value

    def _learn(self, recorded: Any, simulated: Any) -> None:
        if isinstance(recorded, dict) and isinstance(simulated, dict):
            for key in recorded.keys() & simulated.keys():
                self._learn(recorded[key], simulated[key])
        elif isinstance(recorded, list) and isinstance(simulated, list):
            for was, now in zip(recorded, simulated, strict=False):
                self._learn(was, now)
        elif isinstance(recorded, str) and isinstance(simulated, str) and _UUID.fullmatch(recorded):
            self.ids[recorded] = simulated

    def _translate(self, text: str) -> str:
        return _UUID.sub(lambda match: self.ids.get(match[0], match[0]), text)


def _body(response: httpx.Response) -> Any:
    kind = response.headers.get("content-type", "")
    return response.json() if kind == "application/json" and response.content else response.text


def _last(answer: dict[str, Any]) -> dict[str, Any]:
    body = {**answer["body"], "data": answer["body"]["data"][-1:]}
    body["meta"] = {**body["meta"], "totalLength": 1, "cursor": 0}
    return {**answer, "body": body}


def _values(value: Any, key: str) -> list[str]:
    if isinstance(value, dict):
        own = [value[key]] if isinstance(value.get(key), str) else []
        return own + [found for inner in value.values() for found in _values(inner, key)]
    if isinstance(value, list):
        return [found for inner in value for found in _values(inner, key)]
    return []
