"""What the demonstration does once it is connected: everything through SiLA, as any client would."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.sila.client import Client, features_of

PROTOCOL = "dilution_row.py"
LABWARE = "demonstration_24_tuberack_2ml.json"
BLINK_S = 2.0
ANALYSIS_TIMEOUT_S = 120.0
POLL_S = 0.05
TRASH_SLOT = "12"
TRASH_SLOT = "12"
TRANSFER_UL = 50.0
PROGRESS_LINES_EVERY = 0.2


def show_features(console: Console, client: Client) -> None:
    """Print the names of the server's features."""
    console.print(f"Features  {', '.join(sorted(features_of(client)))}\n")


def show_everything_that_moves(console: Console, client: Client) -> None:
    """Do what a laboratory does in a day, in less than a minute.

    Raises:
        CommandLineError: a step did not come out as it should.
    """
    protocol = _upload(console, client)
    _analyze(console, client, protocol)
    _run(console, client, protocol)
    _blink(console, client)
    _transfer_by_single_commands(console, client)


def _upload(console: Console, client: Client) -> str:
    folder = files("sila_ot2.cli") / "demo_protocol"
    uploaded = _finish(
        client.ProtocolService.UploadProtocol(
            FileName=PROTOCOL,
            Content=(folder / PROTOCOL).read_bytes(),
            SupportFiles=[],
            LabwareDefinitions=[(folder / LABWARE).read_bytes()],
            ProtocolKey="",
        )
    )
    console.print(f"Upload    {PROTOCOL} and the custom labware {LABWARE}")
    return str(uploaded.ProtocolIdentifier)


def _analyze(console: Console, client: Client, protocol: str) -> None:
    analysis = _finish(
        client.ProtocolService.AnalyzeProtocol(
            ProtocolIdentifier=protocol, ParameterValues=[], ParameterFiles=[], AnalysisTimeout=ANALYSIS_TIMEOUT_S
        )
    ).Analysis
    if analysis.Result != "Ok":
        raise CommandLineError(
            f"The analysis found faults: {'; '.join(error.Detail for error in analysis.Errors)}",
            remedy="The demonstration's protocol does not fit this robot.",
            code=ExitCode.FAILED,
        )
    console.print(
        f"Analysis  {analysis.Result}: {analysis.CommandCount} commands, "
        f"{_minutes(analysis.EstimatedDuration)} on a real robot"
    )
    for pipette in analysis.Pipettes:
        console.print(f"          needs {pipette.PipetteName} on the {pipette.Mount} mount")
    for labware in (each for each in analysis.Labware if each.Location != TRASH_SLOT):
        console.print(f"          needs {labware.LoadName} in slot {labware.Location}")
    tips = sum(rack.TipCount for rack in analysis.TipUse)
    console.print(f"          uses {tips} tips; liquids: {', '.join(liquid.Name for liquid in analysis.Liquids)}")


def _run(console: Console, client: Client, protocol: str) -> None:
    execution = client.RunController.RunProtocol(
        ProtocolIdentifier=protocol,
        ParameterValues=[],
        ParameterFiles=[],
        LabwareOffsets=[],
        UseStoredOffsets=False,
        RunLabel="demonstration",
        RequestKey="",
    )
    with _Progress(console) as progress, execution.subscribe_to_intermediate_responses() as steps:
        steps.add_callback(progress.step)
        run = _finish(execution, meanwhile=lambda: progress.show(execution)).RunRecord
    console.print(
        f"Run       {run.Result.lower()} in {run.Duration:.0f} s: {run.CompletedCommands} of {run.TotalCommands} "
        f"commands, {run.TipsUsed} tips, robot software {run.RobotSoftwareVersion}"
    )


class _Progress:
    """The progress of a run, fed by the observable command: a bar on a terminal, some lines in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("Run      "),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[commands]:>7}  {task.fields[left]:>12}  {task.description}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=1.0, commands="", left="")
        self._reported = 0.0

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self, response: Any) -> None:
        """Take over an intermediate response of RunProtocol: the step under way, and how many are done."""
        at = response.Progress
        commands = f"{at.CompletedCommands}/{at.TotalCommands}"
        step = at.CurrentStepText or self._bar.tasks[self._task].description  # between two steps: the last one
        self._bar.update(self._task, commands=commands, description=step)

    def show(self, execution: Any) -> None:
        """Take over progress and remaining time of the execution."""
        progress, left = execution.progress or 0.0, execution.estimated_remaining_time
        shown = "" if left is None else f"{left.total_seconds():.0f} s to go"
        self._bar.update(self._task, completed=progress, left=shown)
        if not self._console.is_terminal and progress >= self._reported + PROGRESS_LINES_EVERY:
            self._reported = progress
            task = self._bar.tasks[self._task]
            line = f"          {task.fields['commands']:>7}  {shown:>12}  {task.description}"
            self._console.print(line, markup=False)


def _blink(console: Console, client: Client) -> None:
    _finish(client.DeviceLighting.BlinkForIdentification(Duration=BLINK_S))
    lights = "on" if client.DeviceLighting.RailLights.get() else "off"
    console.print(f"Lights    blinked for {BLINK_S:g} s, now {lights} as before")


def _transfer_by_single_commands(console: Console, client: Client) -> None:
    atomic = client.AtomicLiquidHandling
    mount = "right"
    begun = time.monotonic()

    def load(load_name: str, slot: str) -> str:
        loaded = _finish(atomic.LoadLabware(LoadName=load_name, Namespace="", Version=0, Location=slot, DisplayName=""))
        return str(loaded.LabwareIdentifier)

    def place(labware: str, well: str) -> dict[str, object]:
        return {
            "Mount": mount,
            "LabwareIdentifier": labware,
            "Well": well,
            "Volume": TRANSFER_UL,
            "Origin": "Bottom",
            "OffsetX": 0.0,
            "OffsetY": 0.0,
            "OffsetZ": 1.0,
            "FlowRate": 0.0,
        }

    _finish(atomic.OpenSession())
    load("opentrons_96_tiprack_300ul", "1")
    plate = load("corning_96_wellplate_360ul_flat", "3")
    tip = _finish(atomic.PickUpTip(Mount=mount, TipRackIdentifier="", Well=""))
    _finish(atomic.Aspirate(**place(plate, "A1")))
    _finish(atomic.Dispense(**place(plate, "B1"), PushOut=0.0))
    _finish(atomic.DropTip(Mount=mount, Destination="", Well="", Alternate=False))
    _finish(atomic.CloseSession())
    console.print(
        f"By hand   tip {tip.Well}, {TRANSFER_UL:g} µL from A1 to B1, tip dropped, in {time.monotonic() - begun:.0f} s"
    )


def _finish(execution: Any, meanwhile: Callable[[], None] = lambda: None) -> Any:
    """Wait for an observable command and return its responses; its error is raised."""
    while not execution.done:
        meanwhile()
        time.sleep(POLL_S)
    return execution.get_responses()


def _minutes(duration_s: float) -> str:
    minutes, seconds = divmod(round(duration_s), 60)
    return f"about {minutes} min {seconds} s" if minutes else f"about {seconds} s"
