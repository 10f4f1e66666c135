"""`sila-ot2 simulate`: a simulated OT-2 as a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2 import simulated_robot
from sila_ot2.children import child, end_like_interrupt
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import PORT_RANGE, Verbose
from sila_ot2.config import ROBOT_PORT, SIMULATOR_PYTHON

SimulatorPython = Annotated[
    str,
    typer.Option(
        "--simulator-python",
        metavar="PYTHON",
        envvar=SIMULATOR_PYTHON,
        help="A Python with sila-ot2 and its extra `simulator` installed, if this Python does not have them.",
        show_default=False,
    ),
]


def simulate(
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", **PORT_RANGE, help="Port of the robot's HTTP interface.")
    ] = ROBOT_PORT,
    mqtt_port: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            **PORT_RANGE,
            help="Port of its notifications (MQTT; 1883 on a robot). Off if not given.",
        ),
    ] = None,
    speed: Annotated[
        str,
        typer.Option(metavar="fast|paced|FACTOR", help="As fast as possible, in real time, or FACTOR times as fast."),
    ] = "paced",
    release: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Release of the robot's software to stand for: 7.5, 8.1, 9.0, 26.x, or one between.",
        ),
    ] = None,
    left: Annotated[str | None, typer.Option(metavar="PIPETTE", help="Pipette on the left mount.")] = None,
    right: Annotated[str | None, typer.Option(metavar="PIPETTE", help="Pipette on the right mount.")] = None,
    module: Annotated[
        list[str] | None, typer.Option(metavar="MODEL", help="Attached module; may be given several times.")
    ] = None,
    state_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep its runs, protocols and settings here after it ends.")
    ] = None,
    simulator_python: SimulatorPython = sys.executable,
    verbose: Verbose = False,
) -> None:
    """Start a simulated OT-2 that moves nothing and answers like a real one.

    It runs on the real Opentrons engine (the extra `simulator`). Drive it with
    `sila-ot2 serve --robot http://127.0.0.1:31950`. End it with Ctrl-C.
    """
    end_like_interrupt()
    options = ["--address", address, "--port", str(port), "--speed", speed]
    given = {"--release": release, "--left": left, "--right": right, "--mqtt-port": mqtt_port, "--state-dir": state_dir}
    for name, value in given.items():
        options += [name, str(value)] if value is not None else []
    for model in module or ():
        options += ["--module", model]
    with child(command(simulator_python, options)) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            return
    if code:
        raise CommandLineError(
            f"The simulated robot ended with exit code {code}", remedy="See the message above.", code=ExitCode.FAILED
        )


def command(python: str, options: Sequence[str]) -> list[str]:
    """Return the command that starts the simulated robot.

    Raises:
        CommandLineError: this Python cannot run it.
    """
    try:
        return simulated_robot.command(python, options)
    except simulated_robot.SimulatorUnavailable as error:
        raise CommandLineError(str(error), remedy=error.remedy, code=ExitCode.UNAVAILABLE) from error
