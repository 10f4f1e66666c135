"""Protocols of a replay robot: what is uploaded decides which recorded analysis and run it is answered with."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Mapping
from typing import Any

from tests.fakes.replay.recorded_answers import RecordedAnswer, RecordedAnswers, new_id, now_text

ANALYSIS_S = 0.02


class ReplayProtocol:
    """An uploaded protocol. Nothing is executed: its text says which of the recorded protocols it resembles."""

    def __init__(self, recorded: RecordedAnswers, files: Mapping[str, bytes], key: str | None) -> None:
        self.recorded = recorded
        self.files = dict(files)
        self.key = key
        self.id = new_id()
        self.created_at = now_text()
        self.main = next(name for name in files if not _is_labware(files[name]))
        self.text = files[self.main].decode(errors="replace")
        self.analyses = [(new_id(), time.monotonic())]

    @property
    def kind(self) -> str:
        """Which recorded analysis it is answered with."""
        if self.main.endswith(".json"):
            return "ok"
        try:
            ast.parse(self.text)
        except SyntaxError:
            return "syntaxerror"
        if self.recorded.version < (6, 0) and _api_level(self.text) > tuple(
            self.recorded.cases["get_health"].body["maximum_protocol_api_version"]
        ):
            return "apitoonew"
        if "aspirate" in self.text and not re.search("pick_up_tip|transfer|distribute|consolidate", self.text):
            return "notip"
        return "ok"

    @property
    def has_pending_analysis(self) -> bool:
        return time.monotonic() - self.analyses[-1][1] < ANALYSIS_S

    def analyze(self) -> None:
        self.analyses.append((new_id(), time.monotonic()))

    def analysis(self, analysis_id: str, started: float) -> dict[str, Any]:
        if time.monotonic() - started < ANALYSIS_S:
            return {"id": analysis_id, "status": "pending"}
        if self.kind == "ok":
            recorded = self.recorded.data("protocol_get" if self.recorded.version < (6, 0) else "protocol_analyses")
        else:
            recorded = self.recorded.data(f"protocol_analyses_{self.kind}_py")
        found: dict[str, Any] = (recorded["analyses"] if isinstance(recorded, dict) else recorded)[-1]
        return {**found, "id": analysis_id}

    def list_analyses(self) -> list[dict[str, Any]]:
        return [self.analysis(*analysis) for analysis in self.analyses]

    def describe(self, *, briefly: bool = False) -> dict[str, Any]:
        """The protocol as GET /protocols/{id} says it; briefly, as the answer to its upload."""
        data = self.recorded.data("protocol_upload")
        main = {"name": self.main, "role": "main"}
        data |= {"id": self.id, "createdAt": self.created_at, "metadata": _metadata(self.text)}
        data["files"] = [main] + [{"name": name, "role": "labware"} for name in self.files if name != self.main]
        if self.main.endswith(".json"):
            data["protocolType"] = "json"
        if self.key is not None:
            data["key"] = self.key
        analyses = self.list_analyses()
        summaries = [{"id": one["id"], "status": one["status"]} for one in analyses]
        if "analysisSummaries" in data:
            data["analysisSummaries"] = summaries
        else:
            data["analyses"] = summaries if briefly else analyses
        answer: dict[str, Any] = data
        return answer


def check_upload(recorded: RecordedAnswers, files: Mapping[str, bytes]) -> RecordedAnswer | None:
    """Return the refusal an upload gets, None if it is taken."""
    mains = [name for name in files if not _is_labware(files[name])]
    if not mains:
        return recorded.answer("protocol_upload_nofile")
    if len(mains) > 1:
        return recorded.answer("protocol_upload_two_mains")
    text = files[mains[0]].decode(errors="replace")
    if mains[0].endswith(".json"):
        schema = re.search(r'"schemaVersion":\s*(\d+)', text)
        if schema is None:
            return recorded.answer("protocol_upload_bad_json")
        case = next(name for name in recorded.cases if name.startswith(f"json_upload_{schema[1]}_"))
        return recorded.answer(case) if recorded.cases[case].status >= 400 else None
    level = _api_level(text)
    if level == (0, 0):
        return recorded.answer("protocol_upload_nometa_py")
    too_new = level > tuple(recorded.cases["get_health"].body["maximum_protocol_api_version"])
    if too_new and recorded.cases["protocol_upload_apitoonew_py"].status >= 400:
        return recorded.answer("protocol_upload_apitoonew_py")
    return None


def _is_labware(content: bytes) -> bool:
    return b'"cornerOffsetFromSlot"' in content or (b'"wells"' in content and b'"ordering"' in content)


def _api_level(text: str) -> tuple[int, int]:
    found = re.search(r"""["']apiLevel["']\s*:\s*["'](\d+)\.(\d+)["']""", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _metadata(text: str) -> dict[str, str]:
    return dict(re.findall(r"""["'](protocolName|author|apiLevel|description)["']\s*:\s*["']([^"']*)["']""", text))
