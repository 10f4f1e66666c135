"""Build the documentation as a site in build/site, and check it. Nothing is loaded from the internet.

    python3 scripts/website.py           # build; a warning, a dead link, or an asset from elsewhere is an error
    python3 scripts/website.py --serve   # show it at http://127.0.0.1:8000 while you write

The first call makes the environment `.environments/site`. To publish the site, copy build/site to any web server.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from environments import ROOT, EnvironmentFailed, plain_environment

SITE = ROOT / "build" / "site"
SEARCH_INDEX = "search/search_index.json"
FINDABLE = ("door open", "tip", "OutcomeUnknown")
"""What people look for first; the search must find it."""
ELSEWHERE = ("http://", "https://", "//")


class _Assets(HTMLParser):
    """Collects the addresses that a browser loads when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is loaded: scripts, pictures, frames, style sheets, fonts and icons, but no links to click on."""
        values = {name: value or "" for name, value in attrs}
        if tag != "a":
            self.found += [values[name] for name in ("src", "data", "poster") if name in values]
        if tag == "link" and values.get("rel") not in ("canonical", "prev", "next"):
            self.found.append(values.get("href", ""))


def foreign_assets(site: Path) -> Iterator[str]:
    """Yield each asset that a page or a style sheet of the site loads from another host."""
    for page in sorted(site.rglob("*.html")):
        assets = _Assets()
        assets.feed(page.read_text(encoding="utf-8"))
        for address in assets.found:
            if address.startswith(ELSEWHERE):
                yield f"{page.relative_to(site)} loads {address}"
    for sheet in sorted(site.rglob("*.css")):
        for address in re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            if address.startswith(ELSEWHERE):
                yield f"{sheet.relative_to(site)} loads {address}"


def not_findable(site: Path, phrases: Sequence[str]) -> Iterator[str]:
    """Yield each phrase that no entry of the search index has all words of."""
    entries = json.loads((site / SEARCH_INDEX).read_text(encoding="utf-8"))["docs"]
    texts = [f"{entry['title']} {entry['text']}".lower() for entry in entries]
    for phrase in phrases:
        words = [re.compile(rf"\b{re.escape(word.lower())}") for word in phrase.split()]
        if not any(all(word.search(text) for word in words) for text in texts):
            yield f"the search does not find {phrase!r}"


def main(arguments: Sequence[str]) -> int:
    """Build and check the site, or serve it; return the exit code."""
    try:
        python = plain_environment("site", ROOT / "constraints" / "site.txt")
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    mkdocs = [str(python), "-m", "mkdocs"]
    if "--serve" in arguments:
        return subprocess.call([*mkdocs, "serve"], cwd=ROOT)
    built = subprocess.run(
        [*mkdocs, "build", "--strict", "--clean", "--quiet"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if built.returncode:
        print(built.stdout)
        return 1
    problems = [*foreign_assets(SITE), *not_findable(SITE, FINDABLE)]
    print("\n".join(problems) or f"The site is in {SITE.relative_to(ROOT)}: copy it to any web server, or use --serve.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
