"""The request for a command outside of runs: modules take most of theirs in this way."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from sila_ot2.errors import OutcomeUnknown
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

LOOK_BACK_PAGE = 100
"""Commands read in one page when ours is looked for."""


class NotFoundYet(OutcomeUnknown):
    """The robot does not know a request: it may still arrive, or the robot has carried it out and forgotten it."""


class StatelessCommandRequest(BaseModel):
    """POST /commands."""

    model_config = ConfigDict(frozen=True)
    fault_is_refusal: ClassVar[bool] = False
    clears: ClassVar[bool] = False
    kind: Literal["stateless_command"] = "stateless_command"
    command_type: str
    params: dict[str, Any]
    switches_off: bool = False
    """Whether it only switches something off."""
    sets_temperature: bool = False
    """Whether it only sets a temperature."""
    wait_s: float
    """How long the robot may hold its answer back until the command has ended."""
    commands_before: int
    """How many such commands the robot had carried out since its start, just before."""
    newest_before: str = ""
    """The identifier of the newest of these; empty if there was none."""
    key: str = Field(default_factory=lambda: uuid4().hex)

    @classmethod
    def to(cls, robot: RobotClient, command_type: str, params: dict[str, Any], **more: Any) -> StatelessCommandRequest:
        """Make the request, and note down what is needed to find it again on this robot."""
        before = robot.stateless_commands(cursor=0, page_length=0).total_length
        newest = robot.stateless_commands(cursor=before - 1, page_length=1).commands if before else ()
        newest_before = newest[0].id if newest else ""
        return cls(
            command_type=command_type, params=params, commands_before=before, newest_before=newest_before, **more
        )

    def __str__(self) -> str:
        return f"{self.command_type} outside of runs"

    @property
    def stops(self) -> bool:
        """Whether it only makes a module stop: it is then sent even if it cannot be written down."""
        return self.switches_off

    @property
    def starts(self) -> bool:
        """Whether it does more than switch something off."""
        return not self.switches_off

    @property
    def moves(self) -> bool:
        """Whether something moves because of it, if only in the module: a latch, a lid, magnets."""
        return self.starts and not self.sets_temperature

    def send(self, robot: RobotClient) -> wire.Command:
        """Send it, once."""
        return robot.post_stateless_command(self.command_type, self.params, key=self.key, wait_s=self.wait_s)

    def find(self, robot: RobotClient) -> wire.Command | None:
        """Look for our key among the commands that are new.

        Raises:
            OutcomeUnknown: the robot has restarted, and has forgotten its commands.
            NotFoundYet: it had none before, and ours is not among its commands: it may have restarted since.
        """
        newest = max(0, self.commands_before - 1)
        cursor, total = newest, newest + 1
        while cursor < total:
            page = robot.stateless_commands(cursor=cursor, page_length=LOOK_BACK_PAGE)
            total = page.total_length
            is_another = cursor == newest and self.newest_before not in ("", *(one.id for one in page.commands[:1]))
            if total < self.commands_before or is_another:
                raise OutcomeUnknown(
                    f"The answer to {self} was lost, and the robot has restarted since: it cannot tell whether it "
                    f"carried it out.",
                    "Look at the module, then call ReconcileState.",
                )
            for command in page.commands:
                if command.key == self.key:
                    return command
            cursor += LOOK_BACK_PAGE
        if self.commands_before == 0:
            raise NotFoundYet(
                f"it does not list {self}. It had carried out no such command before, so it would not show that it has "
                f"restarted since, and has forgotten it."
            )
        return None

    @staticmethod
    def subject_of(answer: wire.Command) -> str:
        """What the request brought about."""
        return answer.id
