"""The feature OT2StatusProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class Contact(NamedTuple):
    """Whether the robot can be talked to."""

    State: str
    """Whether the robot gives usable answers."""
    Reason: str
    """Why not. None: it does. Starting: the robot is there and not ready yet. InternalFailure: the robot answers that
    it fails. WrongVersion: its software is too old for this server. WrongDevice: what answers is no robot of this
    kind.
    """
    Explanation: str
    """The same in words, with what can be done about it. It is empty while the robot is reachable."""
    ChangedAt: datetime.datetime
    """Since when that has been so."""


class Source(NamedTuple):
    """What keeps the picture of the robot up to date."""

    Method: str
    """Notifications: the robot says when there is something new, and is asked only now and then besides. Polling: it
    is asked regularly.
    """
    Explanation: str
    """Why it is so."""
    ChangedAt: datetime.datetime
    """Since when it has been so."""


class Work(NamedTuple):
    """What is at work."""

    Kind: str
    """None: nothing is at work. Command: a command of this server. Run: a run of this server. OtherClient: a run of
    another client, also one that is set up and not started.
    """
    Explanation: str
    """The command or the step of the run that is at work, in words. It is empty for None."""
    RunIdentifier: str
    """The run, empty if there is none."""
    ExecutionIdentifier: str
    """The execution of the command of this server that is at work, empty if there is none."""


class RequiredAction(NamedTuple):
    """Something that has to be done."""

    Code: str
    """What is to be done, in one word."""
    Explanation: str
    """What is so."""
    Remedy: str
    """What to do."""


class Fault(NamedTuple):
    """Something that went wrong."""

    Code: str
    """The kind of error; the same name that a command would report as its error."""
    Message: str
    """What went wrong."""
    Remedy: str
    """What to do."""
    OccurredAt: datetime.datetime
    """When it was noticed."""


class ReportTime(NamedTuple):
    """When the robot last reported something."""

    Subject: str
    """What the robot reported."""
    ReportedAt: datetime.datetime
    """When it did so last."""


class OT2StatusProviderBase(ABC):
    """Says how the robot is, what it does, and what it needs. All values are what the robot said last and change only
    when that does; reading them, however often and by however many clients, costs the robot nothing.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1"

    DeviceStatus: ObservableProperty[str]
    """The status in one word. Ready: a command or run can be started. Busy: a command or a run is at work, of this
    server or of another client, or another client has the robot reserved. Paused: the current run waits.
    NeedsAttention: a person has to act first, see Required Actions. Unreachable: the robot gives no usable answer,
    see Reachability. Stopped: Stop Now was called and nothing is at work, see OT2 Safety Stop Controller.
    """

    Reachability: ObservableProperty[Contact]
    """Whether the robot can be talked to, and if not, why."""

    UpdateSource: ObservableProperty[Source]
    """Whether notifications of the robot keep the picture up to date, or asking it regularly has to do alone."""

    DoorState: ObservableProperty[str]
    """Whether the front door or the top window is open. It is Unknown until the robot has answered for the first time,
    and on robots with software before release 7.0.
    """

    DoorRequiredClosed: ObservableProperty[bool]
    """True if the safety switch of the robot is on: an open door then pauses runs and keeps them from starting. It is
    off on a robot as delivered.
    """

    Activity: ObservableProperty[Work]
    """What is at work on the robot now."""

    AllowedActions: ObservableProperty[list[str]]
    """What would be accepted now: fully qualified identifiers of commands, or of a feature for all commands of it that
    move the robot. The list is empty while the robot cannot be reached.
    """

    RequiredActions: ObservableProperty[list[RequiredAction]]
    """What a person or client has to do before the robot can go on, the most urgent first. The list is empty if there
    is nothing.
    """

    LastError: ObservableProperty[list[Fault]]
    """The last thing that went wrong, whether or not it is over. The list is empty if nothing has since this server
    started.
    """

    @abstractmethod
    def LastSeenAt(self, *, call: Any) -> list[datetime.datetime]:
        """When the robot gave its last usable answer. The list is empty until it has answered for the first time, and
        has one element from then on.
        """

    @abstractmethod
    def Latency(self, *, call: Any) -> float:
        """How long the robot took for its last usable answer. It is 0 until it has answered for the first time."""

    @abstractmethod
    def ReportTimes(self, *, call: Any) -> list[ReportTime]:
        """When the robot last said each of the facts that this server shows. A fact that it never reported is not
        listed.
        """
