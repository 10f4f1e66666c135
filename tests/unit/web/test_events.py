"""What happened at a robot, from one report of its server to the next."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from nicegui.testing import User

from sila_ot2.client.generated.ot2_status_provider import Fault, RequiredAction
from sila_ot2.client.generated.run_controller import ForeignAction, OwnAction
from sila_ot2.web import texts
from sila_ot2.web.events import KEPT, Events, events
from sila_ot2.web.facts import RobotFacts
from tests.fakes.page import NOW, contact, summary, work
from tests.unit.web.test_history import completed
from tests.unit.web.test_pages import ROBOT, run_page, running
from tests.unit.web.test_view import CONNECTED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
UNREACHABLE = contact("Unreachable", "The robot does not answer in time.")
PRESSED = ForeignAction(action="pause", occurred_at=NOW)
RESUMED = ForeignAction(action="play", occurred_at=NOW + datetime.timedelta(seconds=1))
PAUSED = summary("Paused", pause_reason="BySomebodyElse", foreign_actions=[PRESSED])
ASKED = RequiredAction(code="CloseDoor", explanation="The door is open.", remedy="Close it.")


def known(**changes: Any) -> RobotFacts:
    return dataclasses.replace(CONNECTED, **changes)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({}, {"door_state": "Open"}, ["The door is open."]),
        ({}, {"connection": "Lost"}, [texts.CONNECTION_EVENTS["Lost"]]),
        ({"connection": "Lost"}, {"door_state": "Open"}, [texts.CONNECTION_EVENTS["Connected"], "The door is open."]),
        ({"connection": "Connecting", "device_status": None}, {}, []),
        ({"connection": "LogInNeeded", "door_state": None}, {}, [texts.CONNECTION_EVENTS["Connected"]]),
        (
            {},
            {"reachability": UNREACHABLE},
            ["The server does not reach the robot. The robot does not answer in time."],
        ),
        ({}, {"locked": True}, [texts.LOCKED_EVENT]),
        ({"locked": True}, {}, [texts.UNLOCKED_EVENT]),
        ({}, {"activity": work("OtherClient", "")}, [texts.OTHERS_BEGAN]),
        ({"activity": work("OtherClient", "")}, {}, [texts.OTHERS_ENDED]),
        ({}, {"required_actions": (ASKED,)}, ["The door is open."]),
        ({"required_actions": (ASKED,)}, {"required_actions": (ASKED,)}, []),
        ({}, {"current_run": (summary(),)}, ["Plate 17: running."]),
        ({"current_run": (summary(),)}, {"current_run": (summary(completed_commands=31),)}, []),
        (
            {"current_run": (summary(),)},
            {"current_run": (PAUSED,)},
            [
                f"Plate 17: paused by {texts.BY_SOMEBODY_ELSE}.",
                f"Plate 17: paused. {texts.PAUSE_REASON['BySomebodyElse']}",
            ],
        ),
        (  # whose an action is may be known later than of the one after it
            {"current_run": (summary(foreign_actions=[RESUMED]),)},
            {"current_run": (summary(foreign_actions=[PRESSED, RESUMED]),)},
            [f"Plate 17: paused by {texts.BY_SOMEBODY_ELSE}."],
        ),
        ({"current_run": (PAUSED,)}, {"current_run": (summary("Succeeded"),)}, ["Plate 17: succeeded."]),
        ({"current_run": (PAUSED,)}, {"current_run": (summary(run_identifier="run-2"),)}, ["Plate 17: running."]),
        ({"current_run": (PAUSED,)}, {}, []),
    ],
)
def test_each_change_that_matters_is_an_event(before: dict[str, Any], after: dict[str, Any], said: list[str]) -> None:
    assert list(events(known(**before), known(**after))) == said


def test_events_are_kept_newest_first_and_limited_in_number() -> None:
    kept = Events()
    for number in range(KEPT + 50):
        kept.note(known(door_state="Open" if number % 2 else "Closed"))
    newest = kept.newest(1000)
    assert len(newest) == KEPT
    assert [each.what for each in newest[:2]] == ["The door is open.", "The door is closed."]


def test_events_before_the_page_was_started_are_shown_from_the_servers_records() -> None:
    at = [NOW + datetime.timedelta(minutes=number) for number in range(5)]
    record = completed(
        "Failed",
        own_actions=[OwnAction(action="play", occurred_at=at[0]), OwnAction(action="play", occurred_at=at[2])],
        foreign_actions=[ForeignAction(action="pause", occurred_at=at[1])],
        completed_at=[at[3]],
        explanation="There is no tip.",
    )
    fault = Fault(code="X", message="The robot restarted.", remedy="", occurred_at=at[4])
    kept = Events()
    kept.note(known(device_status=None, run_history=(record,)))
    assert kept.newest(9) == (), "nothing is said before the server has reported all"
    kept.note(known(last_error=(fault,), run_history=(record,)))
    kept.note(known(last_error=(fault,), run_history=(record,), door_state="Open"))
    assert [each.what for each in kept.newest(9)] == [
        "The door is open.",
        "The robot restarted.",
        "Plate 17: failed. There is no tip.",
        f"Plate 17: resumed by {texts.BY_THIS_SERVER}.",
        f"Plate 17: paused by {texts.BY_SOMEBODY_ELSE}.",
        f"Plate 17: started by {texts.BY_THIS_SERVER}.",
    ]
    assert [each.at for each in kept.newest(9)[1:]] == at[::-1]


def test_run_that_ends_while_the_page_watches_is_one_event() -> None:
    kept = Events()
    kept.note(known(current_run=(summary(),)))
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
    record = completed(completed_at=[later], own_actions=[OwnAction(action="play", occurred_at=later)])
    kept.note(known(current_run=(summary("Succeeded"),), run_history=(record,)))
    assert [each.what for each in kept.newest(9)] == ["Plate 17: succeeded."]


def test_events_are_shown_on_the_robots_page() -> None:
    server = running()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        server.set(status_provider__door_state="Open")
        await user.should_see("The door is open.", retries=20)

    run_page(scene, server)
