"""Our features can be loaded beside those of other devices in one process of a scheduler, in either order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.feature_style import ROOT
from tests.contract.foreign_definitions import ASIDE, foreign_definitions, qualified_with_version

OURS = sorted((ROOT / "features").rglob("*.sila.xml"))


def foreign_beside_ours() -> list[Path]:
    """One definition of each identifier: of those that we serve too the same version, of others any that is first.

    Of the standard's own features there are several versions, which no process of `sila2` can load together.
    """
    served = {qualified_with_version(path).split("/")[2]: qualified_with_version(path) for path in OURS}
    chosen: dict[str, Path] = {}
    for found in foreign_definitions():
        if found.qualified.startswith("org.silastandard/") and found.identifier in served:
            if found.qualified == served[found.identifier]:
                chosen[found.identifier] = found.path
        else:
            chosen.setdefault(found.identifier, found.path)
    return list(chosen.values())


def load(*paths: Path) -> str:
    """Load definitions in this order, in a process of their own; return what went wrong."""
    command = [sys.executable, str(Path(__file__).with_name("load_together.py")), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    return done.stdout + (done.stderr if done.returncode else "")


@pytest.fixture(scope="module")
def foreign() -> list[Path]:
    if not ASIDE.is_dir():
        pytest.skip("the definitions of other vendors are in the server's test environment only")
    paths = foreign_beside_ours()
    broken = {line.split(":")[0] for line in load(*paths).splitlines()}
    return [path for path in paths if path.name not in broken]  # some are not valid by themselves


@pytest.mark.slow
def test_definitions_of_other_vendors_are_at_hand(foreign: list[Path]) -> None:
    assert len(foreign) > 20
    for identifier in ("LockController", "CancelController", "GripController"):
        assert any(identifier in path.name for path in foreign), identifier


@pytest.mark.slow
def test_ours_first(foreign: list[Path]) -> None:
    assert load(*OURS, *foreign) == ""


@pytest.mark.slow
def test_theirs_first(foreign: list[Path]) -> None:
    assert load(*foreign, *OURS) == ""


def test_a_clash_is_noticed(tmp_path: Path) -> None:
    """The test above can fail: two features of one identifier and different structure do not load together."""
    (ours,) = (path for path in OURS if path.name.startswith("DeviceLighting"))
    theirs = tmp_path / "theirs.sila.xml"
    text = ours.read_text("utf-8").replace("io.github.silaot", "com.example").replace("RailLights", "Lamps")
    theirs.write_text(text, "utf-8")
    assert "DeviceLighting" in load(theirs, ours)
