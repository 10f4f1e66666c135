"""Runs whose commands are queued before the start: created with the session's deck, filled, started or given up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.checks.module_safety import known_to_new_run
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.slots.loading import restore
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.requests.request import CommandRequest
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.request_keys import RequestKey
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.runs_without_protocol import RunsWithoutProtocol
from sila_ot2.driver.session.session_deck import DeckSetup
from sila_ot2.errors import CommandCancelled, CommandFailed, ModuleMissing, Movement, OT2Fault, OutcomeUnknown
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost
from sila_ot2.robot.translate import failure

log = logging.getLogger(__name__)


class FilledRun(NamedTuple):
    """A run that waits to be started."""

    run_id: str
    command_ids: Sequence[str]
    """Of the commands that were planned."""
    commands_before: int
    """How many the run carries out before these."""


class RunQueue:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        runs: RunsWithoutProtocol,
        commands: RunCommands,
        actions: RunActions,
        labware_offsets: Callable[[], list[dict[str, Any]]] = list,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from, and given the commands.
            ownership: whether somebody works with the Opentrons App.
            runs: creates them.
            commands: reads the commands of runs.
            actions: starts them.
            labware_offsets: those that a run is created with, as the robot takes them.
        """
        self._robot = robot
        self._ownership = ownership
        self._runs = runs
        self._commands = commands
        self._actions = actions
        self._labware_offsets = labware_offsets

    def fill(
        self, deck_setup: DeckSetup, planned: Sequence[PlannedCommand], cancelled: Cancellation, key: RequestKey
    ) -> FilledRun:
        """Create a run of all commands; nothing moves.

        Raises:
            CommandCancelled: it was cancelled.
            ModuleMissing: the robot has given the run another module than the session has.
            OT2Fault: as the robot or the connection raises it; no run is left behind then.
        """
        first = known_to_new_run(planned, deck_setup.deck_state, self._robot.modules())
        run = self._runs.create(
            "worklist",
            self._labware_offsets(),
            request_key=key.key,
            request_digest=key.digest,
            steps=len(planned),
            tips=pick_ups(planned),
        )
        try:
            self._runs.tips_left_behind.examine()  # another client may have used the robot before this run
            self._runs.tips_left_behind.require_no_doubt()
            loads = self._load_deck(run.id, deck_setup)
            command_ids = []
            for command in (*first, *planned):
                if cancelled.is_set():
                    raise CommandCancelled("The worklist was cancelled before it was started.", moved=Movement.NONE)
                command_ids.append(self._add(run.id, command, "protocol").id)
            self._require_loaded_deck(run.id, loads, cancelled)
            self._require_same_modules(run.id, loads, deck_setup)
        except OT2Fault:
            self.give_up(run.id)
            raise
        return FilledRun(run.id, command_ids[len(first) :], len(loads) + len(first))

    def start(self, run_id: str, cancelled: Cancellation) -> None:
        """Start a run that is filled.

        Raises:
            OT2Fault: as `RunActions.start`; a `RobotRefused` and a `CommandCancelled` say that nothing was started.
        """
        self._ownership.require_nobody_at_the_app()  # it reads what a maintenance run has left on the pipettes
        self._runs.tips_left_behind.require_no_doubt()
        self._actions.start(self._robot.run(run_id), cancelled)

    def give_up(self, run_id: str) -> None:
        """Leave no run behind that was not started."""
        try:
            self._runs.give_up(run_id)
        except OT2Fault as left:
            log.warning("run %s of a worklist that was not started is left on the robot: %s", run_id, left)

    def log_of(self, run_id: str) -> tuple[wire.Run, list[wire.Command]]:
        """Return a run and its commands as the robot has them.

        Raises:
            OT2Fault: they cannot be read.
        """
        return self._robot.run(run_id), list(self._commands.log(run_id, results=False))

    def _add(self, run_id: str, command: PlannedCommand, intent: Literal["setup", "protocol"]) -> wire.Command:
        """Queue one command. Nothing moves before the run is played, so the journal need not know of it.

        Raises:
            AnswerLost: the answer was lost, and the robot does not know the command; the run is then not played.
        """
        request = CommandRequest(
            run_id=run_id, command_type=command.command_type, params=dict(command.params), intent=intent
        )
        try:
            return request.send(self._robot)
        except AnswerLost:
            if (found := request.find(self._robot)) is None:
                raise
            return found

    def _load_deck(self, run_id: str, deck_setup: DeckSetup) -> list[wire.Command]:
        """Let the robot load the session's deck, while the run is being queued."""
        definitions: Mapping[str, Mapping[str, Any]] = deck_setup.definitions
        for definition in definitions.values():
            again_if_lost(partial(self._robot.add_labware_definition, run_id, definition))
        return [self._add(run_id, command, "setup") for command in restore(deck_setup.deck_state)]

    def _require_loaded_deck(self, run_id: str, loads: Sequence[wire.Command], cancelled: Cancellation) -> None:
        page = self._robot.commands(run_id, cursor=0, page_length=len(loads)) if loads else None
        listed = {command.id: command for command in page.commands} if page else {}
        for load in loads:
            try:
                ended = self._commands.follow(run_id, listed.get(load.id, load), cancelled)
            except OutcomeUnknown as unknown:
                if cancelled.is_set():  # while the robot gives no answer
                    raise CommandCancelled(
                        "The worklist was cancelled before it was started.", moved=Movement.NONE
                    ) from unknown
                raise _without_deck(unknown, remedy="Close the session, open it again and load the deck.") from unknown
            if ended.status == "failed":
                raise _without_deck(failure(load.command_type, ended.error))

    def _require_same_modules(self, run_id: str, loads: Sequence[wire.Command], deck_setup: DeckSetup) -> None:
        """Return if the run's modules are those of the session: of several of a kind, the robot chooses.

        Raises:
            ModuleMissing: the robot has given the run another one.
        """
        for load in loads:
            known = deck_setup.deck_state.modules.get(str(load.params.get("moduleId", "")))
            if load.command_type != "loadModule" or known is None or not known.serial_number:
                continue
            found = str((self._robot.command(run_id, load.id).result or {}).get("serialNumber") or "")
            if found not in ("", known.serial_number):
                raise ModuleMissing(
                    f"The robot has given the run of the worklist the module {found} for slot {known.slot}, where the "
                    f"session has {known.serial_number}.",
                    "Close the session, open it again and load the modules anew.",
                )


def _without_deck(fault: OT2Fault, *, remedy: str | None = None) -> CommandFailed:
    """Return the error for loading that has failed; loading moves nothing."""
    before = "The run of the worklist could not be given the session's deck."
    return CommandFailed.of(fault, before=before, moved=Movement.NONE, remedy=remedy)


def pick_ups(planned: Sequence[PlannedCommand]) -> int:
    """Return how often commands pick up tips."""
    return sum(command.command_type == "pickUpTip" for command in planned)
