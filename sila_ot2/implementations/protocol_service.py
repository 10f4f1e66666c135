"""The feature ProtocolService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.protocols.analyses import Analyses
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.files import GivenFile
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.generated.protocol_service import (
    Analysis,
    ApiLevelRange,
    DataFile,
    ParameterFile,
    ParameterValue,
    ProtocolServiceBase,
    ProtocolSummary,
    SupportFile,
    UploadProtocolResponses,
)
from sila_ot2.implementations.protocol_mapping import analysis_of, data_file_of, summary_of
from sila_ot2.implementations.run_mapping import parameters_of
from sila_ot2.sila import Call, Execution, ObservableProperty


class ProtocolService(ProtocolServiceBase):
    """Protocols, and what the robot finds in them."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset(
        {"AnalyzeProtocol", "RetrieveProtocolFile", "RetrieveAnalysisDocument"}
    )

    def __init__(
        self, protocols: Protocols, data_files: DataFiles, analyses: Analyses, estimates: RunEstimates
    ) -> None:
        self._protocols = protocols
        self._data_files = data_files
        self._analyses = analyses
        self._estimates = estimates
        self.Protocols: ObservableProperty[list[ProtocolSummary]] = ObservableProperty([])
        protocols.entries.subscribe(lambda entries: self.Protocols.set([summary_of(entry) for entry in entries]))
        self.DataFiles: ObservableProperty[list[DataFile]] = ObservableProperty([])
        data_files.files.subscribe(lambda files: self.DataFiles.set([data_file_of(file) for file in files]))

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
        ParameterFiles: list[ParameterFile],
        AnalysisTimeout: float,
        *,
        execution: Execution,
    ) -> Analysis:
        """Let the robot simulate a protocol."""
        parameters = parameters_of(ParameterValues, ParameterFiles)
        analysis = self._analyses.analyze(
            ProtocolIdentifier,
            parameters,
            timeout_s=AnalysisTimeout,
            cancelled=execution.cancelled,
            elapsed=execution.send_intermediate,
        )
        return analysis_of(
            analysis,
            estimated_s=self._estimates.estimate_s(ProtocolIdentifier, parameters, analysis),
            api_level=self._protocols.require(ProtocolIdentifier).api_level,
        )

    def DeleteProtocol(self, ProtocolIdentifier: str, *, call: Call) -> None:
        """Delete a protocol."""
        self._protocols.delete(ProtocolIdentifier)

    def RetrieveProtocolFile(self, ProtocolIdentifier: str, FileName: str, *, call: Call) -> bytes:
        """Return a file of a protocol."""
        return self._protocols.read_file(ProtocolIdentifier, FileName)

    def UploadDataFile(self, FileName: str, Content: bytes, *, call: Call) -> str:
        """Keep a CSV file."""
        return self._data_files.upload(FileName, Content).identifier

    def DeleteDataFile(self, DataFileIdentifier: str, *, call: Call) -> None:
        """Delete a CSV file."""
        self._data_files.delete(DataFileIdentifier)

    def RetrieveAnalysisDocument(self, ProtocolIdentifier: str, AnalysisIdentifier: str, *, call: Call) -> bytes:
        """Return the robot's own document of an analysis."""
        return self._analyses.document(ProtocolIdentifier, AnalysisIdentifier)

    def SupportedApiLevelRange(self, *, call: Call) -> ApiLevelRange:
        """Return which protocols the robot runs."""
        return ApiLevelRange(*self._protocols.api_levels())
