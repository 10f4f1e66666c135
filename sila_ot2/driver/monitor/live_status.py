"""Everything about one robot that can be followed without asking it."""

from __future__ import annotations

from datetime import datetime

from sila_ot2.driver.monitor.device_status import Picture, StatusBoard
from sila_ot2.driver.monitor.monitor import Watcher
from sila_ot2.driver.monitor.notifications import Notifications
from sila_ot2.driver.ownership.owner import Claims
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import Acts


class LivePicture:
    """One per robot: joins what the watcher reads with what this server does. Safe to use from any thread."""

    def __init__(
        self,
        watcher: Watcher,
        notifications: Notifications,
        claims: Claims,
        acts: Acts,
        turn: Turn,
        *,
        displace_idle: bool,
    ) -> None:
        """Join the parts of the same robot; `displace_idle` as in `claim.decide`."""
        self._watcher = watcher
        self._claims = claims
        self._acts = acts
        self._turn = turn
        self._displace_idle = displace_idle
        self.contact = watcher.reachability.contact
        self.machine = watcher.machine.changed
        self.source = notifications.source
        self.board = StatusBoard(self._look)
        self.contact.subscribe(self.board.note_contact)
        self.contact.subscribe(self.board.refresh)
        watcher.on_reading.append(self.board.refresh)
        watcher.on_fault.append(self.board.note)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the robot answered last."""
        return self._watcher.snapshot.value.said_at

    @property
    def latency_s(self) -> float:
        """How long the robot took for its last answer."""
        return self._watcher.machine.latency_s

    @property
    def said_at(self) -> dict[str, datetime]:
        """When the robot said each of the facts."""
        seen_at = self.last_seen_at
        return ({"Run": seen_at} if seen_at is not None else {}) | dict(self._watcher.machine.newest.said_at)

    def _look(self) -> Picture:
        return Picture(
            contact=self.contact.value,
            machine=self.machine.value,
            run=self._watcher.snapshot.value.run,
            claim=self._claims.current.value,
            unknown_acts=self._acts.unknown,
            holder=self._turn.holder,
            displace_idle=self._displace_idle,
        )
