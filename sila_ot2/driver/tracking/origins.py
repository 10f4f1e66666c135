"""Where runs come from: who requested those of this server, and what is known of those found on the robot."""

from __future__ import annotations

import importlib.metadata

from sila_ot2.driver.deck.offsets.offsets import offsets_of
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.runs import RunStart

SERVER_VERSION = importlib.metadata.version("sila-ot2")


class RunOrigins:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        library: ProtocolLibrary,
        estimates: RunEstimates,
        *,
        simulated: bool = False,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose release is written down.
            ownership: who has sent the command that has the turn, and what runs of ours are for.
            library: the protocols of runs.
            estimates: what the steps of runs take.
            simulated: whether it is a simulated robot that stands in for another one.
        """
        self._robot = robot
        self._ownership = ownership
        self._library = library
        self._estimates = estimates
        self._simulated = simulated

    def completed(self, start: RunStart) -> RunStart:
        """Return the start of a run that this server has just created, with who requested it."""
        asked = self._ownership.requester()
        return start.model_copy(update={"simulated": self._simulated, "client": asked.client, "user": asked.user})

    def of_found(self, run: wire.Run) -> RunStart:
        """Return what is known of a run that is found on the robot: another client's, or one of ours."""
        purpose = self._ownership.purpose_of(run.id)
        stored = self._library.find_by_robot_id(run.protocol_id) if run.protocol_id else None
        return RunStart(
            run_id=run.id,
            origin="ThisServer" if purpose else "OtherClient",
            purpose=purpose or ("protocol" if run.protocol_id else "session"),
            created_at=run.created_at,
            protocol_identifier=stored.identifier if stored and purpose else "",
            robot_protocol_id=run.protocol_id or "",
            protocol_name=stored.name if stored else "",
            offsets=offsets_of(run),
            parameter_values={p.variable_name: p.value for p in run.run_time_parameters if p.value is not None},
            robot_software=self._robot.release.name,
            server_version=SERVER_VERSION,
            simulated=self._simulated,
        )

    def plan_of(self, run: wire.Run, start: RunStart) -> ExpectedSteps:
        """Return what the steps of such a run take, as far as it is known."""
        return self._estimates.plan_of(run, start)
