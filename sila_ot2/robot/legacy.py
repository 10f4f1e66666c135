"""Robots of release 4.x: their sessions, in the terms of runs.

A protocol session is a run: created, loaded (idle), running, paused, finished or stopped. What a session cannot do is
refused with the release that can. Measured on release 4.7.0; `docs/reference/robot-releases.md` has the table.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any, Concatenate, ParamSpec, TypeVar

from pydantic import TypeAdapter

from sila_ot2 import errors
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.files import UploadFile, form_part
from sila_ot2.robot.legacy_wire import (
    ENDED_SESSION_STATES,
    LegacyExecuted,
    LegacyProtocol,
    LegacySession,
    as_analysis,
    as_protocol,
    as_run,
    commands_of,
    status_of,
)
from sila_ot2.robot.reachability import Reason
from sila_ot2.robot.transport import Request, parse

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=Conversation)

ENABLING_SETTING = "enableHttpProtocolSessions"
_LOADING_POLL_S = 0.1

logger = logging.getLogger(__name__)


def by_sessions_on_release_4(method: Callable[Concatenate[C, P], T]) -> Callable[Concatenate[C, P], T]:
    """Let a method of the client be answered by `Sessions`' method of the same name if the robot has no runs."""

    @functools.wraps(method)
    def choose(self: C, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.release.has_runs:
            return method(self, *args, **kwargs)
        spoken: Callable[..., T] = getattr(Sessions(self), method.__name__)
        return spoken(*args, **kwargs)

    return choose


_SESSIONS = TypeAdapter(tuple[LegacySession, ...])
_PROTOCOLS = TypeAdapter(tuple[LegacyProtocol, ...])


class Sessions:
    """The client's requests about protocols and runs, for a robot that has sessions instead."""

    def __init__(self, client: Conversation) -> None:
        self._client = client
        self._transport = client.transport
        self._timeouts = client.transport.timeouts

    # --- protocols ------------------------------------------------------------------------------------------------

    def upload_protocol(
        self,
        files: Iterable[UploadFile],
        *,
        key: str | None = None,
        parameter_values: Mapping[str, Any] | None = None,
        parameter_files: Mapping[str, str] | None = None,
    ) -> wire.Upload:
        """Send a protocol, in place of the one the robot has: it keeps one only. Analyzed at once."""
        if parameter_values or parameter_files:
            self._client.release.require(Ability.RUN_TIME_PARAMETERS)
        for there in self._protocols():
            self.delete_protocol(there.id)
        with ExitStack() as opened:
            main, *support = files
            parts = [form_part("protocolFile", main, opened)]
            parts += [form_part("supportFiles", file, opened) for file in support]
            request = Request("POST", "/protocols", "take a protocol", self._timeouts.upload_s, files=parts)
            answer = self._transport.send(request)
        return wire.Upload(as_protocol(parse(LegacyProtocol, answer, request)), was_present=False)

    def protocols(self) -> tuple[wire.Protocol, ...]:
        """List the protocols on the robot: at most one."""
        return tuple(as_protocol(protocol) for protocol in self._protocols())

    def protocol(self, protocol_id: str) -> wire.Protocol:
        """Return a protocol."""
        return as_protocol(self._protocol(protocol_id))

    def delete_protocol(self, protocol_id: str) -> None:
        """Delete a protocol; a run of it goes on."""
        what = f"delete protocol {protocol_id}"
        self._transport.send(Request("DELETE", f"/protocols/{protocol_id}", what, self._timeouts.change_s))

    def analyses(self, protocol_id: str) -> tuple[wire.Analysis, ...]:
        """Return what the robot found when the protocol was uploaded; it says nothing about its commands."""
        return (as_analysis(self._protocol(protocol_id)),)

    def analysis(self, protocol_id: str, analysis_id: str) -> wire.Analysis:
        """Return what the robot found when the protocol was uploaded."""
        if analysis_id != protocol_id:
            raise errors.AnalysisNotFound(
                f"Protocol {protocol_id} has no analysis {analysis_id}.", "Analyze the protocol again."
            )
        return self.analyses(protocol_id)[0]

    def analysis_document(self, protocol_id: str, analysis_id: str) -> bytes:
        """Return what the robot found when the protocol was uploaded, as JSON."""
        return json.dumps(self.analysis(protocol_id, analysis_id).model_dump(mode="json", by_alias=True)).encode()

    # --- runs -----------------------------------------------------------------------------------------------------

    def runs(self) -> wire.RunList:
        """List the protocol sessions as runs; the newest is the current one."""
        sessions = self._sessions()
        current_id = sessions[-1].id if sessions else None
        return wire.RunList(tuple(as_run(one, current=one.id == current_id) for one in sessions), current_id)

    def current_run_id(self, *, interrupt: bool = False) -> str | None:
        """Return the newest protocol session."""
        newest = self._sessions(interrupt=interrupt)[-1:]
        return newest[0].id if newest else None

    def run(self, run_id: str, *, interrupt: bool = False) -> wire.Run:
        """Return a protocol session as a run."""
        session = self._session(run_id, interrupt=interrupt)
        newest = self._sessions(interrupt=interrupt)[-1:]
        return as_run(session, current=[one.id for one in newest] == [run_id])

    def create_run(
        self,
        protocol_id: str | None = None,
        *,
        labware_offsets: Iterable[Mapping[str, Any]] = (),
        parameter_values: Mapping[str, Any] | None = None,
        parameter_files: Mapping[str, str] | None = None,
    ) -> wire.Run:
        """Create a session for a protocol and wait until it is loaded; ended and idle ones are deleted.

        Switches the robot's setting "enableHttpProtocolSessions" on if it is off: without it 4.x runs nothing by HTTP.
        """
        release = self._client.release
        if protocol_id is None:
            release.require(Ability.RUNS)
        if list(labware_offsets):
            release.require(Ability.LABWARE_OFFSETS)
        if parameter_values or parameter_files:
            release.require(Ability.RUN_TIME_PARAMETERS)
        self._enable()
        for session in self._sessions():
            if status_of(session) in ("running", "paused"):
                raise errors.RobotBusy(
                    f"Asked to create a run of protocol {protocol_id}: session {session.id} is {status_of(session)}.",
                    "Wait until it has ended, or stop it.",
                )
            self._delete_session(session.id)
        what = f"create a run of protocol {protocol_id}"
        params = {"sessionType": "protocol", "createParams": {"protocolId": protocol_id}}
        request = Request("POST", "/sessions", what, self._timeouts.long_s, json={"data": params})
        session = self._transport.read(LegacySession, request)
        try:
            return as_run(self._loaded(session.id), current=True)
        except errors.RobotUnreachable as lost:  # the session was created; only its state cannot be read
            raise request.lost(Reason.CONNECTION_LOST, lost.explanation) from lost

    def delete_run(self, run_id: str) -> None:
        """Delete a session that is not active."""
        self._refuse_active(run_id)
        self._delete_session(run_id)

    def uncurrent_run(self, run_id: str) -> wire.Run:
        """Delete a session that is not active: there is no other way to release it."""
        self._refuse_active(run_id)
        return as_run(self._delete_session(run_id), current=False)

    def post_action(self, run_id: str, action: wire.ActionType, *, interrupt: bool = False) -> wire.RunAction:
        """Start, pause, resume or cancel a session."""
        status = status_of(self._session(run_id, interrupt=interrupt))
        if status in ENDED_SESSION_STATES.values():  # a finished session could be started again; a run cannot
            raise errors.RunActionNotAllowed(f"Asked to {action} run {run_id}: it has {status}.", "Create a new run.")
        command = {"pause": "pause", "stop": "cancel"}.get(action, "resume" if status == "paused" else "startRun")
        request = Request(
            "POST",
            f"/sessions/{run_id}/commands/execute",
            f"{action} run {run_id}",
            self._timeouts.long_s if action == "stop" else self._timeouts.change_s,
            json={"data": {"command": f"protocol.{command}", "data": {}}},
            interrupt=interrupt,
        )
        done = self._transport.read(LegacyExecuted, request)
        return wire.RunAction(id=done.id, action_type=action, created_at=done.created_at)

    def commands(self, run_id: str, *, cursor: int, page_length: int, interrupt: bool = False) -> wire.CommandPage:
        """Return the commands of a session's run that have begun, as it tells them in events."""
        found = commands_of(self._session(run_id, interrupt=interrupt))
        cursor = max(0, min(cursor, len(found) - 1))
        last = found[-1] if found else None
        current = wire.CommandLink(last.id, len(found) - 1, last.key) if last else None
        return wire.CommandPage(found[cursor : cursor + page_length], cursor, len(found), current)

    def command(self, run_id: str, command_id: str) -> wire.Command:
        """Return one command of a session's run."""
        for command in commands_of(self._session(run_id)):
            if command.id == command_id:
                return command
        raise errors.CommandNotFound(f"Run {run_id} has no command {command_id}.", "Look at the run's command list.")

    def add_labware_offset(self, run_id: str, offset: Mapping[str, Any]) -> wire.LabwareOffset:
        """Not possible before release 5.0."""
        raise self._client.release.unsupported(Ability.LABWARE_OFFSETS.description, Ability.LABWARE_OFFSETS.since)

    # --- requests -------------------------------------------------------------------------------------------------

    def _protocols(self) -> tuple[LegacyProtocol, ...]:
        return self._transport.read(_PROTOCOLS, self._client.get("/protocols", "list its protocols"))

    def _protocol(self, protocol_id: str) -> LegacyProtocol:
        for protocol in self._protocols():
            if protocol.id == protocol_id:
                return protocol
        raise errors.ProtocolNotFound(
            f"The robot has no protocol {protocol_id}: release 4.x keeps one only.", "Upload the protocol again."
        )

    def _sessions(self, *, interrupt: bool = False) -> list[LegacySession]:
        request = self._client.get("/sessions", "list its runs", interrupt=interrupt)
        sessions = self._transport.read(_SESSIONS, request)
        return sorted((one for one in sessions if one.session_type == "protocol"), key=lambda one: one.created_at)

    def _session(self, run_id: str, *, interrupt: bool = False) -> LegacySession:
        request = self._client.get(f"/sessions/{run_id}", f"describe run {run_id}", interrupt=interrupt)
        try:
            return self._transport.read(LegacySession, request)
        except errors.RobotRejected as refusal:
            raise errors.RunNotFound.of(refusal) from refusal

    def _delete_session(self, session_id: str) -> LegacySession:
        request = Request("DELETE", f"/sessions/{session_id}", f"delete run {session_id}", self._timeouts.change_s)
        return self._transport.read(LegacySession, request)

    def _refuse_active(self, run_id: str) -> None:
        status = status_of(self._session(run_id))
        if status in ("running", "paused"):
            raise errors.RunStillActive(f"Run {run_id} is {status}.", "Stop the run first.")

    def _loaded(self, session_id: str) -> LegacySession:
        """Wait until the robot has loaded the protocol: it cannot be started before."""
        return ask_until(
            lambda: self._session(session_id),
            lambda session: status_of(session) != "loading",
            every_s=_LOADING_POLL_S,
            within_s=self._timeouts.long_s,
        )

    def _enable(self) -> None:
        request = self._client.get("/settings", "list its settings")
        settings = self._transport.read(wire.SettingList, request, unwrap=False).settings
        if any(setting.id == ENABLING_SETTING and not setting.value for setting in settings):
            logger.warning("switching the robot's setting %s on", ENABLING_SETTING)
            what = f"switch the setting {ENABLING_SETTING} on"
            change = {"id": ENABLING_SETTING, "value": True}
            self._transport.send(Request("POST", "/settings", what, self._timeouts.change_s, json=change))
