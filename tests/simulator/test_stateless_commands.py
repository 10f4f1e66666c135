"""Commands to modules without a run, in the order in which they were recorded on robot-servers 8.1.0 and 7.5.0."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.comparison import compare_answers
from tests.simulator.equipment import MODULES, RECORDINGS, RELEASES
from tests.simulator.simulated_robot import SimulatorUnderTest

NOT_REPLAYED = "app_"
"""These depend on what a session did beside them; test_other_clients.py does the same."""


@pytest.mark.parametrize("release", RELEASES)
def test_commands_without_a_run_are_answered_as_recorded(robot: SimulatorUnderTest, release: str) -> None:
    lines = (RECORDINGS / f"{release}-equipment.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = [json.loads(line) for line in lines]
    robot.control("POST", "/release", json={"release": release})
    for serial, model in MODULES.items():
        robot.control("POST", "/module", json={"model": model, "serial": serial})
    now = {one["serialNumber"]: one["id"] for one in robot.request_json("GET", "/modules")["data"]}
    ids = {
        one["id"]: now[one["serialNumber"]]
        for case in recorded
        if case.get("path") == "/modules" and case["status"] == 200 and "data" in case["body"]
        for one in case["body"]["data"]
        if one["serialNumber"] in now
    }
    cases = [case for case in recorded if case.get("path") == "/commands" and case["method"] == "POST"]
    cases = [case for case in cases if not case["case"].startswith(NOT_REPLAYED)]
    assert len(cases) > 30
    different = {}
    for case in sorted(cases, key=_created):
        text = json.dumps(case["json"])
        for was, its in ids.items():
            text = text.replace(was, its)
        response = robot.fresh().post("/commands", params=case.get("query"), json=json.loads(text))
        expected = {**case, "headers": {}}
        found = compare_answers(expected, response.status_code, {}, response.json())
        if found:
            different[case["case"]] = [str(one) for one in found]
    assert different == {}


def _created(case: dict[str, Any]) -> str:
    return str((case["body"].get("data") or {}).get("createdAt", ""))
