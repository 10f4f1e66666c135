"""The notebook runs from top to bottom where nothing but the client's own needs is installed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.processes import SimulatorProcess, start_server

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "python_client" / "first_steps.ipynb"
EXECUTE = """
import sys
import nbclient, nbformat
notebook = nbformat.read(sys.stdin, as_version=4)
nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3").execute()
nbformat.write(notebook, sys.stdout)
"""


def outputs(notebook: str) -> str:
    """Everything that the cells of an executed notebook show."""
    shown = []
    for cell in json.loads(notebook)["cells"]:
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            shown.append("".join(text))
    return "\n".join(shown)


@pytest.mark.simulator_only
def test_the_notebook_runs(client_python: Path, simulator: SimulatorProcess, tmp_path: Path) -> None:
    simulator.control("speed", speed="fast")
    server = start_server("--robot", simulator.url, "--no-discovery", "--state-dir", str(tmp_path / "state"))
    try:
        done = subprocess.run(
            [client_python, "-c", EXECUTE],
            input=NOTEBOOK.read_text(encoding="utf-8").replace("50064", str(server.port)),
            cwd=tmp_path,
            env={**os.environ, "OT2_CLIENT_KNOWN_SERVERS": str(tmp_path / "known_servers.json")},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    finally:
        server.end()
    assert done.returncode == 0, done.stderr
    shown = outputs(done.stdout)
    assert "Pick up a tip first" in shown
    assert "Succeeded with 1 tip(s)" in shown
    assert "RunController.RunUploadedFile" in shown  # the progress bar
    assert shown.rstrip().endswith("'Succeeded'")


def test_the_notebook_is_kept_without_output() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
