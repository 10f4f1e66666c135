"""Single commands of a replay robot: which it knows, and how they end, as recorded."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.replay.recorded_answers import RecordedAnswer, RecordedAnswers, ReplayRefused, new_id, now_text
from tests.fakes.replay.runs import TERMINAL, ReplayRun

STATELESS = ("home", "setRailLights")


class Commands:
    """Executes single commands at once; answers each like the recorded command of its type."""

    def __init__(self, recorded: RecordedAnswers) -> None:
        self._recorded_answers = recorded
        self._known: dict[str, dict[str, Any]] = {}
        for case in recorded.cases.values():
            if case.method == "POST" and case.path.endswith("/commands") and case.status == 201:
                data = case.body["data"]
                if data["status"] == "succeeded":
                    self._known.setdefault(data["commandType"], data)
        self._texts = {
            error["id"]: error for case in recorded.cases.values() for error in _errors_of(case.body) if "id" in error
        }
        self.stateless: list[dict[str, Any]] = []

    def post(self, run: ReplayRun, body: dict[str, Any], *, current: bool, waits: bool) -> RecordedAnswer:
        """Execute a command in a run, or refuse it."""
        data = body.get("data", {})
        self._validate(data, subject=run.id)
        executed_now = True
        if run.status in TERMINAL or not current:
            if not run.is_old:
                raise self._recorded_answers.refuse(
                    "cmd_home_after_succeeded" if current else "cmd_on_noncurrent", subject=run.id
                )
            executed_now = False  # release 5 takes it, and it hangs
        elif data.get("intent") == "protocol" and not run.was_played:
            command = self._command(data, "queued")
            run.queue(command)
            return RecordedAnswer(201, {"data": command})
        elif run.was_played and not run.is_old:
            raise self._recorded_answers.refuse("cmd_setup_while_running", subject=run.id)
        command = self._command(data, "queued")
        run.commands.append(command)
        if not executed_now:
            return RecordedAnswer(201, {"data": command})
        reported = dict(command)  # without waiting, the answer is given before the command has begun
        self._execute(run, command)
        return RecordedAnswer(201, {"data": command if waits else reported})

    def post_stateless(self, body: dict[str, Any], *, active: bool, waits: bool) -> RecordedAnswer:
        """Execute a command outside of runs, or refuse it."""
        data = body.get("data", {})
        if self._recorded_answers.version < (6, 0):
            raise self._recorded_answers.refuse("stateless_home")
        command_type = str(data.get("commandType"))
        if command_type not in STATELESS and "/" not in command_type:
            raise self._recorded_answers.refuse("stateless_loadLabware_forbidden")
        if active:
            raise self._recorded_answers.refuse("stateless_while_running")
        command = self._command(data, "queued")
        self.stateless.append(command)
        reported = dict(command)
        command |= {"status": "succeeded", "startedAt": now_text(), "completedAt": now_text(), "result": {}}
        return RecordedAnswer(201, {"data": command if waits else reported})

    def _validate(self, data: dict[str, Any], *, subject: str) -> None:
        command_type, params = data.get("commandType"), data.get("params", {})
        if command_type not in self._known:
            raise self._recorded_answers.refuse("atomic_unknown_command", subject=subject)
        without_flow = command_type in ("aspirate", "dispense", "blowout") and "flowRate" not in params
        if without_flow and self._recorded_answers.version >= (6, 0):
            raise self._recorded_answers.refuse("atomic_03_aspirate", subject=subject)
        if command_type == "moveToWell" and "labwareId" not in params:
            raise self._recorded_answers.refuse("atomic_missing_param", subject=subject)

    def _command(self, data: dict[str, Any], status: str) -> dict[str, Any]:
        command_id = new_id()
        recorded = self._known.get(data["commandType"], {}).get("params", {})
        defaults = {name: recorded[name] for name in ("wellLocation",) if name in recorded}
        key = data.get("key") if self._recorded_answers.version >= (6, 1) else None  # older releases ignore it
        return {
            "id": command_id,
            "createdAt": now_text(),
            "commandType": data["commandType"],
            "key": key or command_id,
            "status": status,
            "params": {**defaults, **data.get("params", {})},
            **({"intent": data.get("intent", "setup")} if self._recorded_answers.version >= (6, 0) else {}),
            **({"notes": []} if self._recorded_answers.version >= (7, 2) else {}),
        }

    def _execute(self, run: ReplayRun, command: dict[str, Any]) -> None:
        command |= {"startedAt": now_text(), "completedAt": now_text()}
        case = self._failing_case(run, command)
        if case is not None:
            recorded = self._recorded_answers.data(case)
            command["status"] = "failed"
            if "error" in recorded:
                command["error"] = recorded["error"] | {"id": new_id()}
            else:
                command["errorId"] = new_id()
                run.errors = [*run.errors, self._texts[recorded["errorId"]] | {"id": command["errorId"]}]
            return
        result = dict(self._known[command["commandType"]].get("result", {}))
        result |= {name: new_id() for name in ("labwareId", "pipetteId", "moduleId") if name in result}
        command |= {"status": "succeeded", "result": result}
        self._remember(run, command["commandType"], command["params"], result)

    def _failing_case(self, run: ReplayRun, command: dict[str, Any]) -> str | None:
        """Return the recorded command it fails like, None if it succeeds."""
        kind, params = command["commandType"], command["params"]
        if kind == "loadPipette":
            attached = self._recorded_answers.cases["get_pipettes"].body[params["mount"]]["name"]
            return None if attached == params["pipetteName"] else "atomic_load_pipette_mismatch"
        if kind == "loadLabware":
            return self._failing_load(run, params)
        pipette = params.get("pipetteId")
        if pipette is not None and pipette not in run.tips:
            return "atomic_bad_pipette"
        labware = params.get("labwareId")
        if labware == "fixedTrash":
            return "atomic_12_dropTip" if self._recorded_answers.version >= (7, 1) else None
        if labware is not None and labware not in [loaded["id"] for loaded in run.labware]:
            return "atomic_bad_labware"
        if "wellName" in params and not re.fullmatch(r"[A-P]([1-9]|1\d|2[0-4])", params["wellName"]):
            return "atomic_bad_well"
        if kind == "pickUpTip" and run.tips[params["pipetteId"]]:
            return "atomic_pickUpTip_again_with_tip"
        if kind in ("aspirate", "dispense", "dropTip", "dropTipInPlace") and not run.tips[params["pipetteId"]]:
            return "atomic_aspirate_without_tip"
        return None

    def _failing_load(self, run: ReplayRun, params: dict[str, Any]) -> str | None:
        uri = f"{params['namespace']}/{params['loadName']}/{params['version']}"
        if uri not in run.definitions and (
            params["namespace"] != "opentrons" or params["loadName"] == "does_not_exist"
        ):
            return "atomic_unknown_labware_def"
        slots = [loaded["location"] for loaded in run.labware]
        if self._recorded_answers.version >= (7, 0) and params["location"] in slots:
            return "atomic_slot_occupied"
        return None

    def _remember(self, run: ReplayRun, kind: str, params: dict[str, Any], result: dict[str, Any]) -> None:
        if kind == "loadPipette":
            run.tips[result["pipetteId"]] = False
            run.pipettes.append({"id": result["pipetteId"], **{k: params[k] for k in ("pipetteName", "mount")}})
        elif kind == "loadLabware":
            loaded = {"id": result["labwareId"], "loadName": params["loadName"], "location": params["location"]}
            uri = f"{params['namespace']}/{params['loadName']}/{params['version']}"
            run.labware.append(loaded | {"definitionUri": uri})
        elif kind == "pickUpTip":
            run.tips[params["pipetteId"]] = True
        elif kind in ("dropTip", "dropTipInPlace"):
            run.tips[params["pipetteId"]] = False


def _errors_of(body: Any) -> list[dict[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get("errors") if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def page_of(commands: list[dict[str, Any]], run_id: str | None, query: dict[str, str]) -> RecordedAnswer:
    """Return a stretch of a command list as GET .../commands does."""
    length = int(query.get("pageLength", 20))
    started = [index for index, command in enumerate(commands) if command["status"] != "queued"]
    if "cursor" in query:
        cursor = int(query["cursor"])
    else:  # the running command, else the last page
        running = started and commands[started[-1]]["status"] == "running"
        cursor = started[-1] if running else len(commands) - length
    cursor = max(0, min(cursor, len(commands) - 1))
    hidden = ("result",) if run_id is not None else ()
    found = [
        {name: value for name, value in command.items() if name not in hidden}
        for command in commands[cursor : cursor + length]
    ]
    links = {}
    if started and run_id is not None:
        latest = commands[started[-1]]
        meta = {"runId": run_id, "commandId": latest["id"], "index": started[-1]}
        meta |= {"key": latest["key"], "createdAt": latest["createdAt"]}
        links = {"current": {"href": f"/runs/{run_id}/commands/{latest['id']}", "meta": meta}}
    return RecordedAnswer(
        200, {"data": found, "links": links, "meta": {"cursor": cursor, "totalLength": len(commands)}}
    )


def find(commands: list[dict[str, Any]], command_id: str, not_found: ReplayRefused) -> dict[str, Any]:
    for command in commands:
        if command["id"] == command_id:
            return command
    raise not_found
