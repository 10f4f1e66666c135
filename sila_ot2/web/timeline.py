"""What a run did and when: its commands by kind, its pauses, and who did what. Pure functions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sila_ot2.client.generated.run_controller import CompletedRun
from sila_ot2.web import sentences, texts
from sila_ot2.web.run_actions import run_actions
from sila_ot2.web.times import local_time, moment_of

Kind = Literal["tips", "liquid", "movement", "modules", "waiting", "other"]
WIDTH, HEIGHT = 1000, 20
Span = tuple[datetime.datetime, datetime.datetime]
_BEGINNINGS: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (
    ("waiting", ("wait", "pause", "pausing", "delay", "movelabware")),
    ("tips", ("pick", "drop", "return", "movetoaddressableareafordroptip")),
    ("liquid", ("aspirat", "dispens", "blow", "touch", "mix", "air", "prepare", "configure")),
    ("movement", ("mov", "hom", "retract")),
)
"""How the types of the robot's commands begin, and the texts of old protocols, which have one type for all."""


@dataclass(frozen=True)
class TimelineRow:
    """The commands of one kind.

    Attributes:
        label: the kind with how many there are and how long they took, in words.
        path: where they are in a picture (SVG) of WIDTH by HEIGHT.
    """

    label: str
    path: str


@dataclass(frozen=True)
class Moment:
    """Something that somebody did, or that happened: when, what, and by whom, in words."""

    at: str
    what: str
    who: str


@dataclass(frozen=True)
class Timeline:
    """A run in time.

    Attributes:
        begin, end: when it began and ended, in words.
        rows: its commands by kind, and its pauses.
        moments: what was done to it, oldest first.
    """

    begin: str
    end: str
    rows: tuple[TimelineRow, ...]
    moments: tuple[Moment, ...]


def timeline(commands: Iterable[dict[str, Any]], record: CompletedRun | None) -> Timeline | None:
    """Return a run in time; None if no command has ended and the record has no times.

    Args:
        commands: the log of the run.
        record: its record; None while it goes on, or if the server does not list it any more.
    """
    spans: dict[Kind, list[Span]] = {}
    for each in commands:
        begun, ended = moment_of(each.get("startedAt")), moment_of(each.get("completedAt"))
        if begun and ended:
            spans.setdefault(kind_of(each), []).append((begun, ended))
    bounds = [at for each in spans.values() for span in each for at in span]
    if record is not None:
        bounds += [*record.started_at, *record.completed_at]
    if not bounds:
        return None
    begin, end = min(bounds), max(bounds)
    rows = [_row(texts.COMMAND_KINDS[kind], spans[kind], begin, end) for kind in texts.COMMAND_KINDS if kind in spans]
    paused = _pauses(record, end) if record else []
    if paused:
        rows.append(_row(texts.PAUSES, paused, begin, end))
    return Timeline(local_time(begin), local_time(end), tuple(rows), _moments(record) if record else ())


def kind_of(command: dict[str, Any]) -> Kind:
    """Return the kind of a command of the robot."""
    name = str(command.get("commandType", ""))
    if "/" in name:  # such as temperatureModule/setTargetTemperature
        return "modules"
    if name == "custom":
        name = str((command.get("params") or {}).get("legacyCommandText", ""))
    return next((kind for kind, beginnings in _BEGINNINGS if name.lower().startswith(beginnings)), "other")


def _pauses(record: CompletedRun, end: datetime.datetime) -> list[Span]:
    """Return when the run was paused on request: from a pause to what was asked for next, or to the end."""
    actions = run_actions(record)
    return [
        (each.at, following.at if following else end)
        for each, following in zip(actions, [*actions[1:], None], strict=True)
        if each.action == "pause"
    ]


def _moments(record: CompletedRun) -> tuple[Moment, ...]:
    found = [Moment(local_time(each.at), each.what, each.who) for each in run_actions(record)]
    found += [Moment(local_time(at), texts.RUN_STATUS[record.result], "") for at in record.completed_at]
    return tuple(found)


def _row(name: str, spans: Sequence[Span], begin: datetime.datetime, end: datetime.datetime) -> TimelineRow:
    taken_s = sum((until - since).total_seconds() for since, until in spans)
    whole_s = max((end - begin).total_seconds(), 0.001)
    drawn: list[tuple[int, int]] = []
    for since, until in sorted(spans):
        left = int((since - begin).total_seconds() / whole_s * WIDTH)
        right = max(left + 1, round((until - begin).total_seconds() / whole_s * WIDTH))
        if drawn and left <= drawn[-1][1]:  # so that a long run does not become a large picture
            drawn[-1] = (drawn[-1][0], max(right, drawn[-1][1]))
        else:
            drawn.append((left, right))
    path = "".join(f"M{left} 0H{right}V{HEIGHT}H{left}Z" for left, right in drawn)
    return TimelineRow(sentences.timeline_row(name, len(spans), taken_s), path)
