"""One run followed: what is counted, said in words, learned and concluded at its end."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus, status_of
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps, planned_steps
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tracker import RunTracker
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunArchive, RunStart
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.database import open_database
from tests.fakes.robot_in_memory import BEGIN, RobotInMemory, command


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RunArchive]:
    engine: Engine = open_database(tmp_path)
    yield RunArchive(engine, tmp_path, keep=10)
    engine.dispose()


def track(robot: RobotInMemory, run_id: str, archive: RunArchive, plan: ExpectedSteps | None = None) -> RunTracker:
    start = RunStart(run_id=run_id, origin="ThisServer", purpose="protocol", created_at=BEGIN)
    plan = plan or ExpectedSteps(key="the protocol")
    archive.begin(start, plan_key=plan.key)
    stock = TipStock(TipRackStore(archive._engine))
    return RunTracker(robot.client().run(run_id), start, plan, archive, stock)


def follow(tracker: RunTracker, robot: RobotInMemory) -> None:
    client = robot.client()
    tracker.follow(client, client.run(tracker.start.run_id))


def test_queued_commands_of_a_json_protocol_are_read_when_they_end(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    log = robot.commands[run_id]
    log += [command("aspirate", i, status="queued") for i in range(500)]
    tracker = track(robot, run_id, archive)
    for index in range(0, 500, 5):
        log[index : index + 5] = [command("aspirate", i) for i in range(index, index + 5)]
        follow(tracker, robot)
    assert tracker.completed == 500
    assert tracker.view().total == 500
    assert robot.count("pageLength=20") >= 100
    assert robot.count("/commands") < 250


def test_stop_leaves_what_was_queued_as_skipped_and_drops_the_tips(archive: RunArchive) -> None:
    """After a stop the command under way is failed with an error, the queued ones are failed without."""
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    robot.commands[run_id] += [
        command("pickUpTip", 0, pipetteId="p"),
        command("aspirate", 1, status="failed", pipetteId="p")
        | {"error": {"errorType": "RunStoppedError", "detail": "x"}},
        {**command("dispense", 2, status="queued", pipetteId="p"), "status": "failed"},
        {**command("dropTip", 3, status="queued", pipetteId="p"), "status": "failed"},
    ]
    robot.runs[run_id]["status"] = "stopped"
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    record = tracker.close(stopped_by="ThisServer")
    assert (record.succeeded_commands, record.failed_commands, record.skipped_commands) == (1, 1, 2)
    assert record.dropped_tip_mounts == ("right",)
    assert [(tip.mount, tip.state) for tip in record.final_tips] == [("right", "NoTip")]
    assert record.failed_step is None


def test_multi_channel_pipette_takes_eight_tips(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("succeeded", pipettes=[{"id": "p", "pipetteName": "p300_multi", "mount": "left"}])
    robot.commands[run_id] += [command("pickUpTip", 0, pipetteId="p"), command("dropTip", 1, pipetteId="p")]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    assert tracker.view().tips_used == 8
    assert tracker.close().tips_used == 8


def test_failed_command_is_named_with_the_robots_text(archive: RunArchive) -> None:
    robot = RobotInMemory()
    error = {"errorType": "TipNotAttachedError", "errorCode": "3005", "detail": "no tip on the left"}
    run_id = robot.add_run("failed", errors=[{**error, "detail": "NoTip [line 9]"}])
    robot.commands[run_id] += [command("home", 0), command("aspirate", 1, status="failed") | {"error": error}]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    record = tracker.close()
    assert record.failed_step is not None
    assert (record.failed_step.index, record.failed_step.name, record.failed_step.error_code) == (1, "aspirate", "3005")
    assert record.failed_step.detail == "no tip on the left"
    assert record.failed_step.advice == "Pick up a tip first."
    assert "NoTip [line 9]" in record.error


@pytest.mark.parametrize(
    ("last_action", "kind", "params", "reason", "message"),
    [
        ("pause", "aspirate", {}, PauseReason.BY_CLIENT, ""),
        ("play", "waitForResume", {"message": "swap plate"}, PauseReason.BY_PROTOCOL, "swap plate"),
        ("play", "waitForResume", {}, PauseReason.BY_PROTOCOL, ""),
        ("play", "custom", {"legacyCommandType": "command.PAUSE", "legacyCommandText": "Pausing: x"},
         PauseReason.BY_PROTOCOL, "Pausing: x"),
        ("play", "aspirate", {}, PauseReason.UNKNOWN, ""),
    ],
)  # fmt: skip
def test_why_a_run_is_paused(
    archive: RunArchive, last_action: str, kind: str, params: dict[str, str], reason: PauseReason, message: str
) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("paused")
    robot.runs[run_id]["actions"].append(robot.action(last_action))
    robot.commands[run_id].append(command(kind, 0, status="running", **params))  # type: ignore[arg-type]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    view = tracker.view()
    assert (view.status, view.pause_reason, view.message) == (RunStatus.PAUSED, reason, message)


def test_next_run_of_the_same_learns_from_this_one(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    robot.commands[run_id] += [command("home", 0, took_s=12), command("aspirate", 1, status="running")]
    tracker = track(robot, run_id, archive)
    robot.runs[run_id]["status"] = "paused"
    follow(tracker, robot)  # paused in the second command: how long that took says nothing
    robot.commands[run_id][1:] = [command("aspirate", 1, took_s=500), command("dropTip", 2, took_s=3)]
    robot.runs[run_id] |= {"status": "succeeded", "completedAt": (BEGIN + timedelta(seconds=27)).isoformat()}
    follow(tracker, robot)
    tracker.close()
    learned = archive.step_seconds("the protocol")
    assert learned is not None
    assert len(learned) == 4
    assert learned[3] == 4, "from the end of the last step to the end of the run"
    assert learned[0] == 12
    assert math.isnan(learned[1])
    assert learned[2] == pytest.approx(3, abs=2.1)
    assert {"home", "dropTip"} <= set(archive.paces())
    assert "aspirate" not in archive.paces()


def test_run_shows_what_comes_next_until_it_has_ended(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    steps = [command(name) for name in ("home", "blowout", "dropTip")]
    analysis = wire.Analysis.model_validate({"id": "a", "status": "completed", "commands": steps})
    planned = planned_steps(analysis)
    tracker = track(robot, run_id, archive, ExpectedSteps(array("f", [1.0] * 3), planned=planned))
    robot.commands[run_id] += [command("home", 0), command("blowout", 1, status="running")]
    follow(tracker, robot)
    assert tracker.view().next_steps == (planned[2].text,)
    robot.runs[run_id]["status"] = "stopped"
    follow(tracker, robot)
    assert tracker.view().next_steps == ()


def test_failed_run_teaches_nothing_about_the_whole(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("failed")
    robot.commands[run_id].append(command("home", 0))
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    tracker.close()
    assert archive.step_seconds("the protocol") is None


def test_robot_that_lists_no_commands_of_an_ended_run(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("stopped", actions=[])
    tracker = track(robot, run_id, archive, ExpectedSteps(array("f", [1.0, 1.0])))
    follow(tracker, robot)
    assert tracker.caught_up
    record = tracker.close()
    assert (record.result, record.started_at, record.duration_s, record.dropped_tip_mounts) == (
        "Stopped",
        None,
        0.0,
        (),
    )


def test_number_of_commands_is_unknown_without_an_analysis(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    robot.commands[run_id] += [command("aspirate", 0), command("aspirate", 1, status="running")]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    assert (tracker.view().completed, tracker.view().total) == (1, 0)
    robot.commands[run_id][1] = command("aspirate", 1)
    robot.runs[run_id]["status"] = "stopped"
    follow(tracker, robot)
    assert (tracker.close().succeeded_commands, tracker.close().total_commands) == (2, 0)


def test_commands_of_a_run_that_has_succeeded_are_all_there_were(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("succeeded")
    robot.commands[run_id] += [command("aspirate", 0), command("aspirate", 1)]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    assert tracker.view().total == 2


def test_an_answered_prompt_does_not_explain_a_later_pause(archive: RunArchive) -> None:
    """Old protocols end the step that pauses before they wait, so that the next step is under way at the prompt."""
    robot = RobotInMemory()
    run_id = robot.add_run("paused")
    robot.commands[run_id] += [
        command("waitForResume", 0, message="Fill A1."),
        command("aspirate", 1, status="running"),
    ]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    assert (tracker.view().pause_reason, tracker.view().message) == (PauseReason.BY_PROTOCOL, "Fill A1.")
    assert (tracker.view().prompt_id, tracker.view().plays) == (robot.commands[run_id][0]["id"], 1)
    answered = (BEGIN + timedelta(seconds=5)).isoformat()
    robot.runs[run_id]["actions"].append(robot.action("play") | {"createdAt": answered})
    for status in ("running", "blocked-by-open-door", "paused"):
        robot.runs[run_id]["status"] = status
        follow(tracker, robot)
    assert (tracker.view().pause_reason, tracker.view().message) == (PauseReason.BY_DOOR, "")
    assert (tracker.view().prompt_id, tracker.view().plays) == ("", 2)


def test_a_run_that_waits_once_for_two_prompts_shows_both(archive: RunArchive) -> None:
    """Old protocols wait at the next movement only; steps that move nothing come before it."""
    robot = RobotInMemory()
    run_id = robot.add_run("paused")
    robot.commands[run_id] += [
        command("waitForResume", 0, message="Fill A1."),
        command("comment", 1),
        command("waitForResume", 2, message="Empty the waste."),
        command("comment", 3),
        command("aspirate", 4, status="running"),
    ]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    view = tracker.view()
    assert (view.pause_reason, view.message) == (PauseReason.BY_PROTOCOL, "Fill A1.; Empty the waste.")
    assert view.prompt_id == robot.commands[run_id][2]["id"]


def test_a_prompt_does_not_explain_a_pause_that_comes_before_the_next_reading(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("paused")
    robot.commands[run_id] += [command("waitForResume", 0, status="running", message="Fill A1.")]
    tracker = track(robot, run_id, archive)
    follow(tracker, robot)
    assert tracker.view().pause_reason is PauseReason.BY_PROTOCOL
    answered = (BEGIN + timedelta(seconds=5)).isoformat()
    robot.runs[run_id]["actions"].append(robot.action("play") | {"createdAt": answered})
    robot.commands[run_id][0]["status"] = "succeeded"
    follow(tracker, robot)
    assert tracker.view().pause_reason is PauseReason.UNKNOWN


def test_reason_of_a_pause_stays_when_the_door_is_closed_again(archive: RunArchive) -> None:
    robot = RobotInMemory()
    run_id = robot.add_run("running")
    tracker = track(robot, run_id, archive)
    reasons = []
    for status in ("running", "blocked-by-open-door", "paused", "running", "paused"):
        robot.runs[run_id]["status"] = status
        follow(tracker, robot)
        reasons.append(tracker.view().pause_reason)
    none, door = PauseReason.NOT_PAUSED, PauseReason.BY_DOOR
    assert reasons == [none, door, door, none, PauseReason.UNKNOWN]


def test_a_run_that_was_played_and_does_not_run_yet_is_starting() -> None:
    """Seen on release 6.3."""
    run = {"id": "r", "status": "idle", "createdAt": "2026-01-01T00:00:00Z"}
    play = {"id": "a", "actionType": "play", "createdAt": "2026-01-01T00:00:00Z"}
    assert status_of(wire.Run.model_validate({**run, "actions": []})) is RunStatus.IDLE
    assert status_of(wire.Run.model_validate({**run, "actions": [play]})) is RunStatus.STARTING
