"""The checks of the documentation site find what they look for; scripts/website.py builds the site itself."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def website(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    return importlib.import_module("website")


@pytest.mark.parametrize(
    "loaded",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<img src="//cdn.example/a.png">',
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        '<link rel="icon" href="http://cdn.example/a.ico">',
        '<object data="https://cdn.example/a.svg"></object>',
    ],
)
def test_an_asset_from_elsewhere_is_found(website: ModuleType, tmp_path: Path, loaded: str) -> None:
    (tmp_path / "page.html").write_text(f"<html><body>{loaded}</body></html>")
    assert len(list(website.foreign_assets(tmp_path))) == 1


def test_a_style_sheet_that_loads_a_font_from_elsewhere_is_found(website: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{background:url(own.png)} b{src:url('https://cdn.example/font.woff2')}")
    assert list(website.foreign_assets(tmp_path)) == ["a.css loads https://cdn.example/font.woff2"]


def test_links_to_click_on_and_own_assets_are_accepted(website: ModuleType, tmp_path: Path) -> None:
    links = '<a href="https://sila-standard.com">SiLA</a><link rel="canonical" href="https://example.org/page">'
    (tmp_path / "page.html").write_text(f'{links}<script src="../own.js"></script>')
    assert list(website.foreign_assets(tmp_path)) == []


def test_a_phrase_is_found_in_one_entry(website: ModuleType, tmp_path: Path) -> None:
    index = tmp_path / website.SEARCH_INDEX
    index.parent.mkdir()
    entries = [{"title": "Door", "text": "It is opened."}, {"title": "Lid", "text": "Open the lid, not the Outcome."}]
    index.write_text(json.dumps({"docs": entries}))
    assert list(website.not_findable(tmp_path, ["door opened", "outcome"])) == []
    assert list(website.not_findable(tmp_path, ["door lid"])) == ["the search does not find 'door lid'"]
