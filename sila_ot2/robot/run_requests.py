"""Requests about runs and their commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, model_validator
from typing_extensions import Self

from sila_ot2.errors import OT2Fault
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.legacy import by_sessions_on_release_4
from sila_ot2.robot.transport import Request, parse

CommandIntent = Literal["setup", "protocol"]


class _CommandAtWork(wire.Wire):
    command_id: str | None = None
    index: int | None = None
    key: str | None = None


class _Link(wire.Wire):
    meta: _CommandAtWork = Field(default_factory=_CommandAtWork)


class _Links(wire.Wire):
    current: _Link | None = None


class _Meta(wire.Wire):
    cursor: int = 0
    total_length: int = 0


class _CurrentRun(wire.Wire):
    href: Annotated[str, StringConstraints(pattern="[^/]$")]


class _RunLinks(wire.Wire):
    current: _CurrentRun | None = None


class _RunList(wire.Wire):
    """Every release says `links`: empty if no run is current. Without it, which run is current is not known."""

    data: tuple[wire.Run, ...]
    links: _RunLinks

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.links.current is None and any(run.current for run in self.data):
            raise ValueError("a run is current, and links.current does not name it")
        return self


class _CommandList(wire.Wire):
    data: tuple[wire.Command, ...]
    links: _Links | None = None
    meta: _Meta = Field(default_factory=_Meta)


class _DefinitionUri(wire.Wire):
    definition_uri: str


_RUN_OR_OFFSET: TypeAdapter[wire.Run | wire.LabwareOffset] = TypeAdapter(wire.LabwareOffset | wire.Run)


class RunRequests(Conversation):
    """Runs, their actions and commands, and commands outside of runs."""

    @by_sessions_on_release_4
    def runs(self) -> wire.RunList:
        """List the runs the robot keeps: the last 20, oldest first (release 5: all since its start)."""
        return self._run_list(None, "list its runs")

    @by_sessions_on_release_4
    def current_run_id(self, *, interrupt: bool = False) -> str | None:
        """Return the current run, None if there is none. The cheapest way to ask.

        Args:
            interrupt: use a connection of its own, as an interrupt does.
        """
        return self._run_list({"pageLength": 1}, "name its current run", interrupt=interrupt).current_id

    @by_sessions_on_release_4
    def run(self, run_id: str, *, interrupt: bool = False) -> wire.Run:
        """Return a run; with `interrupt` over the interrupts' own connection.

        Raises:
            RunNotFound: the robot never had it, or has dropped it.
        """
        return self.transport.read(wire.Run, self.get(f"/runs/{run_id}", f"describe run {run_id}", interrupt=interrupt))

    @by_sessions_on_release_4
    def create_run(
        self,
        protocol_id: str | None = None,
        *,
        labware_offsets: Iterable[Mapping[str, Any]] = (),
        parameter_values: Mapping[str, Any] | None = None,
        parameter_files: Mapping[str, str] | None = None,
    ) -> wire.Run:
        """Create a run and make it current; a current run that is idle or has ended is replaced without notice.

        May take 40 s. Nothing moves.

        Args:
            protocol_id: None for a run without protocol.
            labware_offsets: each `{"definitionUri", "location": {"slotName"}, "vector": {"x", "y", "z"}}`, mm.
            parameter_values: run-time parameter values by variable name.
            parameter_files: data file ids by variable name.

        Raises:
            RobotBusy: a run is active, or a set-up command of the current run is under way.
            ProtocolNotFound: the robot does not have the protocol.
            ParameterInvalid: a value does not fit; releases 8.x then leave a half-created run behind.
            AnswerLost: the run may have been created.
        """
        data: dict[str, Any] = {}
        if protocol_id is not None:
            data["protocolId"] = protocol_id
        if offsets := list(labware_offsets):
            data["labwareOffsets"] = offsets
        if parameter_values:
            self.release.require(Ability.RUN_TIME_PARAMETERS)
            data["runTimeParameterValues"] = dict(parameter_values)
        if parameter_files:
            self.release.require(Ability.DATA_FILES)
            data["runTimeParameterFiles"] = dict(parameter_files)
        of = f" of protocol {protocol_id}" if protocol_id else ""
        request = Request("POST", "/runs", f"create a run{of}", self.transport.timeouts.long_s, json={"data": data})
        return self.transport.read(wire.Run, request)

    @by_sessions_on_release_4
    def delete_run(self, run_id: str) -> None:
        """Delete a run that is not active.

        Raises:
            RunStillActive: it is active.
        """
        request = Request("DELETE", f"/runs/{run_id}", f"delete run {run_id}", self.transport.timeouts.change_s)
        self.transport.read(wire.Nothing, request, unwrap=False)

    @by_sessions_on_release_4
    def uncurrent_run(self, run_id: str) -> wire.Run:
        """Make a run that is idle or has ended no longer the current one; an idle one ends as stopped.

        Raises:
            RunStillActive: it is active.
            RunActionNotAllowed: it is not the current run.
        """
        request = Request(
            "PATCH",
            f"/runs/{run_id}",
            f"put run {run_id} aside",
            self.transport.timeouts.long_s,
            json={"data": {"current": False}},
        )
        return self.transport.read(wire.Run, request)

    @by_sessions_on_release_4
    def post_action(self, run_id: str, action: wire.ActionType, *, interrupt: bool = False) -> wire.RunAction:
        """Ask to play, pause or stop a run. The answer confirms nothing: look at the run's status.

        Args:
            run_id: the current run.
            action: "play" also resumes.
            interrupt: use the interrupts' own connection, which waits for nothing else.

        Raises:
            RunActionNotAllowed: the run's state does not allow it, or it is not the current run.
            DoorOpen: play, with the door open and the robot's safety setting on.
            AnswerLost: it may have been done.
        """
        timeout_s = self.transport.timeouts.long_s if action == "stop" else self.transport.timeouts.change_s
        request = Request(
            "POST",
            f"/runs/{run_id}/actions",
            f"{action} run {run_id}",
            timeout_s,
            json={"data": {"actionType": action}},
            interrupt=interrupt,
        )
        return self.transport.read(wire.RunAction, request)

    @by_sessions_on_release_4
    def commands(self, run_id: str, *, cursor: int, page_length: int, interrupt: bool = False) -> wire.CommandPage:
        """Return commands of a run from index `cursor` on; without their results.

        A cursor beyond the end is clamped to the last command. There is no way to ask without a cursor: the page that
        the robot then chooses differs between releases. With `interrupt` over the interrupts' own connection.
        """
        query: dict[str, str | int] = {"cursor": cursor, "pageLength": page_length}
        what = f"list the commands of run {run_id}"
        page = self._command_page(f"/runs/{run_id}/commands", what, query, interrupt=interrupt)
        if any(_lacks_error(command) for command in page.commands):
            errors = self._errors_of(run_id, interrupt=interrupt)
            page = page._replace(commands=tuple(_explained(command, errors) for command in page.commands))
        return page

    def maintenance_commands(self, run_id: str, *, cursor: int, page_length: int) -> wire.CommandPage:
        """Return commands of the current maintenance run from index `cursor` on, as `commands`; errors are left out.

        Raises:
            RunNotFound: it is not the current one.
        """
        query: dict[str, str | int] = {"cursor": cursor, "pageLength": page_length}
        what = f"list the commands of maintenance run {run_id}"
        return self._command_page(f"/maintenance_runs/{run_id}/commands", what, query)

    @by_sessions_on_release_4
    def command(self, run_id: str, command_id: str) -> wire.Command:
        """Return one command of a run with its result.

        Raises:
            CommandNotFound: the run has no such command.
        """
        path = f"/runs/{run_id}/commands/{command_id}"
        command = self.transport.read(wire.Command, self.get(path, f"describe command {command_id} of run {run_id}"))
        return _explained(command, self._errors_of(run_id)) if _lacks_error(command) else command

    def post_command(
        self,
        run_id: str,
        command_type: str,
        params: Mapping[str, Any],
        *,
        key: str | None = None,
        intent: CommandIntent | None = "setup",
        wait_s: float | None = None,
    ) -> wire.Command:
        """Enqueue a command in a run; it is executed even if nobody waits for it.

        Args:
            run_id: the current run.
            command_type: the robot's name, e.g. "moveToWell".
            params: as the robot wants them.
            key: a name of our own by which it can be found again in the command list.
            intent: "protocol" keeps it queued until the run is played; never send that to a run already played.
            wait_s: return when it has ended, or unfinished after this time; None returns at once.

        Returns:
            The command as it stands: look at `status`, and at `error` if it has failed.

        Raises:
            RobotRejected: the robot does not know the command or a parameter is wrong.
            RunActionNotAllowed: the run has been played, has ended or is not current.
            UnsupportedByRobot: this release does not know the command.
            AnswerLost: it may be executed.
        """
        self.release.require_command(command_type, params)
        what = f"execute {command_type} in run {run_id}"
        data = _command_data(command_type, params, key, intent)
        request = self._command_request(f"/runs/{run_id}/commands", what, data, wait_s)
        command = parse(wire.Command, self.transport.send(request), request)
        if not _lacks_error(command):
            return command
        try:
            return _explained(command, self._errors_of(run_id))
        except OT2Fault:  # what became of the command is known; only its error's text is not
            return command

    def stateless_commands(self, *, cursor: int, page_length: int) -> wire.CommandPage:
        """Return the commands executed outside of runs since the robot's start, oldest first."""
        self.release.require(Ability.STATELESS_COMMANDS)
        query: dict[str, str | int] = {"cursor": cursor, "pageLength": page_length}
        return self._command_page("/commands", "list its commands outside of runs", query)

    def stateless_command(self, command_id: str) -> wire.Command:
        """Return one command executed outside of runs.

        Raises:
            CommandNotFound: the robot has not executed it since its start.
        """
        self.release.require(Ability.STATELESS_COMMANDS)
        request = self.get(f"/commands/{command_id}", f"describe command {command_id} outside of runs")
        return self.transport.read(wire.Command, request)

    def post_stateless_command(
        self, command_type: str, params: Mapping[str, Any], *, key: str | None = None, wait_s: float | None = None
    ) -> wire.Command:
        """Execute a command outside of runs: home, lights and modules; as `post_command`.

        Raises:
            RobotBusy: a run is active.
            UnsupportedByRobot: before release 6.1.
        """
        self.release.require(Ability.STATELESS_COMMANDS)
        what = f"execute {command_type} outside of a run"
        request = self._command_request("/commands", what, _command_data(command_type, params, key, None), wait_s)
        return self.transport.read(wire.Command, request)

    @by_sessions_on_release_4
    def add_labware_offset(self, run_id: str, offset: Mapping[str, Any]) -> wire.LabwareOffset:
        """Add a labware offset to a run that has not been played; `offset` as in `create_run`.

        Labware loaded afterwards takes it.
        """
        request = Request(
            "POST",
            f"/runs/{run_id}/labware_offsets",
            f"add a labware offset to run {run_id}",
            self.transport.timeouts.change_s,
            json={"data": dict(offset)},
        )
        answer = self.transport.read(_RUN_OR_OFFSET, request)
        return answer if isinstance(answer, wire.LabwareOffset) else answer.labware_offsets[-1]

    def add_labware_definition(self, run_id: str, definition: Mapping[str, Any]) -> str:
        """Make a custom labware known to a run; returns its definition URI.

        Raises:
            UnsupportedByRobot: before release 5.0.2.
            RobotRejected: it is no labware definition.
        """
        self.release.require(Ability.LABWARE_DEFINITIONS)
        request = Request(
            "POST",
            f"/runs/{run_id}/labware_definitions",
            f"add a labware definition to run {run_id}",
            self.transport.timeouts.change_s,
            json={"data": dict(definition)},
        )
        return self.transport.read(_DefinitionUri, request).definition_uri

    def _run_list(self, query: dict[str, str | int] | None, what: str, *, interrupt: bool = False) -> wire.RunList:
        request = self.get("/runs", what, query=query, interrupt=interrupt)
        answer = self.transport.read(_RunList, request, unwrap=False)
        current = answer.links.current
        return wire.RunList(answer.data, current.href.rsplit("/", 1)[-1] if current else None)

    def _command_page(
        self, path: str, what: str, query: dict[str, str | int], *, interrupt: bool = False
    ) -> wire.CommandPage:
        request = self.get(path, what, query=query, interrupt=interrupt)
        answer = self.transport.read(_CommandList, request, unwrap=False)
        current = None
        if answer.links is not None and (link := answer.links.current) is not None:
            command_id, index, key = link.meta.command_id, link.meta.index, link.meta.key
            if command_id is not None and index is not None and key is not None:
                current = wire.CommandLink(command_id, index, key)
        return wire.CommandPage(answer.data, answer.meta.cursor, answer.meta.total_length, current)

    def _command_request(self, path: str, what: str, data: Mapping[str, Any], wait_s: float | None) -> Request:
        query: dict[str, str | int] | None = None
        if wait_s is not None:
            query = {"waitUntilComplete": "true", "timeout": max(1, round(wait_s * 1000))}
        timeout_s = self.transport.timeouts.change_s + (wait_s or 0)
        return Request("POST", path, what, timeout_s, query=query, json={"data": data})

    def _errors_of(self, run_id: str, *, interrupt: bool = False) -> dict[str, wire.ErrorOccurrence]:
        return {error.id: error for error in self.run(run_id, interrupt=interrupt).errors}


def _command_data(
    command_type: str, params: Mapping[str, Any], key: str | None, intent: CommandIntent | None
) -> dict[str, Any]:
    given = {"commandType": command_type, "params": dict(params), "key": key, "intent": intent}
    return {name: value for name, value in given.items() if value is not None}


def _lacks_error(command: wire.Command) -> bool:
    """Release 5 keeps the texts of errors in the run."""
    return command.error is None and command.error_id is not None


def _explained(command: wire.Command, errors: Mapping[str, wire.ErrorOccurrence]) -> wire.Command:
    if command.error is not None or command.error_id is None:
        return command
    return command.model_copy(update={"error": errors.get(command.error_id)})
