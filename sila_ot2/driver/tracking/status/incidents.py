"""What the robot reported of its modules while a run went on: the cause that a failed run itself does not name.

A run whose module is unplugged ends with an error such as "Run was cancelled", which names neither the module nor what
became of it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sila_ot2.errors import OT2Fault
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

KEPT = 100


@dataclass(frozen=True)
class Incident:
    """Something that happened to a module."""

    serial_number: str
    text: str
    at: datetime


class Incidents:
    """The last things that happened to modules; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._modules: dict[str, wire.Module] | None = None
        self._incidents: deque[Incident] = deque(maxlen=KEPT)

    def note(self, modules: Iterable[wire.Module], at: datetime) -> None:
        """Compare the modules that the robot lists, and when it did, with those that it listed before."""
        now = {module.serial_number: module for module in modules}
        with self._lock:
            before, self._modules = self._modules, now
            for serial_number, module in (before or {}).items():
                if serial_number not in now:
                    self._incidents.append(Incident(serial_number, f"{_name(module)} was no longer reported", at))
            for serial_number, module in now.items():
                was = (before or {}).get(serial_number)
                if _fault(module) and (was is None or _fault(was) != _fault(module)):
                    text = f"{_name(module)} reported {_fault(module)}"
                    self._incidents.append(Incident(serial_number, text, at))

    def since(self, begin: datetime) -> tuple[Incident, ...]:
        """Return what has happened from a time on, oldest first."""
        with self._lock:
            return tuple(incident for incident in self._incidents if incident.at >= begin)


def reported_before(run: wire.Run, robot: RobotClient, incidents: Iterable[Incident]) -> str:
    """Return what was reported of the modules of a run that has failed, in sentences; empty if nothing was.

    The robot is asked once more, since it may have failed sooner than its modules were read.
    """
    used = {module.serial_number: module.model for module in run.modules if module.serial_number}
    found = {
        incident.serial_number: f"{incident.text} at {incident.at:%H:%M:%S} UTC"
        for incident in incidents
        if incident.serial_number in used
    }
    if used:
        found = {**_faults_now(used, robot), **found}
    return " ".join(f"{text}." for text in found.values())


def _faults_now(used: Mapping[str, str], robot: RobotClient) -> dict[str, str]:
    try:
        now = {module.serial_number: module for module in robot.modules()}
    except OT2Fault:  # the record does not wait for it
        return {}
    found = {}
    for serial_number, model in used.items():
        if serial_number not in now:
            found[serial_number] = f"The {model} {serial_number}, which the run used, is not attached"
        elif fault := _fault(now[serial_number]):
            found[serial_number] = f"{_name(now[serial_number])} reports {fault}"
    return found


def _name(module: wire.Module) -> str:
    return f"The {module.module_model} {module.serial_number}"


def _fault(module: wire.Module) -> str:
    details = module.data.get("errorDetails")
    if module.data.get("status") == "error" or details:
        return f"an error: {details}" if details else "an error"
    return ""
