"""Modules that fail, hang or answer late; and the old way to command them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.comparison import compare_answers
from tests.simulator.equipment import MODULES, RECORDINGS, RELEASES
from tests.simulator.simulated_robot import SimulatorUnderTest

SERIAL = "shaker"


@pytest.fixture
def shaker(robot: SimulatorUnderTest) -> SimulatorUnderTest:
    robot.control("POST", "/module", json={"model": "heaterShakerModuleV1", "serial": SERIAL})
    return robot


def let(robot: SimulatorUnderTest, kind: str, **options: Any) -> None:
    robot.control("POST", "/module_fault", json={"serial": SERIAL, "kind": kind, **options})


def stateless(robot: SimulatorUnderTest, kind: str, *, wait: bool = True, **params: Any) -> dict[str, Any]:
    """Post a command outside of runs for the module."""
    (module,) = robot.request_json("GET", "/modules")["data"]
    body = {"data": {"commandType": kind, "params": {"moduleId": module["id"], **params}}}
    query = {"waitUntilComplete": "true"} if wait else {}
    return dict(robot.request_json("POST", "/commands", 201, params=query, json=body)["data"])


def live(robot: SimulatorUnderTest) -> dict[str, Any]:
    (module,) = robot.request_json("GET", "/modules")["data"]
    return dict(module["data"])


def test_a_failing_module_says_so_and_refuses_commands(shaker: SimulatorUnderTest) -> None:
    let(shaker, "fail")
    data = shaker.wait(lambda: live(shaker) if live(shaker)["status"] == "error" else None)
    assert "ERR (simulated)" in data["errorDetails"]
    command = stateless(shaker, "heaterShaker/closeLabwareLatch")
    assert command["status"] == "failed"
    assert "ERR (simulated)" in command["error"]["detail"]
    let(shaker, "none")
    shaker.wait(lambda: live(shaker)["status"] != "error")
    assert stateless(shaker, "heaterShaker/closeLabwareLatch")["status"] == "succeeded"


@pytest.mark.parametrize("fault", [{"kind": "hang"}, {"kind": "slow", "delay_s": 0.5}])
def test_a_module_that_does_not_answer_holds_up_its_commands_alone(
    shaker: SimulatorUnderTest, fault: dict[str, Any]
) -> None:
    let(shaker, **fault)
    posted = stateless(shaker, "heaterShaker/closeLabwareLatch", wait=False)
    assert posted["status"] in ("queued", "running")
    assert live(shaker)["labwareLatchStatus"] == "idle_unknown"  # the robot shows what the module reported last
    if fault["kind"] == "hang":
        let(shaker, "none")
    ended = shaker.wait(
        lambda: (
            command
            if (command := shaker.request_json("GET", f"/commands/{posted['id']}")["data"])["status"] == "succeeded"
            else None
        )
    )
    assert ended["commandType"] == "heaterShaker/closeLabwareLatch"


def test_a_hanging_module_can_be_unplugged_and_comes_back_working(shaker: SimulatorUnderTest) -> None:
    let(shaker, "hang")
    shaker.control("POST", "/vanish", json={"serial": SERIAL, "seconds": 0.2})
    assert shaker.request_json("GET", "/modules")["data"] == []
    shaker.wait(lambda: shaker.request_json("GET", "/modules")["data"])
    assert stateless(shaker, "heaterShaker/closeLabwareLatch")["status"] == "succeeded"


def test_a_fault_of_no_module_is_refused(shaker: SimulatorUnderTest) -> None:
    body = {"serial": "other", "kind": "fail"}
    assert shaker.refused("POST", "/simulator/module_fault", 404, json=body) == "NotFound"


OLD = (
    "start_set_temperature", "set_temperature", "bad_args", "out_of_range", "deactivate", "unknown_serial",
    "mag_calibrate", "mag_engage", "mag_engage_100", "mag_deactivate", "tc_close", "tc_open", "tc_set_temperature",
    "tc_deactivate_block", "hs_set_speed_latch_open", "hs_deactivate_shaker",
)  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
def test_the_old_way_to_command_a_module_is_as_recorded(robot: SimulatorUnderTest, release: str) -> None:
    """Header 2: no limits, no check of the latch (recorded: legacy2_*)."""
    lines = (RECORDINGS / f"{release}-equipment.jsonl").read_text(encoding="utf-8").splitlines()
    cases = {case["case"]: case for case in map(json.loads, lines)}
    assert {f"legacy2_{name}" for name in OLD} == {
        name for name, case in cases.items() if name.startswith("legacy2_") and case["path"].startswith("/modules/")
    }
    robot.control("POST", "/release", json={"release": release})
    for serial, model in MODULES.items():
        robot.control("POST", "/module", json={"model": model, "serial": serial})
    for name in (*(f"legacy2_{name}" for name in OLD), "legacy_POST_modules_serial"):
        case = cases[name]
        version = {"Opentrons-Version": case["version_header"]}
        response = robot.fresh().post(case["path"], headers=version, json=case["json"])
        answer = _without_addresses(response.json())
        recorded = {**case, "headers": case.get("headers") or {}, "body": _without_addresses(case["body"])}
        found = compare_answers(recorded, response.status_code, dict.fromkeys(recorded["headers"]), answer)
        assert found == [], name


def _without_addresses(body: dict[str, Any]) -> dict[str, Any]:
    """A text without what depends on the memory of the process."""
    return {**body, "message": body["message"].split(" at 0x")[0]}
