"""Requests about protocols, their analyses and data files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Any, NoReturn

from pydantic import TypeAdapter

from sila_ot2.errors import AnalysisFailed, AnalysisNotFound, Movement
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.files import UploadFile as UploadFile
from sila_ot2.robot.files import form_part
from sila_ot2.robot.legacy import by_sessions_on_release_4
from sila_ot2.robot.reachability import Reason, Unreachable
from sila_ot2.robot.transport import Request, parse

_PROTOCOLS = TypeAdapter(tuple[wire.Protocol, ...])
_ANALYSES = TypeAdapter(tuple[wire.Analysis, ...])
_SUMMARIES = TypeAdapter(tuple[wire.AnalysisSummary, ...])
_DATA_FILES = TypeAdapter(tuple[wire.DataFile, ...])
_RUN_FILES = TypeAdapter(tuple[wire.RunFile, ...])


class _WithAnalyses(wire.Wire):
    """A protocol of release 5: its analyses are inside."""

    analyses: tuple[wire.Analysis, ...] = ()


class _WithDocuments(wire.Wire):
    """The same, with each analysis as the robot writes it."""

    analyses: tuple[dict[str, Any], ...] = ()


class ProtocolRequests(Conversation):
    """Protocols, analyses and data files."""

    @by_sessions_on_release_4
    def upload_protocol(
        self,
        files: Iterable[UploadFile],
        *,
        key: str | None = None,
        parameter_values: Mapping[str, Any] | None = None,
        parameter_files: Mapping[str, str] | None = None,
    ) -> wire.Upload:
        """Send a protocol with its support files and custom labware definitions; the robot begins to analyze it.

        The robot keeps five unused protocols and drops the oldest without notice. Memory stays bounded: files are sent
        in pieces.

        Raises:
            ProtocolInvalid: the robot cannot read it; its own text is in the message.
            AnalysisPending: the same content is still being analyzed (7.3 and later).
            AnswerLost: it may be there. From 7.0 on the same content has the same identifier, so it may be sent again.
        """
        form: dict[str, str] = {}
        if key is not None:
            form["key"] = key
        if parameter_values:
            self.release.require(Ability.RUN_TIME_PARAMETERS)
            form["runTimeParameterValues"] = json.dumps(dict(parameter_values))
        if parameter_files:
            self.release.require(Ability.DATA_FILES)
            form["runTimeParameterFiles"] = json.dumps(dict(parameter_files))
        with ExitStack() as opened:
            parts = [form_part("files", file, opened) for file in files]
            request = Request(
                "POST", "/protocols", "take a protocol", self.transport.timeouts.upload_s, files=parts, form=form
            )
            answer = self.transport.send(request)
        return wire.Upload(parse(wire.Protocol, answer, request), was_present=answer.status == 200)

    @by_sessions_on_release_4
    def protocols(self) -> tuple[wire.Protocol, ...]:
        """List the protocols on the robot."""
        return self.transport.read(_PROTOCOLS, self.get("/protocols", "list its protocols"))

    @by_sessions_on_release_4
    def protocol(self, protocol_id: str) -> wire.Protocol:
        """Return a protocol.

        Raises:
            ProtocolNotFound: the robot never had it, or has dropped it.
        """
        return self.transport.read(
            wire.Protocol, self.get(f"/protocols/{protocol_id}", f"describe protocol {protocol_id}")
        )

    @by_sessions_on_release_4
    def delete_protocol(self, protocol_id: str) -> None:
        """Delete a protocol.

        Raises:
            ProtocolInUse: a run the robot keeps uses it (release 5 deletes it all the same).
        """
        self.transport.send(
            Request(
                "DELETE",
                f"/protocols/{protocol_id}",
                f"delete protocol {protocol_id}",
                self.transport.timeouts.change_s,
            )
        )

    @by_sessions_on_release_4
    def analyses(self, protocol_id: str) -> tuple[wire.Analysis, ...]:
        """Return the analyses of a protocol, newest last; with all their commands, so not a thing to poll.

        While one is pending its `status` says so; to wait for it, poll `protocol`.
        """
        if not self.release.can(Ability.ANALYSES):
            return self.transport.read(_WithAnalyses, self._analyses_inside(protocol_id)).analyses
        request = self.get(f"/protocols/{protocol_id}/analyses", f"list the analyses of protocol {protocol_id}")
        return self.transport.read(_ANALYSES, request)

    @by_sessions_on_release_4
    def analysis(self, protocol_id: str, analysis_id: str) -> wire.Analysis:
        """Return one analysis.

        Raises:
            AnalysisNotFound: the protocol has no such analysis.
        """
        if not self.release.can(Ability.ANALYSES):
            found = next((one for one in self.analyses(protocol_id) if one.id == analysis_id), None)
            return found or _no_analysis(protocol_id, analysis_id)
        return self.transport.read(wire.Analysis, self._analysis_request(protocol_id, analysis_id))

    @by_sessions_on_release_4
    def analysis_document(self, protocol_id: str, analysis_id: str) -> bytes:
        """Return one analysis as the robot's own JSON document.

        Raises:
            AnalysisNotFound: the protocol has no such analysis.
            AnalysisFailed: it is larger than this server reads.
        """
        try:
            return self._analysis_document(protocol_id, analysis_id)
        except Unreachable as lost:
            if lost.reason is not Reason.ANSWER_TOO_LARGE:
                raise
            raise AnalysisFailed(
                f"The analysis of protocol {protocol_id} is too large for this server: {lost.cause}",
                "Split the protocol, or run it without waiting for its analysis.",
                moved=Movement.NONE,
            ) from lost

    def _analysis_document(self, protocol_id: str, analysis_id: str) -> bytes:
        if not self.release.can(Ability.ANALYSES):
            documents = self.transport.read(_WithDocuments, self._analyses_inside(protocol_id)).analyses
            found = next((one for one in documents if one.get("id") == analysis_id), None)
            return json.dumps(found or _no_analysis(protocol_id, analysis_id)).encode()
        if not self.release.can(Ability.ANALYSIS_DOCUMENTS):
            request = self._analysis_request(protocol_id, analysis_id)
            return json.dumps(self.transport.read(dict[str, Any], request)).encode()
        path = f"/protocols/{protocol_id}/analyses/{analysis_id}/asDocument"
        return self.transport.ask(self.get(path, f"hand out analysis {analysis_id}")).content

    def start_analysis(
        self,
        protocol_id: str,
        *,
        parameter_values: Mapping[str, Any] | None = None,
        parameter_files: Mapping[str, str] | None = None,
        force: bool = False,
    ) -> tuple[wire.AnalysisSummary, ...]:
        """Analyze a protocol again with other parameters; returns its analyses, the newest last.

        Args:
            protocol_id: a protocol on the robot.
            parameter_values: run-time parameter values by variable name.
            parameter_files: data file ids by variable name.
            force: also if there is an analysis with the same parameters.

        Raises:
            AnalysisPending: the last analysis has not finished.
            DataFileNotFound: the robot does not have the file.
            UnsupportedByRobot: before release 7.3.
        """
        self.release.require(Ability.REANALYSIS)
        data: dict[str, Any] = {"forceReAnalyze": force}
        if parameter_values:
            data["runTimeParameterValues"] = dict(parameter_values)
        if parameter_files:
            self.release.require(Ability.DATA_FILES)
            data["runTimeParameterFiles"] = dict(parameter_files)
        request = Request(
            "POST",
            f"/protocols/{protocol_id}/analyses",
            f"analyze protocol {protocol_id}",
            self.transport.timeouts.change_s,
            json={"data": data},
        )
        return self.transport.read(_SUMMARIES, request)

    def upload_data_file(self, file: UploadFile) -> wire.DataFile:
        """Send a CSV file; the same content has the same identifier. At most 2 MB (the robot's web server).

        Raises:
            DataFileTooLarge: the robot's web server does not take it.
            UnsupportedByRobot: before release 8.0.
        """
        self.release.require(Ability.DATA_FILES)
        with ExitStack() as opened:
            parts = [form_part("file", file, opened)]
            request = Request(
                "POST", "/dataFiles", f"take the data file {file.name}", self.transport.timeouts.upload_s, files=parts
            )
            return self.transport.read(wire.DataFile, request)

    def data_files(self) -> tuple[wire.DataFile, ...]:
        """List the data files on the robot; it keeps 50.

        Raises:
            UnsupportedByRobot: before release 8.0.
        """
        self.release.require(Ability.DATA_FILES)
        return self.transport.read(_DATA_FILES, self.get("/dataFiles", "list its data files"))

    def run_files(self, run_id: str) -> tuple[wire.RunFile, ...]:
        """List the files that the robot keeps of a run, those that its parameters took first.

        Raises:
            UnsupportedByRobot: before release 8.8.
            RunNotFound: the robot has no such run.
        """
        self.release.require(Ability.RUN_PICTURES)
        request = self.get(f"/dataFiles/{run_id}/all", f"list the files of run {run_id}")
        return self.transport.read(_RUN_FILES, request)

    def run_file(self, file_id: str) -> bytes:
        """Return the content of a file of any kind."""
        timeout_s = self.transport.timeouts.long_s
        return self.transport.ask(Request("GET", f"/dataFiles/{file_id}/download", "send a file", timeout_s)).content

    def _analysis_request(self, protocol_id: str, analysis_id: str) -> Request:
        path = f"/protocols/{protocol_id}/analyses/{analysis_id}"
        return self.get(path, f"describe analysis {analysis_id} of protocol {protocol_id}")

    def _analyses_inside(self, protocol_id: str) -> Request:
        return self.get(f"/protocols/{protocol_id}", f"list the analyses of protocol {protocol_id}")


def _no_analysis(protocol_id: str, analysis_id: str) -> NoReturn:
    raise AnalysisNotFound(f"Protocol {protocol_id} has no analysis {analysis_id}.", "Analyze the protocol again.")
