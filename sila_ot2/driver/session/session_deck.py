"""The deck of the session: every command that is sent changes what is known of it, and it can be read anew."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.plans.plan import STILL, PlannedCommand
from sila_ot2.driver.deck.slots.loading import load_arrived, load_pipette, parts_of_type, restore
from sila_ot2.driver.deck.state.command_results import understanding
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import ArrivedLabware
from sila_ot2.driver.liquid_handling.motions import home
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.requests.request import CommandRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.plan_checks import require_closed_door
from sila_ot2.driver.session.run_commands import OPEN_ANOTHER, RunCommands
from sila_ot2.driver.session.session_state import refuse_if
from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.tip_use import LOST
from sila_ot2.driver.tracking.tips.tips import DROPS
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import (
    LabwareDefinitionNotFound,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotRejected,
    RobotRestarted,
    RunNotFound,
    RunStopped,
    SessionLost,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.translate import failure
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

OTHERS_TIP = frozenset({"UnexpectedTipAttachError", "TipNotAttachedError", "UnexpectedTipRemovalError"})
"""Answers of the robot that show that somebody else has handled a tip in the session's run."""


ANSWER_WITHIN_S = 2.0
"""How long the robot may hold its answer back until a command has ended: short commands need one request, and long ones
do not hold a connection."""


class DeckSetup(NamedTuple):
    """What another run needs to have the same deck loaded."""

    deck_state: DeckState
    definitions: Mapping[str, Mapping[str, Any]]


class SessionDeck:
    """One per robot; used by the session alone."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        commands: RunCommands,
        uncertain_tips: UncertainTips,
        stock: TipStock,
        accepted: Callable[[wire.Command], None],
        library: DefinitionLibrary,
        handovers: Handovers | None,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            request_log: sends every command.
            commands: reads the commands of runs.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            stock: the tips and liquids on the deck.
            accepted: called with each command once the robot has it.
            library: custom labware that is defined when an arm has delivered it.
            handovers: labware that arms bring to the deck; none without.
        """
        self._robot = robot
        self._request_log = request_log
        self._commands = commands
        self._accepted = accepted
        self._library = library
        self._handovers = handovers
        self._uncertain_tips = uncertain_tips
        self._stock = stock
        self._run_id = ""
        self._definitions: dict[str, Mapping[str, Any]] = {}
        self.current: Observable[DeckState] = Observable(DeckState())
        self.behind = False
        """Whether the robot may know more: an outcome was unknown, or a command was at work when it was last read."""
        self.homed = False
        """Whether the robot was homed before or in the session; if not, nobody knows where the gantry stands."""
        self._seen = 0
        """How many of the run's commands have been taken in, from its first one on."""
        self._ours: set[str] = set()
        """Commands beyond these that have been taken in when they ended."""

    def begin(self) -> None:
        """Know nothing yet of a new session's run."""
        self._seen, self._ours, self.behind, self.homed = 0, set(), False, False
        self._definitions = {}
        self.current.set(DeckState())

    def execute(
        self,
        run_id: str,
        planned: PlannedCommand,
        cancelled: threading.Event,
        *,
        at_work: Callable[[], None] = lambda: None,
    ) -> wire.Command:
        """Send one command to the session's run, follow it to its end and take it in.

        Args:
            run_id: the session's run, which is never played.
            planned: the command.
            cancelled: ends the waiting for a robot that has fallen silent; a movement goes on to its end.
            at_work: called every now and then while it is at work.

        Raises:
            ActionFailed: the robot has failed it.
            RobotUnreachable, RobotRefused, RobotFaulty: nothing was done.
            OutcomeUnknown, RobotRestarted, SessionLost: what its pipette holds is uncertain until the deck state is
                read again.
        """
        self._run_id = run_id
        request = CommandRequest.to(
            self._robot, run_id, planned.command_type, dict(planned.params), wait_s=ANSWER_WITHIN_S
        )
        try:
            command = self._request_log.perform(request)
            self._accepted(command)
            command = self._commands.follow(run_id, command, cancelled, at_work=at_work)
        except (OutcomeUnknown, RobotRestarted, SessionLost):
            self.behind = True
            lost = wire.Command(
                id=LOST,
                command_type=planned.command_type,
                status="failed",
                params=dict(planned.params),
                started_at=utc_now(),
            )
            self._take(lost)
            raise
        self._ours.add(command.id)
        command = command.model_copy(update={"params": {**planned.params, **command.params}})
        self._take(command)
        if command.status == "failed":
            if command.error is not None and command.error.error_type in OTHERS_TIP:
                self._look_at_others(run_id)
            fault = failure(_describe(planned), command.error)
            if planned.command_type in STILL:
                fault.moved = Movement.NONE
            if isinstance(fault, RunStopped) or self._is_broken_off(run_id):
                raise SessionLost(
                    f"Run {run_id} was ended while {_describe(planned)} was at work: it may have been carried out in "
                    f"part. Where the gantry stands and what the pipettes hold is not known.",
                    OPEN_ANOTHER,
                    moved=Movement.UNKNOWN,
                    robot_error=fault.robot_error,
                ) from fault
            raise fault
        return command

    def _look_at_others(self, run_id: str) -> None:
        """Take in what others have sent, after the failure of a command of ours, which must not be hidden."""
        try:
            self.take_in(*self.unseen(run_id))
        except OT2Fault as unread:
            log.warning("What other clients have sent to run %s cannot be read: %s", run_id, unread)
            self.behind = True

    def _is_broken_off(self, run_id: str) -> bool:
        """Return whether the run of a failed command was ended meanwhile: halted motors fail in any way."""
        try:
            run = self._robot.run(run_id)
        except RunNotFound:
            return True
        except OT2Fault:
            return False
        return run.status == "stop-requested" or run.status in wire.ENDED_RUN_STATUSES

    def read(self, run_id: str, cancelled: threading.Event, *, follow: bool = True) -> None:
        """Fold the run's commands anew, as the robot lists them.

        Args:
            run_id: the session's run.
            cancelled: ends the waiting for a silent robot.
            follow: wait for the end of a command that is still at work; if not, the deck state lacks what it does.
        """
        self._run_id = run_id
        deck_state, seen, homed, read = DeckState(), 0, False, []
        for command in self._commands.log(run_id):
            if command.status not in wire.ENDED_COMMAND_STATUSES and not follow:
                self.behind = True
                break
            ended = self._commands.follow(run_id, command, cancelled)
            self._remember(ended)
            deck_state, seen = deck_state.after(ended), seen + 1
            homed = homed or _is_homing(ended)
            read.append(ended)
        else:
            self.behind = False
        self._seen, self._ours, self.homed = seen, set(), self.homed or homed
        self._use_tips(read, deck_state)
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
            if command.status not in wire.ENDED_COMMAND_STATUSES:
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

    def load(self, run_id: str, cancelled: threading.Event) -> None:
        """Load the attached pipettes, unless they are loaded, home, and load the labware that arms have delivered.

        Raises:
            CommandCancelled: before the next command.
            DoorOpen: before homing.
        """
        loaded = self.current.value.pipettes
        attached = [pipette for pipette in self._robot.pipettes() if pipette.mount not in loaded]
        pipettes = [load_pipette(pipette.mount, pipette.name) for pipette in attached]
        for plan in (*pipettes, home()):
            for planned in plan(self.current.value):
                require_closed_door(self._robot, [planned])
                refuse_if(cancelled, "no session is open")
                self.execute(run_id, planned, cancelled)
        for labware in self._handovers.delivered.value if self._handovers is not None else ():
            self._load_arrived(run_id, labware, cancelled)
        refuse_if(cancelled, "the robot has been homed; no session is open", moved=Movement.SOME)

    def _load_arrived(self, run_id: str, labware: ArrivedLabware, cancelled: threading.Event) -> None:
        """Load labware that an arm has brought; schedulers may name types by words of their own."""
        custom = None
        try:
            if (content := self._library.to_define(*parts_of_type(labware.labware_type))) is not None:
                custom = json.loads(content)
                self.define(again_if_lost(partial(self._robot.add_labware_definition, run_id, custom)), custom)
            for planned in load_arrived(labware, custom)(self.current.value):
                self.execute(run_id, planned, cancelled)
        except (LabwareDefinitionNotFound, RobotRejected) as unknown:
            log.warning("The robot does not know the labware on slot %s: %s", labware.slot, unknown)

    def reload(self, run_id: str, deck_setup: DeckSetup) -> None:
        """Load what another session had, under the same identifiers; nothing moves."""
        for uri, definition in deck_setup.definitions.items():
            again_if_lost(partial(self._robot.add_labware_definition, run_id, definition))
            self.define(uri, definition)
        for planned in restore(deck_setup.deck_state):
            self.execute(run_id, planned, threading.Event())
        self.homed = True  # by the run in between, or before it

    @property
    def setup(self) -> DeckSetup:
        """What another run needs to have the same deck loaded."""
        return DeckSetup(self.current.value, dict(self._definitions))

    def define(self, uri: str, definition: Mapping[str, Any]) -> None:
        """Remember a custom labware definition."""
        self._definitions[uri] = definition

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
        """Apply a command that has ended to what is known.

        Raises:
            RobotFaulty: what the robot says of it cannot be understood; all is read anew before the next command.
        """
        try:
            self._apply(command)
        except RobotFaulty:
            self.behind = True
            raise

    def _apply(self, command: wire.Command) -> None:
        self._remember(command)
        self.homed = self.homed or _is_homing(command)
        deck_state = self.current.value
        pipette = deck_state.pipette_by_id(str(command.params.get("pipetteId", "")))
        if command.command_type in DROPS and command.status == "succeeded" and pipette is not None:
            self._uncertain_tips.settle([pipette.mount])
        self._use_tips([command], deck_state)
        deck_state = deck_state.after(command)
        self._note_uncertain(deck_state)
        self.current.set(self._uncertain_tips.applied_to(deck_state))

    def _use_tips(self, commands: Sequence[wire.Command], deck_state: DeckState) -> None:
        """Apply commands to tips and liquids of the deck; what cannot be written down is applied all the same."""
        taken = partial(self._stock.take, self._run_id, commands, RunParts.of_session(deck_state))
        write_down(taken, "What became of the tips and liquids of a session")

    def _note_uncertain(self, deck_state: DeckState) -> None:
        """A tip that the session's run does not know of is kept in mind beyond the session."""
        unknown = [pipette.mount for pipette in deck_state.pipettes.values() if pipette.untracked_tip]
        if unknown:
            self._uncertain_tips.add(unknown, "Picking up a tip failed, or what became of it is not known.")

    def _remember(self, command: wire.Command) -> None:
        """Custom labware has to be defined anew in the run of a queued worklist."""
        if command.command_type == "loadLabware" and command.result:
            with understanding(command):
                definition = command.result["definition"]
                if definition["namespace"] != "opentrons":
                    uri = f"{definition['namespace']}/{definition['parameters']['loadName']}/{definition['version']}"
                    self.define(uri, definition)


def _is_homing(command: wire.Command) -> bool:
    return command.command_type == "home" and command.status == "succeeded" and not command.params.get("axes")


def _describe(planned: PlannedCommand) -> str:
    params = planned.params
    volume = f" {params['volume']:g} µL" if "volume" in params else ""
    well = f" at well {params['wellName']} of labware {params['labwareId']}" if "wellName" in params else ""
    return f"execute {planned.command_type}{volume}{well}"
