"""How far a run of a protocol came, and which commands of the protocol it has not begun.

Its commands are compared with those of its analysis. What was begun and is not known to have ended as it should is in
doubt. The report also lists what was carried out since the run has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sila_ot2.driver.csv_output import as_table
from sila_ot2.driver.protocols.analyses import Analyses, Parameters, faults_text
from sila_ot2.driver.tracking.steps.planned_steps import NextSteps, planned_steps
from sila_ot2.driver.tracking.steps.step_text import step_text
from sila_ot2.driver.tracking.stock.tip_stock import CONCERNS_DECK
from sila_ot2.driver.worklists.last_steps import MovementProgress, progress_of
from sila_ot2.driver.worklists.later_use import LaterUse, LaterUses
from sila_ot2.driver.worklists.protocol_commands import ProtocolCommand, protocol_commands
from sila_ot2.errors import RobotFaulty, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunArchive, RunRecord

NOT_ENDED = "NotEnded"
COLUMNS = ("Number", "CommandType", "Text", "Mount", "Labware", "Slot", "Well", "Volume")
MOST_TEXT = 100
"""Characters of the text of a command; the protocol has the rest."""
MOST_ROWS = 10_000
"""With texts of this length, below the 2 MiB that a text may have."""


class RunRest(NamedTuple):
    """What is left of a run."""

    run_id: str
    outcome: str
    """Its result, or NotEnded."""
    details: dict[str, Any]
    not_begun: str = ""
    """The commands, as CSV; empty: there are none, or it is not known which."""
    later: Sequence[LaterUse] = ()
    """What has been carried out since it has ended, or may have been."""


class _Unknown(Exception):
    """It is not known what is left; the text gives the reason."""


class RestsOfRuns:
    """One per robot; reads files of this server alone, safe to use from any thread."""

    def __init__(self, archive: RunArchive, analyses: Analyses, later: LaterUses) -> None:
        self._archive = archive
        self._analyses = analyses
        self._later = later

    def rest_of_run(self, run_id: str) -> RunRest:
        """Return what is left of a run.

        Raises:
            RunNotFound: this server has never seen the run, has given up its record, or its log is damaged.
        """
        record = self._archive.record(run_id)
        if record is None:
            if self._archive.start_of(run_id) is None:
                raise RunNotFound(f"Run {run_id} is not in the archive of this server.", "RunHistory lists the runs.")
            unknown = "The run is not known to have ended."
            return RunRest(run_id, NOT_ENDED, {"run": run_id, "outcome": NOT_ENDED, "unknown": unknown})
        later = self._later.since(record)
        since = [{**each._asdict(), "at": each.at.isoformat()} for each in later]
        head = {"run": run_id, "outcome": record.result, "error": record.explanation, "carried_out_since": since}
        try:
            analysis = self._analysis(record)
            logged = self._logged(record)
            progress = _progress(record, analysis, [one for one in logged if not _is_added(one)])
        except _Unknown as reason:
            return RunRest(run_id, record.result, {**head, "unknown": str(reason)}, later=later)
        commands = list(zip(protocol_commands(analysis), progress, strict=True))
        not_begun = [one for one, came in commands if came is MovementProgress.NOT_BEGUN]
        report = {
            "commands": len(commands),
            "commands_done": sum(came is MovementProgress.DONE for came in progress),
            "in_doubt": [one._asdict() for one, came in commands if came is MovementProgress.IN_DOUBT],
            "commands_not_begun": len(not_begun),
            "added_commands": list(_added(logged)),
        }
        return RunRest(run_id, record.result, {**head, **report}, _table(not_begun), later)

    def _analysis(self, record: RunRecord) -> wire.Analysis:
        start = record.start
        if start.purpose == "worklist":
            raise _Unknown("The run was a worklist: RetrieveUnfinishedWork tells what is left of the last one.")
        values = {name: str(value) for name, value in start.parameter_values.items()}
        identifier = start.protocol_identifier
        try:
            seen_at = self._archive.first_seen_at(start.run_id)  # an analysis since may be by another release
            analysis = self._analyses.kept(identifier, Parameters(values, start.parameter_files), before=seen_at)
        except RobotFaulty as faulty:
            raise _Unknown(str(faulty)) from faulty
        if analysis is not None and (analysis.result != "ok" or analysis.errors):
            raise _Unknown(f"The analysis of the protocol has failed and may lack commands: {faults_text(analysis)}.")
        if analysis is None or not analysis.commands:
            raise _Unknown("No analysis of the protocol with the parameters of the run is kept.")
        return analysis

    def _logged(self, record: RunRecord) -> list[wire.Command]:
        """Return all commands of the run."""
        run_id = record.start.run_id
        use = self._archive.use(run_id)
        logged = [wire.Command.model_validate(each) for each in self._archive.commands(run_id)]
        counted = record.succeeded_commands + record.failed_commands + record.skipped_commands
        if record.restarted or use is None or not use.is_complete or len(logged) != counted:
            raise _Unknown("Not all is known that the run has done: RetrieveDeckUse tells what is.")
        return logged


def _progress(record: RunRecord, analysis: wire.Analysis, logged: Sequence[wire.Command]) -> list[MovementProgress]:
    """Return how far each command of the protocol came."""
    progress = [MovementProgress.NOT_BEGUN] * len(analysis.commands)
    steps = NextSteps(planned_steps(analysis))
    for index, command in enumerate(logged):
        steps.note(index, command)
        if not steps.is_as_planned:
            raise _Unknown(f"The run did something else than its analysis says from command {index + 1} on.")
        progress[index] = progress_of(command)
    if record.result == "Succeeded" and MovementProgress.NOT_BEGUN in progress:
        raise _Unknown("The run succeeded with fewer commands than its analysis has.")
    return progress


def _is_added(command: wire.Command) -> bool:
    """Return whether a client has added a command to the run."""
    return command.intent not in (None, "protocol")


def _added(logged: Sequence[wire.Command]) -> Iterator[dict[str, Any]]:
    """Yield what clients have added to a run that may have changed tips, wells or labware."""
    for command in logged:
        if _is_added(command) and command.command_type in CONCERNS_DECK:
            yield {"command_type": command.command_type, "text": step_text(command, ()), "params": command.params}


def _table(commands: Sequence[ProtocolCommand]) -> str:
    rows = [one._replace(text=_cut(one.text)) for one in commands[:MOST_ROWS]]
    return as_table(COLUMNS, rows).decode() if rows else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
