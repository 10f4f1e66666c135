"""The feature ProtocolService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.analyses import Analyses, Parameters
from sila_ot2.driver.protocol_files import GivenFile
from sila_ot2.driver.protocols import Protocols
from sila_ot2.driver.run_plans import RunPlans
from sila_ot2.generated.protocol_service import (
    Analysis,
    ParameterValue,
    ProtocolServiceBase,
    ProtocolSummary,
    SupportFile,
    UploadProtocolResponses,
)
from sila_ot2.implementations.protocol_words import analysis_of, summary_of
from sila_ot2.sila import Execution, ObservableProperty


class ProtocolService(ProtocolServiceBase):
    """Protocols, and what the robot finds in them."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"AnalyzeProtocol"})

    def __init__(self, protocols: Protocols, analyses: Analyses, plans: RunPlans) -> None:
        self._protocols = protocols
        self._analyses = analyses
        self._plans = plans
        self.Protocols: ObservableProperty[list[ProtocolSummary]] = ObservableProperty([])
        protocols.entries.subscribe(lambda entries: self.Protocols.set([summary_of(entry) for entry in entries]))

    def UploadProtocol(
        self,
        FileName: str,
        Content: bytes,
        SupportFiles: list[SupportFile],
        LabwareDefinitions: list[bytes],
        ProtocolKey: str,
        *,
        execution: Execution,
    ) -> UploadProtocolResponses:
        """Take a protocol into the library."""
        stored, was_present = self._protocols.upload(
            GivenFile(FileName, Content),
            support=[GivenFile(file.FileName, file.Content) for file in SupportFiles],
            labware=LabwareDefinitions,
            key=ProtocolKey,
            cancelled=execution.cancelled,
        )
        return UploadProtocolResponses(stored.identifier, stored.content_hash, was_present)

    def AnalyzeProtocol(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        AnalysisTimeout: float,
        *,
        execution: Execution,
    ) -> Analysis:
        """Let the robot simulate a protocol."""
        parameters = Parameters({parameter.Name: parameter.Value for parameter in ParameterValues})
        said = self._analyses.analyse(
            ProtocolIdentifier,
            parameters,
            timeout_s=AnalysisTimeout,
            cancelled=execution.cancelled,
            elapsed=execution.send_intermediate,
        )
        return analysis_of(
            said,
            estimated_s=self._plans.estimate_s(ProtocolIdentifier, parameters, said),
            api_level=self._protocols.require(ProtocolIdentifier).api_level,
        )
