"""Install a wheel as users do, and try it: pip and `uv tool install`, each Python, as root and as another user.

    python3 scripts/install_check.py dist/sila_ot2-0.2.0-py3-none-any.whl          # every way of installation
    python3 scripts/install_check.py dist/sila_ot2-0.2.0-py3-none-any.whl nobody   # those with this in their name

Each installation is in a fresh environment whose path contains a space. The command `sila-ot2` must print its version
and serve without a robot, and the client must import. `uv` is tried where it is installed, another user where this runs
as root. The packages come from the package index; this takes some minutes. If other users may not enter the folder for
temporary files, set TMPDIR to one that they may, such as /var/tmp.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from environments import interpreters, version_of

START_TIMEOUT_S = 300
"""The first start compiles the packages, on a busy computer in minutes."""
ANOTHER_USER = "nobody"
CLIENT = "from sila_ot2.client import connect; import sila_ot2.client.errors"


class NotUsable(Exception):
    """What was installed does not work; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Try every way of installation; return the exit code."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    wanted = arguments[1] if len(arguments) == 2 else ""
    failed = False
    with tempfile.TemporaryDirectory(prefix="sila ot2 ") as folder:
        Path(folder).chmod(0o755)
        wheel = Path(shutil.copy(arguments[0], folder))
        for name, command, python, user in _ways():
            if wanted not in name:
                continue
            started = time.monotonic()
            try:
                _try(command, python, wheel, Path(folder) / name, user)
                verdict = "ok"
            except (subprocess.SubprocessError, OSError, NotUsable) as error:
                verdict, failed = f"FAILED: {error}", True
            print(f"{name:32} {time.monotonic() - started:5.0f} s  {verdict}", flush=True)
    return 1 if failed else 0


def _ways() -> list[tuple[str, str, str, str | None]]:
    """Return name, tool, Python and user of each installation."""
    ways: list[tuple[str, str, str, str | None]] = []
    for version, python in interpreters().items():
        ways.append(("pip, Python {}.{}".format(*version), "pip", python, None))
        if shutil.which("uv"):
            ways.append(("uv tool, Python {}.{}".format(*version), "uv", python, None))
    system = "/usr/bin/python3"  # another user may not be allowed to read the Pythons of this one
    if hasattr(os, "geteuid") and os.geteuid() == 0 and version_of(system) in interpreters():
        ways.append((f"pip, as {ANOTHER_USER}", "pip", system, ANOTHER_USER))
    return ways


def _try(tool: str, python: str, wheel: Path, home: Path, user: str | None) -> None:
    """Install in a folder of its own, and use what is there."""
    home.mkdir()
    if user is not None:
        shutil.chown(home, user)
    environment = {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    for name in ("PYTHONPATH", "PIP_TARGET", "VIRTUAL_ENV"):
        environment.pop(name, None)

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=home, env=environment, user=user, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise NotUsable(f"{' '.join(command)}\n{done.stdout[-2000:]}")
        return done.stdout

    if tool == "uv":
        environment |= {"UV_TOOL_DIR": str(home / "tools"), "UV_TOOL_BIN_DIR": str(home / "bin")}
        run("uv", "tool", "install", "--python", python, str(wheel))
        program, inside = home / "bin" / "sila-ot2", home / "tools" / "sila-ot2" / "bin" / "python"
    else:
        run(python, "-m", "venv", str(home / "environment"))
        inside = home / "environment" / "bin" / "python"
        run(str(inside), "-m", "pip", "install", "--quiet", str(wheel))
        program = home / "environment" / "bin" / "sila-ot2"
    version = wheel.name.split("-")[1]
    if version not in run(str(program), "--version"):
        raise NotUsable(f"the command does not print the version {version}")
    run(str(inside), "-c", CLIENT)
    _serve(program, home, environment, user)


def _serve(program: Path, home: Path, environment: dict[str, str], user: str | None) -> None:
    """Start the server without a robot, and end it."""
    options = ["--robot", "http://127.0.0.1:9", "--port", "0", "--no-discovery"]
    with (home / "server.log").open("w") as log:
        if user is not None:
            shutil.chown(home / "server.log", user)
        with subprocess.Popen(
            [str(program), "serve", *options], cwd=home, env=environment, user=user, stdout=subprocess.PIPE, stderr=log,
            text=True,
        ) as server:  # fmt: skip
            watchdog = threading.Timer(START_TIMEOUT_S, server.kill)
            watchdog.start()
            greeting = server.stdout.readline().strip() if server.stdout else ""
            server.terminate()
            code = server.wait()
            watchdog.cancel()
    said = (home / "server.log").read_text()[-1000:]
    if not greeting or code:
        raise NotUsable(f"the server printed {greeting!r}, exit code {code}: {said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
