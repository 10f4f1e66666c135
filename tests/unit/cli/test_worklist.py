"""What the command line says of the last worklist."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.worklist import WorklistAction, _of_run, facts_of, run_facts_of

REPORT = {
    "command": "ExecuteWorklist",
    "error": "The robot failed.",
    "movements_done": 3,
    "movements_in_doubt": 1,
    "movements_not_begun": 2,
    "in_doubt": [{"movement": "dispense", "slot": "2", "well": "B2", "volume_ul": 20}],
    "wells": [{"slot": "2", "well": "B1", "drawn_ul": 0.0, "dispensed_ul": 20.5}],
    "tips": [{"slot": "1", "well": "A1", "tips": 1}],
}


def test_the_report_for_people() -> None:
    assert list(facts_of("Failed", REPORT)) == [
        ("Outcome", "ExecuteWorklist Failed"),
        ("Error", "The robot failed."),
        ("Movements", "3 done, 1 in doubt, 2 not begun"),
        ("In doubt", "dispense B2 of slot 2"),
        ("B1 of slot 2", "20.5 µL dispensed, 0 µL drawn, per tip"),
        ("Tips used", "A1 of slot 1"),
    ]


def test_nothing_is_said_of_a_command_whose_progress_is_not_known() -> None:
    assert list(facts_of("Interrupted", {"command": "Transfer", "error": ""})) == [("Outcome", "Transfer Interrupted")]
    assert list(facts_of("Nothing", {})) == [("Outcome", "Nothing")]


RUN = {
    "run": "r",
    "outcome": "Failed",
    "error": "It failed.",
    "commands": 9,
    "commands_done": 4,
    "commands_begun": 5,
    "in_doubt": [{"number": 5, "text": "Dispense 30 µL into A1"}],
    "left_out": [{"number": 6, "text": "Dispense 30 µL into B1", "why": "of a load that was begun"}],
    "new_tips_picked_up": 1,
    "worklist_ends_before": 8,
    "why": "the protocol waits for the operator",
    "commands_not_in_worklist": 2,
    "not_in_worklist": [{"number": 8, "text": "Wait"}, {"number": 9, "text": "Home"}],
}


def test_the_report_of_a_run_for_people() -> None:
    assert list(run_facts_of(RUN)) == [
        ("Run", "r Failed"),
        ("Error", "It failed."),
        ("Commands", "4 of 9 done, begun up to 5"),
        ("In doubt", "command 5, Dispense 30 µL into A1"),
        ("Left out", "command 6, Dispense 30 µL into B1 (of a load that was begun)"),
        ("New tips", "picked up 1 times"),
        ("Worklist", "ends before command 8: the protocol waits for the operator"),
        ("Then", "2 commands are left"),
        ("", "command 8, Wait"),
        ("", "command 9, Home"),
    ]
    since = {**RUN, "carried_out_since": [{"at": "2026-01-01", "what": "The worklist w has used tips or wells."}]}
    assert ("Since", "2026-01-01 The worklist w has used tips or wells.") in run_facts_of(since)
    unknown = {"run": "r", "outcome": "Stopped", "unknown": "Nobody knows."}
    assert list(run_facts_of(unknown)) == [("Run", "r Stopped"), ("Unknown", "Nobody knows.")]


class Client:
    """A server on which a worklist was executed since the run has ended."""

    def __init__(self) -> None:
        self.workflow_service = self

    def retrieve_unfinished_run_work(self, *, again: bool, **_: Any) -> SimpleNamespace:
        return SimpleNamespace(
            result="Failed",
            report=json.dumps(RUN),
            remaining_worklist="Command\n" if again else "",
            carried_out_since="2026-01-01 The worklist w has used tips or wells.",
        )


def test_rows_that_may_be_done_are_written_only_if_they_are_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    client: Any = Client()
    with pytest.raises(CommandLineError, match="may have been carried out since"):
        _of_run(client, WorklistAction.REST, "r", 1, again=False, as_json=False)
    refused = capsys.readouterr()
    assert (refused.out, "The worklist w has used tips or wells." in refused.err) == ("", True)
    _of_run(client, WorklistAction.REST, "r", 1, again=True, as_json=False)
    assert capsys.readouterr().out == "Command\n"
