"""Faults are data, and their text is made of it."""

from __future__ import annotations

import pytest

from sila_ot2 import errors
from sila_ot2.errors import Movement, OT2Fault, OutcomeUnknown, RobotBusy, RobotError, RobotRefused, RunNotFound
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason
from tests.processes import undeclared_errors


def test_text_says_cause_what_the_robot_says_whether_it_moved_and_what_to_do() -> None:
    fault = RobotBusy(
        "Asked to play run 1, the robot refused.",
        "Wait for the end of the other run.",
        robot_error=RobotError("Run 2 is not idle.", "RunActive", "4000"),
    )

    assert str(fault) == (
        "Asked to play run 1, the robot refused. The robot says: Run 2 is not idle. (RunActive, code 4000). "
        "Nothing moved. Wait for the end of the other run."
    )


def test_what_the_robot_says_ends_with_one_period() -> None:
    assert RobotBusy("No.", robot_error=RobotError("Busy.")).explanation == "No. The robot says: Busy."
    assert RobotBusy("No.", robot_error=RobotError("Busy")).explanation == "No. The robot says: Busy."


@pytest.mark.parametrize(
    ("kind", "moved"),
    [(RobotBusy, Movement.NONE), (OutcomeUnknown, Movement.UNKNOWN), (errors.RunFailed, Movement.UNKNOWN)],
)
def test_class_says_whether_anything_moved_unless_the_fault_does(kind: type[OT2Fault], moved: Movement) -> None:
    assert kind("It is so.", "Look.").moved is moved
    assert kind("It is so.", "Look.", moved=Movement.SOME).moved is Movement.SOME
    assert Movement.SOME.value in str(kind("It is so.", "Look.", moved=Movement.SOME))


def test_every_refusal_has_moved_nothing() -> None:
    refusals = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RobotRefused)]

    assert len(refusals) > 40
    assert {kind("No.").moved for kind in refusals} == {Movement.NONE}


def test_fault_of_another_one_keeps_what_it_says() -> None:
    refused = RobotBusy("It is busy.", "Wait.", robot_error=RobotError("busy"), moved=Movement.UNKNOWN)

    fault = RunNotFound.of(refused, before="Line 3:")

    assert str(fault) == f"Line 3: {refused}"
    assert (fault.remedy, fault.robot_error, fault.moved) == ("Wait.", RobotError("busy"), Movement.UNKNOWN)
    assert RunNotFound.of(refused, remedy="Look.", moved=Movement.NONE).remedy == "Look."


def test_identifier_is_that_of_the_sila_error_also_where_a_class_is_finer() -> None:
    assert RunNotFound("No.").identifier == "RunNotFound"
    assert NotSent("No.", Reason.REFUSED).identifier == "RobotUnreachable"


def test_what_stands_in_says_the_same_about_movement() -> None:
    assert RunNotFound("No.").stand_ins[0] == "RobotRejected"
    assert RunNotFound("No.", moved=Movement.UNKNOWN).stand_ins[0] == "CommandFailed"


def test_no_answer_says_why_and_whether_the_robot_may_have_moved() -> None:
    assert str(NotSent("Asked to home.", Reason.STARTING)) == (
        f"Asked to home. Nothing moved. {Reason.STARTING.remedy}"
    )
    assert AnswerLost("Asked to home.", Reason.TIMED_OUT).moved is Movement.UNKNOWN


def test_undeclared_errors_of_ours_are_found_in_a_log() -> None:
    """Not those of the robot, for which another one stands, nor those of tests."""
    line = "undeclared error {}, declared are: DoorOpen; its text is: {}"
    ours, robots, others = (
        line.format("RunNotFound", "There is no such run."),
        line.format("RunNotFound", "Asked to play it, the robot answered 404. The robot says: no such run."),
        line.format("Covered", "it fell"),
    )
    assert undeclared_errors(f"WARNING {ours}\nWARNING {robots}\nWARNING {others}\n") == [
        ours.removeprefix("undeclared error ")
    ]
