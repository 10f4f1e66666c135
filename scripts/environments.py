"""Make the virtual environments that the other scripts run in; quick when nothing has changed.

Three kinds per Python: `server` (with every check and the independent SiLA clients) and `simulator` (with the Opentrons
engine), kept apart because their dependencies exclude each other, and `runtime` (what a user of the server installs).
Uses only the standard library and pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ((3, 10), (3, 11), (3, 12), (3, 13))
"""Pythons the server runs on."""
SIMULATOR_PYTHONS = ((3, 10), (3, 11), (3, 12))
"""Pythons the Opentrons engine 9.0.0 has wheels for."""


class EnvironmentFailed(Exception):
    """An environment cannot be made; the message says what to install."""


def environment_python(kind: str, interpreter: str = sys.executable) -> Path:
    """Return the Python of the environment `kind` ("server", "simulator", "runtime"), made or brought up to date first.

    Raises:
        EnvironmentFailed: pip could not install what is needed.
    """
    major, minor = version_of(interpreter) or sys.version_info[:2]
    folder = ROOT / ".environments" / f"{major}.{minor}-{kind}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    constraints = ROOT / "constraints" / f"{'simulator' if kind == 'simulator' else 'server'}.txt"
    stamp = folder / "made-from"
    requirements = (ROOT / "pyproject.toml").read_text().split("[tool.")[0]  # tool settings need no new environment
    wanted = hashlib.sha256(constraints.read_bytes() + requirements.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"Preparing the {kind} environment for Python {major}.{minor} (about half a minute) ...", flush=True)
    try:
        _make(folder, python, interpreter)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-qq"]
        # pip learned dependency groups in 25.1; the pythons of a stock machine bring older ones.
        subprocess.check_call([*pip, "install", "--upgrade", "pip>=25.1"])
        target = [f"{ROOT}[simulator]" if kind == "simulator" else str(ROOT)]
        if kind != "runtime":
            target += ["--group", f"{ROOT / 'pyproject.toml'}:{kind}"]
        subprocess.check_call([*pip, "install", "-c", str(constraints), "-e", *target])
    except subprocess.CalledProcessError as error:
        raise EnvironmentFailed(
            f"The {kind} environment could not be made with {interpreter}; the reason stands above. It needs pip "
            "and the package index. Run the same command again when that is mended."
        ) from error
    stamp.write_text(wanted)
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


def _make(folder: Path, python: Path, interpreter: str) -> None:
    """Make an empty environment with pip in it."""
    venv = [interpreter, "-m", "venv", "--clear", str(folder)]
    if subprocess.run([interpreter, "-c", "import ensurepip"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        subprocess.check_call(venv)
        return
    # Debian ships venv without ensurepip; the system's pip can put itself into the environment.
    subprocess.check_call([*venv, "--without-pip"])
    subprocess.check_call([interpreter, "-m", "pip", "-qq", "--python", str(python), "install", "pip"])


if __name__ == "__main__":
    for wanted_kind in sys.argv[1:] or ("server", "simulator"):
        print(environment_python(wanted_kind))
