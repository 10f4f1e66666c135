"""Recorded answers with the ids of today in them."""

from __future__ import annotations

import copy
import json
import uuid
from datetime import datetime, timezone
from typing import Any, NamedTuple

from tests.fakes.replay.recordings import recordings


class RecordedAnswer(NamedTuple):
    status: int
    body: Any


class ReplayRefused(Exception):
    """Carries the answer out of wherever the refusal was decided."""

    def __init__(self, answer: RecordedAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class RecordedAnswers:
    """The recordings of one release, to answer from."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.version = tuple(int(part) for part in release.split("."))
        self.cases = recordings(release)

    def answer(self, case: str, **ids: str) -> RecordedAnswer:
        """Return the recorded answer; `subject="x"` puts x where the recorded path has its first id."""
        found = self.cases[case]
        text = json.dumps(found.body)
        if subject := ids.get("subject"):
            text = text.replace(found.path.split("/")[2], subject)
        return RecordedAnswer(found.status, json.loads(text))

    def refuse(self, case: str, **ids: str) -> ReplayRefused:
        return ReplayRefused(self.answer(case, **ids))

    def data(self, case: str) -> Any:
        """Return a copy of what is under "data" in a recorded answer."""
        return copy.deepcopy(self.cases[case].body["data"])


def new_id() -> str:
    return str(uuid.uuid4())


def now_text() -> str:
    return datetime.now(timezone.utc).isoformat()
