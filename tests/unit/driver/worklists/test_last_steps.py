"""After a worklist or transfer has ended, it is known what is done, what is in doubt, and what was not begun."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.worklists.last_steps import Attempt, LastSteps
from sila_ot2.driver.worklists.transfer_list import TransferList
from sila_ot2.driver.worklists.worklist import read, rest_of
from sila_ot2.errors import CommandCancelled, OT2Fault, OutcomeUnknown, RunStopped, StorageFull
from sila_ot2.generated.atomic_liquid_handling import (
    AtomicLiquidHandlingBase,
    ExecuteWorklistParameters,
    TransferParameters,
)
from sila_ot2.store.last_steps import KeptSteps, LastStepsStore
from tests.fakes.atomic import atomic_of, execution_of
from tests.fakes.session_server import SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot

HEADER = "Command;Mount;LabwareIdentifier;Well;Volume\n"
ROWS = [
    "PickUpTip;right;;;\n",
    "Aspirate;right;2;A1;60\n",
    "Dispense;right;2;B1;20\n",
    "Dispense;right;2;B2;20\n",
    "Dispense;right;2;B3;20\n",
    "DropTip;right;;;\n",
]
WORKLIST = (HEADER + "".join(ROWS)).encode()
FEATURE = AtomicLiquidHandlingBase.FEATURE
Mode = Literal["Stepwise", "QueuedRun"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    load_deck(server)
    server.parts.monitor.start()
    yield server
    server.end()


def execute(
    server: SessionServer, mode: Mode = "Stepwise", content: bytes = WORKLIST, cancelled: Cancellation | None = None
) -> None:
    given = ExecuteWorklistParameters(worklist=content, format="Csv", mode=mode)
    execution = execution_of("ExecuteWorklist", cancelled)
    atomic_of(server).ExecuteWorklist(given, execution=execution)


def at_movement(
    server: SessionServer, kind: str, number: int, happen: Callable[[], None], *, after: bool = False
) -> None:
    """Let something happen when the session sends the movement of a kind with this number, from 1."""
    send, seen = server.session._deck.execute, []

    def execute(run_id: str, planned: PlannedCommand, *more: Any, **options: Any) -> Any:
        seen.append(planned.command_type)
        now = planned.command_type == kind and seen.count(kind) == number
        if now and not after:
            happen()
        sent = send(run_id, planned, *more, **options)
        if now and after:
            happen()
        return sent

    server.session._deck.execute = execute  # type: ignore[method-assign]


def kept(server: SessionServer) -> tuple[KeptSteps, dict[str, Any]]:
    """Return what the next process reads."""
    last = LastSteps(LastStepsStore(server.parts.engine)).latest
    assert last == server.queued.last_steps.latest
    return last, json.loads(last.details)


def volumes(report: dict[str, Any]) -> dict[str, tuple[float, float]]:
    assert {each["slot"] for each in report["wells"]} <= {"2"}
    return {each["well"]: (each["drawn_ul"], each["dispensed_ul"]) for each in report["wells"]}


def test_a_failure_in_the_middle_leaves_its_row_in_doubt(server: SessionServer) -> None:
    at_movement(server, "dispense", 2, lambda: setattr(server.robot, "fails", "dispense"))
    with pytest.raises(OT2Fault):
        execute(server)
    last, report = kept(server)
    assert last.outcome == "Failed"
    assert report["error"]
    assert (report["rows_done"], report["last_line_done"]) == (3, 4)
    assert report["lines_in_doubt"] == [5]
    assert [(each["movement"], each["well"], each["volume_ul"]) for each in report["in_doubt"]] == [
        ("dispense", "B2", 20)
    ]
    assert (report["rows_not_begun"], report["first_line_not_begun"]) == (2, 6)
    assert last.rest == HEADER + ROWS[4] + ROWS[5]
    assert volumes(report) == {"A1": (60, 0), "B1": (0, 20)}
    assert [(each["slot"], each["well"], each["tips"]) for each in report["tips"]] == [("1", "A1", 1)]


def test_what_was_cancelled_between_two_movements_leaves_no_doubt(server: SessionServer) -> None:
    cancelled = Cancellation()
    at_movement(server, "dispense", 2, cancelled.set, after=True)
    with pytest.raises(CommandCancelled):
        execute(server, cancelled=cancelled)
    last, report = kept(server)
    assert (last.outcome, report["lines_in_doubt"], report["rows_done"]) == ("Cancelled", [], 4)
    assert last.rest == HEADER + ROWS[4] + ROWS[5]
    assert volumes(report)["B2"] == (0, 20)


def test_a_lost_outcome_is_never_called_not_done(server: SessionServer) -> None:
    def lose() -> None:
        raise OutcomeUnknown("The answer was lost.", "Look at the robot.")

    at_movement(server, "pickUpTip", 1, lose)
    with pytest.raises(OutcomeUnknown):
        execute(server)
    last, report = kept(server)
    assert (last.outcome, report["rows_done"], report["lines_in_doubt"]) == ("Unknown", 0, [2])
    assert last.rest == HEADER + "".join(ROWS[1:])
    assert [each["well"] for each in report["tips"]] == ["A1"]  # it may have been used
    assert report["wells"] == []


@pytest.mark.parametrize("stops_after", [3, 0])
def test_a_queued_run_that_somebody_stops_leaves_what_it_has_not_begun(server: SessionServer, stops_after: int) -> None:
    server.robot.stops_after = stops_after
    earlier = server.queued.last_steps.latest
    with pytest.raises(RunStopped):
        execute(server, "QueuedRun")
    last, report = kept(server)
    if not stops_after:  # nothing was begun
        assert last == earlier
        return
    assert (last.outcome, report["lines_in_doubt"]) == ("Cancelled", [])
    assert report["rows_done"] + report["rows_not_begun"] == len(ROWS)
    assert last.rest == HEADER + "".join(ROWS[report["rows_done"] :])
    assert report["movements_done"] == stops_after
    assert report["run"]


def test_a_queued_run_whose_log_cannot_be_read_is_all_in_doubt(server: SessionServer) -> None:
    server.robot.stops_after = 3
    log = server.queued._queue._commands.log

    def unreadable(run_id: str, *more: Any, **options: Any) -> Any:
        if options.get("results") is False:
            raise OutcomeUnknown("The robot is silent.", "Look at it.")
        return log(run_id, *more, **options)

    server.queued._queue._commands.log = unreadable  # type: ignore[method-assign]
    with pytest.raises(RunStopped):
        execute(server, "QueuedRun")
    last, report = kept(server)
    assert (last.rest, report["movements_done"], report["movements_not_begun"]) == ("", 0, 0)
    assert report["lines_in_doubt"] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("mode", ["Stepwise", "QueuedRun"])
def test_a_worklist_that_succeeds_leaves_nothing(server: SessionServer, mode: Mode) -> None:
    execute(server, mode)
    last, report = kept(server)
    assert (last.outcome, last.rest, report["rows_done"]) == ("Succeeded", "", 6)
    assert (report["lines_in_doubt"], report["movements_not_begun"]) == ([], 0)
    assert volumes(report) == {"A1": (60, 0), "B1": (0, 20), "B2": (0, 20), "B3": (0, 20)}


def test_a_refused_command_keeps_the_report_of_the_one_before(server: SessionServer) -> None:
    at_movement(server, "dispense", 2, lambda: setattr(server.robot, "fails", "dispense"))
    with pytest.raises(OT2Fault):
        execute(server)
    before = kept(server)
    with pytest.raises(OT2Fault):
        execute(server, content=(HEADER + ROWS[2]).encode())
    assert kept(server) == before


def test_what_cannot_be_noted_is_not_begun(server: SessionServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: KeptSteps) -> None:
        raise StorageFull("The disk is full.", "Free space.")

    monkeypatch.setattr(server.queued.last_steps._store, "write", full)
    sent = server.robot.count("/commands$")
    with pytest.raises(StorageFull):
        execute(server)
    assert server.robot.count("/commands$") == sent


def test_a_command_that_the_end_of_this_server_cuts_off_leaves_nothing_to_repeat(server: SessionServer) -> None:
    attempt = Attempt(server.queued.last_steps, "Transfer", None)
    attempt.noting(lambda _: [PlannedCommand("home", {})])(server.session.deck_state.value)
    attempt.begin(0)
    assert server.queued.last_steps.latest.outcome == "AtWork"
    last = LastSteps(LastStepsStore(server.parts.engine)).latest
    assert (last.outcome, last.rest) == ("Interrupted", "")
    assert json.loads(last.details)["command"] == "Transfer"


def test_a_transfer_lists_its_movements_and_counts_no_air(server: SessionServer) -> None:
    plate = next(one for one in server.session.deck_state.value.labware.values() if one.location == "2").labware_id
    given: Any = TransferParameters(
        mount="right",
        source_labware_identifier=plate,
        source_wells=["A1"],
        target_labware_identifier=plate,
        target_wells=["B1", "B2"],
        volumes_ul=[50.0],
        air_gap_ul=10.0,
        mix_after=1,
    )
    at_movement(server, "aspirate", 3, lambda: setattr(server.robot, "fails", "aspirate"))
    with pytest.raises(OT2Fault):
        atomic_of(server).Transfer(given, execution=execution_of("Transfer", Cancellation()))
    last, report = kept(server)
    assert (last.rest, report["command"]) == ("", "Transfer")
    assert volumes(report) == {"A1": (50, 0), "B1": (50, 100)}  # B1: 50 from A1, and mixed with 50
    assert [each["well"] for each in report["in_doubt"]] == ["A1"]
    assert [each["well"] for each in report["not_begun"] if each["movement"] == "dispense"] == ["B2", "B2"]


# --- the rest of a worklist -------------------------------------------------------------------------------------------


def test_the_rest_of_a_transfer_list_begins_with_a_whole_row() -> None:
    columns = dict.fromkeys(("SourceLabware", "SourceWell", "TargetLabware", "TargetWell", "Volume"))
    transfers = TransferList(columns={name: name for name in columns})
    header, rows = ",".join(columns) + "\r\n", ["2,A1,3,A1,5\r\n", "\r\n", "2,A2,3,A2,5\r\n", "2,A3,3,A3,5"]
    content = ("\ufeff" + header + "".join(rows)).encode()
    steps = read(content, "csv", transfers)
    assert rest_of(content, "csv", steps, 0) == header + "".join(rows)
    assert [rest_of(content, "csv", steps, begun) for begun in range(1, 5)] == [header + rows[2] + rows[3]] * 4
    assert [rest_of(content, "csv", steps, begun) for begun in range(5, 9)] == [header + rows[3]] * 4
    assert rest_of(content, "csv", steps, 9) == ""


def test_the_rest_of_a_table_keeps_cells_over_two_lines() -> None:
    content = b'Command,TipRackIdentifier,Mount\nHome,,\nPickUpTip,"a\nb",left\nHome,,\n'
    rest = rest_of(content, "csv", read(content, "csv"), 1)
    assert rest == 'Command,TipRackIdentifier,Mount\nPickUpTip,"a\nb",left\nHome,,\n'


def test_the_rest_of_json_is_a_list_of_the_same_objects() -> None:
    objects = [{"Command": "Home"}, {"Command": "Delay", "Duration": 2.5}, {"Command": "Home"}]
    content = json.dumps(objects).encode()
    for begun in range(3):
        assert json.loads(rest_of(content, "json", read(content, "json"), begun)) == objects[begun:]
    assert rest_of(content, "json", read(content, "json"), 3) == ""
