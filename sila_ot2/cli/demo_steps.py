"""What the demonstration does once it is connected: everything through SiLA, as any client would."""

from __future__ import annotations

import time
from importlib.resources import files

from rich.console import Console

from sila_ot2.cli.demo_inputs import LABWARE, PROTOCOL
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.progress import ProgressView
from sila_ot2.client import OT2

BLINK_S = 2.0
ANALYSIS_TIMEOUT_S = 120.0
TRASH_SLOT = "12"
TRANSFER_UL = 50.0


def show_features(console: Console, client: OT2) -> None:
    """Print the names of the server's features."""
    names = sorted(identifier.split("/")[2] for identifier in client.sila_service.implemented_features.get())
    console.print(f"Features  {', '.join(names)}\n")


def show_everything_that_moves(console: Console, client: OT2) -> None:
    """Upload, analyze and run a protocol, blink, and move liquid with single commands.

    Raises:
        CommandLineError: a step failed.
    """
    protocol = upload(console, client)
    _analyze(console, client, protocol)
    _run(console, client, protocol)
    _blink(console, client)
    _transfer_by_single_commands(console, client)


def upload(console: Console, client: OT2) -> str:
    """Upload the protocol of the demonstration; returns its identifier."""
    folder = files("sila_ot2.cli") / "demo_protocol"
    content, labware = (folder / PROTOCOL).read_bytes(), (folder / LABWARE).read_bytes()
    with console.status("Uploading"):
        uploaded = client.protocol_service.upload_protocol(PROTOCOL, content, labware_definitions=[labware]).result()
    console.print(f"Upload    {PROTOCOL} and the custom labware {LABWARE}")
    return uploaded.protocol_identifier


def _analyze(console: Console, client: OT2, protocol: str) -> None:
    with console.status("The robot analyzes the protocol"):
        analysis = client.protocol_service.analyze_protocol(protocol, analysis_timeout=ANALYSIS_TIMEOUT_S).result()
    if analysis.result != "Ok":
        raise CommandLineError(
            f"The analysis found faults: {'; '.join(error.detail for error in analysis.errors)}",
            remedy="The demonstration's protocol does not fit this robot.",
            code=ExitCode.FAILED,
        )
    console.print(
        f"Analysis  {analysis.result}: {analysis.command_count} commands, "
        f"{_minutes(analysis.estimated_duration)} on a real robot"
    )
    for pipette in analysis.pipettes:
        console.print(f"          needs {pipette.pipette_name} on the {pipette.mount} mount")
    for labware in (each for each in analysis.labware if each.location != TRASH_SLOT):
        console.print(f"          needs {labware.load_name} in slot {labware.location}")
    tips = sum(rack.tip_count for rack in analysis.tip_use)
    console.print(f"          uses {tips} tips; liquids: {', '.join(liquid.name for liquid in analysis.liquids)}")


def _run(console: Console, client: OT2, protocol: str) -> None:
    execution = client.run_controller.run_protocol(protocol, run_label="demonstration")
    with ProgressView("Run      ", console) as progress:
        for state in execution:
            progress.show(state)
    run = execution.result()
    console.print(
        f"Run       {run.result.lower()} in {run.duration:.0f} s: {run.completed_commands} of {run.total_commands} "
        f"commands, {run.tips_used} tips, robot software {run.robot_software_version}"
    )


def _blink(console: Console, client: OT2) -> None:
    with console.status("Blinking"):
        client.device_lighting.blink_for_identification(BLINK_S).result()
    lights = "on" if client.device_lighting.rail_lights.get() else "off"
    console.print(f"Lights    blinked for {BLINK_S:g} s, now {lights} as before")


def _transfer_by_single_commands(console: Console, client: OT2) -> None:
    begun = time.monotonic()
    with console.status("Moving 50 µL with single commands"), client.session() as deck:
        tips = deck.load("opentrons_96_tiprack_300ul", 1)
        plate = deck.load("corning_96_wellplate_360ul_flat", 3)
        tip = deck.right.pick_up_tip(tips)
        deck.right.aspirate(TRANSFER_UL, plate["A1"])
        deck.right.dispense(TRANSFER_UL, plate["B1"])
        deck.right.drop_tip()
    took_s = time.monotonic() - begun
    console.print(f"Commands  tip {tip.name}, {TRANSFER_UL:g} µL from A1 to B1, tip dropped, in {took_s:.0f} s")


def _minutes(duration_s: float) -> str:
    minutes, seconds = divmod(round(duration_s), 60)
    return f"about {minutes} min {seconds} s" if minutes else f"about {seconds} s"
