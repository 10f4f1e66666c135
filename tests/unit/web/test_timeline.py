"""A run in time: its commands by kind, its pauses, and who did what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from sila_ot2.client.generated.run_controller import CompletedRun, ForeignAction, OwnAction
from sila_ot2.web import texts
from sila_ot2.web.timeline import WIDTH, Timeline, kind_of, timeline
from sila_ot2.web.times import local_time
from tests.fakes.page import NOW
from tests.unit.web.test_history import completed


def after(seconds: float) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


def command(kind: str, begun_s: float, ended_s: float | None, **params: Any) -> dict[str, Any]:
    ended = None if ended_s is None else after(ended_s).isoformat()
    return {"commandType": kind, "params": params, "startedAt": after(begun_s).isoformat(), "completedAt": ended}


def drawn(*commands: dict[str, Any], record: CompletedRun | None = None) -> Timeline:
    shown = timeline(commands, record)
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("pickUpTip", "", "tips"),
        ("dropTipInPlace", "", "tips"),
        ("moveToAddressableAreaForDropTip", "", "tips"),
        ("aspirateInPlace", "", "liquid"),
        ("touchTip", "", "liquid"),
        ("moveToWell", "", "movement"),
        ("home", "", "movement"),
        ("thermocycler/runProfile", "", "modules"),
        ("heaterShaker/openLabwareLatch", "", "modules"),
        ("waitForResume", "", "waiting"),
        ("waitForDuration", "", "waiting"),
        ("moveLabware", "", "waiting"),
        ("loadLabware", "", "other"),
        ("aNewerCommand", "", "other"),
        ("custom", "Picking up tip from A1 of Tips on 1", "tips"),
        ("custom", "Delaying for 0 minutes and 12.0 seconds", "waiting"),
        ("custom", "", "other"),
    ],
)
def test_commands_have_the_kind_that_a_person_would_give_them(name: str, text: str, kind: str) -> None:
    params = {"legacyCommandText": text} if text else {}
    assert kind_of({"commandType": name, "params": params}) == kind


def test_lanes_have_their_commands_where_they_happened() -> None:
    shown = drawn(command("pickUpTip", 0, 25), command("aspirate", 50, 100), command("dispense", 100, None))
    assert [each.label for each in shown.rows] == ["Tips: 1, 25 s", "Liquid: 1, 50 s"]
    assert [each.path for each in shown.rows] == ["M0 0H250V20H0Z", "M500 0H1000V20H500Z"]
    assert (shown.begin, shown.end) == (local_time(NOW), local_time(after(100)))


def test_long_run_is_a_small_picture() -> None:
    (row,) = drawn(*(command("aspirate", number, number + 0.5) for number in range(10_000))).rows
    assert row.label.startswith("Liquid: 10000, ")
    assert row.path.count("M") <= WIDTH / 2


def test_run_whose_commands_took_no_time_is_drawn() -> None:
    assert drawn(command("home", 0, 0)).rows[0].path == "M0 0H1V20H0Z"


def test_pauses_are_between_what_was_asked_for_by_whomever() -> None:
    record = completed(
        started_at=[NOW],
        completed_at=[after(100)],
        own_actions=[OwnAction(action="play", occurred_at=NOW), OwnAction(action="pause", occurred_at=after(90))],
        foreign_actions=[
            ForeignAction(action="pause", occurred_at=after(20)),
            ForeignAction(action="play", occurred_at=after(40)),
        ],
    )
    shown = drawn(record=record)
    assert [each.label for each in shown.rows] == ["Paused on request: 2, 30 s"]
    assert shown.rows[0].path == "M200 0H400V20H200ZM900 0H1000V20H900Z", "the second one lasts to the end"
    assert [(each.at, each.what, each.who) for each in shown.moments] == [
        (local_time(NOW), "started", texts.BY_THIS_SERVER),
        (local_time(after(20)), "paused", texts.BY_SOMEBODY_ELSE),
        (local_time(after(40)), "resumed", texts.BY_SOMEBODY_ELSE),
        (local_time(after(90)), "paused", texts.BY_THIS_SERVER),
        (local_time(after(100)), "succeeded", ""),
    ]


def test_nothing_is_drawn_of_a_run_that_never_began() -> None:
    assert timeline([command("home", 0, None)], completed("Stopped", started_at=[], completed_at=[])) is None
    assert timeline([], None) is None
