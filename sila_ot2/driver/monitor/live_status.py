"""Everything about one robot that can be followed without asking it."""

from __future__ import annotations

from datetime import datetime

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.pipettes import Evidence
from sila_ot2.driver.monitor.device_status import RobotState, StatusBoard
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.notifications import Notifications
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.uncertain_tips import UncertainTips


class LiveStatus:
    """One per robot: joins what the monitor reads with what this server does. Safe to use from any thread."""

    def __init__(
        self,
        monitor: Monitor,
        notifications: Notifications,
        ownership: Ownership,
        request_log: RequestLog,
        turn: Turn,
        deck_state: Observable[DeckState],
        uncertain_tips: UncertainTips,
        *,
        displace_idle: bool,
    ) -> None:
        """Join the parts of the same robot.

        Args:
            monitor: reads the robot.
            notifications: of the robot.
            ownership: whose run is current.
            request_log: requests whose outcome is not known.
            turn: which command acts.
            deck_state: of the session.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            displace_idle: as in `owner.decide`.
        """
        self._monitor = monitor
        self._ownership = ownership
        self._request_log = request_log
        self._turn = turn
        self._uncertain_tips = uncertain_tips
        self._displace_idle = displace_idle
        self._uncertain: tuple[str, ...] = ()
        self.contact = monitor.reachability.contact
        self.machine = monitor.machine.changed
        self.source = notifications.source
        self.board = StatusBoard(self._look)
        self.contact.subscribe(self.board.note_contact)
        self.contact.subscribe(self.board.refresh)
        monitor.on_reading.append(self.board.refresh)
        monitor.on_fault.append(self.board.note)
        deck_state.subscribe(self._look_at_liquid)
        uncertain_tips.current.subscribe(self.board.note_uncertain_tips)
        uncertain_tips.current.subscribe(self.board.refresh)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the robot answered last."""
        return self._monitor.snapshot.value.reported_at

    @property
    def latency_s(self) -> float:
        """How long the robot took for its last answer."""
        return self._monitor.machine.latency_s

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
            uncertain_tips=tuple(self._uncertain_tips.current.value.values()),
            uncertain_liquid=self._uncertain,
        )

    def _look_at_liquid(self, deck_state: DeckState) -> None:
        """Look anew when a session begins or ceases to be sure of what its pipettes hold, which is seldom."""
        uncertain = tuple(
            pipette.label
            for pipette in deck_state.pipettes.values()
            if pipette.evidence is Evidence.UNKNOWN and not pipette.untracked_tip
        )
        if uncertain != self._uncertain:
            self._uncertain = uncertain
            self.board.refresh()
