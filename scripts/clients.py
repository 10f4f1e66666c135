"""Run a plate with clients of others, unmodified, each in an environment of its own.

    python3 scripts/clients.py                # all of them
    python3 scripts/clients.py labmcp lara    # some of them

Makes the environments first (`.environments/clients/NAME`, of `constraints/clients/NAME.txt`), then runs
tests/conformance/test_client_environments.py against the simulator. The tests run those whose environments are there;
scripts/test.py makes that of the schedulers.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environments import ROOT, EnvironmentFailed, environment_python, interpreters, plain_environment

REQUIREMENTS = ROOT / "constraints" / "clients"
FIRST_PYTHON = {"lara": (3, 12), "cdk": (3, 12)}
"""The oldest Python of clients that do not run on every Python that this project runs on."""
TESTS = ROOT / "tests" / "conformance" / "test_client_environments.py"


def client_environment(name: str) -> Path:
    """Return the Python of a client's environment, made first unless it is there.

    Raises:
        EnvironmentFailed: there is no Python for it, or its packages cannot be installed.
    """
    oldest, here = FIRST_PYTHON.get(name, (3, 10)), sys.version_info[:2]
    fitting = {version: path for version, path in interpreters().items() if version >= oldest}
    interpreter = fitting.get(here) or next(iter(fitting.values()), None)
    if interpreter is None:
        raise EnvironmentFailed(f"The client {name} needs Python {oldest[0]}.{oldest[1]} or later, which is not here.")
    return plain_environment(f"clients/{name}", REQUIREMENTS / f"{name}.txt", interpreter)


def main(arguments: Sequence[str]) -> int:
    """Make the environments and run the clients; return the exit code."""
    known = sorted(file.stem for file in REQUIREMENTS.glob("*.txt"))
    if unknown := set(arguments) - set(known):
        print(f"There is no client {', '.join(sorted(unknown))}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    try:
        for name in arguments or known:
            client_environment(name)
        python, _ = environment_python("server"), environment_python("simulator")
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    selection = ["-k", " or ".join(arguments)] if arguments else []
    return subprocess.call([str(python), "-m", "pytest", "-v", "-rs", str(TESTS), *selection], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
