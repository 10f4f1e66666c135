"""Make the virtual environments that the other scripts run in, or run a command in one; quick when nothing has changed.

    python3 scripts/environments.py                       # make or update both
    python3 scripts/environments.py server ruff check .   # run a command in the server's environment

Four kinds per Python: `server` (with every check and the independent SiLA clients) and `simulator` (with the Opentrons
engine), kept apart because their dependencies exclude each other, `runtime` (what a user of the server installs), and
`client` (what the Python client needs, with notebooks, pyright and PyLabRobot 1.0).
Uses uv where it is installed, else pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ((3, 10), (3, 11), (3, 12), (3, 13))
"""Pythons the server runs on."""
SIMULATOR_PYTHONS = ((3, 10), (3, 11), (3, 12))
"""Pythons the Opentrons engine 9.0.0 has wheels for."""


NO_COMPILE = "--no-compile"
"""Modules are compiled when they are first imported: most of those in an environment never are."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of the processes that tests start would compile them again


class EnvironmentFailed(Exception):
    """An environment cannot be made; the message says what it needs."""


def environment_python(kind: str, interpreter: str = sys.executable) -> Path:
    """Return the Python of an environment (server, simulator, runtime or client), made or brought up to date first.

    Raises:
        EnvironmentFailed: it is for other Pythons, or the packages cannot be installed.
    """
    major, minor = version_of(interpreter) or sys.version_info[:2]
    pythons = SIMULATOR_PYTHONS if kind == "simulator" else PYTHONS
    if (major, minor) not in pythons:
        others = ", ".join(f"{a}.{b}" for a, b in pythons)
        raise EnvironmentFailed(f"The {kind} environment cannot use Python {major}.{minor}; use one of {others}.")
    folder = ROOT / ".environments" / f"{major}.{minor}-{kind}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    constraints = ROOT / "constraints" / f"{'server' if kind == 'runtime' else kind}.txt"
    stamp = folder / "made-from"
    requirements = (ROOT / "pyproject.toml").read_text().split("[tool.")[0]  # tool settings need no new environment
    wanted = hashlib.sha256(constraints.read_bytes() + requirements.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    packages = ["-c", str(constraints), "-e", f"{ROOT}[simulator]" if kind == "simulator" else str(ROOT)]
    if kind == "client":  # the whole list: the package's own dependencies are the server's
        packages = ["--no-deps", "-r", str(constraints), "-e", str(ROOT)]
    elif kind != "runtime":
        packages += ["--group", f"{ROOT / 'pyproject.toml'}:{kind}"]
    print(f"Preparing the {kind} environment for Python {major}.{minor}, which takes some minutes.", flush=True)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        if uv := shutil.which("uv"):
            run([uv, "venv", "--seed", "--python", interpreter, str(folder)])
            run([uv, "pip", "install", "--python", str(python), *packages])
        else:
            _install_with_pip(interpreter, folder, python, packages)
        if kind == "server":
            _install_definitions(folder, python)
    except subprocess.CalledProcessError as error:
        raise EnvironmentFailed(
            f"The {kind} environment could not be made with {interpreter}: see the message above. This needs "
            "pip or uv, and the package index. Run the same command again once it is fixed."
        ) from error
    stamp.write_text(wanted)
    return python


def plain_environment(name: str, requirements: Path, interpreter: str = sys.executable) -> Path:
    """Return the Python of `.environments/NAME`, which has the packages of a list and nothing of ours; made first.

    Raises:
        EnvironmentFailed: its packages cannot be installed.
    """
    folder = ROOT / ".environments" / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = folder / "made-from"
    if stamp.exists() and stamp.read_bytes() == requirements.read_bytes():
        return python
    print(f"Preparing the environment {name}.", flush=True)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        run([interpreter, "-m", "venv", str(folder)])
        run([str(python), "-m", "pip", "install", NO_COMPILE, "-r", str(requirements)])
    except subprocess.CalledProcessError as error:
        raise EnvironmentFailed(f"The environment {name} could not be made: see the message above.") from error
    stamp.write_bytes(requirements.read_bytes())
    return python


def interpreters() -> dict[tuple[int, int], str]:
    """Return the Pythons the server supports that are present here, by version: running, on the path, under pyenv."""
    found = {sys.version_info[:2]: sys.executable}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for major, minor in PYTHONS:
        name = f"python{major}.{minor}"
        for candidate in (shutil.which(name), *sorted(map(str, pyenv.glob(f"{major}.{minor}.*/bin/{name}")))):
            if candidate and (major, minor) not in found and version_of(candidate) == (major, minor):
                found[major, minor] = candidate
    return {version: found[version] for version in PYTHONS if version in found}


def version_of(interpreter: str) -> tuple[int, int] | None:
    """Return an interpreter's version, None if it cannot be run (pyenv puts such names on the path)."""
    try:
        answer = subprocess.run(
            [interpreter, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = answer.stdout.split()
    return int(major), int(minor)


def _install_with_pip(interpreter: str, folder: Path, python: Path, packages: Sequence[str]) -> None:
    """Make an environment with a pip that knows dependency groups (25.1): the pip and venv of Debian are older."""
    run([interpreter, "-m", "venv", "--without-pip", str(folder)])
    with tempfile.TemporaryDirectory() as download:
        run([interpreter, "-m", "pip", "download", "--no-deps", "--dest", download, "pip>=25.1"])
        (wheel,) = Path(download).glob("pip-*.whl")
        run([str(python), str(wheel / "pip"), "install", NO_COMPILE, "pip>=25.1", *packages])


def _install_definitions(folder: Path, python: Path) -> None:
    """Put the packages with feature definitions of other vendors aside: none of their code is ever run."""
    aside = ["--no-deps", "--ignore-requires-python", "--target", str(folder / "definitions")]
    run([str(python), "-m", "pip", "install", *aside, "--group", f"{ROOT / 'pyproject.toml'}:definitions"])


def run(command: Sequence[str]) -> None:
    """Run a command; a terminal shows its newest line, and all of its output is shown if it fails.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    output = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as running:
        for line in running.stdout or ():
            output.append(line)
            _show_on_terminal(line.strip())
    _show_on_terminal("")
    if running.returncode:
        print("".join(output), flush=True)
        raise subprocess.CalledProcessError(running.returncode, command)


def _show_on_terminal(line: str) -> None:
    """Write a line over the last one; nothing where there is no terminal."""
    if sys.stdout.isatty():
        columns = shutil.get_terminal_size().columns - 1
        print(f"\r{line[:columns]:{columns}}\r", end="", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Make the environments, or run a command in one; return the exit code."""
    kinds, command = (arguments[:1] or ["server", "simulator"]), arguments[1:]
    try:
        pythons = [environment_python(kind) for kind in kinds]
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    if not command:
        print(*pythons, sep="\n")
        return 0
    scripts = str(pythons[0].parent)
    environment = {**os.environ, "PATH": os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])}
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    return subprocess.call([program, *command[1:]], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
