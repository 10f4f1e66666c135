"""What happened at a robot, from one report of its server to the next."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from nicegui.testing import User

from sila_ot2.client.generated.ot2_status_provider import RequiredAction
from sila_ot2.client.generated.run_controller import ForeignAction
from sila_ot2.web import texts
from sila_ot2.web.events import KEPT, Events, events
from sila_ot2.web.facts import RobotFacts
from tests.fakes.page import NOW, contact, summary, work
from tests.unit.web.test_pages import ROBOT, run_page, running
from tests.unit.web.test_view import CONNECTED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of NiceGUI's own libraries
UNREACHABLE = contact("Unreachable", "The robot does not answer in time.")
PRESSED = ForeignAction(action="pause", occurred_at=NOW)
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
        ({"current_run": (PAUSED,)}, {"current_run": (summary("Succeeded"),)}, ["Plate 17: succeeded."]),
        ({"current_run": (PAUSED,)}, {"current_run": (summary(run_identifier="run-2"),)}, ["Plate 17: running."]),
        ({"current_run": (PAUSED,)}, {}, []),
    ],
)
def test_each_change_that_matters_is_an_event(before: dict[str, Any], after: dict[str, Any], said: list[str]) -> None:
    assert list(events(known(**before), known(**after))) == said


def test_events_are_kept_newest_first_and_do_not_grow_for_ever() -> None:
    kept = Events()
    for number in range(KEPT + 50):
        kept.note(known(door_state="Open" if number % 2 else "Closed"))
    newest = kept.newest(1000)
    assert len(newest) == KEPT
    assert [each.what for each in newest[:2]] == ["The door is open.", "The door is closed."]


def test_events_are_shown_on_the_robots_page() -> None:
    server = running()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        server.set(status_provider__door_state="Open")
        await user.should_see("The door is open.", retries=20)

    run_page(scene, server)
