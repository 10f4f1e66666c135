"""The creation of runs, and what a robot leaves behind when it fails at it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from sila_ot2.driver.deck.offsets.offsets import on_the_wire
from sila_ot2.driver.ownership.half_created import clear_half_created
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.preparation import CheckedRun, PreparedRun
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import OT2Fault, ProtocolNotFound, RobotFaulty, RobotRejected, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)

GHOST_RUN = re.compile(r"Run \S+ was not found")
"""What releases 8.x answer to POST /runs after they have half created a run."""


def _names_ghost(fault: OT2Fault) -> bool:
    """Return whether the robot answers a request to create a run with: a run was not found."""
    return fault.robot_error is not None and GHOST_RUN.search(fault.robot_error.text) is not None


class RunCreation:
    """One per robot. Callers hold the turn."""

    def __init__(self, robot: RobotClient, request_log: RequestLog, ownership: Ownership) -> None:
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership

    def prepare_and_create(
        self, specification: RunSpecification, checked: CheckedRun, prepare: Callable[[], PreparedRun]
    ) -> tuple[PreparedRun, wire.Run]:
        """Prepare a run and create it; nothing moves.

        A robot keeps five protocols without a run, and removes the oldest for each new one: another client's upload can
        remove this one after it was prepared. The robot has created nothing then, and it is prepared again, once.

        Args:
            specification: what the client asks for.
            checked: the same, with what was chosen for it.
            prepare: brings the protocol to the robot.

        Raises:
            OT2Fault: as `RunPreparation.prepare` and `create`.
        """
        prepared = prepare()
        try:
            return prepared, self._create(specification, checked, prepared)
        except ProtocolNotFound as removed:
            log.info("The run is prepared again: %s", removed)
        prepared = prepare()
        return prepared, self._create(specification, checked, prepared)

    def _create(self, specification: RunSpecification, checked: CheckedRun, prepared: PreparedRun) -> wire.Run:
        return self.create(
            prepared.robot_protocol_id,
            labware_offsets=[on_the_wire(offset) for offset in prepared.offsets.applied],
            parameter_values=checked.parameters.values,
            parameter_files=checked.parameters.files,
            request_key=specification.request_key,
            request_digest=specification.digest,
        )

    def create(
        self,
        protocol_id: str,
        *,
        labware_offsets: list[dict[str, object]],
        parameter_values: dict[str, object],
        parameter_files: dict[str, str],
        request_key: str = "",
        request_digest: str = "",
    ) -> wire.Run:
        """Create a run of a protocol; nothing moves.

        Releases 8.x answer 500 when something is wrong, and again to the next request, because of a half-created run
        that they then cannot find. Both are answers: nothing was created, so it is asked again, once for each.

        Raises:
            ParameterInvalid: a value does not fit; what the robot left behind is released.
            RobotRejected: the robot keeps failing.
            OT2Fault: as `RequestLog.perform`.
        """
        clear_half_created(self._request_log, self._ownership)
        request = CreateRunRequest(
            purpose="protocol",
            protocol_id=protocol_id,
            labware_offsets=labware_offsets,
            parameter_values=parameter_values,
            parameter_files=parameter_files,
            runs_before=[run.id for run in self._robot.runs().runs],
            request_key=request_key,
            request_digest=request_digest,
        )
        faults_left, ghosts_left = 1, 1
        while True:
            try:
                return self._request_log.perform(request)
            except (RunNotFound, RobotRejected) as fault:
                if isinstance(fault, RobotRejected) and not isinstance(fault.__cause__, RobotFaulty):
                    self._clear_half_created(request)
                    raise
                ghost = isinstance(fault, RunNotFound) or _names_ghost(fault)
                faults_left, ghosts_left = faults_left - (not ghost), ghosts_left - ghost
                if not self._robot.release.may_half_create_runs or min(faults_left, ghosts_left) < 0:
                    raise
                if not self._clear_half_created(request):
                    raise
                log.warning("Creating a run is asked for again: %s", fault)
            except OT2Fault:
                self._clear_half_created(request)
                raise

    def _clear_half_created(self, request: CreateRunRequest) -> bool:
        """Release what a refused POST /runs of release 8.x leaves behind: a current run that is not in the list.

        Returns whether no other run is in the way of the next creation.
        """
        if not self._robot.release.may_half_create_runs:
            return True
        current = self._robot.current_run_id()
        if current is None or current in request.runs_before:
            return True
        try:
            self._request_log.perform(UncurrentRequest(run_id=current))
        except OT2Fault as fault:  # the robot answers that it does not know it, and it is gone
            log.info("The half-created run %s: %s", current, fault)
        return self._robot.current_run_id() != current
