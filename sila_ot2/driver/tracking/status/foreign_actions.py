"""Actions on a run of ours that this server did not ask for: another client's, or a press of the robot's front button.

The robot does not say who asked for an action. This server knows the identifiers of its own ones from the robot's
answers; an action of any other identifier, and of any type, is somebody else's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sila_ot2.driver.requests.request import RunActionRequest, request_from
from sila_ot2.robot import wire
from sila_ot2.store.journal import Journal
from sila_ot2.store.runs import TakenAction
from sila_ot2.times import utc_now

KIND = "action"


class ForeignActions:
    """Tells the actions of others from those of this server; for one thread at a time per run."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def among(self, run: wire.Run, known: Sequence[KnownAction]) -> tuple[KnownAction, ...]:
        """Return the actions of a run with whose they are, oldest first; those in doubt are left out.

        Args:
            run: as the robot has just said.
            known: what was returned for an earlier reading of it.
        """
        by_id = {action.action_id: action for action in known}
        new = [action for action in run.actions if action.id not in by_id]
        if not new:
            return tuple(known)
        # Read before the answers: a request that ends in between has its answer in the journal.
        under_way = self._under_way(run.id)
        for action in new:
            own = bool(self._journal.documents_about(action.id, (KIND,)))
            if own or action.action_type not in under_way:
                taken = TakenAction(action=action.action_type, at=action.created_at or utc_now())
                by_id[action.id] = KnownAction(action.id, taken, own)
        return tuple(by_id[action.id] for action in run.actions if action.id in by_id)

    def _under_way(self, run_id: str) -> set[str]:
        """Return which types of actions of ours on a run have no established outcome."""
        types: set[str] = set()
        for document in self._journal.under_way(KIND):
            try:
                request = request_from(document)
            except ValueError:  # another version of this server has written it down
                continue
            if isinstance(request, RunActionRequest) and request.run_id == run_id:
                types.add(request.action)
        return types


@dataclass(frozen=True)
class KnownAction:
    """An action of which it is known whose it is."""

    action_id: str
    taken: TakenAction
    own: bool
    """This server asked for it."""

    @property
    def foreign(self) -> TakenAction | None:
        """The action, if it is somebody else's."""
        return None if self.own else self.taken
