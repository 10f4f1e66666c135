"""What the command line says of the last worklist."""

from __future__ import annotations

from sila_ot2.cli.worklist import facts_of

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
