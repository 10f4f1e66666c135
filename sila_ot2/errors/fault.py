"""A fault as data: its cause, whether anything moved, the remedy, and what the robot said."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, NamedTuple

from typing_extensions import Self


class Movement(Enum):
    """Whether anything of the robot moved because of what was asked."""

    NONE = "Nothing moved."
    WAITED = "Nothing moved, but part of it was done, such as a wait: do not repeat it as a whole."
    SOME = "The robot has moved."
    UNKNOWN = "The robot may have moved."


class RobotError(NamedTuple):
    """What the robot itself said of an error."""

    text: str
    id: str = ""
    """The robot's name for the kind of error, such as RunNotIdle; empty on legacy routes."""
    code: str = ""
    """One of Opentrons' numbers for errors, such as 4000; empty from robots that give none."""

    def __str__(self) -> str:
        names = ", ".join(part for part in (self.id, self.code and f"code {self.code}") if part)
        return f"{self.text} ({names})" if names else self.text


class OT2Fault(Exception):
    """Root of everything this package raises on purpose; its text is meant for the client."""

    usually_moved: ClassVar[Movement] = Movement.UNKNOWN
    """Whether something moved, of a fault that is made without saying so."""

    def __init__(
        self,
        cause: str,
        remedy: str = "",
        *,
        moved: Movement | None = None,
        robot_error: RobotError | None = None,
    ) -> None:
        """Make a fault of its parts.

        Args:
            cause: what was asked and what is so, as one or more sentences.
            remedy: what the reader can do about it, as one or more sentences; empty if there is nothing.
            moved: whether anything moved; if not given, what holds for faults of this class.
            robot_error: what the robot said, if the fault comes from there.
        """
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy
        self.moved = moved or self.usually_moved
        self.robot_error = robot_error

    @classmethod
    def of(cls, other: OT2Fault, *, before: str = "", moved: Movement | None = None, remedy: str | None = None) -> Self:
        """Return a fault of this class that says what another one says.

        Args:
            other: the fault whose parts are taken.
            before: text to be put before its cause.
            moved: whether anything moved, instead of what the other one says.
            remedy: what to do, instead of what the other one says.
        """
        return cls(
            f"{before} {other.cause}" if before else other.cause,
            other.remedy if remedy is None else remedy,
            moved=moved or other.moved,
            robot_error=other.robot_error,
        )

    @property
    def identifier(self) -> str:
        """The identifier of the SiLA error that stands for this fault."""
        return next(kind.__name__ for kind in type(self).__mro__ if kind.__module__.startswith(f"{__package__}."))

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Identifiers of SiLA errors that may bear this fault where its own is not declared, the nearest first."""
        if self.moved is Movement.NONE:
            return ("RobotRejected", "CommandFailed", "RobotFaulty")
        return ("CommandFailed", "RunFailed", "RobotFaulty")

    @property
    def explanation(self) -> str:
        """What is so and what the robot said of it, without whether anything moved and what to do."""
        if self.robot_error is None:
            return self.cause
        return f"{self.cause} The robot says: {str(self.robot_error).removesuffix('.')}."

    def __str__(self) -> str:
        return " ".join(part for part in (self.explanation, self.moved.value, self.remedy) if part)
