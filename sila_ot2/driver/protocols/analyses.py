"""Analyses: the robot simulates a protocol and reports what it needs, what it does and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.protocols.parameters import check_files, check_values
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.errors import (
    AnalysisFailed,
    AnalysisNotFound,
    AnalysisPending,
    AnalysisTimedOut,
    CommandCancelled,
    Movement,
    ProtocolNotFound,
    RobotFaulty,
)
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.analyses import AnalysisStore

log = logging.getLogger(__name__)

POLL_S = (0.1, 0.2, 0.4, 0.8, 1.0)
"""How long to wait between looks at an analysis: soon at first, then once a second."""
NO_PARAMETERS = ""
VALUE_REQUIRED = "parameter-value-required"
"""The result of the analysis of a protocol that has looked at a file which was not given."""


@dataclass(frozen=True)
class Parameters:
    """Run-time parameters as a client gives them, by variable name."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Identifiers of our data files."""

    @property
    def key(self) -> str:
        """Names these values and files; empty for none."""
        if not self.values and not self.files:
            return NO_PARAMETERS
        text = json.dumps([sorted(self.values.items()), sorted(self.files.items())])
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class CheckedParameters:
    """Run-time parameters as the robot takes them."""

    values: dict[str, Any]
    files: dict[str, str]
    """The robot's ids of data files."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a protocol."""

    code: str
    detail: str
    """The robot's own text."""
    line: int
    """0: the robot names none, or a protocol's own text names one that cannot be."""


@dataclass(frozen=True)
class TipRack:
    """How many tips are taken from one rack."""

    slot: str
    definition_uri: str
    tips: int


class _Found(NamedTuple):
    analysis: wire.Analysis
    document: bytes


def read_document(document: bytes) -> wire.Analysis:
    """Return an analysis from the robot's JSON document of it.

    Raises:
        RobotFaulty: it makes no sense.
    """
    try:
        return wire.Analysis.model_validate_json(document)
    except ValueError as error:
        raise RobotFaulty(
            f"The robot's analysis makes no sense: {error}.",
            "Analyze the protocol again; look at the log of the robot if that does not help.",
            moved=Movement.NONE,
        ) from error


class Analyses:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        protocols: Protocols,
        data_files: DataFiles,
        store: AnalysisStore,
        *,
        default_timeout_s: float,
    ) -> None:
        self._robot = robot
        self._protocols = protocols
        self._data_files = data_files
        self._store = store
        self._default_timeout_s = default_timeout_s

    def analyze(
        self,
        identifier: str,
        parameters: Parameters,
        *,
        timeout_s: float = 0.0,
        cancelled: Cancellation | None = None,
        elapsed: Callable[[float], None] = lambda seconds: None,
    ) -> wire.Analysis:
        """Let the robot analyze a protocol and return what it found. Nothing moves; works during a run.

        Args:
            identifier: a protocol of the library; the robot gets it again if it has forgotten it.
            parameters: checked against what the protocol declares before they are sent.
            timeout_s: how long to wait; 0: as configured.
            cancelled: ends the waiting; the robot may finish the analysis by itself.
            elapsed: called about once a second how long it has been waited.

        Raises:
            ProtocolNotFound: this server does not have the protocol.
            ParameterUnknown: the protocol does not declare it.
            ParameterInvalid: a value does not fit, or a file is missing.
            DataFileNotFound: this server does not have the file.
            UnsupportedByRobot: the robot's release knows no run-time parameters.
            AnalysisFailed: the robot could not analyze it at all.
            AnalysisTimedOut: it did not end in time.
            CommandCancelled: the waiting was cancelled.
            RobotUnreachable: the robot gave no answer.
        """
        self._data_files.require(parameters.files)
        wait = _Wait(timeout_s or self._default_timeout_s, cancelled, elapsed)
        while True:
            try:
                found = self._analyze(identifier, parameters, wait)
            except ProtocolNotFound as removed:
                self._protocols.require(identifier)
                log.info("The robot has removed protocol %s for newer ones: %s", identifier, removed)
                wait.a_moment(0.0)
            else:
                log.info("Protocol %s analyzed: %s", identifier, found.result or found.status)
                return found

    def check(self, identifier: str, parameters: Parameters, analysis: wire.Analysis | None) -> CheckedParameters:
        """Return the parameters of a run as the robot takes them.

        Args:
            identifier: a protocol of the library.
            parameters: as the client gives them.
            analysis: any analysis of the protocol; without one the robot is asked, if there is anything to check.

        Raises:
            ParameterUnknown: the protocol does not declare it.
            ParameterInvalid: a value does not fit, or a file is missing.
            UnsupportedByRobot: the robot's release knows no run-time parameters.
            AnalysisTimedOut: the robot has not found out in time what the protocol declares.
        """
        if analysis is None and parameters.key == NO_PARAMETERS:
            return CheckedParameters({}, {})
        if analysis is None:
            analysis = self._newest(identifier, _Wait(self._default_timeout_s, None, lambda seconds: None))[0]
        needed = analysis.result == VALUE_REQUIRED
        return self._check(analysis.run_time_parameters, parameters, files_needed=needed)

    def kept(self, identifier: str, parameters: Parameters, *, before: datetime | None = None) -> wire.Analysis | None:
        """Return the newest analysis kept of a protocol with these parameters; the robot is not read.

        Args:
            identifier: a protocol of the library.
            parameters: as the client has given them.
            before: of those before this moment, if there is one.
        """
        kept = self._store.newest(identifier, parameters.key, before=before)
        document = self._store.document(identifier, kept.analysis_id) if kept else None
        return read_document(document) if document else None

    def document(self, identifier: str, analysis_id: str) -> bytes:
        """Return the robot's own JSON document of a kept analysis; the newest for an empty id.

        Raises:
            ProtocolNotFound: this server does not have the protocol.
            AnalysisNotFound: it does not have the analysis.
        """
        self._protocols.require(identifier)
        if not analysis_id:
            newest = self._store.newest(identifier)
            if newest is None:
                raise AnalysisNotFound(
                    f"Protocol {identifier} has not been analyzed yet.", "Call AnalyzeProtocol first."
                )
            analysis_id = newest.analysis_id
        document = self._store.document(identifier, analysis_id)
        if document is None:
            raise AnalysisNotFound(
                f"Protocol {identifier} has no analysis {analysis_id} any more.", "Analyze it again."
            )
        return document

    def _analyze(self, identifier: str, parameters: Parameters, wait: _Wait) -> wire.Analysis:
        found, document = self._newest(identifier, wait)
        checked = self._check(found.run_time_parameters, parameters, files_needed=False)
        lacks_values = parameters.key == NO_PARAMETERS and found.result == VALUE_REQUIRED
        if found.run_time_parameters and not lacks_values and self._robot.release.can(Ability.REANALYSIS):
            robot_id = self._protocols.require(identifier).robot_id
            found, document = self._again(robot_id, checked, wait)
        if found.result is None:
            raise AnalysisFailed(
                f"The analysis of protocol {identifier} ended without a result.",
                "Analyze it again.",
                moved=Movement.NONE,
            )
        self._store.keep(found.id, identifier, parameters.key, found.result, document)
        self._protocols.notify()
        return found

    def _newest(self, identifier: str, wait: _Wait) -> _Found:
        """Return the newest analysis the robot has of the protocol, once it has ended."""
        return self._wait_for_newest(self._protocols.on_robot(identifier, wait.cancelled).id, wait)

    def _again(self, robot_id: str, checked: CheckedParameters, wait: _Wait) -> _Found:
        def begin() -> bool:
            try:
                again_if_lost(
                    lambda: self._robot.start_analysis(
                        robot_id, parameter_values=checked.values, parameter_files=checked.files, force=False
                    )
                )
            except AnalysisPending:  # another client's came in between
                return False
            return True

        ask_until(begin, bool, every_s=0.0, sleep=wait.a_moment)
        return self._wait_for_newest(robot_id, wait)

    def _wait_for_newest(self, robot_id: str, wait: _Wait) -> _Found:
        summaries = ask_until(
            lambda: self._robot.protocol(robot_id).analysis_summaries,
            lambda summaries: bool(summaries) and summaries[-1].status != "pending",
            every_s=0.0,
            sleep=wait.a_moment,
        )
        document = self._robot.analysis_document(robot_id, summaries[-1].id)
        return _Found(read_document(document), document)

    def _check(
        self, definitions: tuple[wire.RunTimeParameter, ...], parameters: Parameters, *, files_needed: bool
    ) -> CheckedParameters:
        if (parameters.values or parameters.files) and not definitions:
            self._robot.release.require(Ability.RUN_TIME_PARAMETERS)
        values = check_values(definitions, parameters.values)
        check_files(definitions, parameters.files, all_needed=files_needed)
        return CheckedParameters(values, self._data_files.send(parameters.files))


def faults_of(analysis: wire.Analysis) -> tuple[Fault, ...]:
    """Return what is wrong with a protocol."""
    return tuple(_fault(error) for error in analysis.errors)


def faults_text(analysis: wire.Analysis) -> str:
    """Return what is wrong with a protocol in the robot's own terms, as a part of a sentence that goes on."""
    return "; ".join(error.detail.removesuffix(".") for error in analysis.errors) or "the robot gives no reason"


class _Wait:
    """Waits between looks, until the time is up or the client has had enough."""

    def __init__(self, timeout_s: float, cancelled: Cancellation | None, elapsed: Callable[[float], None]) -> None:
        self.cancelled = cancelled or Cancellation()
        self._timeout_s = timeout_s
        self._elapsed = elapsed
        self._since = time.monotonic()
        self._looks = 0

    def a_moment(self, _: float) -> None:
        """Make a pause, which is longer each time."""
        waited_s = time.monotonic() - self._since
        if waited_s > self._timeout_s:
            raise AnalysisTimedOut(
                f"The robot has not ended the analysis within {waited_s:.0f} s.",
                "It may go on by itself: repeat the command with more time, or start the run without waiting for the "
                "analysis.",
                moved=Movement.NONE,
            )
        self._elapsed(waited_s)
        pause_s = POLL_S[min(self._looks, len(POLL_S) - 1)]
        self._looks += 1
        if self.cancelled.wait(min(pause_s, max(0.01, self._timeout_s - waited_s))):
            raise CommandCancelled(
                f"The analysis was cancelled after {waited_s:.0f} s; the robot may finish it by itself.",
                moved=Movement.NONE,
            )


def _fault(error: wire.ErrorOccurrence) -> Fault:
    line = re.search(r"\[line (\d{1,9})\]", error.detail) or re.search(r", line (\d{1,9})\b", error.detail)
    root = error.root()
    return Fault(
        code=root.error_code or error.error_code or error.error_type,
        detail=error.detail or root.detail,
        line=int(line[1]) if line else 0,
    )


def tip_use_of(analysis: wire.Analysis) -> tuple[TipRack, ...]:
    """Return how many tips are taken from which rack."""
    multi = {pipette.id for pipette in analysis.pipettes if "multi" in pipette.pipette_name}
    taken: Counter[str] = Counter()
    for command in analysis.commands:
        if command.command_type == "pickUpTip" and command.status == "succeeded":
            taken[str(command.params.get("labwareId"))] += 8 if str(command.params.get("pipetteId")) in multi else 1
    racks = {labware.id: labware for labware in analysis.labware}
    return tuple(
        TipRack(slot_of(racks[rack].location), racks[rack].definition_uri, tips)
        for rack, tips in taken.items()
        if rack in racks
    )


def slot_of(location: object) -> str:
    """Return the slot of a location on the deck, empty if it is elsewhere."""
    return str(location.get("slotName", "")) if isinstance(location, Mapping) else ""
