"""A site with its records, and the databases that it is copied to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.central import copying
from tests.fakes.postgres import Postgres, postgres
from tests.unit.central.copied_site import CopiedSite


@pytest.fixture
def site(tmp_path: Path) -> Iterator[CopiedSite]:
    site = CopiedSite(tmp_path / "state")
    yield site
    site.close()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "EVERY_S", 0.05)
    monkeypatch.setattr(copying, "TRY_AGAIN_S", (0.05,))


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'central.sqlite'}"
    server: Postgres = request.getfixturevalue("server")
    return server.new_database()
