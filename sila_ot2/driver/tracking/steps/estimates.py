"""What is expected of a run: its steps and how long each takes, from the analysis and from earlier runs."""

from __future__ import annotations

import logging
import math
from array import array

from sila_ot2.driver.protocols.analyses import Analyses, Parameters
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps, planned_steps
from sila_ot2.driver.tracking.steps.step_times import finish_s, model_steps
from sila_ot2.errors import OT2Fault
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunArchive, RunStart

log = logging.getLogger(__name__)


class RunEstimates:
    """One per robot."""

    def __init__(self, robot: RobotClient, analyses: Analyses, archive: RunArchive) -> None:
        self._robot = robot
        self._analyses = analyses
        self._archive = archive

    def plan(self, identifier: str, parameters: Parameters, analysis: wire.Analysis | None) -> ExpectedSteps:
        """Return the plan of a protocol of ours; empty where no analysis is known."""
        key = f"{identifier}:{parameters.key}"
        paces = self._archive.paces()
        modeled = model_steps(analysis.commands, paces) if analysis else None
        planned = planned_steps(analysis) if analysis else ()
        finish = array("f", [finish_s(paces)])
        taken = self._archive.step_seconds(key)
        if taken is None or (modeled is not None and len(taken) != len(modeled) + 1):
            return ExpectedSteps(modeled or array("f"), finish[0], key=key, planned=planned)
        if modeled is None:  # the analysis was not waited for, but the same has been run before
            modeled = array("f", [0.0] * (len(taken) - 1))
        both = zip(taken, modeled + finish, strict=True)
        *steps, end = (expected if math.isnan(took) else took for took, expected in both)
        return ExpectedSteps(array("f", steps), end, learned=True, key=key, planned=planned)

    def plan_of(self, run: wire.Run, start: RunStart) -> ExpectedSteps:
        """Return the plan of a run that is found on the robot; its analysis is read from the robot if necessary."""
        if start.protocol_identifier:
            parameters = Parameters(
                {name: str(value) for name, value in start.parameter_values.items()}, start.parameter_files
            )
            return self.plan(
                start.protocol_identifier, parameters, self._analyses.kept(start.protocol_identifier, parameters)
            )
        if not run.protocol_id:
            return ExpectedSteps()
        try:
            summaries = self._robot.protocol(run.protocol_id).analysis_summaries
            if not summaries or summaries[-1].status == "pending":
                return ExpectedSteps()
            analysis = self._robot.analysis(run.protocol_id, summaries[-1].id)
        except OT2Fault as fault:  # a run is followed without an estimate, too
            log.info("Nothing is known of the length of run %s: %s", run.id, fault)
            return ExpectedSteps()
        paces = self._archive.paces()
        return ExpectedSteps(model_steps(analysis.commands, paces), finish_s(paces), planned=planned_steps(analysis))

    def estimate_s(self, identifier: str, parameters: Parameters, analysis: wire.Analysis) -> float:
        """Return how long a run of this is expected to take, in seconds."""
        return float(sum(self.plan(identifier, parameters, analysis).steps_s))
