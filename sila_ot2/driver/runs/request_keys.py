"""Keys that clients give to their requests for runs: a repeated request follows the run of the first."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sila_ot2.driver.requests.request import CreateRunRequest, RunActionRequest, request_from
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.errors import Movement, OutcomeUnknown, ParameterInvalid, RunNotFound
from sila_ot2.store.journal import Journal, RequestOutcome
from sila_ot2.store.runs import RunStart

_NOT_USED_UP = frozenset({RequestOutcome.REFUSED, RequestOutcome.NOT_DONE})
_KINDS = ("create_run", "action")


@dataclass(frozen=True)
class RequestKey:
    """The client's name for its request, and a hash of its arguments."""

    key: str = ""
    """Empty: the client has given none."""
    digest: str = ""

    @classmethod
    def of(cls, key: str, command: str, *arguments: str) -> RequestKey:
        """Name a request for a command with these arguments."""
        return cls(key, hashlib.sha256(json.dumps([command, *arguments]).encode()).hexdigest())


@dataclass(frozen=True)
class _KeyEntry:
    """What the journal says of a key."""

    request: CreateRunRequest | RunActionRequest
    outcome: RequestOutcome | None
    run_id: str


class RequestKeys:
    """One per robot. What is known of a key is the journal's entry about the creation or the start of its run."""

    def __init__(self, journal: Journal, registry: RunRegistry) -> None:
        self._journal = journal
        self._registry = registry

    def run_of(self, key: str, digest: str) -> str | None:
        """Return the run that an earlier request with this key has created or started; None if none, or no key.

        Raises:
            ParameterInvalid: the earlier request had other arguments, or the key cannot be kept. Nothing was done.
            OutcomeUnknown: it is not known what became of the earlier request. Nothing was done now.
        """
        if "\0" in key:  # the database would look for what stands before it
            raise ParameterInvalid(
                f"RequestKey {key!r} contains the character NUL and could not be found again.", "Use a key without it."
            )
        entry = self._last(key)
        if entry is None:
            return None
        if entry.request.request_digest != digest:
            raise ParameterInvalid(
                f"RequestKey {key!r} was given before with other arguments{_of(entry.run_id)}.",
                "Give each run a key of its own.",
            )
        if entry.outcome is not RequestOutcome.DONE:
            raise OutcomeUnknown(
                f"It is not known whether the earlier request with RequestKey {key!r} was carried out "
                f"({entry.request}). No other was created.",
                "Look at CurrentRun and RunHistory, then use a new key.",
            )
        return entry.run_id

    def worklist_of(self, key: str) -> tuple[int, int]:
        """Return how many commands the worklist of an earlier request with this key has, and pick-ups of tips."""
        entry = self._last(key)
        if entry is None or not isinstance(entry.request, CreateRunRequest):
            return 0, 0
        return entry.request.steps, entry.request.tips

    def has_started(self, key: str) -> bool:
        """Return whether the run of an earlier request with this key was started, as far as it has been seen."""
        entry = self._last(key)
        if entry is None or not entry.run_id:
            return False
        try:
            view = self._registry.view(entry.run_id)
        except RunNotFound:
            return False
        return view.record is not None or view.started_at is not None

    def start_of(self, key: str) -> RunStart | None:
        """Return what an earlier request with this key asked for; None if there is none, or no key."""
        entry = self._last(key)
        if entry is None or not entry.run_id:
            return None
        try:
            return self._registry.view(entry.run_id).start
        except RunNotFound:
            return None

    def _last(self, key: str) -> _KeyEntry | None:
        for kept in reversed(self._journal.with_key(key, _KINDS) if key else []):
            if kept.outcome in _NOT_USED_UP:
                continue
            try:
                request = request_from(kept.document)
            except ValueError as unreadable:
                raise OutcomeUnknown(
                    f"The earlier request with RequestKey {key!r} cannot be read: another version of this server sent "
                    "it. No other run was created.",
                    "Look at CurrentRun and RunHistory, then use a new key.",
                    moved=Movement.NONE,
                ) from unreadable
            if isinstance(request, CreateRunRequest):
                return _KeyEntry(request, kept.outcome, kept.subject)
            if isinstance(request, RunActionRequest):
                return _KeyEntry(request, kept.outcome, request.run_id)
        return None


def _of(run_id: str) -> str:
    return f" (run {run_id})" if run_id else ""
