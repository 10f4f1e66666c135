"""What the command line says of the last worklist."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.plain import rows_of_csv
from sila_ot2.cli.worklist import WorklistAction, facts_of, of_last_worklist, of_run, run_facts_of

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


def test_nothing_is_shown_of_a_command_with_unknown_progress() -> None:
    assert list(facts_of("Interrupted", {"command": "Transfer", "error": ""})) == [("Outcome", "Transfer Interrupted")]
    assert list(facts_of("Nothing", {})) == [("Outcome", "Nothing")]


RUN = {
    "run": "r",
    "outcome": "Failed",
    "error": "It failed.",
    "commands": 9,
    "commands_done": 4,
    "commands_not_begun": 4,
    "in_doubt": [{"number": 5, "text": "Dispense 30 µL into A1", "slot": "2"}],
    "added_commands": [{"command_type": "dropTipInPlace", "text": "Drop the tip", "params": {}}],
}


def test_the_report_of_a_run_for_people() -> None:
    assert list(run_facts_of(RUN)) == [
        ("Run", "r Failed"),
        ("Error", "It failed."),
        ("Commands", "4 of 9 done, 4 not begun"),
        ("In doubt", "command 5, Dispense 30 µL into A1 (slot 2)"),
        ("Added", "Drop the tip (by a client, not by the protocol)"),
    ]
    since = {**RUN, "carried_out_since": [{"at": "2026-01-01", "what": "The worklist w has used tips or wells."}]}
    assert ("Since", "2026-01-01 The worklist w has used tips or wells.") in run_facts_of(since)
    unknown = {"run": "r", "outcome": "Stopped", "unknown": "Nobody knows."}
    assert list(run_facts_of(unknown)) == [("Run", "r Stopped"), ("Unknown", "Nobody knows.")]


class WorklistClient:
    """A server that has kept what is left of a worklist and of a run."""

    @property
    def workflow_service(self) -> WorklistClient:
        return self

    def retrieve_unfinished_work(self) -> SimpleNamespace:
        return SimpleNamespace(outcome="Failed", report="{}", remaining_worklist="Command\nHome\n")

    def retrieve_unfinished_run_work(self, run_identifier: str) -> SimpleNamespace:
        report = {"unknown": "Nobody knows."} if run_identifier else RUN
        return SimpleNamespace(
            report=json.dumps(report),
            commands_not_begun="Number,Text\r\n6,Home\r\n",
            carried_out_since="2026-01-01 The worklist w has used tips or wells.",
        )


@pytest.mark.parametrize("as_json", [False, True])
def test_the_rest_of_a_worklist_is_a_table_or_json(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    of_last_worklist(WorklistClient(), WorklistAction.REST, as_json=as_json)  # type: ignore[arg-type]
    printed = capsys.readouterr().out
    if as_json:
        assert json.loads(printed) == {"outcome": "Failed", "remaining_worklist": "Command\nHome\n"}
    else:
        assert printed == "Command\nHome\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_the_rest_of_a_run_is_a_table_or_json(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    of_run(WorklistClient(), WorklistAction.REST, "", as_json=as_json)  # type: ignore[arg-type]
    printed = capsys.readouterr()
    if as_json:
        assert json.loads(printed.out) == [{"Number": "6", "Text": "Home"}]
    else:
        assert printed.out.splitlines() == ["Number,Text", "6,Home"]
    assert "command 5" in printed.err
    assert "The worklist w has used tips or wells." in printed.err
    assert "3 more commands are not listed" in printed.err


@pytest.mark.parametrize("odd", ["\u2028", "\x0b", "\x0c", "\x85", "\n", "\r\n"])
def test_what_ends_a_line_of_text_does_not_end_a_row_of_csv(odd: str) -> None:
    text = f"Pick{odd}up"
    assert rows_of_csv(f'Number,Text\r\n6,"{text}"\r\n') == [{"Number": "6", "Text": text}]


def test_no_rest_is_written_if_it_is_not_known() -> None:
    with pytest.raises(CommandLineError, match="Nobody knows"):
        of_run(WorklistClient(), WorklistAction.REST, "some-run", as_json=True)  # type: ignore[arg-type]
