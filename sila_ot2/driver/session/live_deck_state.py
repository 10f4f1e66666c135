"""The record of a session while it lives: every command that is sent goes into it, and it can be read anew."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import PlannedCommand
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.commands import ENDED_COMMAND_STATUSES, Commands
from sila_ot2.driver.tracking.tips import DROPS
from sila_ot2.driver.tracking.uncertain_tips import UncertainTips
from sila_ot2.errors import OutcomeUnknown, RobotRestarted, RunStopped, SessionLost
from sila_ot2.robot import wire
from sila_ot2.robot.translate import failure

log = logging.getLogger(__name__)

OTHERS_TIP = frozenset({"UnexpectedTipAttachError", "TipNotAttachedError", "UnexpectedTipRemovalError"})
"""Answers of the robot that show that somebody else has handled a tip in the session's run."""


class LiveDeckState:
    """One per robot; used by the session alone."""

    def __init__(self, commands: Commands, uncertain_tips: UncertainTips) -> None:
        self._commands = commands
        self._uncertain_tips = uncertain_tips
        self._definitions: dict[str, Mapping[str, Any]] = {}
        self.current: Observable[DeckState] = Observable(DeckState())
        self.behind = False
        """Whether the robot may know more: an outcome was unknown, or a command was at work when it was last read."""
        self._seen = 0
        """How many of the run's commands have been taken in, from its first one on."""
        self._ours: set[str] = set()
        """Commands beyond these that have been taken in when they ended."""

    def begin(self) -> None:
        """Know nothing yet of a new session's run."""
        self._seen, self._ours, self.behind = 0, set(), False
        self.current.set(DeckState())

    def execute(
        self,
        run_id: str,
        planned: PlannedCommand,
        cancelled: threading.Event,
        *,
        accepted: Callable[[wire.Command], None],
        at_work: Callable[[], None] = lambda: None,
    ) -> wire.Command:
        """Send one command, follow it to its end and take it in.

        Raises:
            ActionFailed, RobotRefused: the robot has failed it, or refused it.
            OutcomeUnknown, RobotRestarted, SessionLost: what its pipette holds is uncertain until the deck state is
                read again.
        """
        try:
            command = self._commands.execute(run_id, planned, cancelled, accepted=accepted, at_work=at_work)
        except (OutcomeUnknown, RobotRestarted, SessionLost):
            self.behind = True
            lost = wire.Command(
                id="none", command_type=planned.command_type, status="failed", params=dict(planned.params)
            )
            self._take(lost)
            raise
        self._ours.add(command.id)
        self._take(command)
        if command.status == "failed":
            if command.error is not None and command.error.error_type in OTHERS_TIP:
                self.take_in(*self.unseen(run_id))
            fault = failure(_describe(planned), command.error)
            if isinstance(fault, RunStopped):
                raise SessionLost(
                    f"{fault} Where the gantry stands and what the pipettes hold is not known. Look at the robot, then "
                    f"open a new session, which homes."
                ) from fault
            raise fault
        return command

    def read(self, run_id: str, cancelled: threading.Event, *, follow: bool = True) -> None:
        """Fold the run's commands anew, as the robot lists them.

        Args:
            run_id: the session's run.
            cancelled: ends the waiting for a silent robot.
            follow: wait for the end of a command that is still at work; if not, the record stays behind.
        """
        deck_state, seen = DeckState(), 0
        for command in self._commands.log(run_id):
            if command.status not in ENDED_COMMAND_STATUSES and not follow:
                self.behind = True
                break
            ended = self._commands.follow(run_id, command, cancelled)
            self._remember(ended)
            deck_state, seen = deck_state.after(ended), seen + 1
        else:
            self.behind = False
        self._seen, self._ours = seen, set()
        self._note_uncertain(deck_state)
        self.current.set(self._uncertain_tips.applied_to(deck_state))

    def unseen(self, run_id: str) -> tuple[int, list[wire.Command]]:
        """Read from the robot what has been sent to the run and not been taken in; for `take_in`.

        Asks the robot and changes nothing, so that it may be called while somebody works in the session.

        Raises:
            OT2Fault: the commands cannot be read.
        """
        seen, found = self._seen, []
        for command in self._commands.log(run_id, seen, known=self._ours):
            if command.status not in ENDED_COMMAND_STATUSES:
                break
            found.append(command)
        return seen, found

    def take_in(self, seen: int, commands: Sequence[wire.Command]) -> bool:
        """Take in what `unseen` has found; returns whether somebody else has sent any of it."""
        others = False
        if seen != self._seen:  # taken in already
            return False
        for command in commands:
            if command.id in self._ours:
                self._ours.discard(command.id)
            else:
                log.warning("Another client has sent %s to the session's run.", command.command_type)
                self._take(command)
                others = True
        self._seen += len(commands)
        return others

    def define(self, uri: str, definition: Mapping[str, Any]) -> None:
        """Remember a custom labware definition."""
        self._definitions[uri] = definition

    @property
    def definitions(self) -> Mapping[str, Mapping[str, Any]]:
        """The custom labware definitions of the session, by URI."""
        return dict(self._definitions)

    def definition_of(self, load_name: str, namespace: str = "", version: int = 0) -> Mapping[str, Any] | None:
        """Return the custom definition of this name that was sent last; of any namespace or version if not given."""
        for definition in reversed(self._definitions.values()):
            if (
                definition["parameters"]["loadName"] == load_name
                and namespace in ("", definition["namespace"])
                and version in (0, definition["version"])
            ):
                return definition
        return None

    def _take(self, command: wire.Command) -> None:
        self._remember(command)
        deck_state = self.current.value
        pipette = deck_state.pipette_by_id(str(command.params.get("pipetteId", "")))
        if command.command_type in DROPS and command.status == "succeeded" and pipette is not None:
            self._uncertain_tips.settle([pipette.mount])
        deck_state = deck_state.after(command)
        self._note_uncertain(deck_state)
        self.current.set(self._uncertain_tips.applied_to(deck_state))

    def _note_uncertain(self, deck_state: DeckState) -> None:
        """A tip that the session's run does not know of is kept in mind beyond the session."""
        unknown = [pipette.mount for pipette in deck_state.pipettes.values() if pipette.untracked_tip]
        if unknown:
            self._uncertain_tips.add(unknown, "Picking up a tip failed, or what became of it is not known.")

    def _remember(self, command: wire.Command) -> None:
        """Custom labware has to be defined anew in the run of a queued worklist."""
        if command.command_type == "loadLabware" and command.result:
            definition = command.result["definition"]
            if definition["namespace"] != "opentrons":
                uri = f"{definition['namespace']}/{definition['parameters']['loadName']}/{definition['version']}"
                self.define(uri, definition)


def _describe(planned: PlannedCommand) -> str:
    params = planned.params
    volume = f" {params['volume']:g} µl" if "volume" in params else ""
    well = f" at well {params['wellName']} of labware {params['labwareId']}" if "wellName" in params else ""
    return f"execute {planned.command_type}{volume}{well}"
