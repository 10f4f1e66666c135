"""The client's type hints help: two type checkers accept a right program and find every mistake in a wrong one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.feature_style import ROOT

PROGRAMS = Path(__file__).with_name("client_programs")
CLIENT = ROOT / "sila_ot2" / "client"


def by_mypy(*files: Path) -> set[tuple[str, int]]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    found = re.findall(r"^(.+?):(\d+): error: ", done.stdout, re.MULTILINE)
    assert bool(found) == bool(done.returncode), done.stdout
    return {(Path(file).name, int(line)) for file, line in found}


def by_pyright(python: Path, folder: Path, *files: Path) -> set[tuple[str, int]]:
    settings = folder / "pyrightconfig.json"
    environment = python.parents[1]
    settings.write_text(
        json.dumps(
            {
                "typeCheckingMode": "standard",
                "pythonVersion": "3.10",
                "include": list(map(str, files)),
                "extraPaths": [str(ROOT)],
                "venvPath": str(environment.parent),
                "venv": environment.name,
            }
        )
    )
    command = [str(python), "-m", "basedpyright", "-p", str(settings), "--outputjson"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(files), done.stdout
    found = [d for d in report["generalDiagnostics"] if d["severity"] == "error"]
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1) for d in found}


def mistakes(file: Path) -> set[tuple[str, int]]:
    lines = file.read_text().splitlines()
    return {(file.name, number) for number, line in enumerate(lines, 1) if "# wrong:" in line}


@pytest.mark.slow
def test_mypy_accepts_what_is_right_and_finds_what_is_wrong() -> None:
    assert by_mypy(PROGRAMS / "right.py", PROGRAMS / "wrong.py") == mistakes(PROGRAMS / "wrong.py")


@pytest.mark.slow
def test_pyright_accepts_what_is_right_and_finds_what_is_wrong(client_python: Path, tmp_path: Path) -> None:
    found = by_pyright(client_python, tmp_path, PROGRAMS / "right.py", PROGRAMS / "wrong.py", CLIENT)
    assert found == mistakes(PROGRAMS / "wrong.py")
