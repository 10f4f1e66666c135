"""What is shown of a robot follows from what its server reported."""

from __future__ import annotations

import dataclasses
import datetime
import shlex
from typing import Any, get_args

import pytest

from sila_ot2.cli.call import arguments
from sila_ot2.client.generated import ot2_status_provider, run_controller
from sila_ot2.client.generated.atomic_liquid_handling import SessionSummary, StatedTipState
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.ot2_status_provider import Holder, RequiredAction
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack, Trash
from sila_ot2.client.generated.run_controller import ForeignAction
from sila_ot2.permissions import ROLES
from sila_ot2.web import sentences, texts
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.remedies import REMEDIES
from sila_ot2.web.times import local_time
from sila_ot2.web.view import TONES, RobotView, view
from tests.fakes.page import NOW, allowed, contact, summary, work

CONNECTED = RobotFacts(
    address="127.0.0.1:50064",
    name="OT-2 bench 3",
    connection="Connected",
    changed_at=NOW,
    device_status="Ready",
    reachability=contact(),
    door_state="Closed",
    activity=work("None", ""),
)


def shown(**changes: Any) -> RobotView:
    return view(dataclasses.replace(CONNECTED, **changes))


def test_every_word_of_the_contract_has_words_of_the_page() -> None:
    assert set(texts.STATUS) == set(TONES) == set(get_args(ot2_status_provider.DeviceStatus))
    assert set(texts.RUN_STATUS) == set(get_args(run_controller.Status))
    assert set(texts.PAUSE_REASON) == set(get_args(run_controller.PauseReason)) - {"NotPaused"}
    assert set(texts.DOOR) == set(get_args(ot2_status_provider.DoorState))
    assert set(REMEDIES) <= {*get_args(ot2_status_provider.Code), *get_args(run_controller.Code)}


def test_what_is_on_the_pipettes_can_be_stated_in_a_terminal_as_the_page_says() -> None:
    given = RequiredAction(code="ReconcileState", explanation="It is so.", remedy="")
    ((_, remedy),) = shown(required_actions=(given,)).to_do
    assert "take off by hand a tip that the robot does not know of" in remedy
    client = Features(None)  # type: ignore[arg-type]  # nothing is sent
    stated = shlex.split(remedy.partition("add ")[2])[:1]
    given_to = arguments(client.atomic_liquid_handling.reconcile_state, "ReconcileState", stated)
    assert given_to == {"tip_states": [StatedTipState(mount="right", tip_state="NoTip")]}


def test_what_is_to_be_done_never_names_a_command_of_sila_alone() -> None:
    for code in get_args(ot2_status_provider.Code):
        given = RequiredAction(code=code, explanation="It is so.", remedy="Call ReconcileState.")
        ((_, remedy),) = shown(required_actions=(given,)).to_do
        if code not in ("RestoreConnection", "AcceptRobot", "CloseDoor"):  # which the server says in plain words
            assert "Call ReconcileState" not in remedy
        if "call" in remedy and code in REMEDIES:
            assert "sila-ot2 call " in remedy
            assert "--server 127.0.0.1:50064" in remedy
            feature, command = remedy.partition("sila-ot2 call ")[2].split()[0].split(".")
            assert command in " ".join(ROLES[feature].values()).split(), "the server has it"


def session(state: Any = "Ready") -> SessionSummary:
    return SessionSummary(state=state, run_identifier="run-1", opened_at=NOW, displaced_by="")


NAMES = {"Command": "Home", "Run": "run-1", "Session": "run-1", "Lock": ""}
"""Of what is held, by the kind: as tests/fakes/page.py names them."""


def held(*by: tuple[Any, str, str]) -> tuple[Holder, ...]:
    return tuple(
        Holder(kind=kind, name=NAMES[kind], client=client, user=user, began_at=NOW) for kind, client, user in by
    )


def test_a_simulated_robot_is_not_taken_for_the_robot() -> None:
    assert shown(simulated=True).word == "Simulated: Ready"
    assert shown().word == "Ready"


def test_run_is_shown_with_its_progress_and_remaining_time() -> None:
    run = shown(device_status="Busy", current_run=(summary(),), activity=work()).run
    assert run is not None
    assert (run.title, run.status, run.steps) == ("Plate 17", "running", "30 of 120 steps")
    assert (run.fraction, run.remaining, run.tips) == (0.25, "about 2 min left", "8 tips used")


@pytest.mark.parametrize("label", ["\u202egnirts", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631"])
def test_label_cannot_turn_the_status_around(label: str) -> None:
    run = shown(current_run=(summary(label=label),)).run
    assert run is not None
    assert run.title == f"\u2068{label}\u2069"


def test_total_that_is_not_known_is_not_invented() -> None:
    run = shown(current_run=(summary(total_commands=0, remaining_time=[]),)).run
    assert run is not None
    assert (run.steps, run.fraction, run.remaining) == ("30 steps", None, "")


@pytest.mark.parametrize("status", ["Succeeded", "Failed", "Stopped"])
def test_run_that_has_ended_cannot_be_stopped(status: str) -> None:
    robot = shown(current_run=(summary(status),), allowed_actions=tuple(allowed("StopRun")))
    assert robot.run is not None
    assert not robot.run.active
    assert not robot.can_stop
    assert robot.run.remaining == ""


def test_buttons_follow_what_the_server_would_accept() -> None:
    running = shown(current_run=(summary(),), allowed_actions=tuple(allowed("PauseRun", "StopRun")))
    assert (running.can_pause, running.can_resume, running.can_stop) == (True, False, True)
    paused = shown(current_run=(summary("Paused"),), allowed_actions=tuple(allowed("ResumeRun", "StopRun")))
    assert (paused.can_pause, paused.can_resume, paused.can_stop) == (False, True, True)


def test_a_lost_connection_is_shown_and_no_command_can_be_sent() -> None:
    robot = shown(
        connection="Lost",
        trouble="Connection refused.",
        current_run=(summary(),),
        allowed_actions=tuple(allowed("PauseRun", "ResumeRun", "StopRun")),
    )
    assert robot.word == texts.NO_CONNECTION
    assert robot.tone == "unknown"
    assert local_time(NOW) in robot.notice
    assert "Connection refused." in robot.notice
    assert (robot.can_pause, robot.can_resume, robot.can_stop) == (False, False, False)


def test_server_that_never_answered_shows_no_facts() -> None:
    robot = view(
        RobotFacts(address="bench:1", name="bench:1", connection="Lost", changed_at=NOW, trouble="No server answers.")
    )
    assert (robot.notice, robot.facts, robot.run) == ("No server answers.", (), None)


def test_an_unreachable_robot_is_reported_with_reason_and_remedy() -> None:
    away = contact("Unreachable", "The robot does not answer. Check that it is on.")
    robot = shown(device_status="Unreachable", reachability=away)
    assert (robot.word, robot.tone) == ("Robot unreachable", "bad")
    assert robot.notice == "The robot does not answer. Check that it is on."


def test_a_prompt_of_the_protocol_is_shown_once() -> None:
    resume = RequiredAction(code="ResumeRun", explanation="The protocol paused the run.", remedy="Call ResumeRun.")
    door = RequiredAction(code="CloseDoor", explanation="The door is open.", remedy="Close it.")
    robot = shown(operator_prompt="Change the plate", required_actions=(resume, door), activity=work())
    assert robot.prompt == "Change the plate"
    assert robot.to_do == (("The door is open.", "Close it."),)
    assert robot.step == ""
    assert shown(required_actions=(resume,)).to_do == (("The protocol paused the run.", 'Press "Resume".'),)


@pytest.mark.parametrize(
    ("changes", "holder"),
    [
        ({}, texts.NOBODY),
        ({"activity": None}, texts.NOT_KNOWN),
        ({"activity": work("Command")}, texts.HELD_BY_COMMAND),
        ({"activity": work("Run"), "current_run": (summary(),)}, texts.HELD_BY_RUN),
        ({"locked": True}, texts.HELD_BY_LOCK),
        ({"activity": work("Run"), "current_run": (summary(),), "locked": True}, texts.HELD_BY_RUN),
        ({"session": (session(),)}, sentences.held_by_session(local_time(NOW))),
        ({"session": (session(),), "activity": work("Command")}, sentences.held_by_session(local_time(NOW))),
        ({"session": (session("Lost"),)}, texts.NOBODY),
        (
            {"activity": work("Run"), "current_run": (summary(),), "holders": held(("Run", "192.0.2.7", "anna"))},
            f"{texts.HELD_BY_RUN}: anna at 192.0.2.7",
        ),
        (
            {"activity": work("Run"), "holders": held(("Command", "192.0.2.7", "anna"), ("Run", "127.0.0.1", ""))},
            f"{texts.HELD_BY_RUN}: a client at {texts.SERVERS_COMPUTER}",
        ),
        (
            {"activity": work("Command", "Home"), "holders": held(("Command", "192.0.2.7", "anna"))},
            f"{texts.HELD_BY_COMMAND}: anna at 192.0.2.7",
        ),
        ({"activity": work("Command"), "holders": held(("Lock", "192.0.2.7", ""))}, texts.HELD_BY_COMMAND),
        (
            {"session": (session(),), "holders": held(("Session", "192.0.2.7", ""), ("Lock", "192.0.2.9", ""))},
            f"{sentences.held_by_session(local_time(NOW))}: a client at 192.0.2.7",
        ),
        (
            {"locked": True, "holders": held(("Lock", "192.0.2.9", "scheduler"))},
            f"{texts.HELD_BY_LOCK}: scheduler at 192.0.2.9",
        ),
        ({"activity": work("OtherClient")}, texts.HELD_BY_OTHER),
        ({"current_run": (summary("Idle", origin="OtherClient"),)}, texts.HELD_BY_OTHER),
        ({"current_run": (summary("Succeeded", origin="OtherClient"),)}, texts.NOBODY),
    ],
)
def test_holder_of_the_robot_is_named(changes: dict[str, Any], holder: str) -> None:
    assert dict(shown(**changes).facts)[texts.HOLDER] == holder


@pytest.mark.parametrize(
    ("changes", "holder"),
    [
        ({"activity": work("Command", "ParkGantry"), "holders": held(("Command", "", "anna"))}, texts.HELD_BY_COMMAND),
        ({"activity": dataclasses.replace(work("Run"), run_identifier="run-2"),
          "holders": held(("Command", "", "anna"), ("Run", "", "anna"))}, texts.HELD_BY_RUN),
        ({"session": (dataclasses.replace(session(), run_identifier="run-2"),),
          "holders": held(("Session", "", "anna"))},
         sentences.held_by_session(local_time(NOW))),
    ],
)  # fmt: skip
def test_who_held_the_robot_before_is_not_named_for_what_holds_it_now(changes: dict[str, Any], holder: str) -> None:
    """Holders are read at each heartbeat, and what the robot does is reported at once."""
    assert dict(shown(**changes).facts)[texts.HOLDER] == holder


def test_the_holder_of_the_lock_is_reported_while_the_server_is_locked() -> None:
    assert shown(locked=True, holders=held(("Lock", "192.0.2.9", ""))).locked_by.startswith(
        "It was locked by a client at 192.0.2.9, "
    )
    assert shown(locked=True).locked_by == ""


def test_actions_of_others_are_listed_with_their_time() -> None:
    pause = ForeignAction(action="pause", occurred_at=NOW)
    run = shown(current_run=(summary(foreign_actions=[pause]),)).run
    assert run is not None
    assert run.others == (f"{local_time(NOW)}: pause",)


def test_times_are_local_and_have_a_date_unless_it_is_today() -> None:
    assert local_time(NOW, NOW) == NOW.astimezone().strftime("%H:%M:%S")
    assert local_time(NOW, NOW + datetime.timedelta(days=1)) == NOW.astimezone().strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (3540, "59 min"), (3660, "1 h 1 min")]
)
def test_durations_have_units(seconds: float, words: str) -> None:
    assert sentences.duration(seconds) == words


def test_tips_are_counted_over_all_racks_and_the_trash() -> None:
    racks = tuple(
        TipRack(
            slot=slot, definition_uri="a/tips/1", free_tips=["A1", "B1"], reserved_tips=["C1"], used_tips=["D1", "E1"],
            empty_places=["F1"], unknown_places=[], low=False, declared_at=NOW,
        )
        for slot in ("1", "4")
    )  # fmt: skip
    known = dict(shown(tip_racks=racks, trashed_tips=Trash(count=4, limit=0, limit_reached=False, emptied_at=[])).facts)
    assert known[texts.TIPS] == "6 unused, 4 used in 2 racks"
    assert known[texts.TRASHED_TIPS] == "4"


def test_next_steps_are_not_shown_when_nobody_knows_how_far_the_run_is() -> None:
    assert shown(next_steps=("Home",)).next_steps == ("Home",)
    assert shown(next_steps=("Home",), connection="Lost").next_steps == ()
