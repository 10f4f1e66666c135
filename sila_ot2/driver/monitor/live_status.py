"""Everything about one robot that can be followed without asking it."""

from __future__ import annotations

from datetime import datetime

from sila_ot2.driver.monitor.device_status import RobotState, StatusBoard
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.notifications import Notifications
from sila_ot2.driver.ownership.owner import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import RequestLog


class LiveStatus:
    """One per robot: joins what the monitor reads with what this server does. Safe to use from any thread."""

    def __init__(
        self,
        monitor: Monitor,
        notifications: Notifications,
        ownership: Ownership,
        request_log: RequestLog,
        turn: Turn,
        *,
        displace_idle: bool,
    ) -> None:
        """Join the parts of the same robot; `displace_idle` as in `owner.decide`."""
        self._monitor = monitor
        self._ownership = ownership
        self._request_log = request_log
        self._turn = turn
        self._displace_idle = displace_idle
        self.contact = monitor.reachability.contact
        self.machine = monitor.machine.changed
        self.source = notifications.source
        self.board = StatusBoard(self._look)
        self.contact.subscribe(self.board.note_contact)
        self.contact.subscribe(self.board.refresh)
        monitor.on_reading.append(self.board.refresh)
        monitor.on_fault.append(self.board.note)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the robot answered last."""
        return self._monitor.snapshot.value.reported_at

    @property
    def latency_s(self) -> float:
        """How long the robot took for its last answer."""
        return self._monitor.latency_s

    @property
    def reported_at(self) -> dict[str, datetime]:
        """When the robot said each of the facts."""
        seen_at = self.last_seen_at
        return ({"Run": seen_at} if seen_at is not None else {}) | dict(self._monitor.machine.newest.reported_at)

    def _look(self) -> RobotState:
        return RobotState(
            contact=self.contact.value,
            machine=self.machine.value,
            run=self._monitor.snapshot.value.run,
            owner=self._ownership.current.value,
            unknown_requests=self._request_log.unknown,
            holder=self._turn.holder,
            displace_idle=self._displace_idle,
        )
