"""What a run needs before it is created: its protocol, analysis, parameters and offsets, checked and on the robot."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.offsets.offset_choice import OffsetChoice
from sila_ot2.driver.deck.offsets.offsets import Offsets, require_effect
from sila_ot2.driver.protocols.analyses import Analyses, CheckedParameters, Parameters, faults_text
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.starting_tip import asks_for_next_tip, with_next_tip, without
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import AnalysisFailed, AnalysisTimedOut, ProtocolInvalid
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunStart

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckedRun:
    """A specification that fits its protocol."""

    specification: RunSpecification
    protocol_name: str
    analysis: wire.Analysis | None
    """None: the robot did not analyze the protocol in time."""
    parameters: CheckedParameters


@dataclass(frozen=True)
class PreparedRun:
    """Everything a run is created with."""

    robot_protocol_id: str
    offsets: OffsetChoice
    steps: ExpectedSteps


class RunPreparation:
    """One per robot; nothing here moves it."""

    def __init__(
        self,
        robot: RobotClient,
        protocols: Protocols,
        analyses: Analyses,
        estimates: RunEstimates,
        offsets: Offsets,
        stock: TipStock,
        *,
        analysis_wait_s: float,
    ) -> None:
        """Connect it to the parts of the same robot.

        A run waits `analysis_wait_s` for its protocol's analysis, then it starts without.
        """
        self._robot = robot
        self._protocols = protocols
        self._analyses = analyses
        self._estimates = estimates
        self._offsets = offsets
        self._stock = stock
        self._analysis_wait_s = analysis_wait_s

    def require_protocol(self, specification: RunSpecification) -> None:
        """Return if this server has the protocol.

        Raises:
            ProtocolNotFound: it does not.
        """
        self._protocols.require(specification.protocol_identifier)

    def check(self, specification: RunSpecification, cancelled: Cancellation | None) -> CheckedRun:
        """Check parameters and offsets against the protocol's analysis; waits for the analysis if there is none yet.

        Raises:
            ProtocolInvalid: the robot's analysis found faults; its own text is in the message.
            ParameterUnknown, ParameterInvalid, DataFileNotFound: before anything was sent.
            LabwareOffsetInvalid: an offset would have no effect.
            UnsupportedByRobot: the robot's release takes no offsets.
            NoTipAvailable: a parameter is to get the next unused tip, and there is none.
        """
        stored = self._protocols.require(specification.protocol_identifier)
        specification = self._from_next_tip(specification, stored.name, cancelled)
        analysis = self._analysis(specification, stored.name, cancelled)
        if specification.offsets:
            self._robot.release.require(Ability.LABWARE_OFFSETS)
        if analysis is not None:
            require_effect(specification.offsets, analysis)
        parameters = self._analyses.check(specification.protocol_identifier, specification.parameters, analysis)
        return CheckedRun(specification, stored.name, analysis, parameters)

    def prepare(self, checked: CheckedRun, cancelled: Cancellation | None) -> PreparedRun:
        """Choose the offsets, estimate the steps, and bring the protocol to the robot."""
        specification, analysis = checked.specification, checked.analysis
        offsets = self._offsets.for_run(
            specification.offsets, use_stored=specification.use_stored_offsets, analysis=analysis
        )
        if offsets.applied:
            self._robot.release.require(Ability.LABWARE_OFFSETS)
        self._offsets.keep_given(specification.offsets)
        steps = self._estimates.plan(specification.protocol_identifier, specification.parameters, analysis)
        robot_protocol_id = self._protocols.on_robot(specification.protocol_identifier, cancelled).id
        return PreparedRun(robot_protocol_id, offsets, steps)

    def analysis_of(self, start: RunStart) -> wire.Analysis | None:
        """Return the analysis of a run that was created, as far as it is kept."""
        values = {name: str(value) for name, value in start.parameter_values.items()}
        return self._analyses.kept(start.protocol_identifier, Parameters(values, start.parameter_files))

    def _from_next_tip(
        self, specification: RunSpecification, name: str, cancelled: Cancellation | None
    ) -> RunSpecification:
        """Return the specification with the place of the next unused tip for the parameters that are to get it."""
        names = asks_for_next_tip(specification.parameters)
        if not names:
            return specification
        others = replace(specification, parameters=without(specification.parameters, names))
        analysis = self._analysis(others, name, cancelled)
        parameters = with_next_tip(specification.parameters, names, analysis, self._stock.racks.value)
        return replace(specification, parameters=parameters)

    def _analysis(
        self, specification: RunSpecification, name: str, cancelled: Cancellation | None
    ) -> wire.Analysis | None:
        """Return the analysis for these parameters; None if it does not end in time: the run then starts without.

        Raises:
            ProtocolInvalid: the robot found faults in the protocol of this name.
        """
        analysis = self._newest_analysis(specification, cancelled)
        if analysis is not None and analysis.result == "not-ok":
            raise ProtocolInvalid(
                f"The robot found faults in {name}: {faults_text(analysis)}.",
                "Correct the protocol, then upload it again.",
            )
        return analysis

    def _newest_analysis(self, specification: RunSpecification, cancelled: Cancellation | None) -> wire.Analysis | None:
        kept = self._analyses.kept(specification.protocol_identifier, specification.parameters)
        if kept is not None and kept.result == "ok":
            return kept
        try:
            return self._analyses.analyze(
                specification.protocol_identifier,
                specification.parameters,
                timeout_s=self._analysis_wait_s,
                cancelled=cancelled,
            )
        except (AnalysisTimedOut, AnalysisFailed) as slow:
            log.warning(
                "The run of protocol %s starts without an analysis: %s", specification.protocol_identifier, slow
            )
            return None
