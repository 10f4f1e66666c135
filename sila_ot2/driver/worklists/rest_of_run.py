"""How far a run of a protocol came, and the worklist of what it has not begun.

Its commands are compared with those of its analysis. What was begun is never in the worklist; what was begun and is not
known to have ended as it should is in doubt. The worklist is kept back if it may have been carried out since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sila_ot2.driver.deck.known_labware import KnownLabware
from sila_ot2.driver.deck.labware import location_from_wire
from sila_ot2.driver.protocols.analyses import Analyses, Parameters
from sila_ot2.driver.tracking.planned_steps import NextSteps, planned_steps
from sila_ot2.driver.tracking.step_text import step_text
from sila_ot2.driver.worklists.last_steps import MOST_LISTED, Progress, progress_of
from sila_ot2.driver.worklists.later_use import LaterUse, LaterUses
from sila_ot2.driver.worklists.rest_of_protocol import ProtocolRest, rest_of_protocol
from sila_ot2.driver.worklists.steps_of_commands import NEEDS_NO_STEP
from sila_ot2.errors import RobotFaulty, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunArchive, RunRecord

NOT_ENDED = "NotEnded"


class RunRest(NamedTuple):
    """What is left of a run."""

    run_id: str
    outcome: str
    """Its result, or NotEnded."""
    details: dict[str, Any]
    worklist: str
    later: Sequence[LaterUse] = ()
    """What has been carried out since it has ended, or may have been."""


class _Unknown(Exception):
    """It is not known what is left; says why."""


class RestsOfRuns:
    """One per robot; reads files of this server alone, safe to use from any thread."""

    def __init__(self, archive: RunArchive, analyses: Analyses, labware: KnownLabware, later: LaterUses) -> None:
        self._archive = archive
        self._analyses = analyses
        self._labware = labware
        self._later = later

    def rest_of_run(self, run_id: str, first: int, *, again: bool = False) -> RunRest:
        """Return what is left of a run.

        Args:
            run_id: of the run.
            first: the first command of the protocol, from 1, that may be in the worklist, unless the run has begun it.
            again: return the worklist also if something has been carried out since the run has ended, or may have been.

        Raises:
            RunNotFound: this server has never seen the run, has given up its record, or its log is damaged.
        """
        record = self._archive.record(run_id)
        if record is None:
            if self._archive.start_of(run_id) is None:
                raise RunNotFound(f"Run {run_id} is not in the archive of this server.", "RunHistory lists the runs.")
            return RunRest(run_id, NOT_ENDED, {"run": run_id, "outcome": NOT_ENDED}, "")
        later = self._later.since(record)
        since = [{**each._asdict(), "at": each.at.isoformat()} for each in later]
        head = {"run": run_id, "outcome": record.result, "error": record.explanation, "carried_out_since": since}
        try:
            analysis = self._analysis(record)
            progress = self._progress(record, analysis)
        except _Unknown as unknown:
            return RunRest(run_id, record.result, {**head, "unknown": str(unknown)}, "", later)
        begun = next((n + 1 for n in reversed(range(len(progress))) if progress[n] is not Progress.NOT_BEGUN), 0)
        is_over = record.result == "Succeeded"
        rest = rest_of_protocol(analysis, len(progress) if is_over else begun, self._labware, first)
        report = {**head, **_report(analysis, progress, begun, rest)}
        return RunRest(run_id, record.result, report, "" if later and not again else rest.worklist, later)

    def _analysis(self, record: RunRecord) -> wire.Analysis:
        start = record.start
        if start.purpose == "worklist":
            raise _Unknown("The run was a worklist: RetrieveUnfinishedWork tells what is left of the last one.")
        values = {name: str(value) for name, value in start.parameter_values.items()}
        identifier = start.protocol_identifier
        try:
            analysis = self._analyses.kept(identifier, Parameters(values, start.parameter_files))
        except RobotFaulty as faulty:
            raise _Unknown(str(faulty)) from faulty
        if analysis is None or not analysis.commands:
            raise _Unknown("No analysis of the protocol with the parameters of the run is kept.")
        return analysis

    def _progress(self, record: RunRecord, analysis: wire.Analysis) -> list[Progress]:
        """Return how far each command of the protocol came."""
        run_id = record.start.run_id
        use = self._archive.use(run_id)
        if record.restarted or use is None or not use.is_complete:
            raise _Unknown("Not all is known that the run has done: RetrieveDeckUse tells what is.")
        listed = [wire.Command.model_validate(each) for each in self._archive.commands(run_id)]
        progress = [Progress.NOT_BEGUN] * len(analysis.commands)
        steps = NextSteps(planned_steps(analysis))
        for index, command in enumerate(each for each in listed if each.intent != "setup"):
            steps.note(index, command)
            if not steps.is_as_planned:
                raise _Unknown(f"The run did something else than its analysis says from command {index + 1} on.")
            progress[index] = progress_of(command)
        return progress


def _report(analysis: wire.Analysis, progress: Sequence[Progress], begun: int, rest: ProtocolRest) -> dict[str, Any]:
    described = _Described(analysis)
    missing = [
        number
        for number in range(rest.end + 1, len(progress) + 1)
        if analysis.commands[number - 1].command_type not in NEEDS_NO_STEP
    ]
    doubtful = [number for number, each in enumerate(progress, start=1) if each is Progress.IN_DOUBT]
    return {
        "commands": len(progress),
        "commands_done": sum(each is Progress.DONE for each in progress),
        "commands_begun": begun,
        "in_doubt": described.all(doubtful),
        "left_out": [{**described.one(each.number), "why": each.why} for each in rest.left_out[:MOST_LISTED]],
        "worklist_ends_before": rest.obstacle,
        "why": rest.why,
        "commands_not_in_worklist": len(missing),
        "not_in_worklist": described.all(missing),
        "new_tips_picked_up": rest.pick_ups,
        "pipettes": [{"mount": one.mount, "name": one.pipette_name} for one in analysis.pipettes],
        "modules": [{"slot": location_from_wire(one.location), "model": one.model} for one in analysis.modules],
        "labware": list(_loaded(analysis)),
    }


class _Described:
    """Commands of a protocol, for people and programs."""

    def __init__(self, analysis: wire.Analysis) -> None:
        self._analysis = analysis

    def all(self, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """Return the first of these commands."""
        return [self.one(number) for number, _ in zip(numbers, range(MOST_LISTED), strict=False)]

    def one(self, number: int) -> dict[str, Any]:
        """Return a command."""
        command = self._analysis.commands[number - 1]
        params = command.params
        volume = {"volume_ul": params["volume"]} if "volume" in params else {}
        well = {"well": params["wellName"]} if "wellName" in params else {}
        text = step_text(command, self._analysis.labware)
        return {"number": number, "command": command.command_type, "text": text, **well, **volume}


def _loaded(analysis: wire.Analysis) -> Iterator[dict[str, str]]:
    """Yield where the protocol loads its labware, from the bottom up."""
    slots = {one.id: location_from_wire(one.location) for one in analysis.modules}
    for command in analysis.commands:
        if command.command_type == "loadLabware":
            location = location_from_wire(command.params.get("location"))
            slot = slots[str((command.result or {}).get("labwareId"))] = slots.get(location, location)
            uri = "/".join(str(command.params.get(name, "")) for name in ("namespace", "loadName", "version"))
            yield {"slot": slot, "definition_uri": uri}
