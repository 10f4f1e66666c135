"""Hooks of MkDocs: the navigation from docs/README.md, and pages made from files outside of docs/.

MkDocs calls these functions by their names, in the environment `site` (scripts/website.py). The links in docs/ lead to
files of the repository, so that they work where the repository is read; here they become links of the site.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = "explanation/decisions"
FEATURES = "reference/features"
LINK = re.compile(r"(?<=\]\()(?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?(?=\))")
LANGUAGES = {".py": "python", ".mjs": "javascript", ".csv": "text", ".yaml": "yaml", ".xml": "xml", "": "text"}
"""The files of the examples that are shown, and the language that they are in."""

Entry = str | dict[str, "str | list[Entry]"]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the navigation from the headings and lists of docs/README.md."""
    navigation: list[Entry] = [{"Home": "README.md"}]
    for section in re.split(r"^## ", (ROOT / "docs" / "README.md").read_text(encoding="utf-8"), flags=re.M)[1:]:
        pages = list(_entries(section))
        if pages:
            navigation.append({section.partition("\n")[0].strip(): pages})
    config.nav = navigation
    return config


def _entries(section: str) -> Iterator[Entry]:
    """Yield the navigation's entry of each link in the list of a section; a folder becomes a list of its pages."""
    for title, link in re.findall(r"\[([^\]]+)\]\(([^)#]+)\)", section):
        place = _place_of(link, "README.md")
        if place is None or place == "README.md":
            continue
        folder = posixpath.dirname(place)
        if folder in (FEATURES, DECISIONS):
            pages = sorted(path.name for path in (ROOT / "docs" / folder).glob("*.md") if path.name != "index.md")
            yield {title: [place, *(f"{folder}/{name}" for name in pages)]}
        else:
            yield {title: place}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in docs/."""
    added = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("*.md") if path.name != "README.md"}
    added[f"{DECISIONS}/index.md"] = _decisions()
    for folder in _examples():
        added[f"examples/{folder.name}/index.md"] = _example(folder)
    for place, text in added.items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make the links to files of the repository links of the site."""

    def replaced(link: re.Match[str]) -> str:
        place, anchor = _place_of(link["path"], page.file.src_uri), link["anchor"] or ""
        if place is None:
            return link[0]
        place, _, own_anchor = place.partition("#")
        start = posixpath.dirname(page.file.src_uri) or "."
        return posixpath.relpath(place, start) + (f"#{own_anchor}" if own_anchor else anchor)

    return LINK.sub(replaced, markdown)


def _place_of(link: str, page: str) -> str | None:
    """Return the page of the site that shows a file or folder of the repository; None if there is no such file."""
    beside = ROOT / page if (ROOT / page).exists() and page != "README.md" else ROOT / "docs" / page
    target = Path(posixpath.normpath((beside.parent / link).as_posix()))
    if not target.exists() or not target.is_relative_to(ROOT):
        return None
    if target.is_relative_to(ROOT / "docs"):
        place = target.relative_to(ROOT / "docs").as_posix()
        return f"{place}/index.md" if target.is_dir() else place
    if target.is_relative_to(ROOT / "examples"):
        folder = target if target.is_dir() else target.parent
        shown = f"examples/{folder.name}/index.md"
        return shown if target.is_dir() else f"{shown}#{_anchor(target)}"
    return "README.md" if target == ROOT / "README.md" else target.relative_to(ROOT).as_posix()


def _decisions() -> str:
    """Return a page that lists the decision records."""
    lines = ["# Decisions", "", "Each record states what was decided, why, and what follows from it.", ""]
    for path in sorted((ROOT / "docs" / DECISIONS).glob("*.md")):
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        number, _, rest = title.partition(". ")
        lines.append(f"- [{number}: {rest}]({path.name})")
    return "\n".join(lines) + "\n"


def _examples() -> list[Path]:
    return sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())


def _anchor(path: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.name.lower())


def _example(folder: Path) -> str:
    """Return a page that shows the files of an example."""
    lines = [f"# Example: {folder.name.replace('_', ' ')}", "", f"The files are in `examples/{folder.name}`.", ""]
    for path in sorted(folder.iterdir()):
        if path.suffix == ".ipynb":
            lines += [f"## {path.name} {{#{_anchor(path)}}}", "", *_cells(path)]
        elif path.suffix in LANGUAGES and path.is_file() and not path.name.startswith("."):
            language = LANGUAGES[path.suffix]
            text = path.read_text(encoding="utf-8").rstrip()
            lines += [f"## {path.name} {{#{_anchor(path)}}}", "", f"````{language}", text, "````", ""]
    return "\n".join(lines) + "\n"


def _cells(notebook: Path) -> Iterator[str]:
    """Yield the cells of a notebook; its headings become smaller than those of the page."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield re.sub(r"^(#+ )", r"##\1", source, flags=re.M) + "\n"
        else:
            yield f"````python\n{source}\n````\n"
