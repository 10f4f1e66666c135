"""The wheel holds everything that is read at run time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # it builds the package
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


@pytest.mark.parametrize(
    "folder", ["sila_ot2/generated", "sila_ot2/cli/demo_protocol", "sila_ot2/sila", "sila_ot2/web"]
)
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


def test_what_the_tutorial_leaves_behind_is_not_in_the_source_distribution(tmp_path: Path) -> None:
    """The build leaves out what .gitignore names, and nothing else does."""
    for name in ("pyproject.toml", ".gitignore", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for left in ("ot2.pem", ".venv/pyvenv.cfg", "sila_ot2/__init__.py"):
        (tmp_path / left).parent.mkdir(exist_ok=True)
        (tmp_path / left).touch()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist"], cwd=tmp_path, check=True)
    with tarfile.open(next((tmp_path / "dist").glob("*.tar.gz"))) as built:
        names = {name.split("/", 1)[1] for name in built.getnames()}
    assert "sila_ot2/__init__.py" in names
    assert not {name for name in names if name.endswith(".pem") or name.startswith(".venv")}
