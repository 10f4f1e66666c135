"""The record of a session while it lives: every command that is sent goes into it, and it can be read anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import PlannedCommand
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.commands import ENDED_COMMAND_STATUSES, Commands
from sila_ot2.errors import OutcomeUnknown, RobotRestarted, RunStopped, SessionLost
from sila_ot2.robot import wire
from sila_ot2.robot.translate import failure


class LiveDeckState:
    """One per robot; used by the session alone."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._definitions: dict[str, Mapping[str, Any]] = {}
        self.current: Observable[DeckState] = Observable(DeckState())
        self.behind = False
        """Whether the robot may know more: an outcome was unknown, or a command was at work when it was last read."""

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
            self.current.set(self.current.value.after(lost))
            raise
        self._remember(command)
        self.current.set(self.current.value.after(command))
        if command.status == "failed":
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
        deck_state = DeckState()
        for command in self._commands.log(run_id):
            if command.status not in ENDED_COMMAND_STATUSES and not follow:
                self.behind = True
                break
            ended = self._commands.follow(run_id, command, cancelled)
            self._remember(ended)
            deck_state = deck_state.after(ended)
        else:
            self.behind = False
        self.current.set(deck_state)

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
