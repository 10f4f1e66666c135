"""The published state of the robot: one value of what the monitor reads and of what other sources know."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from sila_ot2.driver.monitor.reachability import Contact
from sila_ot2.driver.monitor.state import LastError, RobotState, needs_somebody, with_last_error
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWait
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import OT2Fault
from sila_ot2.store.begun_profiles import BegunStep


class PublishedState:
    """One per robot; safe to use from any thread.

    Attributes:
        current: the newest state.
    """

    def __init__(
        self,
        contact: Observable[Contact],
        ownership: Ownership,
        request_log: RequestLog,
        turn: Turn,
        uncertain_tips: UncertainTips,
        safety_stop: SafetyStop,
        handovers: Handovers,
    ) -> None:
        """Publish whenever one of these changes, from now on.

        Args:
            contact: whether the robot answers.
            ownership: whose run is current.
            request_log: which requests have an unknown outcome.
            turn: which command moves the robot.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            safety_stop: whether it is latched.
            handovers: whether one is pending.
        """
        self._contact = contact
        self._ownership = ownership
        self._request_log = request_log
        self._turn = turn
        self._uncertain_tips = uncertain_tips
        self._safety_stop = safety_stop
        self._handovers = handovers
        self._publishing = threading.RLock()
        self.current: Observable[RobotState] = Observable(RobotState())
        shown = contact, ownership.current, turn.holder, uncertain_tips.current, handovers.pending
        for source in (*shown, safety_stop.since):
            source.subscribe(lambda _: self.publish())

    def publish(self, **changes: Any) -> None:
        """Publish the state with `changes`, and with the present values of the other sources."""
        with self._publishing:
            before = self.current.value
            after = replace(
                before,
                contact=self._contact.value,
                owner=self._ownership.current.value,
                unknown_requests=self._request_log.unknown,
                uncertain_tips=tuple(self._uncertain_tips.current.value.values()),
                safety_stop_since=self._safety_stop.since.value,
                turn=self._turn.holder.value,
                handover=self._handovers.pending.value,
                **changes,
            )
            self.current.set(with_last_error(before, after))

    def report(self, fault: OT2Fault) -> None:
        """Publish something that went wrong as the last error."""
        self.publish(last_error=LastError.of(fault))

    def report_command(self, fault: OT2Fault) -> None:
        """Publish how a single command has ended as the last error, if the robot began it and could not finish it."""
        if needs_somebody(fault):
            self.report(fault)

    def note_uncertain_liquid(self, pipettes: tuple[str, ...]) -> None:
        """Publish which pipettes of the session hold an unknown volume."""
        self.publish(uncertain_liquid=pipettes)

    def note_unended_waits(self, waits: tuple[UnendedWait, ...]) -> None:
        """Publish the waits that go on in runs that were aborted."""
        self.publish(unended_waits=waits)

    def note_interrupted_profiles(self, steps: tuple[BegunStep, ...]) -> None:
        """Publish the profiles that an earlier process began and did not end."""
        self.publish(interrupted_profiles=steps)
