"""Every block of the documents is tried by a test, or a comment before it says why not.

Python runs in `test_documents.py`; commands of ours are read by the command line there. Here, settings and tables are
read by what reads them in the server.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from sila_ot2 import config
from sila_ot2.driver.liquid_handling.liquid_classes import read_liquid_classes
from sila_ot2.driver.worklists import worklist

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(
    r"(?P<why_not><!-- not executed: (?P<reason>.+?) -->\n)?^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```", re.M | re.S
)
SHOWN = ("", "text")
"""Languages of what a program prints, and of drawings."""
STEPS = ROOT / "docs" / "contributing" / "add-a-command.md"
"""Its blocks are followed by test_add_a_command.py."""

RUN_BY_A_SHELL = (ROOT / "README.md", ROOT / "docs" / "how-to" / "command-line.md")
"""Pages whose blocks that run something are executed by test_documents.py."""


class Block(NamedTuple):
    """A block of a page."""

    page: Path
    language: str
    text: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text.splitlines()[0].strip()}"


def blocks(*languages: str) -> list[Block]:
    return [block for block in _blocks() if block.language in languages and block.reason is None]


def _blocks() -> Iterator[Block]:
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield Block(page, found["language"], found["text"], found["reason"])


def _commands(block: Block) -> list[list[str]]:
    return [shlex.split(line, comments=True) for line in block.text.replace("\\\n", " ").splitlines()]


def test_blocks_are_found() -> None:
    assert {block.language for block in _blocks()} >= {"python", "bash", "toml", "csv", "xml"}


@pytest.mark.parametrize("block", list(_blocks()), ids=str)
def test_a_block_is_tried_or_says_why_not(block: Block) -> None:
    if block.language in (*SHOWN, "toml", "csv") or block.reason or block.page == STEPS:
        return
    if block.language == "python":
        assert "reference" not in block.page.parts, "pages of the reference are not executed"
        return
    assert block.language == "bash", "nothing tries a block in this language"
    if block.page in RUN_BY_A_SHELL and re.search(r"\bsila-ot2 (run|call)\b", block.text):
        return
    strange = [words[0] for words in _commands(block) if words and not _is_ours(words)]
    assert not strange, f"nothing tries {strange[0]}: put <!-- not executed: REASON --> before the block"


def _is_ours(words: list[str]) -> bool:
    return words[0] == "sila-ot2" or (words[0] == "python3" and words[1].startswith("scripts/"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_stand_in_blocks_that_are_tried(page: Path) -> None:
    """Indented text is shown like a block, but no test here reads it."""
    outside = BLOCK.sub("", page.read_text(encoding="utf-8"))
    assert not re.findall(r"^ {4,}(?:\$ )?(?:sila-ot2|pip3?|python3?|sudo|export|npm|cd) .*", outside, re.M)


@pytest.mark.parametrize("block", [one for one in blocks("python") if one.page != STEPS], ids=str)
def test_a_program_can_be_pasted_into_python(block: Block) -> None:
    """The Python prompt takes a statement with a body only if an empty line follows it."""
    lines = textwrap.dedent(block.text).splitlines()
    statements = ast.parse("\n".join(lines)).body
    for statement, following in pairwise(statements):
        has_body = hasattr(statement, "body")
        assert not has_body or following.lineno > (statement.end_lineno or 0) + 1, lines[following.lineno - 1]


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_settings_are_accepted(block: Block, tmp_path: Path) -> None:
    text = re.sub(r"^ +", "", block.text, flags=re.M)
    if text.startswith("[[class]]"):
        assert read_liquid_classes(text.encode(), is_toml=True).rows
        return
    for named in re.findall(r'"(/etc/sila-ot2/[^"]+)"', text):
        present = tmp_path / Path(named).name
        present.touch()
        text = text.replace(named, str(present))
    file = tmp_path / "sila-ot2.toml"
    file.write_text(text, encoding="utf-8")
    flags = {} if re.search(r"\[robot\]", block.text) else {"robot": {"url": "http://127.0.0.1:31950"}}
    assert config.load_each(flags, file)


@pytest.mark.parametrize("block", blocks("csv"), ids=str)
def test_tables_are_read(block: Block) -> None:
    content = block.text.encode()
    if block.text.startswith("Command,"):
        rows = worklist.read(content, "csv")
        assert len(rows) == len(block.text.splitlines()) - 1
    else:
        assert read_liquid_classes(content) is not None
