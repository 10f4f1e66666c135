"""Switches modules off when a session or a run has ended, if the configuration says so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.modules.active_parts import active_parts, part_of, read_active_parts
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.stateless_command import StatelessCommandRequest
from sila_ot2.errors import OT2Fault, TargetChanged
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import ActivePart, RunRecord

log = logging.getLogger(__name__)

Work = Literal["session", "run"]


class SwitchOff:
    """One per robot; returns what is still on when a session has ended, and switches it off if that is wanted."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        state: Observable[RobotState],
        set_points: SetPoints,
        profiles: Profiles,
        after: Collection[Work],
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            request_log: what this server has set since a run was started.
            state: what the robot reported last.
            set_points: through which parts are switched off.
            profiles: a thermocycler that one runs on is left to it.
            after: what must have ended for modules to be switched off.
        """
        self._robot = robot
        self._request_log = request_log
        self._state = state
        self._set_points = set_points
        self._profiles = profiles
        self._after = after

    def after_session(self, *, was_open: bool) -> tuple[ActivePart, ...]:
        """Return what is on or hot, after it was switched off if that is wanted; what cannot be stays listed.

        Args:
            was_open: whether a session has ended just now. If not, what is on may be somebody else's, and stays on.
        """
        found = read_active_parts(self._robot, self._state)
        if not was_open or "session" not in self._after or not found:
            return found
        self._switch_off(found)
        return read_active_parts(self._robot, self._state)

    def after_run(self, record: RunRecord) -> None:
        """Switch off what was on at the end of a protocol of this server, if that is wanted; does not wait for it.

        Called on the thread that reads the robot. What somebody has set since stays on: what has another target by
        then, and what this server has set since the run was started, if only to the same target.
        """
        ours = record.start.origin == "ThisServer" and record.start.purpose == "protocol"
        if "run" in self._after and ours and record.active_parts:
            threading.Thread(
                target=self._switch_off,
                args=(record.active_parts, record.start.run_id),
                name="switch modules off",
                daemon=True,
            ).start()

    def _switch_off(self, found: Collection[ActivePart], run_id: str = "") -> None:
        for part in found:
            if part.target is None or self._profiles.runs_on(part.serial_number):
                continue
            try:
                off = replace(part_of(part).off(), check=partial(self._require_unset, part, run_id))
                self._set_points.set(off, part.serial_number)
            except (OT2Fault, SQLAlchemyError) as fault:
                log.warning("%s. It was not switched off: %s", part, fault)

    def _require_unset(self, found: ActivePart, run_id: str, module: wire.Module) -> None:
        """Return if a part still has the target that was found, and this server has not set it anew.

        Args:
            found: the part.
            run_id: whose end it is about; empty if it is about a session.
            module: as it was just read.

        Raises:
            TargetChanged: it has another target, or none, or was set since the run was started.
        """
        if found.target not in [part.target for part in active_parts([module]) if part.part == found.part]:
            raise TargetChanged("Somebody has set another target since.", "Look at the module.")
        for sent in self._request_log.commands_since_start(run_id) if run_id else ():
            # In a run the robot gives the module another identifier.
            may_be_same = sent.params.get("moduleId") == module.id or not isinstance(sent, StatelessCommandRequest)
            if sent.command_type in part_of(found).set_by and may_be_same:
                raise TargetChanged("It was set for something else since.", "Look at the module.")
