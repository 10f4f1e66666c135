"""Commands about modules, labware, tips and nozzles, recorded from a real robot-server, sent to the simulator in order.

The recordings hold the commands of each run with the time of their creation; they are sent to a run of the simulator
one after the other, with the ids of the day. What the recorder had loaded beforehand, and did not record, stands in
`LOADED`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.simulator.comparison import Difference, compare_answers
from tests.simulator.simulated_robot import SimulatorUnderTest

RECORDINGS = Path(__file__).parents[1] / "recordings"
RELEASES = ("8.1.0", "7.5.0")
MODULES = {
    "temp-gen1": "temperatureModuleV1",
    "temp-gen2": "temperatureModuleV2",
    "hs-1": "heaterShakerModuleV1",
    "mag-gen1": "magneticModuleV1",
    "mag-gen2": "magneticModuleV2",
    "therm-gen1": "thermocyclerModuleV1",
    "therm-gen2": "thermocyclerModuleV2",
}
TWO_OF_A_KIND = {
    "temp-a": "temperatureModuleV2",
    "temp-b": "temperatureModuleV2",
    "hs-a": "heaterShakerModuleV1",
    "hs-b": "heaterShakerModuleV1",
    "mag-b": "magneticModuleV2",
    "therm-b": "thermocyclerModuleV2",
}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COMMANDS = re.compile(r"/runs/([0-9a-f-]{36})/commands")
Load = tuple[str, str, dict[str, Any]]


def _module(recorded_id: str, model: str, slot: str) -> Load:
    return (recorded_id, "loadModule", {"model": model, "location": {"slotName": slot}})


def _labware(recorded_id: str, name: str, slot: str, version: int = 1) -> Load:
    location = {"slotName": slot} if slot.isdigit() else {"moduleId": slot}
    return (
        recorded_id,
        "loadLabware",
        {"loadName": name, "namespace": "opentrons", "version": version, "location": location},
    )


def _pipette(recorded_id: str, name: str, mount: str) -> Load:
    return (recorded_id, "loadPipette", {"pipetteName": name, "mount": mount})


PLATE, TIPS_20, TIPS_300 = "nest_96_wellplate_200ul_flat", "opentrons_96_tiprack_20ul", "opentrons_96_tiprack_300ul"
SINGLE, MULTI_20, MULTI_300 = "p300_single_gen2", "p20_multi_gen2", "p300_multi_gen2"
LOADED: dict[str, list[Load]] = {
    "64538abe": [
        _module("bc213c65", "heaterShakerModuleV1", "5"),
        _pipette("182f35c1", SINGLE, "right"),
        _pipette("6c913c24", MULTI_20, "left"),
        _labware("15e5f618", PLATE, "bc213c65"),
        *(
            _labware(recorded_id, PLATE, slot)
            for recorded_id, slot in (
                ("4e99aa11", "4"), ("369f36ce", "6"), ("07bb7e73", "2"), ("443dc127", "8"), ("528b8657", "1"),
                ("5da9b082", "9"),
            )
        ),
    ],
    "75b56548": [_labware("69c69bd9", PLATE, "2")],
    "f9ef0710": [
        _module("a925194e", "temperatureModuleV2", "1"),
        _module("b3c3f4f5", "heaterShakerModuleV1", "3"),
        _module("bf91fa14", "magneticModuleV2", "4"),
    ],
    "f347d55f": [_module("7e5c0aeb", "magneticModuleV1", "1")],
    "d36dd4e7": [_module("5e307eac", "magneticModuleV2", "1")],
    "a8ebc49c": [_module("51be3aaf", "thermocyclerModuleV2", "7"), _pipette("f80a39ec", SINGLE, "right")],
    "764d5a05": [_module("c45e9a47", "temperatureModuleV2", "1")],
    "124d250e": [_pipette("ba768362", MULTI_300, "right"), _labware("2701826e", TIPS_300, "5")],
    "4bd8d523": [
        _labware("a71d168e", TIPS_20, "5"), _labware("b32bfe92", PLATE, "2"), _labware("b792e917", PLATE, "1"),
    ],
    "5faa04c2": [
        _labware("ba4f4250", TIPS_300, "5"), _labware("0f555821", PLATE, "2"), _labware("e68feb9c", PLATE, "1"),
    ],
    "3115e500": [_pipette("d052cedd", SINGLE, "right")],
    "224b377b": [_labware("d5e4dad9", PLATE, "2")],
    "b634c9d1": [_pipette("1f0f0314", SINGLE, "right")],
    "4a931363": [_pipette("68823e24", SINGLE, "right")],
    "55256ae5": [_module("50f150f3", "temperatureModuleV2", "1")],
    "60f7e486": [_pipette("6de85bec", SINGLE, "right"), _labware("f1d1bd4a", TIPS_300, "1")],
    "a81e7451": [_pipette("655aa09e", SINGLE, "right"), _labware("6982435a", TIPS_300, "1")],
    "0ec79d9e": [
        _pipette("68725276", SINGLE, "right"), _labware("ca3dcf05", PLATE, "2"), _labware("b5518ddd", TIPS_300, "1"),
    ],
    "151528c7": [_pipette("0981e9f9", SINGLE, "right"), _labware("40cc8cf6", TIPS_300, "1")],
    "e8867440": [_pipette("a0d478ec", SINGLE, "right")],
}  # fmt: skip
"""By the beginning of the run's id in 8.1.0: the beginning of the recorded id, and the command that loads it."""
NOT_REPLAYED = {
    "b30526fa": "labware offsets and definitions were posted in between",
    "34ac5637": "another client's commands outside of runs come in between",
    "d23cec3d": "another client's commands outside of runs come in between",
    "1e78eaf3": "a maintenance run is busy meanwhile; tests/simulator/test_other_clients.py",
    "7c2ec260": "a wait that another client or a stop ends; tests/simulator/test_other_clients.py",
    "9e411715": "a wait that another client or a stop ends; tests/simulator/test_other_clients.py",
    "0119910b": "a wait that another client or a stop ends; tests/simulator/test_other_clients.py",
}
"""Runs whose commands depend on what was done beside the run."""


@dataclass(frozen=True)
class EquipmentCase:
    """One recorded command."""

    name: str
    run: str
    created_at: str
    request: dict[str, Any]
    response: dict[str, Any]


@cache
def cases(release: str) -> tuple[EquipmentCase, ...]:
    """Every recorded command of a run that the robot took, in the order in which they were sent."""
    found = []
    for line in (RECORDINGS / f"{release}-equipment.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        match = _COMMANDS.fullmatch(case.get("path", ""))
        if match and case["method"] == "POST" and case["status"] == 201:
            response = {"status": case["status"], "headers": {}, "body": _without_definitions(case["body"])}
            found.append(EquipmentCase(case["case"], match[1], case["body"]["data"]["createdAt"], case, response))
    return tuple(sorted(found, key=lambda case: case.created_at))


@cache
def ids_of(release: str) -> dict[str, str]:
    """The ids of 8.1.0 by those that were recorded in the same places of the same cases of a release."""
    known = {case.name: case for case in cases("8.1.0")}
    found: dict[str, str] = {}
    for case in cases(release):
        if case.name in known:
            found[case.run] = known[case.name].run
            found |= _pairs(case.request["json"], known[case.name].request["json"])
    return found


def _pairs(value: Any, other: Any) -> dict[str, str]:
    if isinstance(value, dict) and isinstance(other, dict):
        return {its: was for key in value.keys() & other.keys() for its, was in _pairs(value[key], other[key]).items()}
    return {value: other} if isinstance(value, str) and isinstance(other, str) and _ID.fullmatch(value) else {}


def replayed(release: str) -> dict[str, list[EquipmentCase]]:
    """The cases by run, without the runs that depend on what was done beside them."""
    by_run: dict[str, list[EquipmentCase]] = defaultdict(list)
    for case in cases(release):
        if ids_of(release).get(case.run, "")[:8] not in NOT_REPLAYED:
            by_run[case.run].append(case)
    return by_run


def replay(robot: SimulatorUnderTest, release: str) -> Iterator[tuple[EquipmentCase, list[Difference]]]:
    """Send every case and return how the simulator's answer differs."""
    for run, its_cases in replayed(release).items():
        robot.control("POST", "/reset")
        two = any(case.name.startswith("two_") for case in its_cases)
        for serial, model in (TWO_OF_A_KIND if two else MODULES).items():
            robot.control("POST", "/module", json={"model": model, "serial": serial})
        right = MULTI_300 if any(MULTI_300 in json.dumps(case.request) for case in its_cases) else SINGLE
        loaded = _loaded(release, run)
        right = next((params["pipetteName"] for _, _, params in loaded if params.get("mount") == "right"), right)
        robot.control("POST", "/pipette", json={"mount": "left", "pipette": MULTI_20})
        robot.control("POST", "/pipette", json={"mount": "right", "pipette": right})
        yield from _replay_run(robot, robot.create_run(), its_cases, loaded)


def _loaded(release: str, run: str) -> list[Load]:
    """What was loaded in a run beforehand, with the ids of the release."""
    own = {was[:8]: its[:8] for its, was in ids_of(release).items()}
    return [
        (own.get(recorded_id, recorded_id), kind, _with_id(params, own))
        for recorded_id, kind, params in LOADED.get(ids_of(release).get(run, "")[:8], [])
    ]


def _with_id(params: dict[str, Any], own: dict[str, str]) -> dict[str, Any]:
    module = params.get("location", {}).get("moduleId")
    return params if module is None else {**params, "location": {"moduleId": own.get(module, module)}}


def _replay_run(
    robot: SimulatorUnderTest, run_id: str, its_cases: list[EquipmentCase], loaded: list[Load]
) -> Iterator[tuple[EquipmentCase, list[Difference]]]:
    ids: dict[str, str] = {}
    recorded = json.dumps([case.request for case in its_cases])
    robot.succeed(run_id, "home")
    for recorded_id, kind, params in loaded:
        full_id = next(iter(re.findall(rf"{recorded_id}-[0-9a-f-]{{27}}", recorded)))
        if (module := params.get("location", {}).get("moduleId")) is not None:
            known = next(its for was, its in ids.items() if was.startswith(module))
            params = {**params, "location": {"moduleId": known}}
        result = robot.succeed(run_id, kind, **params)
        ids[full_id] = next(result[key] for key in ("moduleId", "labwareId", "pipetteId") if key in result)
    for case in its_cases:
        if case.name.startswith("nozzle_") and (case.name.endswith("_use") or "_pickup_" in case.name):
            _drop_tips(robot, run_id, ids)
        text = json.dumps(case.request["json"])
        for recorded, its in ids.items():
            text = text.replace(recorded, its)
        query = case.request.get("query") or {}
        response = robot.http.post(f"/runs/{run_id}/commands", params=query, json=json.loads(text))
        body = _without_definitions(response.json())
        yield case, compare_answers(case.response, response.status_code, response.headers, body)
        was, now = case.response["body"]["data"].get("result") or {}, (body.get("data") or {}).get("result") or {}
        ids |= {was[key]: now[key] for key in ("moduleId", "labwareId", "pipetteId") if key in was and key in now}


def _drop_tips(robot: SimulatorUnderTest, run_id: str, ids: dict[str, str]) -> None:
    """The recorder dropped tips between its cases; without a tip that succeeds as well."""
    pipettes = {pipette["id"] for pipette in robot.run(run_id)["pipettes"]}
    for pipette_id in pipettes & set(ids.values()):
        robot.command(run_id, "dropTipInPlace", pipetteId=pipette_id)


def _without_definitions(value: Any) -> Any:
    """The recordings are kept without the definitions of labware and modules."""
    if isinstance(value, dict):
        return {
            key: _without_definitions(inner) for key, inner in value.items() if key not in ("definition", "traceback")
        }
    return [_without_definitions(inner) for inner in value] if isinstance(value, list) else value
