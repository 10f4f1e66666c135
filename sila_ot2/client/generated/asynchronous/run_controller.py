"""The feature RunController for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.run_controller import (
    ATTACH_TO_RUN,
    CREATE_RUN,
    CURRENT_RUN,
    DELETE_RUN,
    LIST_RUN_FILES,
    NEXT_STEPS,
    OPERATOR_PROMPT,
    PAUSE_RUN,
    RELEASE_RUN,
    RESUME_RUN,
    RETRIEVE_DECK_USE,
    RETRIEVE_RUN_FILE,
    RETRIEVE_RUN_LOG,
    RETRIEVE_RUN_PACKAGE,
    RUN_HISTORY,
    RUN_PROTOCOL,
    RUN_STATUS,
    RUN_UPLOADED_FILE,
    START_PERMISSION,
    START_RUN,
    STOP_RUN,
    CompletedRun,
    Format,
    LabwareOffset,
    ParameterFile,
    ParameterValue,
    Permission,
    RetrieveDeckUseResponses,
    RunFile,
    RunProgress,
    RunStatus,
    RunSummary,
    StopRunResponses,
    SupportFile,
)


class AsyncRunController(Feature[AsyncLink]):
    """Runs protocols on the robot and watches, pauses, resumes, and stops them. Only one run is current on the robot
    at a time. While another command of this server moves the robot, starting a run is refused as not accepted and
    the message names the command; there is no queue. Pause Run, Resume Run, and Stop Run never wait for other
    commands.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/RunController/v1"

    async def run_protocol(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> AsyncExecution[CompletedRun, RunProgress]:
        """Runs a protocol from beginning to end and returns its record when it has succeeded. If the current run has
        ended, the new run replaces it. The command lasts as long as the run; it continues while no client is
        connected, and while the robot is unreachable for some time. Progress is the completed part of the estimated
        duration. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller pauses it. A run
        that fails or is stopped ends with an error.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its record if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_PROTOCOL,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    async def run_uploaded_file(
        self,
        file_name: str,
        content: bytes,
        *,
        support_files: Sequence[SupportFile] = (),
        labware_definitions: Sequence[bytes] = (),
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> AsyncExecution[CompletedRun, RunProgress]:
        """Uploads a protocol with all its files, analyzes it, and runs it, in one call; see Upload Protocol and
        Analyze Protocol of the feature Protocol Service, and Run Protocol. A protocol with errors is refused before
        anything moves. The command lasts until the run has ended. Cancel stops the run like Stop Run, and Pause of
        the feature Pause Controller pauses it. If the command is cancelled before the run has started, the protocol
        stays uploaded and nothing moves.

        Args:
            file_name: The name of the main file, ending in .py, .json, or .zip. Only the last part of a path is
                used.
            content: The bytes of the main file, or of the archive.
            support_files: Further files that the protocol needs: data files (.csv, .txt) and labware definitions
                (.json); on robot releases 4.x any files.
            labware_definitions: Custom labware that the protocol loads, one Opentrons labware definition (JSON)
                each.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its record if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, RunActionNotAllowed, RunNotFound,
        StopTimedOut, TipAlreadyAttached, NotEnoughLiquid, TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_UPLOADED_FILE,
            (
                file_name,
                content,
                support_files,
                labware_definitions,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    async def create_run(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
    ) -> AsyncExecution[str, None]:
        """Creates a run of a protocol without starting it, for example to let an operator confirm it first. If the
        current run has ended, the new run replaces it. Start the run with Start Run, or release it with Release
        Run. Nothing moves. The command takes from a second to about a minute. Cancel ends the wait; a run that the
        robot has created by then is released.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.

        The result of the execution:
            run_identifier: The run that was created.

        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RobotUnreachable, CommandCancelled,
        RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty, StorageFull, TipAlreadyAttached,
        NotEnoughLiquid, TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            CREATE_RUN,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
            ),
        )

    async def start_run(
        self, run_identifier: str, *, request_key: str | None = None
    ) -> AsyncExecution[CompletedRun, RunProgress]:
        """Starts a run that Create Run created and returns its record when it has succeeded. The command lasts as long
        as the run, like Run Protocol. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller
        pauses it. A run that fails or is stopped ends with an error.

        Args:
            run_identifier: The run.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call. A second call with the same key and the same run follows the run to its
                end, or returns its record if it has ended. A call with a used key and another run is refused. So is
                a repeated call if it is not known whether the first call started the run. A call that was refused
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ParameterInvalid, RunNotFound, RunActionNotAllowed, RobotBusy, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, StopTimedOut, StorageFull, NotEnoughLiquid,
        TipContaminated.
        """
        return await AsyncExecution.start(
            self._link,
            START_RUN,
            (
                run_identifier,
                "" if request_key is None else request_key,
            ),
        )

    async def attach_to_run(self, *, run_identifier: str | None = None) -> AsyncExecution[CompletedRun, RunProgress]:
        """Watches a run to its end, whoever started it, and returns its record when it has succeeded. It is for
        clients that connect again after this server was restarted. The command lasts until the run has ended and
        never moves or changes anything. After Cancel, the run continues. A run that fails or is stopped ends with
        an error.

        Args:
            run_identifier: The run. None means the current run, whoever started it.

        The result of the execution:
            run_record: The record of the run.

        Errors: RunNotFound, RunFailed, RunStopped, RobotRestarted, RobotUnreachable, CommandCancelled,
        OutcomeUnknown, RobotFaulty, StorageFull.
        """
        return await AsyncExecution.start(
            self._link, ATTACH_TO_RUN, ("" if run_identifier is None else run_identifier,)
        )

    async def pause_run(self, *, run_identifier: str | None = None) -> None:
        """Pauses a running run after the current movement. The command answers as soon as the robot reports the pause,
        usually within a second. The run stays paused until Resume Run or Stop Run.

        Args:
            run_identifier: The run. None means the current run, if this server started it.

        Errors: RunNotFound, RunActionNotAllowed, RobotUnreachable, RobotRejected, OutcomeUnknown, RobotChanged,
        RobotFaulty, StorageFull.
        """
        await self._link.command(PAUSE_RUN, ("" if run_identifier is None else run_identifier,))

    async def resume_run(self, *, run_identifier: str | None = None) -> None:
        """Resumes a paused run, also one that was paused by the protocol with a message to the operator, or by an open
        door. The command answers as soon as the robot reports that it runs, usually within a second. Close the door
        first. A run that is not paused is not resumed: the command ends with Run Action Not Allowed.

        Args:
            run_identifier: The run. None means the current run, if this server started it.

        Errors: RunNotFound, RunActionNotAllowed, RobotBusy, SafetyStopActive, DoorOpen, RobotUnreachable,
        RobotRejected, OutcomeUnknown, RobotChanged, RobotFaulty, StorageFull.
        """
        await self._link.command(RESUME_RUN, ("" if run_identifier is None else run_identifier,))

    async def stop_run(
        self, *, run_identifier: str | None = None, force: bool = False
    ) -> AsyncExecution[StopRunResponses, None]:
        """Stops a run, which cannot be resumed, and ends when the robot has stopped. The robot stops its movement,
        homes, and, if the run had been started, drops its tips into the trash with any liquid in them. This takes
        up to about half a minute, and the command waits only for a limited time. A session of single commands that
        is named with Force is aborted: its movement ends where it is, the position of the robot is lost, and tips
        stay attached. This is not an emergency stop. Cancel ends only the wait; the stop stays in effect.

        Args:
            run_identifier: The run. None means the current run, if this server started it.
            force: True also stops a run that another client started, or a session of single commands; the run or
                session has to be named. With false, the command refuses to do so.

        The result of the execution:
            run_identifier: The run that was stopped.
            final_status: How the run ended. It may have ended by itself before the stop took effect.
            dropped_tip_mounts: The mounts whose tip the robot dropped into the trash while it stopped. The list is
                empty if no tip was attached or if the run had not been started.

        Errors: RunNotFound, RunActionNotAllowed, StopTimedOut, RobotRestarted, RobotUnreachable, RobotRejected,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return await AsyncExecution.start(
            self._link,
            STOP_RUN,
            (
                "" if run_identifier is None else run_identifier,
                force,
            ),
        )

    async def release_run(
        self, *, run_identifier: str | None = None, force: bool = False
    ) -> AsyncExecution[None, None]:
        """Releases the robot, so that another run can start. Without Force it releases a run that has ended, or that
        was created on this server and never started. With Force it also releases a run that is active or of another
        client, after stopping it as Stop Run does; a session of single commands, which is closed, or aborted if one
        of its commands is being executed; and a maintenance run or a calibration session of the Opentrons App,
        which comes first if nothing is named. A run that was never started and holds a tip is not released, because
        the robot would forget the tip. Force releases such a run of another client, but never a session of this
        server in which no command is being executed. A session in which it is unknown whether a pipette holds a
        tip, or what became of an earlier command, is not released before Reconcile State has settled that. While a
        hand-over of labware is pending, nothing is released in which no command is being executed, because the
        robot halts its hardware when a run is released. After a run that holds a tip was released, it is unknown
        what its pipettes hold, until a person has looked. The same is true after a session was aborted; the
        position of the robot is then lost, too. With Force the command does not wait for other commands. Without
        Force it takes about a second, with Force as long as the stop. Cancel ends only the wait.

        Args:
            run_identifier: The run, the maintenance run or the calibration session. None means whatever holds the
                robot, whoever started it.
            force: True also stops an active run, a run of another client or a session, and ends a maintenance run
                or a calibration session of the Opentrons App. With false, the command refuses to do so.

        Errors: RunNotFound, RunStillActive, TipAlreadyAttached, NotReconciled, StopTimedOut, RobotBusy,
        RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty,
        RobotRestarted, StorageFull.
        """
        return await AsyncExecution.start(
            self._link,
            RELEASE_RUN,
            (
                "" if run_identifier is None else run_identifier,
                force,
            ),
        )

    async def delete_run(self, run_identifier: str) -> None:
        """Deletes a run that has ended from the robot. The record in the archive of this server is kept, so Run
        History and Retrieve Run Log still show it. The command answers within about a second and moves nothing.

        Args:
            run_identifier: The run.

        Errors: RunNotFound, RunStillActive, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown,
        RobotChanged, RobotFaulty, StorageFull.
        """
        await self._link.command(DELETE_RUN, (run_identifier,))

    async def retrieve_run_log(self, run_identifier: str, *, format: Format = "Json") -> AsyncExecution[bytes, None]:
        """Returns every command of a run with its parameters, times, and outcome. Ended runs are read from the archive
        of this server, others from the robot page by page, which takes several seconds for thousands of commands.
        Nothing moves. After Cancel, the command ends without a result.

        Args:
            run_identifier: The run.
            format: Json for one JSON document, Csv for comma-separated text with a line for each command.

        The result of the execution:
            log: The log in the requested format, in UTF-8.

        Errors: RunNotFound, RobotUnreachable, CommandCancelled, RobotFaulty, StorageFull.
        """
        return await AsyncExecution.start(
            self._link,
            RETRIEVE_RUN_LOG,
            (
                run_identifier,
                format,
            ),
        )

    async def retrieve_deck_use(self, run_identifier: str) -> RetrieveDeckUseResponses:
        """Returns what a run has done to the wells and tip racks of the deck, whoever started it: what it drew from
        each well and dispensed into it, and which tips it took. Of a run that goes on, these are the commands that
        have ended so far; of a session, all its commands up to now. It follows from the reported outcome of each
        command, since the robot has no sensor for liquid or tips. Nothing moves, and no request is sent to the
        robot.

        Args:
            run_identifier: The run.

        Returns:
            wells: The wells that the run drew from or dispensed into.
            tips: The tip racks that the run used.
            complete: Whether this is all that the run has done. If it is false, any well and any tip may have been
                used besides: the commands could not be read to the end, or liquid was moved at a place that is not
                known.

        Errors: RunNotFound.
        """
        return await self._link.command(RETRIEVE_DECK_USE, (run_identifier,))

    async def retrieve_run_package(self, run_identifier: str) -> AsyncExecution[bytes, None]:
        """Returns everything that this server keeps of an ended run in one zip file: record, log, protocol, data
        files, the newest analysis with the same parameters, what was known of the deck before and after the run,
        what each well got, pictures, versions, and a description of all files as an RO-Crate. What has been deleted
        since is left out, and the manifest says so. The file is signed with the key of the server; a change of any
        byte is found. Nothing moves. The command takes some seconds. After Cancel, it ends without a result.

        Args:
            run_identifier: The run.

        The result of the execution:
            package: The package, a zip file.

        Errors: RunNotFound, RunActionNotAllowed, CommandCancelled.
        """
        return await AsyncExecution.start(self._link, RETRIEVE_RUN_PACKAGE, (run_identifier,))

    async def list_run_files(self, run_identifier: str) -> list[RunFile]:
        """Lists the files that the robot keeps of a run, whoever started it: the data files that its parameters took,
        and what the run itself made, such as the pictures that its protocol took. Robots list them from release 8.8
        on; Abilities of OT2 Information Provider shows whether this one does. The robot deletes the pictures with
        the run. Nothing moves.

        Args:
            run_identifier: The run.

        Returns:
            run_files: The files, those that the run took first.

        Errors: RunNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty.
        """
        return await self._link.command(LIST_RUN_FILES, (run_identifier,))

    async def retrieve_run_file(self, run_identifier: str, file_identifier: str) -> AsyncExecution[bytes, None]:
        """Reads a file of a run from the robot. Nothing moves. The command takes some seconds for a large file. After
        Cancel, it ends without a result.

        Args:
            run_identifier: The run.
            file_identifier: The identifier of the file, from List Run Files.

        The result of the execution:
            content: The content of the file.

        Errors: RunNotFound, FileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty,
        CommandCancelled.
        """
        return await AsyncExecution.start(
            self._link,
            RETRIEVE_RUN_FILE,
            (
                run_identifier,
                file_identifier,
            ),
        )

    @property
    def current_run(self) -> AsyncObservableProperty[list[RunSummary]]:
        """The run that is current on the robot, whoever started it, as the robot last reported. The list is empty if
        there is none and has one element otherwise. The run of a session of single commands is not shown here.
        """
        return AsyncObservableProperty(self._link, CURRENT_RUN)

    @property
    def run_status(self) -> AsyncObservableProperty[RunStatus]:
        """The status of the current run in one word, as the robot last reported. NoRun: no run is current; the run of
        a session of single commands does not count. Unknown: the robot cannot be reached, or reported a status that
        this server does not know.
        """
        return AsyncObservableProperty(self._link, RUN_STATUS)

    @property
    def start_permission(self) -> AsyncObservableProperty[Permission]:
        """Whether a run may start now and, if not, why and what to do. The reasons are those for which a start would
        be refused, and warnings. If a run that was created on this server waits to be started, the needs of its
        protocol are included; for other protocols they are checked at the start. It is the same for each client:
        the lock of the server and the rights of a user are not among the reasons.
        """
        return AsyncObservableProperty(self._link, START_PERMISSION)

    @property
    def run_history(self) -> AsyncObservableProperty[list[CompletedRun]]:
        """The records of the last runs from the archive of this server, newest first, at most 50. The robot itself
        keeps only the last twenty runs.
        """
        return AsyncObservableProperty(self._link, RUN_HISTORY)

    @property
    def operator_prompt(self) -> AsyncObservableProperty[str]:
        """The message with which the protocol paused the run, for example a request to change a plate. It is empty if
        there is none. A protocol for an API before 2.14 waits once for several messages that follow one another;
        all of them are shown, with semicolons between them. Continue with Resume Run.
        """
        return AsyncObservableProperty(self._link, OPERATOR_PROMPT)

    @property
    def next_steps(self) -> AsyncObservableProperty[list[str]]:
        """What the current run does after its current step, in words: at most five steps, the next one first, from the
        analysis of the protocol. The list is empty if there is no analysis, if the run has ended, and once the run
        has done something that is not in the analysis.
        """
        return AsyncObservableProperty(self._link, NEXT_STEPS)
