"""Show everything once, without a robot: set up what is needed, then run `sila-ot2 demo`.

The first run takes some minutes for the set-up, the next ones start at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from environments import SIMULATOR_PYTHONS, EnvironmentFailed, environment_python, interpreters


def main() -> int:
    """Set up, then become the demo, so that signals reach it directly."""
    here = sys.version_info[:2]
    arguments = sys.argv[1:]
    simulator: Path | None
    try:
        if here in SIMULATOR_PYTHONS:
            python = simulator = environment_python("simulator")
        else:
            python = environment_python("runtime")
            other = next((path for v, path in interpreters().items() if v in SIMULATOR_PYTHONS), None)
            simulator = environment_python("simulator", other) if other else None
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 3
    if simulator is None:
        print("The simulated robot needs Python 3.10 to 3.12 and none is here: everything that moves is left out.")
        arguments = ["--without-robot", *arguments]
    elif simulator != python:
        print(f"The Opentrons engine does not run on Python {here[0]}.{here[1]}: the simulated robot uses {other}.")
    environment = {**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator or python)}
    command = [str(python), "-m", "sila_ot2", "demo", *arguments]
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


if __name__ == "__main__":
    sys.exit(main())
