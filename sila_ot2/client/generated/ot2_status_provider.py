"""The feature OT2StatusProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import Call, Definition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty, Property

DeviceStatus = Literal["Ready", "Busy", "Paused", "NeedsAttention", "Unreachable", "Stopped"]
State = Literal["Reachable", "Unreachable"]
Reason = Literal[
    "None",
    "NotAskedYet",
    "NameNotFound",
    "ConnectionRefused",
    "NoRoute",
    "TimedOut",
    "ConnectionLost",
    "Starting",
    "InternalFailure",
    "SenselessAnswer",
    "WrongVersion",
    "WrongDevice",
]
Method = Literal["Notifications", "Polling"]
DoorState = Literal["Open", "Closed", "Unknown"]
Kind = Literal["None", "Command", "Run", "OtherClient"]
Code = Literal["RestoreConnection", "AcceptRobot", "ReleaseStop", "ReconcileState", "CloseDoor", "ResumeRun", "StopRun"]
Subject = Literal["Run", "Health", "Door", "RailLights", "Pipettes", "Modules", "Calibration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whether the robot can be talked to.

    Attributes:
        state: Whether the robot gives usable answers.
        reason: Why not. None: it does. Starting: the robot is there and not ready yet. InternalFailure: the robot
            answers that it fails. WrongVersion: its software is too old for this server. WrongDevice: what answers
            is no robot of this kind.
        explanation: The same in words, with what can be done about it. It is empty while the robot is reachable.
        changed_at: Since when that has been so.
    """

    state: State
    reason: Reason
    explanation: str
    changed_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What keeps the picture of the robot up to date.

    Attributes:
        method: Notifications: the robot says when there is something new, and is asked only now and then besides.
            Polling: it is asked regularly.
        explanation: Why it is so.
        changed_at: Since when it has been so.
    """

    method: Method
    explanation: str
    changed_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is at work.

    Attributes:
        kind: None: nothing is at work. Command: a command of this server. Run: a run of this server. OtherClient: a
            run of another client, also one that is set up and not started.
        explanation: The command or the step of the run that is at work, in words. It is empty for None.
        run_identifier: The run, empty if there is none.
        execution_identifier: The execution of the command of this server that is at work, empty if there is none.
    """

    kind: Kind
    explanation: str
    run_identifier: str
    execution_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredAction:
    """Something that has to be done.

    Attributes:
        code: What is to be done, in one word.
        explanation: What is so.
        remedy: What to do.
    """

    code: Code
    explanation: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that went wrong.

    Attributes:
        code: The kind of error; the same name that a command would report as its error.
        message: What went wrong.
        remedy: What to do.
        occurred_at: When it was noticed.
    """

    code: str
    message: str
    remedy: str
    occurred_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTime:
    """When the robot last reported something.

    Attributes:
        subject: What the robot reported.
        reported_at: When it did so last.
    """

    subject: Subject
    reported_at: datetime.datetime


_FEATURE = Definition("io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1")
_CONTACT = wire.Structure(
    Contact, state=wire.STRING, reason=wire.STRING, explanation=wire.STRING, changed_at=wire.TIMESTAMP
)
_DEFINED_CONTACT = wire.Defined(_CONTACT)
_SOURCE = wire.Structure(Source, method=wire.STRING, explanation=wire.STRING, changed_at=wire.TIMESTAMP)
_DEFINED_SOURCE = wire.Defined(_SOURCE)
_WORK = wire.Structure(
    Work, kind=wire.STRING, explanation=wire.STRING, run_identifier=wire.STRING, execution_identifier=wire.STRING
)
_DEFINED_WORK = wire.Defined(_WORK)
_REQUIRED_ACTION = wire.Structure(RequiredAction, code=wire.STRING, explanation=wire.STRING, remedy=wire.STRING)
_DEFINED_REQUIRED_ACTION = wire.Defined(_REQUIRED_ACTION)
_FAULT = wire.Structure(Fault, code=wire.STRING, message=wire.STRING, remedy=wire.STRING, occurred_at=wire.TIMESTAMP)
_DEFINED_FAULT = wire.Defined(_FAULT)
_REPORT_TIME = wire.Structure(ReportTime, subject=wire.STRING, reported_at=wire.TIMESTAMP)
_DEFINED_REPORT_TIME = wire.Defined(_REPORT_TIME)
DEVICE_STATUS: Call[DeviceStatus] = _FEATURE.observable_property("DeviceStatus", wire.STRING)
REACHABILITY: Call[Contact] = _FEATURE.observable_property("Reachability", _DEFINED_CONTACT)
LAST_SEEN_AT: Call[list[datetime.datetime]] = _FEATURE.property("LastSeenAt", wire.Repeated(wire.TIMESTAMP))
LATENCY: Call[float] = _FEATURE.property("Latency", wire.REAL)
UPDATE_SOURCE: Call[Source] = _FEATURE.observable_property("UpdateSource", _DEFINED_SOURCE)
DOOR_STATE: Call[DoorState] = _FEATURE.observable_property("DoorState", wire.STRING)
DOOR_REQUIRED_CLOSED: Call[bool] = _FEATURE.observable_property("DoorRequiredClosed", wire.BOOLEAN)
ACTIVITY: Call[Work] = _FEATURE.observable_property("Activity", _DEFINED_WORK)
ALLOWED_ACTIONS: Call[list[str]] = _FEATURE.observable_property("AllowedActions", wire.Repeated(wire.STRING))
REQUIRED_ACTIONS: Call[list[RequiredAction]] = _FEATURE.observable_property(
    "RequiredActions", wire.Repeated(_DEFINED_REQUIRED_ACTION)
)
LAST_ERROR: Call[list[Fault]] = _FEATURE.observable_property("LastError", wire.Repeated(_DEFINED_FAULT))
REPORT_TIMES: Call[list[ReportTime]] = _FEATURE.property("ReportTimes", wire.Repeated(_DEFINED_REPORT_TIME))


class OT2StatusProvider(Feature[Link]):
    """Says how the robot is, what it does, and what it needs. All values are what the robot said last and change only
    when that does; reading them, however often and by however many clients, costs the robot nothing.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1"

    @property
    def device_status(self) -> ObservableProperty[DeviceStatus]:
        """The status in one word. Ready: a command or run can be started. Busy: a command or a run is at work, of this
        server or of another client, or another client has the robot reserved. Paused: the current run waits.
        NeedsAttention: a person has to act first, see Required Actions. Unreachable: the robot gives no usable
        answer, see Reachability. Stopped: Stop Now was called and nothing is at work, see OT2 Safety Stop
        Controller.
        """
        return ObservableProperty(self._link, DEVICE_STATUS)

    @property
    def reachability(self) -> ObservableProperty[Contact]:
        """Whether the robot can be talked to, and if not, why."""
        return ObservableProperty(self._link, REACHABILITY)

    @property
    def last_seen_at(self) -> Property[list[datetime.datetime]]:
        """When the robot gave its last usable answer. The list is empty until it has answered for the first time, and
        has one element from then on.
        """
        return Property(self._link, LAST_SEEN_AT)

    @property
    def latency(self) -> Property[float]:
        """How long the robot took for its last usable answer. It is 0 until it has answered for the first time. In s."""
        return Property(self._link, LATENCY)

    @property
    def update_source(self) -> ObservableProperty[Source]:
        """Whether notifications of the robot keep the picture up to date, or asking it regularly has to do alone."""
        return ObservableProperty(self._link, UPDATE_SOURCE)

    @property
    def door_state(self) -> ObservableProperty[DoorState]:
        """Whether the front door or the top window is open. It is Unknown until the robot has answered for the first
        time, and on robots with software before release 7.0.
        """
        return ObservableProperty(self._link, DOOR_STATE)

    @property
    def door_required_closed(self) -> ObservableProperty[bool]:
        """True if the safety switch of the robot is on: an open door then pauses runs and keeps them from starting. It
        is off on a robot as delivered.
        """
        return ObservableProperty(self._link, DOOR_REQUIRED_CLOSED)

    @property
    def activity(self) -> ObservableProperty[Work]:
        """What is at work on the robot now."""
        return ObservableProperty(self._link, ACTIVITY)

    @property
    def allowed_actions(self) -> ObservableProperty[list[str]]:
        """What would be accepted now: fully qualified identifiers of commands, or of a feature for all commands of it
        that move the robot. The list is empty while the robot cannot be reached.
        """
        return ObservableProperty(self._link, ALLOWED_ACTIONS)

    @property
    def required_actions(self) -> ObservableProperty[list[RequiredAction]]:
        """What a person or client has to do before the robot can go on, the most urgent first. The list is empty if
        there is nothing.
        """
        return ObservableProperty(self._link, REQUIRED_ACTIONS)

    @property
    def last_error(self) -> ObservableProperty[list[Fault]]:
        """The last thing that went wrong, whether or not it is over. The list is empty if nothing has since this
        server started.
        """
        return ObservableProperty(self._link, LAST_ERROR)

    @property
    def report_times(self) -> Property[list[ReportTime]]:
        """When the robot last said each of the facts that this server shows. A fact that it never reported is not
        listed.
        """
        return Property(self._link, REPORT_TIMES)
