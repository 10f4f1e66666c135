"""The tree in CONTRIBUTING.md has every package, each in its place, and what the page names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def paths_of_the_tree() -> dict[str, str]:
    """Return what the tree says of each path, and of a path in sila_ot2/ with all its folders."""
    block = PAGE.partition("## Where things are")[2].split("```")[1]
    purposes: dict[str, str] = {}
    folders: list[str] = []
    for line in block.strip().splitlines():
        if entry := re.match(r"( {0,8})([\w./]+)\s*(.*)", line):
            folders[len(entry[1]) // 2 :] = [entry[2].rstrip("/")]
            purposes["/".join(folders)] = entry[3]
    return purposes


def packages() -> set[str]:
    return {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "sila_ot2").rglob("__init__.py")}


def test_the_tree_has_every_package_with_its_purpose() -> None:
    named = {path: purpose for path, purpose in paths_of_the_tree().items() if purpose or path == "sila_ot2"}
    assert packages() - set(named) == set()


def test_what_the_tree_names_exists() -> None:
    assert [path for path in paths_of_the_tree() if not (ROOT / path).exists()] == []


def test_the_modules_that_the_page_names_exist() -> None:
    places = re.findall(r"(?<![\w/])((?:driver|robot|sila|implementations)/[\w/]+\.py)", PAGE)
    assert len(places) > 10
    assert [place for place in places if not (ROOT / "sila_ot2" / place).is_file()] == []
