"""The feature OT2StatusProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition
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
HolderKind = Literal["Command", "Run", "Session", "Lock"]
Code = Literal[
    "RestoreConnection",
    "AcceptRobot",
    "ReleaseStop",
    "EndHandover",
    "ReconcileState",
    "CloseDoor",
    "ResumeRun",
    "StopRun",
    "CheckModule",
]
Subject = Literal["Run", "Health", "Door", "RailLights", "Pipettes", "Modules", "Calibration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whether the robot can be reached.

    Attributes:
        state: Whether the robot gives usable answers.
        reason: Why it does not. None: it gives usable answers. Starting: the robot answers that it is not ready
            yet. InternalFailure: the robot reports an internal error. WrongVersion: its software is too old for
            this server. WrongDevice: the device that answers is not an OT-2.
        explanation: The reason in words, and what to do about it. It is empty while the robot is reachable.
        changed_at: Since when this has been the case.
    """

    state: State
    reason: Reason
    explanation: str
    changed_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How this server keeps the status of the robot up to date.

    Attributes:
        method: Notifications: the robot notifies this server of changes, and is also polled at long intervals.
            Polling: the robot is polled regularly.
        explanation: Why this method is used.
        changed_at: Since when this has been the case.
    """

    method: Method
    explanation: str
    changed_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is running.

    Attributes:
        kind: None: nothing is running. Command: a command of this server. Run: a run of this server. OtherClient: a
            run of another client, also one that is created and not started.
        explanation: The current command, or the current step of the run, in words. It is empty for None.
        run_identifier: The run, empty if there is none.
        execution_identifier: The execution of the command of this server that is running, empty if there is none.
    """

    kind: Kind
    explanation: str
    run_identifier: str
    execution_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A client that holds the robot or the server.

    Attributes:
        kind: Command: its command is running, and no other is accepted. Run: its run is current and has not ended.
            Session: its session of single commands is open. Lock: it has locked the server.
        name: The name of the command, or the identifier of the run or of the run of the session. It is empty for
            Lock.
        client: The address of the client's computer. It is empty if it is not known: a session does not keep it
            when the server is restarted.
        user: The user who has logged in, or the name in the client's certificate. It is empty if the server has
            neither users nor certificates of clients.
        began_at: When the command was accepted, the run created, the session opened, or the server locked.
    """

    kind: HolderKind
    name: str
    client: str
    user: str
    began_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredAction:
    """Something that has to be done.

    Attributes:
        code: What has to be done, in one word.
        explanation: The reason, in words.
        remedy: What to do.
    """

    code: Code
    explanation: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error.

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
        reported_at: When the robot last reported it.
    """

    subject: Subject
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1")
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
_HOLDER = wire.Structure(
    Holder, kind=wire.STRING, name=wire.STRING, client=wire.STRING, user=wire.STRING, began_at=wire.TIMESTAMP
)
_DEFINED_HOLDER = wire.Defined(_HOLDER)
_REQUIRED_ACTION = wire.Structure(RequiredAction, code=wire.STRING, explanation=wire.STRING, remedy=wire.STRING)
_DEFINED_REQUIRED_ACTION = wire.Defined(_REQUIRED_ACTION)
_FAULT = wire.Structure(Fault, code=wire.STRING, message=wire.STRING, remedy=wire.STRING, occurred_at=wire.TIMESTAMP)
_DEFINED_FAULT = wire.Defined(_FAULT)
_REPORT_TIME = wire.Structure(ReportTime, subject=wire.STRING, reported_at=wire.TIMESTAMP)
_DEFINED_REPORT_TIME = wire.Defined(_REPORT_TIME)
DEVICE_STATUS: CallDefinition[DeviceStatus] = _FEATURE.observable_property("DeviceStatus", wire.STRING)
SIMULATED: CallDefinition[bool] = _FEATURE.observable_property("Simulated", wire.BOOLEAN)
REACHABILITY: CallDefinition[Contact] = _FEATURE.observable_property("Reachability", _DEFINED_CONTACT)
LAST_SEEN_AT: CallDefinition[list[datetime.datetime]] = _FEATURE.property("LastSeenAt", wire.Repeated(wire.TIMESTAMP))
LATENCY: CallDefinition[float] = _FEATURE.property("Latency", wire.REAL)
UPDATE_SOURCE: CallDefinition[Source] = _FEATURE.observable_property("UpdateSource", _DEFINED_SOURCE)
DOOR_STATE: CallDefinition[DoorState] = _FEATURE.observable_property("DoorState", wire.STRING)
DOOR_REQUIRED_CLOSED: CallDefinition[bool] = _FEATURE.observable_property("DoorRequiredClosed", wire.BOOLEAN)
ACTIVITY: CallDefinition[Work] = _FEATURE.observable_property("Activity", _DEFINED_WORK)
HOLDERS: CallDefinition[list[Holder]] = _FEATURE.property("Holders", wire.Repeated(_DEFINED_HOLDER))
ALLOWED_ACTIONS: CallDefinition[list[str]] = _FEATURE.observable_property("AllowedActions", wire.Repeated(wire.STRING))
REQUIRED_ACTIONS: CallDefinition[list[RequiredAction]] = _FEATURE.observable_property(
    "RequiredActions", wire.Repeated(_DEFINED_REQUIRED_ACTION)
)
LAST_ERROR: CallDefinition[list[Fault]] = _FEATURE.observable_property("LastError", wire.Repeated(_DEFINED_FAULT))
REPORT_TIMES: CallDefinition[list[ReportTime]] = _FEATURE.property("ReportTimes", wire.Repeated(_DEFINED_REPORT_TIME))


class OT2StatusProvider(Feature[Link]):
    """Reports the status of the robot, what it does, and what it needs. All values are what the robot last reported,
    and they change only when the robot reports something new. Reading them sends no request to the robot, so any
    number of clients may read them at any time.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1"

    @property
    def device_status(self) -> ObservableProperty[DeviceStatus]:
        """The status in one word. Ready: a command or run can be started. Busy: a command or a run of this server or
        of another client is running, or a run of another client holds the robot. Paused: the current run is paused.
        NeedsAttention: a person has to do something first, see Required Actions. Unreachable: the robot gives no
        usable answer, see Reachability. Stopped: Stop Now was called and nothing is running, see OT2 Safety Stop
        Controller.
        """
        return ObservableProperty(self._link, DEVICE_STATUS)

    @property
    def simulated(self) -> ObservableProperty[bool]:
        """True while the server is in simulation mode, see the feature Simulation Controller. All features then show a
        simulated robot and send commands to it.
        """
        return ObservableProperty(self._link, SIMULATED)

    @property
    def reachability(self) -> ObservableProperty[Contact]:
        """Whether the robot can be reached, and if not, why."""
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
        """Whether notifications of the robot keep the status up to date, or only polling."""
        return ObservableProperty(self._link, UPDATE_SOURCE)

    @property
    def door_state(self) -> ObservableProperty[DoorState]:
        """Whether the front door or the top window is open. It is Unknown until the robot has answered for the first
        time, and on robots with software before release 7.0.
        """
        return ObservableProperty(self._link, DOOR_STATE)

    @property
    def door_required_closed(self) -> ObservableProperty[bool]:
        """True if the door safety setting of the robot is on: an open door then pauses runs and prevents them from
        starting. A new robot has this setting off.
        """
        return ObservableProperty(self._link, DOOR_REQUIRED_CLOSED)

    @property
    def activity(self) -> ObservableProperty[Work]:
        """What is running on the robot now."""
        return ObservableProperty(self._link, ACTIVITY)

    @property
    def holders(self) -> Property[list[Holder]]:
        """Which clients of this server hold the robot or the server now, and by what. The list is empty if none does.
        Another program at the robot is not listed: the robot does not tell who it is, see Activity.
        """
        return Property(self._link, HOLDERS)

    @property
    def allowed_actions(self) -> ObservableProperty[list[str]]:
        """The commands that would be accepted now, as fully qualified identifiers. The identifier of a feature stands
        for all its commands that move the robot. The list is empty while the robot cannot be reached.
        """
        return ObservableProperty(self._link, ALLOWED_ACTIONS)

    @property
    def required_actions(self) -> ObservableProperty[list[RequiredAction]]:
        """What a person or client has to do before the robot can continue, the most urgent first. CheckModule is an
        exception, because nothing waits for it: this server ended during a profile, and the block of the
        thermocycler is still at the temperature that the explanation states. The list is empty if there is nothing
        to do.
        """
        return ObservableProperty(self._link, REQUIRED_ACTIONS)

    @property
    def last_error(self) -> ObservableProperty[list[Fault]]:
        """The last error, whether or not it is still present. The list is empty if there was none since this server
        started.
        """
        return ObservableProperty(self._link, LAST_ERROR)

    @property
    def report_times(self) -> Property[list[ReportTime]]:
        """When the robot last reported each of the facts that this server shows. A fact that it never reported is not
        listed.
        """
        return Property(self._link, REPORT_TIMES)
