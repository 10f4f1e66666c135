"""Keys that clients give to their requests for runs: a repeated request follows the run of the first."""

from __future__ import annotations

from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.errors import OutcomeUnknown, ParameterInvalid, RunNotFound
from sila_ot2.store.journal import Journal, RequestOutcome, RunCreationEntry
from sila_ot2.store.runs import RunStart

_NOTHING_CREATED = frozenset({RequestOutcome.REFUSED, RequestOutcome.NOT_DONE})


class RequestKeys:
    """One per robot. What is known of a key is what the journal says of the creation of its run."""

    def __init__(self, journal: Journal, registry: RunRegistry) -> None:
        self._journal = journal
        self._registry = registry

    def run_of(self, key: str, digest: str) -> str | None:
        """Return the run that an earlier request with this key has created; None if there is none, or no key.

        Raises:
            ParameterInvalid: the earlier request had other arguments. Nothing was done.
            OutcomeUnknown: it is not known whether the earlier request created a run. Nothing was done now.
        """
        entry = self._last(key)
        if entry is None:
            return None
        if CreateRunRequest.model_validate_json(entry.document).request_digest != digest:
            raise ParameterInvalid(
                f"RequestKey {key!r} was given before with other arguments{_of(entry.run_id)}. Nothing was done. "
                f"Give each run a key of its own."
            )
        if entry.outcome is not RequestOutcome.DONE:
            raise OutcomeUnknown(
                f"It is not known whether the earlier request with RequestKey {key!r} created a run. No other was "
                f"created. Look at CurrentRun and RunHistory, then use a new key."
            )
        return entry.run_id

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
        """Return how the run of an earlier request with this key was asked for; None if there is none, or no key."""
        entry = self._last(key)
        if entry is None or not entry.run_id:
            return None
        try:
            return self._registry.view(entry.run_id).start
        except RunNotFound:
            return None

    def _last(self, key: str) -> RunCreationEntry | None:
        entries = self._journal.creations_with_key(key) if key else []
        return next((entry for entry in reversed(entries) if entry.outcome not in _NOTHING_CREATED), None)


def _of(run_id: str) -> str:
    return f" (run {run_id})" if run_id else ""
