"""``python -m sila_ot2.simulator``: a simulated OT-2 as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

from sila_ot2.simulator.machine.pace import parse_speed
from sila_ot2.simulator.release import SimulatedRelease, release_named


def main() -> None:
    """Run the simulator until a signal ends it."""
    options = _options()
    configuration = tempfile.mkdtemp(prefix="simulated-ot2-config-")
    # Opentrons' package writes to ~/.opentrons at import unless this variable names another folder.
    os.environ["OT_API_CONFIG_DIR"] = configuration
    try:
        status = _serve(options)
    finally:
        shutil.rmtree(configuration, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    # An ordinary end would wait for the threads of protocols that still run.
    os._exit(status)


def _serve(options: argparse.Namespace) -> int:
    # Importing the engine makes hundreds of thousands of objects that stay: not a moment for the collector.
    gc.disable()
    try:
        from sila_ot2.simulator.process import serve
    except ModuleNotFoundError as missing:
        remedy = "in the source folder of sila-ot2, pip install '.[simulator]' installs it (Python 3.10 to 3.12)"
        print(f"{missing}: {remedy}", file=sys.stderr)
        return 2
    gc.freeze()
    gc.enable()
    # Not asyncio.run: it would wait for motions and protocol threads that nobody needs any more.
    return asyncio.new_event_loop().run_until_complete(serve(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sila_ot2.simulator", description="A simulated OT-2.")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=31950, help="port to listen on, 0 for any (default 31950)")
    parser.add_argument("--mqtt-port", type=int, help="port for notifications over MQTT, 0 for any (default none)")
    parser.add_argument(
        "--speed", type=_speed, default="fast", help="fast, paced (real time) or a factor (default fast)"
    )
    parser.add_argument(
        "--release",
        type=_release,
        default="8.1",
        metavar="VERSION",
        help="software release to stand for: 7.5, 8.1, 9.0, 26.x or one between (default 8.1)",
    )
    parser.add_argument("--left", type=_pipette, default="p20_single_gen2", help="pipette on the left mount, or none")
    parser.add_argument("--right", type=_pipette, default="p300_single_gen2", help="the same, right mount")
    parser.add_argument("--module", action="append", default=[], metavar="MODEL", help="a module; may be repeated")
    parser.add_argument("--state-dir", type=Path, help="keep runs, protocols and settings here over restarts")
    parser.add_argument("--die-with-parent", action="store_true", help="end when the process that started this ends")
    return parser.parse_args()


def _speed(text: str) -> float:
    try:
        return parse_speed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _release(text: str) -> SimulatedRelease:
    try:
        return release_named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _pipette(text: str) -> str | None:
    return None if text in ("", "none") else text


if __name__ == "__main__":
    main()
