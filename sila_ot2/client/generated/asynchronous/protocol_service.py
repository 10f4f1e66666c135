"""The feature ProtocolService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty, AsyncProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.protocol_service import (
    ANALYZE_PROTOCOL,
    DATA_FILES,
    DELETE_DATA_FILE,
    DELETE_PROTOCOL,
    PROTOCOLS,
    RETRIEVE_ANALYSIS_DOCUMENT,
    RETRIEVE_PROTOCOL_FILE,
    SUPPORTED_API_LEVEL_RANGE,
    UPLOAD_DATA_FILE,
    UPLOAD_PROTOCOL,
    Analysis,
    ApiLevelRange,
    DataFile,
    ParameterFile,
    ParameterValue,
    ProtocolSummary,
    SupportFile,
    UploadProtocolResponses,
)


class AsyncProtocolService(Feature[AsyncLink]):
    """Receives protocols, keeps them, and has the robot analyze them. A protocol is uploaded as bytes. From then on it
    is identified by an identifier that this server assigns; no command takes a path on a disk. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/ProtocolService/v1"

    async def upload_protocol(
        self,
        file_name: str,
        content: bytes,
        *,
        support_files: Sequence[SupportFile] = (),
        labware_definitions: Sequence[bytes] = (),
        protocol_key: str | None = None,
    ) -> AsyncExecution[UploadProtocolResponses, None]:
        """Takes a protocol with all its files, checks it, and keeps it. Uploading the same content again returns the
        same identifier and sends nothing. The command takes from a second to a few minutes, depending on size and
        network. Cancel stops it: a protocol that is not kept yet is discarded. If the robot has already accepted
        it, it remains there without effect.

        Args:
            file_name: The name of the main file, ending in .py for Python, .json for JSON, or .zip for an archive
                of all files. Only the last part of a path is used.
            content: The bytes of the main file, or of the archive.
            support_files: Further files that the protocol needs: data files (.csv, .txt) and labware definitions
                (.json); on robot releases 4.x any files.
            labware_definitions: Custom labware that the protocol loads, one Opentrons labware definition (JSON)
                each.
            protocol_key: A text, chosen by the client, that is kept with the protocol, for example an order number.
                If the same content was uploaded before, this key replaces the one it had. None means none, or
                leaves the key that the protocol has.

        The result of the execution:
            protocol_identifier: The identifier of the protocol on this server. It stays valid until Delete
                Protocol, also when the robot has forgotten the protocol in the meantime.
            content_hash: The SHA-256 hash of all the files, in hexadecimal digits.
            already_present: True if the same content was already there, so that nothing was sent.

        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty, UnsupportedByRobot.
        """
        return await AsyncExecution.start(
            self._link,
            UPLOAD_PROTOCOL,
            (
                file_name,
                content,
                support_files,
                labware_definitions,
                "" if protocol_key is None else protocol_key,
            ),
        )

    async def analyze_protocol(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        analysis_timeout: float | None = None,
    ) -> AsyncExecution[Analysis, float]:
        """Has the robot simulate the protocol without moving anything, and returns what the robot found. A protocol
        with errors does not end the command with an error: its Result is NotOk, and its Errors name the lines. The
        command takes from a second to several minutes, and works while a run is active. If the robot is still
        analyzing the same protocol, the command waits for that analysis first. Cancel ends the wait at once; the
        robot may still finish the analysis.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            analysis_timeout: How long to wait for the analysis. In s, at least 0, at most 86400. None means the
                default of this server, which is five minutes unless configured otherwise.

        The result of the execution:
            analysis: What the robot found.

        Errors: ProtocolNotFound, AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, CommandCancelled, ProtocolInvalid,
        RobotFaulty, StorageFull.
        """
        return await AsyncExecution.start(
            self._link,
            ANALYZE_PROTOCOL,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                0.0 if analysis_timeout is None else analysis_timeout,
            ),
        )

    async def delete_protocol(self, protocol_identifier: str) -> None:
        """Deletes a protocol with its files and analyses from this server, and from the robot if it is there and no
        run of the robot uses it. Records of finished runs are kept. The command answers at once and moves nothing;
        it also works while the robot cannot be reached; the robot then deletes the protocol itself at some later
        time.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.

        Errors: ProtocolNotFound, ProtocolInUse, RobotFaulty, StorageFull.
        """
        await self._link.command(DELETE_PROTOCOL, (protocol_identifier,))

    async def retrieve_protocol_file(self, protocol_identifier: str, *, file_name: str | None = None) -> bytes:
        """Returns one file of a protocol as it was uploaded. It is read from the disk of this server, so the robot
        does not have to be reachable. The command answers at once.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            file_name: The name of the file, as it was given at the upload. None means the main file.

        Returns:
            content: The bytes of the file.

        Errors: ProtocolNotFound, FileNotFound.
        """
        return await self._link.command(
            RETRIEVE_PROTOCOL_FILE,
            (
                protocol_identifier,
                "" if file_name is None else file_name,
            ),
        )

    async def upload_data_file(self, file_name: str, content: bytes) -> str:
        """Takes a CSV file for use as a run-time parameter, and keeps it. Uploading the same content again returns the
        same identifier. The file is sent to the robot when a protocol is analyzed or run with it. The command
        answers at once.

        Args:
            file_name: The name of the file, ending in .csv. Only the last part of a path is used.
            content: The bytes of the file: text in UTF-8, at most 2 megabytes. A byte order mark, which Excel
                writes, is removed.

        Returns:
            data_file_identifier: The identifier of the data file on this server. It stays valid until Delete Data
                File.

        Errors: DataFileInvalid, DataFileTooLarge, StorageFull.
        """
        return await self._link.command(
            UPLOAD_DATA_FILE,
            (
                file_name,
                content,
            ),
        )

    async def delete_data_file(self, data_file_identifier: str) -> None:
        """Deletes a data file from this server. A copy on the robot stays there until the robot deletes it. The
        command answers at once and moves nothing.

        Args:
            data_file_identifier: The identifier that Upload Data File returned.

        Errors: DataFileNotFound, DataFileInUse, StorageFull.
        """
        await self._link.command(DELETE_DATA_FILE, (data_file_identifier,))

    async def retrieve_analysis_document(
        self, protocol_identifier: str, *, analysis_identifier: str | None = None
    ) -> bytes:
        """Returns a completed analysis as the JSON document that the robot wrote, with every command of the simulated
        run. It is read from the disk of this server, so the robot does not have to be reachable. The command
        answers within about a second.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            analysis_identifier: The identifier in the result of Analyze Protocol. None means the latest analysis.

        Returns:
            document: The analysis, as the robot wrote it.

        Errors: ProtocolNotFound, AnalysisNotFound.
        """
        return await self._link.command(
            RETRIEVE_ANALYSIS_DOCUMENT,
            (
                protocol_identifier,
                "" if analysis_identifier is None else analysis_identifier,
            ),
        )

    @property
    def protocols(self) -> AsyncObservableProperty[list[ProtocolSummary]]:
        """The protocols that this server keeps, oldest first. Protocols that other clients put on the robot are not
        listed.
        """
        return AsyncObservableProperty(self._link, PROTOCOLS)

    @property
    def data_files(self) -> AsyncObservableProperty[list[DataFile]]:
        """The data files that this server keeps, oldest first."""
        return AsyncObservableProperty(self._link, DATA_FILES)

    @property
    def supported_api_level_range(self) -> AsyncProperty[ApiLevelRange]:
        """The range of protocol API levels that the robot supports, as it last reported."""
        return AsyncProperty(self._link, SUPPORTED_API_LEVEL_RANGE)
