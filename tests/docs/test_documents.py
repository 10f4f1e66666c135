"""The documents tell the truth: their links lead somewhere, their commands are taken, their programs run."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from typer.main import get_command

from sila_ot2.cli.verbs import VERBS, application_with
from tests.processes import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
STEPS = ROOT / "docs" / "contributing" / "add-a-command.md"
RUN = [page for page in PAGES if "```python" in page.read_text() and "reference" not in page.parts and page != STEPS]
COMMANDS = get_command(application_with(VERBS)).commands  # type: ignore[attr-defined]
EXAMPLES = sorted([*(ROOT / "examples").rglob("*.py"), *(ROOT / "examples").glob("*/*.mjs")])
INDEX = "README.md"
SCREEN_LINES = 45
LINE_CHARACTERS = 125
GENERATED = {"errors.md", "features"}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """A page's blocks in a language, but those that say why they are not executed."""
    found = re.findall(rf"(.*)\n *```{language}\n((?s:.*?))^ *```", page.read_text(), re.MULTILINE)
    return [text for before, text in found if "<!-- not executed: " not in before]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", [page for page in PAGES if not GENERATED & set(page.parts)], ids=name)
def test_lines_are_short(page: Path) -> None:
    """All but the rows of tables and pictures, which cannot be broken."""
    long = [line for line in page.read_text().splitlines() if len(line) > LINE_CHARACTERS]
    assert not [line for line in long if not line.lstrip().startswith(("|", "!["))]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_taken_as_written(page: Path) -> None:
    for block in blocks(page, "bash"):
        for line in block.replace("\\\n", " ").splitlines():
            words = [*takewhile(lambda word: word != ">", shlex.split(line, comments=True))]
            if words[:1] == ["sila-ot2"] and words[1] in COMMANDS:
                COMMANDS[words[1]].make_context(words[1], words[2:])
            elif words[:1] == ["sila-ot2"]:
                assert words[1] == "--version"
            elif words[:1] == ["python3"] and words[1] != "-m":
                assert (ROOT / words[1]).exists()


@pytest.mark.parametrize("page", [*PAGES, *EXAMPLES], ids=name)
def test_a_server_is_started_with_its_robot(page: Path) -> None:
    started = re.findall(r"sila-ot2 serve +(-[^`#\n]*)", page.read_text())
    assert not [options for options in started if not re.search("--(robot|config|help)", options)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_page_is_reached_from_the_index(page: Path) -> None:
    if page.parent == ROOT or page.name == INDEX:
        return
    index = (ROOT / "docs" / INDEX).read_text()
    place = page.relative_to(ROOT / "docs")
    assert str(place) in index or place.parent.name in {"features", "decisions"}


def test_readme_is_one_screen() -> None:
    assert len((ROOT / INDEX).read_text().splitlines()) <= SCREEN_LINES


def programs(page: Path) -> list[str]:
    """A page's programs: a block that connects begins one, the blocks after it go on with it."""
    found: list[str] = []
    for block in blocks(page, "python"):
        if found and not re.search(r"Client\(|connect\(", block):
            found[-1] += block
        else:
            found.append(block)
    return found


@pytest.mark.simulator_only
@pytest.mark.parametrize("page", [ROOT / INDEX, ROOT / "docs" / "how-to" / "command-line.md"], ids=name)
@pytest.mark.timeout(900)  # each verb is a process of its own
def test_verbs_run(page: Path, reader: tuple[ServerProcess, Path]) -> None:
    """The lines of a page that work on a server, as a reader's shell would run them."""
    running, folder = reader
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "OT2_CLIENT_SERVER": f"127.0.0.1:{running.port}",
        "SILA_OT2_SERVER_STATE_DIRECTORY": str(folder / "state"),
    }
    run = [block for block in blocks(page, "bash") if re.search(r"\bsila-ot2 (run|call)\b", block)]
    assert run
    for block in run:
        done = subprocess.run(
            ["bash", "-e", "-c", block],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"


@pytest.mark.simulator_only
@pytest.mark.parametrize("page", RUN, ids=name)
def test_programs_run(page: Path, reader: tuple[ServerProcess, Path]) -> None:
    """Each of a page's programs in a process of its own, as a reader would run it."""
    running, folder = reader
    environment = {**os.environ, "OT2_CLIENT_KNOWN_SERVERS": str(folder / "known_servers.json")}
    for program in programs(page):
        packages = re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)
        if missing := [package for package in packages if importlib.util.find_spec(package) is None]:
            pytest.skip(f"{missing[0]} is not installed here")
        written = program.replace("50064", str(running.port))
        command = [sys.executable, "-c", written]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, f"{written}\n{done.stderr}"
