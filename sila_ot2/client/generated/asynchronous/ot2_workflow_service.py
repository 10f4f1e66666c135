"""The feature OT2WorkflowService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_workflow_service import (
    ANSWER_ERROR,
    EXECUTE_WORKLIST_TEXT,
    POLLED_DEVICE_STATUS,
    POLLED_OPERATOR_PROMPT,
    POLLED_RECOVERABLE_ERRORS,
    POLLED_RUN_STATUS,
    RETRIEVE_RUN_RESULT,
    RETRIEVE_UNFINISHED_RUN_WORK,
    RETRIEVE_UNFINISHED_WORK,
    RUN_PROTOCOL_TEXT,
    RUN_STORED_PROTOCOL,
    UPLOAD_DATA_TEXT,
    UPLOAD_PROTOCOL_TEXT,
    ExecuteWorklistTextResponses,
    PolledDeviceStatus,
    PolledRunStatus,
    RetrieveRunResultResponses,
    RetrieveUnfinishedRunWorkResponses,
    RetrieveUnfinishedWorkResponses,
    RunProtocolTextResponses,
    RunStoredProtocolResponses,
    UploadProtocolTextResponses,
)


class AsyncOT2WorkflowService(Feature[AsyncLink]):
    """Runs protocols with commands that take only texts and return only texts and numbers, for workflow tools that
    cannot send structures, files, or metadata. Each command is one step of a workflow and ends when that step has
    ended. It does what the features Protocol Service and Run Controller do in several calls. Commands that move the
    robot are refused as not accepted while another command of this server moves it.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1"

    async def upload_protocol_text(
        self, file_name: str, protocol_text: str
    ) -> AsyncExecution[UploadProtocolTextResponses, None]:
        """Takes a protocol as one text, checks it, and keeps it, like Upload Protocol of the feature Protocol Service.
        Uploading the same text again returns the same identifier and sends nothing. Nothing moves. The command
        takes from a second to a few minutes. Cancel stops it: a protocol that is not kept yet is discarded.

        Args:
            file_name: The name of the file, ending in .py for Python or .json for JSON. Only the last part of a
                path is used.
            protocol_text: The whole text of the protocol.

        The result of the execution:
            protocol_identifier: The identifier of the protocol on this server.
            protocol_name: The name under which Run Stored Protocol finds it: the name in the metadata of the
                protocol, or else the name of the file.

        Errors: ProtocolInvalid, RobotTypeMismatch, ProtocolTooLarge, StorageFull, RobotRejected, RobotUnreachable,
        CommandCancelled, RobotFaulty, UnsupportedByRobot.
        """
        return await AsyncExecution.start(
            self._link,
            UPLOAD_PROTOCOL_TEXT,
            (
                file_name,
                protocol_text,
            ),
        )

    async def upload_data_text(self, file_name: str, data_text: str) -> str:
        """Takes a CSV file as one text, for use as a run-time parameter, and keeps it, like Upload Data File of the
        feature Protocol Service. Uploading the same text again returns the same identifier. The command answers at
        once.

        Args:
            file_name: The name of the file, ending in .csv. Only the last part of a path is used.
            data_text: The whole text of the file.

        Returns:
            data_file_identifier: The identifier of the data file on this server.

        Errors: DataFileInvalid, DataFileTooLarge, StorageFull.
        """
        return await self._link.command(
            UPLOAD_DATA_TEXT,
            (
                file_name,
                data_text,
            ),
        )

    async def run_protocol_text(
        self,
        file_name: str,
        protocol_text: str,
        *,
        parameter_values_text: str | None = None,
        parameter_files_text: str | None = None,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> AsyncExecution[RunProtocolTextResponses, None]:
        """Uploads a protocol as one text, analyzes it, and runs it from beginning to end, in one call. A protocol with
        errors is refused before anything moves. The command lasts until the run has ended; it continues while no
        client is connected. Cancel stops the run like Stop Run of the feature Run Controller, and Pause of the
        feature Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Args:
            file_name: The name of the file, ending in .py for Python or .json for JSON. Only the last part of a
                path is used.
            protocol_text: The whole text of the protocol.
            parameter_values_text: Values for run-time parameters of the protocol, one NAME=VALUE in each line, for
                example samples=8. A parameter that is not named keeps its default. Spaces around names and values
                are ignored. None means that all keep their defaults.
            parameter_files_text: Data files for the CSV parameters of the protocol, one NAME=FILE in each line. A
                file is named by its identifier or by the name under which it was uploaded. None means none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its result if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_identifier: The run.
            result: How the run ended. A run that failed or was stopped ends the command with an error instead.
            completed_commands: How many of the robot's commands were carried out.
            duration: How long the run took, including pauses. In s.

        Errors: ProtocolInvalid, RobotTypeMismatch, ProtocolTooLarge, StorageFull, NameAmbiguous, ParameterUnknown,
        ParameterInvalid, DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive,
        NotReconciled, OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, DeckUnsafe, PipetteMissing,
        ModuleMissing, DeckMismatch, NoTipAvailable, CameraDisabled, CalibrationMissing, RunFailed, RunStopped,
        RobotRestarted, RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut,
        RobotFaulty, RunActionNotAllowed, RunNotFound, StopTimedOut, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_PROTOCOL_TEXT,
            (
                file_name,
                protocol_text,
                "" if parameter_values_text is None else parameter_values_text,
                "" if parameter_files_text is None else parameter_files_text,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    async def run_stored_protocol(
        self,
        protocol_name: str,
        *,
        parameter_values_text: str | None = None,
        parameter_files_text: str | None = None,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> AsyncExecution[RunStoredProtocolResponses, None]:
        """Runs a protocol that this server keeps, from beginning to end. The command lasts until the run has ended; it
        continues while no client is connected. Cancel stops the run like Stop Run of the feature Run Controller,
        and Pause of the feature Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Args:
            protocol_name: The name of the protocol, the name of its main file, or its identifier. A name that
                several protocols have is refused. A repeated call with the same Request Key means the protocol of
                the first call, even if that protocol was deleted since, provided that it is given by its own name
                or its identifier.
            parameter_values_text: Values for run-time parameters of the protocol, one NAME=VALUE in each line, for
                example samples=8. A parameter that is not named keeps its default. Spaces around names and values
                are ignored. None means that all keep their defaults.
            parameter_files_text: Data files for the CSV parameters of the protocol, one NAME=FILE in each line. A
                file is named by its identifier or by the name under which it was uploaded. None means none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its result if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_identifier: The run.
            result: How the run ended. A run that failed or was stopped ends the command with an error instead.
            completed_commands: How many of the robot's commands were carried out.
            duration: How long the run took, including pauses. In s.

        Errors: ProtocolNotFound, NameAmbiguous, ProtocolInvalid, ParameterUnknown, ParameterInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, DeckUnsafe, PipetteMissing, ModuleMissing,
        DeckMismatch, NoTipAvailable, CameraDisabled, CalibrationMissing, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_STORED_PROTOCOL,
            (
                protocol_name,
                "" if parameter_values_text is None else parameter_values_text,
                "" if parameter_files_text is None else parameter_files_text,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    async def execute_worklist_text(
        self, worklist_text: str, *, request_key: str | None = None
    ) -> AsyncExecution[ExecuteWorklistTextResponses, None]:
        """Executes a worklist, given as one text, as a queued run, like Execute Worklist of the feature Atomic Liquid
        Handling. Load the labware first with Load Labware of that feature. The whole list is checked before
        anything moves. The command lasts until the run has ended. Cancel stops the run, and Pause of the feature
        Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Args:
            worklist_text: The steps as a CSV table, whose first row names the columns: Command, and the parameters
                of the commands. Labware may be named by its slot.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without executing the worklist twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its result if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_identifier: The run.
            result: How the run ended. A run that failed or was stopped ends the command with an error instead.
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many times tips were picked up.
            duration: How long the run took, including pauses. In s.

        Errors: ParameterInvalid, LiquidClassUnknown, WorklistInvalid, PipetteMissing, TipNotAttached,
        TipAlreadyAttached, DeckMismatch, NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid,
        LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RunFailed, RunStopped, RobotChanged, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, ModuleMissing, ModuleNotLoaded,
        ModuleAmbiguous, TargetNotSet, TargetOutOfRange, TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            EXECUTE_WORKLIST_TEXT,
            (
                worklist_text,
                "" if request_key is None else request_key,
            ),
        )

    async def retrieve_run_result(self, *, run_identifier: str | None = None) -> RetrieveRunResultResponses:
        """Reports how a run ended, or that it has not ended. It works at any time, also after a restart of this
        server. The command answers at once.

        Args:
            run_identifier: The run. None means the current run or, if none is current, the one that ended last.

        Returns:
            run_identifier: The run.
            result: How the run has ended.
            explanation: Why the run did not succeed, with the robot's own text if there is one. It is empty if the
                run succeeded or has not ended.
            failed_step: The robot's command that failed. It is empty if none failed.
            label: The label that the run was started with.
            completed_commands: How many of the robot's commands have been carried out.
            duration: How long the run took, including pauses; zero if it has not ended. In s.

        Errors: RunNotFound.
        """
        return await self._link.command(RETRIEVE_RUN_RESULT, ("" if run_identifier is None else run_identifier,))

    async def retrieve_unfinished_work(self) -> RetrieveUnfinishedWorkResponses:
        """Reports how far the last Transfer, Distribute, Consolidate or worklist came that has begun anything: what
        was dispensed into which wells, which tips were used, what is in doubt, and the worklist of the rows that
        were not begun. What was begun and is not known to have ended as it should is in doubt; it is never in the
        worklist. It works at any time, also after a restart of this server. The command answers at once, and
        nothing moves.

        Returns:
            outcome: How the command ended. AtWork: it has not ended. Unknown: it is not known what the robot did.
                Interrupted: this server ended meanwhile, so that it is not known how far the command came. Nothing:
                there was no such command.
            report: A JSON object: the command, its error, its run if it was a queued run; how many movements of the
                robot are done, in doubt and not begun, and which are in doubt; by well what each tip has drawn and
                dispensed, in microliters without air; the tips; the lines of the worklist that are done, in doubt
                and not begun. What is in doubt counts for no well, and its tips count as used.
            remaining_worklist: The rows of the worklist after the last one of which anything was begun, in its own
                format with its own first row. It is empty if there are none, if the command was no worklist, or if
                it is not known how far the command came. Look at the deck and the report before you execute it.
        """
        return await self._link.command(RETRIEVE_UNFINISHED_WORK, ())

    async def retrieve_unfinished_run_work(
        self, *, run_identifier: str | None = None
    ) -> RetrieveUnfinishedRunWorkResponses:
        """Reports how far a run of a protocol came that has ended, and lists the commands of the protocol that it has
        not begun. The commands of the run are compared with those of its analysis. What was begun is never in the
        list; what was begun and is not known to have ended as it should is in doubt. The list is for people: it is
        not a worklist, because nobody can tell whether deck, tips and liquids are still as the protocol expects. It
        works at any time, also after a restart of this server. Nothing moves.

        Args:
            run_identifier: The run. None means the current run or, if that is not a run of a protocol, the run of a
                protocol that ended last.

        Returns:
            run_identifier: The run.
            result: How the run has ended; NotEnded: this server does not know that it has.
            report: A JSON object: how many commands the protocol has, how many are done and how many were not
                begun; which are in doubt; which commands clients have added to the run that may have changed tips,
                wells or labware; what was carried out since. If it is not known what is left, its member unknown
                says why.
            commands_not_begun: The commands of the protocol that were not begun, at most the first 10,000, as CSV:
                number in the protocol from 1, command type of the robot, text, mount, labware definition, slot,
                well, volume in µL. The slot is where the labware stands before the command, if everything before
                was carried out as in the protocol. The list is empty if nothing is left or it is not known what is.
                What a tip held when the run ended is gone with it: the first commands may belong to a tip load that
                was begun before. Look at the deck.
            carried_out_since: What has used tips or wells since the run has ended, or may have, one in each line,
                with the time at which it was noticed: sessions, worklists and runs of any client, and times in
                which the robot was not followed (a restart of this server, lost contact, work with the Opentrons
                App). Commands of the list may be done by it. Empty: nothing has; or the run is not known to have
                ended.

        Errors: RunNotFound.
        """
        return await self._link.command(
            RETRIEVE_UNFINISHED_RUN_WORK, ("" if run_identifier is None else run_identifier,)
        )

    async def answer_error(self, command_execution_uuid: str, option_identifier: str) -> None:
        """Executes one of the options of a recoverable error, like Execute Continuation Option of the standard feature
        Error Recovery Service. If the option resumes a run, the command answers when the run is running; any other
        option is only started. The property Polled Recoverable Errors lists the errors with their options. An
        option fits one error only: a repeated call never answers what the execution waits for next.

        Args:
            command_execution_uuid: The command execution that has the error.
            option_identifier: The identifier of one of the options of the error, with the number at its end.

        Errors: InvalidCommandExecutionUUID, UnknownContinuationOption, RunNotFound, RunActionNotAllowed, RobotBusy,
        SafetyStopActive, DoorOpen, RobotUnreachable, RobotRejected, OutcomeUnknown, RobotChanged, RobotFaulty,
        StorageFull.
        """
        await self._link.command(
            ANSWER_ERROR,
            (
                command_execution_uuid,
                option_identifier,
            ),
        )

    @property
    def polled_device_status(self) -> AsyncProperty[PolledDeviceStatus]:
        """The property Device Status of the feature OT2 Status Provider, for tools that cannot subscribe."""
        return AsyncProperty(self._link, POLLED_DEVICE_STATUS)

    @property
    def polled_run_status(self) -> AsyncProperty[PolledRunStatus]:
        """The property Run Status of the feature Run Controller, for tools that cannot subscribe."""
        return AsyncProperty(self._link, POLLED_RUN_STATUS)

    @property
    def polled_operator_prompt(self) -> AsyncProperty[str]:
        """The property Operator Prompt of the feature Run Controller, for tools that cannot subscribe."""
        return AsyncProperty(self._link, POLLED_OPERATOR_PROMPT)

    @property
    def polled_recoverable_errors(self) -> AsyncProperty[str]:
        """The property Recoverable Errors of the standard feature Error Recovery Service, for tools that cannot
        subscribe: one line for each error, empty if there is none. A line has four parts with a tab between them:
        the command execution UUID, the identifier of the error, the identifiers of its options with commas between
        them, and the message.
        """
        return AsyncProperty(self._link, POLLED_RECOVERABLE_ERRORS)
