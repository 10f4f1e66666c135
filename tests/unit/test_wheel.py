"""The wheel holds everything that is read at run time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from this checkout, offline."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(folder), "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("sila_ot2-*.whl"))) as wheel:
        return set(wheel.namelist())


@pytest.mark.parametrize("folder", ["sila_ot2/generated", "sila_ot2/cli/demo_protocol", "sila_ot2/sila"])
def test_every_data_file_is_in_the_wheel(contents: set[str], folder: str) -> None:
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted
    assert wanted <= contents


def test_command_license_and_types_are_in_the_wheel(contents: set[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in contents)
    assert any(name.endswith("LICENSE") for name in contents)
    assert "sila_ot2/py.typed" in contents


def test_nothing_else_is_in_the_wheel(contents: set[str]) -> None:
    assert {name.split("/")[0] for name in contents if ".dist-info/" not in name} == {"sila_ot2"}
