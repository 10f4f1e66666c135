"""Runs that have ended and their logs as rows of tables."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from sila_ot2.client.generated.ot2_camera_service import RunPicture
from sila_ot2.client.generated.run_controller import CommandFailure, CompletedRun, OwnAction
from sila_ot2.client.wire import Unwritable
from sila_ot2.web import sentences, texts
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.history_view import log_rows, runs
from sila_ot2.web.times import local_time
from tests.fakes.page import NOW, Ended, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
LONG = 500
COMMAND = {
    "commandType": "aspirate",
    "status": "succeeded",
    "params": {"wellName": "A1", "volume": 50.0, "wellLocation": {"origin": "top"}},
    "startedAt": "2026-05-04T09:30:00.000000Z",
    "completedAt": "2026-05-04T09:30:01.500000+00:00",
}


def completed(result: Any = "Succeeded", **changes: Any) -> CompletedRun:
    given: dict[str, Any] = {
        "run_identifier": "run-1",
        "origin": "ThisServer",
        "protocol_identifier": "protocol-1",
        "label": "Plate 17",
        "started_at": [NOW],
        "completed_at": [NOW],
        "duration": 90.0,
        "completed_commands": 36,
        "total_commands": 36,
        "explanation": "",
        "failed_command": [],
        "tips_used": 4,
        "final_tip_state": [],
        "robot_software_version": "8.1.0",
        "foreign_actions": [],
        "applied_offsets": [],
        "left_out_offsets": [],
        "result": result,
    }
    fields = {each.name for each in dataclasses.fields(CompletedRun)}
    return CompletedRun(**{**dict.fromkeys(fields - set(given), []), **given, **changes})


def facts(*records: CompletedRun) -> RobotFacts:
    return RobotFacts(address="a:1", name="a", changed_at=NOW, run_history=records)


def test_run_is_a_row_with_its_units() -> None:
    (row,) = runs(facts(completed()))
    assert (row.title, row.result, row.bad) == ("Plate 17", "succeeded", False)
    assert (row.started, row.duration, row.steps, row.tips) == (local_time(NOW), "2 min", "36 of 36 steps", "4")
    assert row.protocol == "", "a protocol that the server has not is not run again"


def test_failed_run_says_why_and_at_which_step() -> None:
    failure = CommandFailure(index=4, command_name="aspirate", error_code="4000", error_detail="", advice="")
    (row,) = runs(facts(completed("Failed", explanation="No tip.", failed_command=[failure])))
    assert (row.bad, row.trouble) == (True, "No tip. Step 5 (aspirate) failed.")


def test_run_that_was_never_started_has_no_times() -> None:
    (row,) = runs(facts(completed("Stopped", started_at=[], duration=0.0)))
    assert (row.started, row.duration) == ("", "")


def test_command_is_a_row_of_the_log() -> None:
    failed = {**COMMAND, "status": "failed", "error": {"detail": "No tip"}, "completedAt": None}
    first, second = log_rows([COMMAND, failed])
    assert (first.number, first.started, first.took, first.command) == (1, local_time(NOW), "1.5 s", "aspirate")
    assert first.parameters == 'wellName: A1, volume: 50.0, wellLocation: {"origin": "top"}'
    assert (first.outcome, first.failed) == ("succeeded", False)
    assert (second.took, second.outcome, second.failed) == ("", "failed: No tip", True)


def test_history_and_log_are_shown_and_saved() -> None:
    server = FakeServer(
        run_controller__run_history=[completed(own_actions=[OwnAction(action="play", occurred_at=NOW)])]
    )
    server.answers["retrieve_run_log"] = Ended(json.dumps([COMMAND] * LONG).encode())
    server.answers["list_run_pictures"] = [RunPicture(number=2, moment="Start", taken_at=NOW)]
    server.answers["retrieve_run_picture"] = b"jpeg"

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/history")
        await user.should_see("Plate 17", retries=30)
        await user.open(f"{ROBOT}/history?run=run-1")
        await user.should_see(sentences.log_size(LONG), retries=30)
        (shown,) = user.find(kind=ui.table).elements
        assert [row["number"] for row in shown.rows] == list(range(1, LONG + 1))
        assert "virtual-scroll" in shown.props, "the browser builds only what is seen"
        await user.should_see(sentences.timeline_row("Liquid", LONG, 1.5 * LONG))
        await user.should_see(texts.RUN_STARTED)
        await user.should_see(f"Start, {local_time(NOW)}")
        picture = await user.http_client.get(f"{ROBOT}/picture?run=run-1&number=2")
        assert (picture.content, picture.headers["content-type"]) == (b"jpeg", "image/jpeg")
        assert server.calls[-1] == ("retrieve_run_picture", {"arguments": ("run-1", 2)})
        server.answers["retrieve_run_picture"] = Unwritable("PictureNumber: it does not fit into 64 bits")
        none = await user.http_client.get(f"{ROBOT}/picture?run=run-1&number={'9' * 20}")
        assert (none.status_code, none.text) == (502, "Pictures: PictureNumber: it does not fit into 64 bits")
        saved = await user.http_client.get(f"{ROBOT}/log?run=run-1")
        assert saved.headers["content-disposition"] == 'attachment; filename="run-log.csv"'
        assert server.calls[-1] == ("retrieve_run_log", {"arguments": ("run-1",), "format": "Csv"})

    run_page(scene, server)
