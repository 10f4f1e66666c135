"""`sila-ot2 demo`: show every feature once, on a simulated robot."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.children import DIE_WITH_PARENT, child, interruptible
from sila_ot2.cli import simulate
from sila_ot2.cli.demo_inputs import LABWARE, PROTOCOL
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.simulate import SimulatorPython
from sila_ot2.cli.terminal import person
from sila_ot2.cli.web import VARIABLE as PASSWORD_VARIABLE
from sila_ot2.cli.web import require_page
from sila_ot2.config import ROBOT_PORT

if TYPE_CHECKING:
    from rich.console import Console

    from sila_ot2.client.discovery import Found

LOOPBACK = "127.0.0.1"
FOR_TOUR = ("--speed", "15")
"""The simulated robot that moves by itself: slow enough to watch, fast enough to wait for."""
FOR_PAGE = ("--speed", "3", "--module", "temperatureModuleV2")
"""The simulated robot of the operator's page: a run leaves a person the time to pause and stop it."""
START_TIMEOUT_S = 60
NOBODY = "http://127.0.0.1:9"
"""A robot that is off: the port of the discard service, which is not used any more."""


def demo(
    without_robot: Annotated[
        bool, typer.Option("--without-robot", help="Leave out the simulated robot and everything that moves.")
    ] = False,
    web: Annotated[
        bool, typer.Option("--web", help="Show the operator's page for this robot instead, until Ctrl-C.")
    ] = False,
    simulator_python: SimulatorPython = sys.executable,
    verbose: Verbose = False,
) -> None:
    """Show what this program can do, on a simulated OT-2: find, upload, analyze, run, blink, pipette.

    Starts a simulated robot and a SiLA server on this computer, uses them over SiLA as any client would, and ends
    both. It keeps no files. Takes about a minute. With --web it uploads a protocol and shows the operator's page,
    for as long as you like.
    """
    console = person()
    if web:
        require_page()
    started = time.monotonic()
    console.print("[bold]SiLA 2 for the Opentrons OT-2[/bold]: a demonstration on a simulated robot\n")
    with ExitStack() as stack, interruptible():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sila-ot2-demo-")))
        if without_robot:
            robot = NOBODY
        else:
            with console.status("Starting the simulated robot"):
                robot = stack.enter_context(
                    _simulated_robot(simulator_python, folder, *(FOR_PAGE if web else FOR_TOUR))
                )
        what = "none: everything that moves is left out" if without_robot else f"simulated, at {robot}"
        console.print(f"Robot     {what}")
        name = f"OT-2 demonstration {secrets.token_hex(2)}"
        with console.status("Starting the SiLA server"):
            stack.enter_context(_server(robot, name, folder))
            found = _find(name)
        console.print(f"Server    {found.name}, found by SiLA Discovery at {found.addresses[0]}:{found.port}")
        console.print(f"          UUID {found.uuid}, encrypted; its certificate came with the announcement")

        from sila_ot2.cli import demo_steps
        from sila_ot2.cli.answers import faults_of_the_server
        from sila_ot2.client import connect

        stack.enter_context(faults_of_the_server())
        client = stack.enter_context(connect(f"{found.addresses[0]}:{found.port}", certificate=found.ca))
        if web:
            if not without_robot:
                demo_steps.upload(console, client)
            client.close()
            _show_page(console, found, folder, stack)
            return
        demo_steps.show_features(console, client)
        if not without_robot:
            demo_steps.show_everything_that_moves(console, client)
    what = "found and read a SiLA server" if without_robot else "uploaded, analyzed, ran, blinked, pipetted"
    console.print(
        f"\n[bold green]Done[/bold green] in {time.monotonic() - started:.0f} s: {what}. All processes ended."
    )
    console.print("\nNext, each in its own terminal:")
    for command in next_commands(simulator_python):
        console.print(f"  {command}", soft_wrap=True, markup=False)


def _show_page(console: Console, found: Found, folder: Path, stack: ExitStack) -> None:
    """Start the operator's page with a random password, and wait until it ends."""
    password = secrets.token_hex(4)
    options = ["--server", f"{LOOPBACK}:{found.port}", "--port", "0", "--control", "--state-dir", str(folder / "state")]
    command = [sys.executable, "-m", "sila_ot2", "web", *options, DIE_WITH_PARENT]
    log = folder / "web.log"
    environment = {**os.environ, PASSWORD_VARIABLE: password}
    with log.open("wb") as faults:
        page = stack.enter_context(child(command, faults=faults, environment=environment))
        console.print(f"Page      {_first_line(page, log, 'The page')}", soft_wrap=True)
        console.print(f"          Log in with the password {password} to run, pause and stop. End it with Ctrl-C.")
        page.wait()


def next_commands(simulator_python: str) -> list[str]:
    """Return commands to copy into terminals: `sila-ot2` by its name only if it is on the path."""
    here = Path(sys.executable).parent
    on_path = shutil.which("sila-ot2")
    program = ["sila-ot2"] if on_path and Path(on_path).parent == here else [sys.executable, "-m", "sila_ot2"]
    protocol = files("sila_ot2.cli") / "demo_protocol"
    simulator = [] if simulator_python == sys.executable else ["--simulator-python", simulator_python]
    return [
        shlex.join([*program, "simulate", *simulator]),
        shlex.join([*program, "serve", "--robot", f"http://{LOOPBACK}:{ROBOT_PORT}"]),
        shlex.join([*program, "run", str(protocol / PROTOCOL), "--labware", str(protocol / LABWARE)]),
    ]


@contextmanager
def _simulated_robot(python: str, folder: Path, *options: str) -> Iterator[str]:
    """Start a simulated robot and give its address."""
    options = ("--address", LOOPBACK, "--port", "0", *options)
    log = folder / "simulator.log"
    with log.open("wb") as faults, child(simulate.command(python, options), faults=faults) as process:
        yield _first_line(process, log, "The simulated robot")


@contextmanager
def _server(robot: str, name: str, folder: Path) -> Iterator[None]:
    """Start the SiLA server and wait until it serves."""
    options = ["--robot", robot, "--port", "0", "--name", name, "--state-dir", str(folder / "state"), DIE_WITH_PARENT]
    log = folder / "server.log"
    command = [sys.executable, "-m", "sila_ot2", "serve", *options]
    with log.open("wb") as faults, child(command, faults=faults) as process:
        _first_line(process, log, "The SiLA server")
        yield


def _first_line(process: subprocess.Popen[str], log: Path, who: str) -> str:
    """Return the first line that a child process prints: then it is ready."""
    timer = threading.Timer(START_TIMEOUT_S, process.kill)
    timer.start()
    line = process.stdout.readline().strip() if process.stdout else ""
    timer.cancel()
    if line:
        return line
    reason = log.read_text(errors="replace").strip().splitlines() or ["it gave no reason"]
    raise CommandLineError(
        f"{who} did not start: {reason[-1]}", remedy="Run the demo again with -v.", code=ExitCode.FAILED
    )


def _find(name: str) -> Found:
    """Find our server among all that announce themselves on this computer."""
    from sila_ot2.client.discovery import browse

    servers = browse(START_TIMEOUT_S, interfaces=[LOOPBACK], until=lambda found: found.name == name)
    for found in servers:
        if found.name == name:
            return found
    raise CommandLineError(
        "The server was not found by SiLA Discovery on this computer",
        remedy="Does a firewall block multicast DNS (UDP port 5353) on the loopback interface?",
        code=ExitCode.UNREACHABLE,
    )
