"""Make the virtual environments that the other scripts run in; quick when nothing has changed.

Two per Python, because their dependencies exclude each other: `server` (with every check and the independent SiLA
clients) and `simulator` (with the Opentrons engine). Uses only the standard library and pip.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIMULATOR_PYTHONS = ((3, 10), (3, 11), (3, 12))
"""Pythons the Opentrons engine 9.0.0 has wheels for."""


def environment_python(kind: str, interpreter: str = sys.executable) -> Path:
    """Return the Python of the environment `kind` ("server" or "simulator"), made or brought up to date first."""
    version = subprocess.check_output(
        [interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    ).strip()
    folder = ROOT / ".environments" / f"{version}-{kind}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    constraints = ROOT / "constraints" / f"{kind}.txt"
    stamp = folder / "made-from"
    requirements = (ROOT / "pyproject.toml").read_text().split("[tool.")[0]  # tool settings need no new environment
    wanted = hashlib.sha256(constraints.read_bytes() + requirements.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"Preparing the {kind} environment for Python {version} (about half a minute) ...", flush=True)
    subprocess.check_call([interpreter, "-m", "venv", "--clear", str(folder)])
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-qq"]
    # pip learned dependency groups in 25.1; the pythons of a stock machine bring older ones.
    subprocess.check_call([*pip, "install", "--upgrade", "pip>=25.1"])
    target = f"{ROOT}[simulator]" if kind == "simulator" else str(ROOT)
    group = f"{ROOT / 'pyproject.toml'}:{kind}"
    subprocess.check_call([*pip, "install", "-c", str(constraints), "-e", target, "--group", group])
    stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    for kind in sys.argv[1:] or ("server", "simulator"):
        print(environment_python(kind))
