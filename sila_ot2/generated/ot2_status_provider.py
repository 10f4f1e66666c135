"""The feature OT2StatusProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class Contact(NamedTuple):
    """Whether the robot can be reached."""

    State: str
    """Whether the robot gives usable answers."""
    Reason: str
    """Why it does not. None: it gives usable answers. Starting: the robot answers that it is not ready yet.
    InternalFailure: the robot reports an internal error. WrongVersion: its software is too old for this server.
    WrongDevice: the device that answers is not an OT-2.
    """
    Explanation: str
    """The reason in words, and what to do about it. It is empty while the robot is reachable."""
    ChangedAt: datetime.datetime
    """Since when this has been the case."""


class Source(NamedTuple):
    """How this server keeps the status of the robot up to date."""

    Method: str
    """Notifications: the robot notifies this server of changes, and is also polled at long intervals. Polling: the
    robot is polled regularly.
    """
    Explanation: str
    """Why this method is used."""
    ChangedAt: datetime.datetime
    """Since when this has been the case."""


class Work(NamedTuple):
    """What is running."""

    Kind: str
    """None: nothing is running. Command: a command of this server. Run: a run of this server. OtherClient: a run of
    another client, also one that is created and not started.
    """
    Explanation: str
    """The current command, or the current step of the run, in words. It is empty for None."""
    RunIdentifier: str
    """The run, empty if there is none."""
    ExecutionIdentifier: str
    """The execution of the command of this server that is running, empty if there is none."""


class Holder(NamedTuple):
    """A client that holds the robot or the server."""

    Kind: str
    """Command: its command is running, and no other is accepted. Run: its run is current and has not ended. Session:
    its session of single commands is open. Lock: it has locked the server.
    """
    Name: str
    """The name of the command, or the identifier of the run or of the run of the session. It is empty for Lock."""
    Client: str
    """The address of the client's computer. It is empty if it is not known: a session does not keep it when the server
    is restarted.
    """
    User: str
    """The user who has logged in, or the name in the client's certificate. It is empty if the server has neither users
    nor certificates of clients.
    """
    BeganAt: datetime.datetime
    """When the command was accepted, the run created, the session opened, or the server locked."""


class RequiredAction(NamedTuple):
    """Something that has to be done."""

    Code: str
    """What has to be done, in one word."""
    Explanation: str
    """The reason, in words."""
    Remedy: str
    """What to do."""


class Fault(NamedTuple):
    """An error."""

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
    """When the robot last reported it."""


class OT2StatusProviderBase(ABC):
    """Reports the status of the robot, what it does, and what it needs. All values are what the robot last reported,
    and they change only when the robot reports something new. Reading them sends no request to the robot, so any
    number of clients may read them at any time.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1"

    DeviceStatus: ObservableProperty[str]
    """The status in one word. Ready: a command or run can be started. Busy: a command or a run of this server or of
    another client is running, or a run of another client holds the robot. Paused: the current run is paused.
    NeedsAttention: a person has to do something first, see Required Actions. Unreachable: the robot gives no usable
    answer, see Reachability. Stopped: Stop Now was called and nothing is running, see OT2 Safety Stop Controller.
    """

    Simulated: ObservableProperty[bool]
    """True while the server is in simulation mode, see the feature Simulation Controller. All features then show a
    simulated robot and send commands to it.
    """

    Reachability: ObservableProperty[Contact]
    """Whether the robot can be reached, and if not, why."""

    UpdateSource: ObservableProperty[Source]
    """Whether notifications of the robot keep the status up to date, or only polling."""

    DoorState: ObservableProperty[str]
    """Whether the front door or the top window is open. It is Unknown until the robot has answered for the first time,
    and on robots with software before release 7.0.
    """

    DoorRequiredClosed: ObservableProperty[bool]
    """True if the door safety setting of the robot is on: an open door then pauses runs and prevents them from
    starting. A new robot has this setting off.
    """

    Activity: ObservableProperty[Work]
    """What is running on the robot now."""

    AllowedActions: ObservableProperty[list[str]]
    """The commands that would be accepted now, as fully qualified identifiers. The identifier of a feature stands for
    all its commands that move the robot. The list is empty while the robot cannot be reached.
    """

    RequiredActions: ObservableProperty[list[RequiredAction]]
    """What a person or client has to do before the robot can continue, the most urgent first. CheckModule is an
    exception, because nothing waits for it: this server ended during a profile, and the block of the thermocycler
    is still at the temperature that the explanation states. The list is empty if there is nothing to do.
    """

    LastError: ObservableProperty[list[Fault]]
    """The last error, whether or not it is still present. The list is empty if there was none since this server
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
    def Holders(self, *, call: Any) -> list[Holder]:
        """Which clients of this server hold the robot or the server now, and by what. The list is empty if none does.
        Another program at the robot is not listed: the robot does not tell who it is, see Activity.
        """

    @abstractmethod
    def ReportTimes(self, *, call: Any) -> list[ReportTime]:
        """When the robot last reported each of the facts that this server shows. A fact that it never reported is not
        listed.
        """
