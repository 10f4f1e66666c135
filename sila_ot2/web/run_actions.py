"""Who asked what of a run, from its record. A pure function."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sila_ot2.client.generated.run_controller import CompletedRun
from sila_ot2.web import texts


@dataclass(frozen=True)
class RequestedAction:
    """Something that was asked of a run.

    Attributes:
        at: when the robot accepted it.
        action: the robot's name for it.
        what: the same in words.
        who: who asked for it, in words.
    """

    at: datetime.datetime
    action: str
    what: str
    who: str


def run_actions(record: CompletedRun) -> tuple[RequestedAction, ...]:
    """Return what was asked of a run, oldest first."""
    asked = [
        *((each.occurred_at, each.action, texts.BY_THIS_SERVER) for each in record.own_actions),
        *((each.occurred_at, each.action, texts.BY_SOMEBODY_ELSE) for each in record.foreign_actions),
    ]
    found: list[RequestedAction] = []
    for at, action, who in sorted(asked):
        begins = action == "play" and all(each.action != "play" for each in found)
        word = texts.RUN_STARTED if begins else texts.RUN_ACTIONS.get(action, action)
        found.append(RequestedAction(at, action, word, who))
    return tuple(found)
