"""The feature OT2StatusProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty, AsyncProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_status_provider import (
    ACTIVITY,
    ALLOWED_ACTIONS,
    DEVICE_STATUS,
    DOOR_REQUIRED_CLOSED,
    DOOR_STATE,
    HOLDERS,
    LAST_ERROR,
    LAST_SEEN_AT,
    LATENCY,
    REACHABILITY,
    REPORT_TIMES,
    REQUIRED_ACTIONS,
    SIMULATED,
    UPDATE_SOURCE,
    Contact,
    DeviceStatus,
    DoorState,
    Fault,
    Holder,
    ReportTime,
    RequiredAction,
    Source,
    Work,
)


class AsyncOT2StatusProvider(Feature[AsyncLink]):
    """Reports the status of the robot, what it does, and what it needs. All values are what the robot last reported,
    and they change only when the robot reports something new. Reading them sends no request to the robot, so any
    number of clients may read them at any time.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2StatusProvider/v1"

    @property
    def device_status(self) -> AsyncObservableProperty[DeviceStatus]:
        """The status in one word. Ready: a command or run can be started. Busy: a command or a run of this server or
        of another client is running, or a run of another client holds the robot. Paused: the current run is paused.
        NeedsAttention: a person has to do something first, see Required Actions. Unreachable: the robot gives no
        usable answer, see Reachability. Stopped: Stop Now was called and nothing is running, see OT2 Safety Stop
        Controller.
        """
        return AsyncObservableProperty(self._link, DEVICE_STATUS)

    @property
    def simulated(self) -> AsyncObservableProperty[bool]:
        """True while the server is in simulation mode, see the feature Simulation Controller. All features then show a
        simulated robot and send commands to it.
        """
        return AsyncObservableProperty(self._link, SIMULATED)

    @property
    def reachability(self) -> AsyncObservableProperty[Contact]:
        """Whether the robot can be reached, and if not, why."""
        return AsyncObservableProperty(self._link, REACHABILITY)

    @property
    def last_seen_at(self) -> AsyncProperty[list[datetime.datetime]]:
        """When the robot gave its last usable answer. The list is empty until it has answered for the first time, and
        has one element from then on.
        """
        return AsyncProperty(self._link, LAST_SEEN_AT)

    @property
    def latency(self) -> AsyncProperty[float]:
        """How long the robot took for its last usable answer. It is 0 until it has answered for the first time. In s."""
        return AsyncProperty(self._link, LATENCY)

    @property
    def update_source(self) -> AsyncObservableProperty[Source]:
        """Whether notifications of the robot keep the status up to date, or only polling."""
        return AsyncObservableProperty(self._link, UPDATE_SOURCE)

    @property
    def door_state(self) -> AsyncObservableProperty[DoorState]:
        """Whether the front door or the top window is open. It is Unknown until the robot has answered for the first
        time, and on robots with software before release 7.0.
        """
        return AsyncObservableProperty(self._link, DOOR_STATE)

    @property
    def door_required_closed(self) -> AsyncObservableProperty[bool]:
        """True if the door safety setting of the robot is on: an open door then pauses runs and prevents them from
        starting. A new robot has this setting off.
        """
        return AsyncObservableProperty(self._link, DOOR_REQUIRED_CLOSED)

    @property
    def activity(self) -> AsyncObservableProperty[Work]:
        """What is running on the robot now."""
        return AsyncObservableProperty(self._link, ACTIVITY)

    @property
    def holders(self) -> AsyncProperty[list[Holder]]:
        """Which clients of this server hold the robot or the server now, and by what. The list is empty if none does.
        Another program at the robot is not listed: the robot does not tell who it is, see Activity.
        """
        return AsyncProperty(self._link, HOLDERS)

    @property
    def allowed_actions(self) -> AsyncObservableProperty[list[str]]:
        """The commands that would be accepted now, as fully qualified identifiers. The identifier of a feature stands
        for all its commands that move the robot. The list is empty while the robot cannot be reached.
        """
        return AsyncObservableProperty(self._link, ALLOWED_ACTIONS)

    @property
    def required_actions(self) -> AsyncObservableProperty[list[RequiredAction]]:
        """What a person or client has to do before the robot can continue, the most urgent first. CheckModule is an
        exception, because nothing waits for it: this server ended during a profile, and the block of the
        thermocycler is still at the temperature that the explanation states. The list is empty if there is nothing
        to do.
        """
        return AsyncObservableProperty(self._link, REQUIRED_ACTIONS)

    @property
    def last_error(self) -> AsyncObservableProperty[list[Fault]]:
        """The last error, whether or not it is still present. The list is empty if there was none since this server
        started.
        """
        return AsyncObservableProperty(self._link, LAST_ERROR)

    @property
    def report_times(self) -> AsyncProperty[list[ReportTime]]:
        """When the robot last reported each of the facts that this server shows. A fact that it never reported is not
        listed.
        """
        return AsyncProperty(self._link, REPORT_TIMES)
