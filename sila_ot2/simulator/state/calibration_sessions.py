"""Calibration sessions of the Opentrons App: pipette and deck calibration on an OT-2 (recorded: sessions_*).

A session is beside the runs: neither keeps the other from moving the robot, and no command of a session is simulated.
"""

from __future__ import annotations

import uuid
from typing import Any, Literal

import pydantic
from opentrons.types import Mount

from sila_ot2.simulator.errors import JsonObject, Problem, refusal
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.machine.hardware import Hardware

SessionType = Literal["deckCalibration", "tipLengthCalibration", "calibrationCheck", "pipetteOffsetCalibration"]


class SessionRequest(pydantic.BaseModel):
    """What a session is created from."""

    sessionType: SessionType  # noqa: N815 - the robot's words
    createParams: dict[str, Any] = {}  # noqa: N815


class CalibrationSessions:
    """The sessions there are, oldest first; the robot's restart ends them."""

    def __init__(self, clock: Clock, hardware: Hardware) -> None:
        self._clock = clock
        self._hardware = hardware
        self._sessions: dict[str, JsonObject] = {}

    def all(self) -> list[JsonObject]:
        """Every session."""
        return list(self._sessions.values())

    def create(self, wanted: SessionRequest) -> JsonObject:
        """Begin one; nothing moves."""
        session = {
            "id": str(uuid.uuid4()),
            "createdAt": timestamp(self._clock.now()),
            "details": {
                "instrument": self._instrument(),
                "currentStep": "sessionStarted",
                "labware": [],
                "supportedCommands": ["calibration.loadLabware"],
            },
            "sessionType": wanted.sessionType,
            "createParams": wanted.createParams,
        }
        self._sessions[str(session["id"])] = session
        return session

    def get(self, session_id: str) -> JsonObject:
        """One session.

        Raises:
            Problem: there is none of that id.
        """
        if session_id not in self._sessions:
            raise _not_found(session_id)
        return self._sessions[session_id]

    def delete(self, session_id: str) -> JsonObject:
        """End one; answers it as it was.

        Raises:
            Problem: there is none of that id.
        """
        session = self.get(session_id)
        del self._sessions[session_id]
        return session

    def _instrument(self) -> JsonObject:
        for mount in (Mount.RIGHT, Mount.LEFT):
            attached: Any = self._hardware.api.attached_instruments[mount]
            if attached.get("model"):
                return {
                    "model": attached["model"],
                    "name": attached["name"],
                    "tipLength": attached.get("tip_length", 0.0),
                    "mount": mount.name,
                    "serial": attached["pipette_id"],
                    "defaultTipracks": [],
                }
        return {}


def links_of(session_id: str) -> JsonObject:
    """The links of one session."""
    href = f"/sessions/{session_id}"
    return {
        "self": {"href": href, "meta": None},
        "commandExecute": {"href": f"{href}/commands/execute", "meta": None},
        "sessions": {"href": "/sessions", "meta": None},
        "sessionById": {"href": "/sessions/{sessionId}", "meta": None},
    }


def links_of_the_rest() -> JsonObject:
    """The links of a session that has just been deleted."""
    return {
        "self": {"href": "/sessions", "meta": None},
        "sessionById": {"href": "/sessions/{sessionId}", "meta": None},
    }


def _not_found(session_id: str) -> Problem:
    return refusal(
        404,
        "UncategorizedError",
        "Resource Not Found",
        f"Resource type 'session' with id '{session_id}' was not found",
    )
