"""A database that has lost what was copied there gets it again."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from sila_ot2.central.tables import AUDIT, METADATA, RUNS
from tests.unit.central.copied_site import CopiedSite, audited, count, opened
from tests.waiting import wait_for


@pytest.mark.parametrize("has_trail", [True, False])
def test_a_database_that_lost_everything_gets_everything_again(
    site: CopiedSite, url: str, *, has_trail: bool, caplog: pytest.LogCaptureFixture
) -> None:
    audit = [1, 2] if has_trail else []
    site.end_run("a")
    site.audit(*audit)
    with site.copying(url) as copier:
        wait_for(lambda: not copier.waiting and (count(url, RUNS), audited(url)) == (1, audit))
        with opened(url) as engine:
            METADATA.drop_all(engine)
        site.end_run("b")
        copier.look_at("b")
        wait_for(lambda: (count(url, RUNS), audited(url)) == (2, audit))
        wait_for(lambda: not copier.waiting)
    with opened(url) as engine:
        METADATA.drop_all(engine)
    with site.copying(url):
        wait_for(lambda: (count(url, RUNS), audited(url)) == (2, audit))
    assert "does not have what was copied there" in caplog.text


def test_old_rows_that_were_removed_are_not_copied_again(site: CopiedSite, url: str) -> None:
    site.end_run("a")
    site.audit(1, 2)
    with site.copying(url) as copier:
        wait_for(lambda: not copier.waiting and audited(url) == [1, 2])
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(delete(RUNS))
        connection.execute(delete(AUDIT).where(AUDIT.c.number == 1))
    site.audit(3)
    with site.copying(url):
        wait_for(lambda: audited(url) == [2, 3])
    assert count(url, RUNS) == 0
