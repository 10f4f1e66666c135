"""The session's run on the robot: created, loaded with the deck, given commands, released."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.loading import load_pipette, restore
from sila_ot2.driver.deck.plan import STILL, PlannedCommand
from sila_ot2.driver.liquid_handling.motions import home
from sila_ot2.driver.ownership.half_created import clear_half_created
from sila_ot2.driver.ownership.owner import Ownership
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.requests.request import CreateRunRequest, UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.live_deck_state import LiveDeckState
from sila_ot2.driver.tracking.ended_runs import EndedRuns
from sila_ot2.errors import CommandCancelled, DoorOpen, RunActionNotAllowed, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import Ability

log = logging.getLogger(__name__)

Accepted = Callable[[wire.Command], None]


class DeckSetup(NamedTuple):
    """What another run needs to have the same deck loaded."""

    deck_state: DeckState
    definitions: Mapping[str, Mapping[str, Any]]


class SessionRun:
    """One per robot; knows of no phases: the session does."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        deck_state: LiveDeckState,
        ended: EndedRuns,
    ) -> None:
        self._ended = ended
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self._deck_state = deck_state

    def create(self) -> str:
        """Create a run for a session; nothing moves."""
        clear_half_created(self._request_log, self._ownership)
        before = [run.id for run in self._robot.runs().runs]
        run = self._request_log.perform(CreateRunRequest(purpose="session", runs_before=before))
        self._ended.open(run.id)
        self._ownership.note_run(run)
        return run.id

    def load_deck(self, run_id: str, cancelled: threading.Event, accepted: Accepted) -> None:
        """Load the attached pipettes and home.

        Raises:
            CommandCancelled: before the next command.
            DoorOpen: before homing.
        """
        pipettes = [load_pipette(pipette.mount, pipette.name) for pipette in self._robot.pipettes()]
        for plan in (*pipettes, home()):
            refuse_if(cancelled, "no session is open")
            for planned in plan(self._deck_state.current.value):
                self.require_closed_door([planned])
                self._deck_state.execute(run_id, planned, cancelled, accepted=accepted)
        refuse_if(cancelled, "the robot has been homed; no session is open")

    def reload_deck(self, run_id: str, deck_setup: DeckSetup, accepted: Accepted) -> None:
        """Load what another session had, under the same identifiers; nothing moves."""
        for uri, definition in deck_setup.definitions.items():
            add = partial(self._robot.add_labware_definition, run_id, definition)
            again_if_lost(add)
            self._deck_state.define(uri, definition)
        for planned in restore(deck_setup.deck_state):
            self._deck_state.execute(run_id, planned, threading.Event(), accepted=accepted)

    def release_run(self, run_id: str) -> None:
        """Make the run, which holds no tip, no longer current, if it still is; nothing moves."""
        try:
            with self._ended.ending_bare(run_id):
                self._request_log.perform(UncurrentRequest(run_id=run_id))
        except (RunActionNotAllowed, RunNotFound) as gone:
            log.info("the session's run %s was not current any more: %s", run_id, gone)
        self._ownership.refresh()

    def require_closed_door(self, planned: Sequence[PlannedCommand]) -> None:
        """Read the door now: the robot itself does not keep set-up commands from moving while it is open.

        Raises:
            DoorOpen: it is, the robot's safety setting is on, and one of the commands moves.
        """
        if all(command.command_type in STILL for command in planned):
            return
        if self._robot.release.can(Ability.DOOR_STATUS) and self._robot.door_status().blocks_movement:
            raise DoorOpen(
                "The robot's door or top window is open and its safety setting is on. Nothing moved. Close it, then "
                "repeat the command."
            )


def refuse_if(cancelled: threading.Event, reported: str) -> None:
    """Refuse to go on with a command that was cancelled.

    Raises:
        CommandCancelled: it was.
    """
    if cancelled.is_set():
        raise CommandCancelled(f"The command was cancelled: {reported}. Nothing further was sent.")
