"""Requests that change the robot, as data: each knows how it is sent, and how this process or the next finds it again.

============================  ============================================================
CommandRequest                found by our unique key in the run's command list, or among what is new there
CreateRunRequest              found as the one run that was not there before, with our protocol
RunActionRequest              found among the run's own list of actions
UncurrentRequest              found by reading which run is current
DeleteRunRequest              found by reading whether the run exists
EndMaintenanceRunRequest      found by reading the current maintenance run
EndCalibrationSessionRequest  found in the list of calibration sessions
StatelessCommandRequest       found by our unique key in the list of commands outside of runs
RestartRobotRequest           found by reading the robot's boot ID
============================  ============================================================
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Protocol, TypeAlias, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sila_ot2.driver.requests.ending_requests import (
    DeleteRunRequest,
    EndCalibrationSessionRequest,
    EndMaintenanceRunRequest,
    UncurrentRequest,
)
from sila_ot2.driver.requests.restart_robot import RestartRobotRequest
from sila_ot2.driver.requests.stateless_command import LOOK_BACK_PAGE, StatelessCommandRequest
from sila_ot2.errors import Movement, OutcomeUnknown
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

Purpose = Literal["session", "protocol", "worklist"]
"""What a run of ours is for: `session` is never played, the others are."""

Answer = TypeVar("Answer")

LOOK_AND_RECONCILE = "Look at the deck and the tips, then call ReconcileState."
"""What to do when nobody knows whether a request was carried out."""


class Sendable(Protocol[Answer]):
    """What every request offers."""

    fault_is_refusal: ClassVar[bool]
    """Whether a robot that answers with an internal error, and does not know the request, has refused it; if not, such
    an answer is looked up like a lost one."""

    @property
    def kind(self) -> str:
        """Its name in the journal."""

    @property
    def stops(self) -> bool:
        """Whether it only makes the robot stop: it is then sent before it is written down."""

    @property
    def starts(self) -> bool:
        """Whether something starts because of it: it is then refused by the safety stop."""

    @property
    def moves(self) -> bool:
        """Whether the robot may move because of it or after it: it is then refused while an arm may be inside."""

    @property
    def clears(self) -> bool:
        """Whether the current run may no longer be current then: the robot halts and resets its hardware for all."""

    def model_dump_json(self) -> str:
        """The request as the journal keeps it."""

    def send(self, robot: RobotClient) -> Answer:
        """Send it, once."""

    def find(self, robot: RobotClient) -> Answer | None:
        """Look on the robot for what it brought about; None: the robot answered and does not know it.

        Raises:
            RobotUnreachable: the robot could not be asked.
            OutcomeUnknown: the robot answered, but can no longer tell, or not yet (NotFoundYet).
        """

    @staticmethod
    def subject_of(answer: Answer) -> str:
        """The id of what the request brought about."""


class CommandRequest(BaseModel):
    """POST /runs/{run_id}/commands."""

    model_config = ConfigDict(frozen=True)
    fault_is_refusal: ClassVar[bool] = False
    stops: ClassVar[bool] = False
    starts: ClassVar[bool] = True
    moves: ClassVar[bool] = True
    clears: ClassVar[bool] = False
    kind: Literal["command"] = "command"
    run_id: str
    command_type: str
    params: dict[str, Any]
    intent: Literal["setup", "protocol"] = "setup"
    wait_s: float | None = None
    """How long the robot may hold its answer back until the command has ended; None: it answers at once."""
    key: str = Field(default_factory=lambda: uuid4().hex)
    commands_before: int | None = None
    """How many commands the run had just before, on a robot that ignores keys (before 6.1); None: the key is found."""

    @classmethod
    def to(
        cls, robot: RobotClient, run_id: str, command_type: str, params: dict[str, Any], **more: Any
    ) -> CommandRequest:
        """Make the request, and note down what is needed to find it again on this robot."""
        keyed = robot.release.takes_keys
        before = None if keyed else robot.commands(run_id, cursor=0, page_length=0).total_length
        return cls(run_id=run_id, command_type=command_type, params=params, commands_before=before, **more)

    def __str__(self) -> str:
        return f"{self.command_type} in run {self.run_id}"

    def send(self, robot: RobotClient) -> wire.Command:
        """Send it, once."""
        return robot.post_command(
            self.run_id, self.command_type, self.params, key=self.key, intent=self.intent, wait_s=self.wait_s
        )

    def find(self, robot: RobotClient) -> wire.Command | None:
        """Look for our key, from the newest command backwards: a lost answer is a recent one."""
        if self.commands_before is not None:
            return self._find_among_new(robot, self.commands_before)
        end = robot.commands(self.run_id, cursor=0, page_length=0).total_length
        while end > 0:
            start = max(0, end - LOOK_BACK_PAGE)
            for command in reversed(robot.commands(self.run_id, cursor=start, page_length=end - start).commands):
                if command.key == self.key:
                    return robot.command(self.run_id, command.id)
            end = start
        _require_current(robot.run(self.run_id), str(self))
        return None

    def _find_among_new(self, robot: RobotClient, commands_before: int) -> wire.Command | None:
        """Find the one command that is new and the same as ours; two of them cannot be distinguished."""
        page = robot.commands(self.run_id, cursor=commands_before, page_length=LOOK_BACK_PAGE)
        new = page.commands if page.total_length > commands_before else ()  # a cursor beyond the end is moved back
        same = [
            command
            for command in new
            if command.command_type == self.command_type and self.params.items() <= command.params.items()
        ]
        if len(same) > 1:
            raise OutcomeUnknown(
                f"The answer to {self} was lost, and the robot has {len(same)} such commands since: another client "
                f"uses this run.",
                LOOK_AND_RECONCILE,
            )
        if not same:
            _require_current(robot.run(self.run_id), str(self))
        return robot.command(self.run_id, same[0].id) if same else None

    @staticmethod
    def subject_of(answer: wire.Command) -> str:
        """What the request brought about."""
        return answer.id


class CreateRunRequest(BaseModel):
    """POST /runs."""

    model_config = ConfigDict(frozen=True)
    stops: ClassVar[bool] = False
    starts: ClassVar[bool] = True
    moves: ClassVar[bool] = True
    clears: ClassVar[bool] = True
    fault_is_refusal: ClassVar[bool] = True  # 8.x answers 500 to bad parameters; `runs.py` clears what is left behind
    kind: Literal["create_run"] = "create_run"
    purpose: Purpose
    protocol_id: str | None = None
    labware_offsets: list[dict[str, Any]] = []
    parameter_values: dict[str, Any] = {}
    parameter_files: dict[str, str] = {}
    runs_before: list[str]
    """Ids of all runs on the robot just before, so that the new one is recognized without trusting its clock."""
    request_key: str = ""
    """The client's name for its request, by which it can repeat the call; empty: none."""
    request_digest: str = ""
    """A hash of the arguments of the client's request."""
    steps: int = 0
    """Of a worklist: how many commands of the robot it is made of."""
    tips: int = 0
    """Of a worklist: how many times it picks up tips."""

    def __str__(self) -> str:
        return f"creating a run for protocol {self.protocol_id}" if self.protocol_id else "creating a run"

    def send(self, robot: RobotClient) -> wire.Run:
        """Send it, once."""
        return robot.create_run(
            protocol_id=self.protocol_id,
            labware_offsets=self.labware_offsets,
            parameter_values=self.parameter_values,
            parameter_files=self.parameter_files,
        )

    def find(self, robot: RobotClient) -> wire.Run | None:
        """Find the one run that is new and has our protocol; two such runs cannot be distinguished."""
        new = [
            run for run in robot.runs().runs if run.id not in self.runs_before and run.protocol_id == self.protocol_id
        ]
        if len(new) > 1:
            raise OutcomeUnknown(
                f"The answer to {self} was lost, and the robot has several new runs that it could be: "
                f"{', '.join(run.id for run in new)}.",
                "Release them, then call ReconcileState.",
                moved=Movement.NONE,
            )
        return robot.run(new[0].id) if new else None

    @staticmethod
    def subject_of(answer: wire.Run) -> str:
        """What the request brought about."""
        return answer.id


class RunActionRequest(BaseModel):
    """POST /runs/{run_id}/actions."""

    model_config = ConfigDict(frozen=True)
    fault_is_refusal: ClassVar[bool] = False
    clears: ClassVar[bool] = False
    kind: Literal["action"] = "action"
    run_id: str
    action: Literal["play", "pause", "stop"]
    actions_before: list[str]
    """Ids of the run's actions just before; a stop need not know them: a run stops once."""
    request_key: str = ""
    """As of `CreateRunRequest`, for a client that asks only for the start of a run."""
    request_digest: str = ""

    def __str__(self) -> str:
        return f"{self.action} of run {self.run_id}"

    @property
    def stops(self) -> bool:
        """Whether it makes the run stop or pause."""
        return self.action != "play"

    @property
    def starts(self) -> bool:
        """Whether it starts or resumes the run."""
        return self.action == "play"

    @property
    def moves(self) -> bool:
        """As `starts`."""
        return self.starts

    def send(self, robot: RobotClient) -> wire.RunAction:
        """Send it, once, over the connection that waits for nothing else."""
        return robot.post_action(self.run_id, self.action, interrupt=True)

    def find(self, robot: RobotClient) -> wire.RunAction | None:
        """Find a new action of this type in the run's own list; a run that has ended needs no stop any more."""
        run = robot.run(self.run_id, interrupt=True)
        for action in run.actions:
            if action.action_type == self.action and action.id not in self.actions_before:
                return action
        if self.action == "stop" and run.status in wire.ENDED_RUN_STATUSES:
            return wire.RunAction(id="none", action_type="stop")
        if not any(action.action_type == "stop" for action in run.actions):  # which explains why it is not current
            _require_current(run, str(self))
        return None

    @staticmethod
    def subject_of(answer: wire.RunAction) -> str:
        """What the request brought about."""
        return answer.id


RobotRequest: TypeAlias = (
    CommandRequest
    | CreateRunRequest
    | RunActionRequest
    | UncurrentRequest
    | DeleteRunRequest
    | EndMaintenanceRunRequest
    | EndCalibrationSessionRequest
    | StatelessCommandRequest
    | RestartRobotRequest
)

_adapter: TypeAdapter[RobotRequest] = TypeAdapter(Annotated[RobotRequest, Field(discriminator="kind")])


def request_from(document: str) -> RobotRequest:
    """Read a request as the journal keeps it."""
    return _adapter.validate_json(document)


def _require_current(run: wire.Run, what: str) -> None:
    """Refuse to believe "not found" of a run that is not current: a restarted robot has forgotten its commands."""
    if not run.current:
        raise OutcomeUnknown(
            f"The answer to {what} was lost, and the run is no longer current (the robot restarted, or another client "
            f"took it over), so the robot cannot tell whether it acted.",
            LOOK_AND_RECONCILE,
        )
