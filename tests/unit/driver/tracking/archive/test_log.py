"""The log of a run comes from the archive, and for runs that the archive does not have, from the robot first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.tracking.archive.log import RunLogs, use_as_csv
from sila_ot2.errors import CommandCancelled, RunNotFound
from sila_ot2.store.runs import RunArchive
from tests.fakes.deck_run import DeckRun
from tests.fakes.parts import Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command

NEVER = threading.Event()


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path)
    yield parts
    parts.close()


@pytest.fixture
def logs(parts: Parts) -> RunLogs:
    return RunLogs(parts.robot.client(), parts.registry, parts.archive, parts.stock)


@pytest.mark.parametrize("status", ["running", "succeeded"])
def test_run_that_nobody_has_followed_is_read_from_the_robot(parts: Parts, logs: RunLogs, status: str) -> None:
    run_id = parts.robot.add_run(status, current=status == "running")
    parts.robot.commands[run_id] = [command("home", 0), command("comment", 1)]
    log = json.loads(logs.retrieve(run_id, "Json", cancelled=NEVER))
    assert [one["commandType"] for one in log] == ["home", "comment"]
    assert parts.registry.is_archived(run_id) is (status == "succeeded")


TRANSFER = [
    command("loadLabware", 0, labwareId="p", namespace="opentrons", loadName="corning_96_wellplate_360ul_flat",
            version=2, location={"slotName": "2"}),
    command("pickUpTip", 1, pipetteId="one", labwareId="p", wellName="H1"),
    command("aspirate", 2, pipetteId="one", labwareId="p", wellName="A1", volume=50, wellLocation={"origin": "bottom"}),
    command("dispense", 3, pipetteId="one", labwareId="p", wellName="B1", volume=50, wellLocation={"origin": "bottom"}),
]  # fmt: skip


def test_what_a_run_did_to_wells_is_known_while_it_goes_on_after_it_failed_and_to_the_next_process(
    parts: Parts, logs: RunLogs, tmp_path: Path
) -> None:
    pipettes = [{"id": "one", "pipetteName": "p300_single_gen2", "mount": "left"}]
    run_id = parts.robot.add_run("running", pipettes=pipettes)
    parts.robot.commands[run_id] = TRANSFER[:3]
    parts.registry.follow(parts.robot.client().run(run_id))
    assert logs.deck_use(run_id).labware["p"].wells == {"A1": (50, 0, False)}
    parts.robot.commands[run_id] = [*TRANSFER[:3], {**TRANSFER[3], "status": "failed"}]
    parts.robot.runs[run_id]["status"] = "failed"
    parts.registry.follow(parts.robot.client().run(run_id))
    found = logs.deck_use(run_id)
    assert found.labware["p"].wells == {"A1": (50, 0, False), "B1": (0, 0, True)}
    assert (found.labware["p"].tips, found.is_complete) == ({"H1": "Taken"}, True)
    assert RunArchive(parts.engine, tmp_path, keep=10).use(run_id) == found
    assert b"2,opentrons/corning_96_wellplate_360ul_flat/2,B1,0.0,0.0,,yes" in use_as_csv(found)
    with pytest.raises(RunNotFound):
        logs.deck_use("00000000-0000-4000-8000-000000000000")


def test_what_an_open_session_did_is_known_though_the_registry_has_no_sessions(parts: Parts, logs: RunLogs) -> None:
    session = DeckRun(parts.stock, "00000000-0000-4000-8000-000000000001")
    session.fresh()
    session.at("aspirate", "plate.A1", 50)
    session.take()
    assert logs.deck_use(session.run_id).labware["plate"].wells == {"A1": (50, 0, False)}


def test_log_that_is_cancelled_is_not_answered_in_part(parts: Parts, logs: RunLogs) -> None:
    run_id = parts.robot.add_run("succeeded", current=False)
    parts.robot.commands[run_id] = [command("home", 0)]
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(CommandCancelled, match="Nothing moved"):
        logs.retrieve(run_id, "Csv", cancelled=cancelled)


def test_run_that_neither_has(logs: RunLogs) -> None:
    with pytest.raises(RunNotFound):
        logs.retrieve("00000000-0000-4000-8000-000000000000", "Json", cancelled=NEVER)
