"""Answers of release 4.x about sessions and protocols, and what they are in the terms of runs."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from sila_ot2.robot import wire
from sila_ot2.robot.wire.base import Time


class LegacyEvent(wire.Wire):
    """Something that happened in a session."""

    source: str
    event: str
    timestamp: Time
    command_id: str
    params: dict[str, Any] | None = None


class LegacyDetails(wire.Wire):
    """The state of a protocol session."""

    current_state: str
    events: tuple[LegacyEvent, ...] = ()


class LegacyCreateParams(wire.Wire):
    """What a session was created with."""

    protocol_id: str | None = None


class LegacySession(wire.Wire):
    """A session; of sessions that run no protocol, such as a calibration, only the kind is read."""

    id: str
    created_at: Time
    session_type: str
    create_params: LegacyCreateParams | None = None
    details: LegacyDetails = LegacyDetails(current_state="not reported")

    @field_validator("create_params", "details", mode="wrap")
    @classmethod
    def _only_of_protocols(cls, given: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        if info.data.get("session_type") == "protocol":
            return read(given)
        return cls.model_fields[str(info.field_name)].default


class LegacyExecuted(wire.Wire):
    """A command that a session has carried out."""

    id: str
    command: str
    created_at: Time | None = None


class LegacyFile(wire.Wire):
    """A file of a protocol."""

    basename: str


class LegacyProtocolProblem(wire.Wire):
    """Why the robot cannot run a protocol."""

    type: str = ""
    description: str = ""


class LegacyPipette(wire.Wire):
    """A pipette that a protocol needs."""

    mount: str
    pipette_name: str


class LegacyLabware(wire.Wire):
    """Labware that a protocol needs."""

    location: str | int
    uri: Annotated[str, Field(pattern="^[^/]+/[^/]+/[^/]+$")]
    label: str


class LegacyModule(wire.Wire):
    """A module that a protocol needs."""

    type: str = ""
    model: str = ""
    location: str | int | None = None


class LegacyEquipment(wire.Wire):
    """What a protocol needs."""

    pipettes: tuple[LegacyPipette, ...] = ()
    labware: tuple[LegacyLabware, ...] = ()
    modules: tuple[LegacyModule, ...] = ()


class LegacyProtocol(wire.Wire):
    """A protocol on the robot."""

    id: str
    created_at: Time
    protocol_file: LegacyFile
    support_files: tuple[LegacyFile, ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    required_equipment: LegacyEquipment = Field(default_factory=LegacyEquipment)
    errors: tuple[LegacyProtocolProblem, ...] = ()


ACTIONS = {
    "protocol.startRun": "play",
    "protocol.resume": "play",
    "protocol.pause": "pause",
    "protocol.cancel": "stop",
}
ENDED_SESSION_STATES = {"finished": "succeeded", "stopped": "stopped", "error": "failed"}


def status_of(session: LegacySession) -> str:
    """Return the run status that corresponds to a session's state."""
    details = session.details
    state = details.current_state
    if state == "stopped" and not any(event.event == "protocol.cancel" for event in details.events):
        return "loading"
    return {"loaded": "idle", **ENDED_SESSION_STATES}.get(state, state)


def as_run(session: LegacySession, *, current: bool) -> wire.Run:
    """Return a session as a run."""
    events = session.details.events
    actions = tuple(
        wire.RunAction(id=event.command_id, action_type=ACTIONS[event.event], created_at=event.timestamp)
        for event in events
        if event.event in ACTIONS
    )
    status = status_of(session)
    return wire.Run(
        id=session.id,
        status=status,
        created_at=session.created_at,
        current=current,
        protocol_id=session.create_params.protocol_id if session.create_params else None,
        started_at=actions[0].created_at if actions else None,
        completed_at=events[-1].timestamp if events and status in ENDED_SESSION_STATES.values() else None,
        actions=actions,
    )


def commands_of(session: LegacySession) -> tuple[wire.Command, ...]:
    """Return what was begun since the run was started; what came before was the simulation while loading."""
    events = session.details.events
    starts = [index for index, event in enumerate(events) if event.event == "protocol.startRun"]
    found: dict[str, wire.Command] = {}
    for event in events[starts[-1] :] if starts else ():
        kind, _, edge = event.event.rpartition(".")
        if event.source == "protocol" and edge == "start":
            params = {"legacyCommandType": kind, "legacyCommandText": (event.params or {}).get("text", "")}
            found[event.command_id] = wire.Command(
                id=event.command_id,
                key=event.command_id,
                command_type="custom",
                status="running" if status_of(session) in ("running", "paused") else "failed",
                created_at=event.timestamp,
                started_at=event.timestamp,
                params=params,
            )
        elif event.source == "protocol" and edge == "end" and event.command_id in found:
            ended = {"status": "succeeded", "completed_at": event.timestamp}
            found[event.command_id] = found[event.command_id].model_copy(update=ended)
    return tuple(found.values())


def as_protocol(protocol: LegacyProtocol) -> wire.Protocol:
    """Return a protocol in the shape of later releases."""
    main = protocol.protocol_file.basename
    support = tuple(wire.ProtocolFile(name=file.basename, role="support") for file in protocol.support_files)
    return wire.Protocol(
        id=protocol.id,
        created_at=protocol.created_at,
        files=(wire.ProtocolFile(name=main, role="main"), *support),
        protocol_type="json" if PurePath(main).suffix == ".json" else "python",
        metadata={"protocolName" if name == "name" else name: value for name, value in protocol.metadata.items()},
        analysis_summaries=(wire.AnalysisSummary(id=protocol.id, status="completed"),),
    )


def as_analysis(protocol: LegacyProtocol) -> wire.Analysis:
    """Return what the robot found when it loaded a protocol, as an analysis."""
    needs = protocol.required_equipment
    return wire.Analysis(
        id=protocol.id,
        status="completed",
        result="not-ok" if protocol.errors else "ok",
        errors=tuple(
            wire.ErrorOccurrence(error_type=problem.type, detail=problem.description) for problem in protocol.errors
        ),
        pipettes=tuple(
            wire.LoadedPipette(id=one.mount, pipette_name=one.pipette_name, mount=one.mount) for one in needs.pipettes
        ),
        labware=tuple(
            wire.LoadedLabware(
                id=f"labware-{one.location}",
                load_name=one.uri.split("/")[1],
                definition_uri=one.uri,
                location={"slotName": str(one.location)},
                display_name=one.label,
            )
            for one in needs.labware
        ),
        modules=tuple(
            wire.LoadedModule(
                id=f"module-{one.location}",
                model=one.model or one.type,
                location={"slotName": str(one.location)},
            )
            for one in needs.modules
        ),
    )
