"""Ended runs, pictures and the audit trail arrive in a central database, each once, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
import math
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from sila_ot2.central import copying, disk_space
from sila_ot2.central.database import CentralDatabase, DatabaseAway
from sila_ot2.central.tables import AUDIT, METADATA, PICTURES, RUNS
from sila_ot2.errors import StorageFull
from sila_ot2.store.audit.chain import files
from sila_ot2.store.runs import RunRecord
from sila_ot2.times import utc_now
from tests.fakes.postgres import Postgres
from tests.unit.central.copied_site import SERVER, CopiedSite, audited, count, opened
from tests.waiting import wait_for


def test_runs_with_pictures_and_the_audit_trail_are_copied(site: CopiedSite, url: str) -> None:
    site.end_run("before", commands=3)
    site.archive.pictures.keep("before", "end", utc_now(), b"first")
    with site.copying(url) as copier:
        site.end_run("while", label="zero \0 in it")
        copier.look_at("while")
        site.audit(1, 2)
        wait_for(lambda: (count(url, RUNS), count(url, PICTURES), audited(url)) == (2, 1, [1, 2]))
        site.archive.pictures.keep("before", "failure", utc_now(), b"second")
        wait_for(lambda: count(url, PICTURES) == 2)
    with opened(url) as engine, engine.connect() as connection:
        row = connection.execute(select(RUNS).where(RUNS.c.run_id == "before")).one()
    assert (row.server_uuid, row.result) == (str(SERVER), "Succeeded")
    assert len(gzip.decompress(row.log).splitlines()) == 3
    assert RunRecord.model_validate_json(row.record).start.run_id == "before"


def test_after_a_restart_only_what_is_new_is_copied_and_nothing_twice(site: CopiedSite, url: str) -> None:
    site.end_run("a")
    site.audit(1, 2)
    with site.copying(url):
        wait_for(lambda: (count(url, RUNS), audited(url)) == (1, [1, 2]))
    site.end_run("b")
    site.audit(3)
    with site.copying(url) as copier:
        assert copier.waiting <= 1  # a is not among them
        wait_for(lambda: (count(url, RUNS), audited(url)) == (2, [1, 2, 3]))


def test_what_was_copied_and_not_noted_is_copied_again_without_harm(site: CopiedSite, url: str) -> None:
    site.end_run("a")
    site.audit(1)
    with site.copying(url):
        wait_for(lambda: (count(url, RUNS), audited(url)) == (1, [1]))
    lost = CopiedSite(site.folder.parent / "other")  # as if this process had been killed before it could note anything
    lost.copies, site.copies = site.copies, lost.copies
    with site.copying(url) as copier:
        site.audit(2)
        wait_for(lambda: not copier.waiting and audited(url) == [1, 2])
    assert count(url, RUNS) == 1
    lost.close()


def test_nothing_is_lost_while_the_database_is_away_longer_than_records_are_kept(tmp_path: Path) -> None:
    site = CopiedSite(tmp_path / "state", keep_runs=1, audit_file_bytes=100)
    place = tmp_path / "not there yet"
    url = f"sqlite:///{place / 'central.sqlite'}"
    with site.copying(url) as copier:
        for number in range(4):
            site.end_run(str(number))
            copier.look_at(str(number))
            site.audit(number)
            wait_for(lambda: site.trail.waiting == 0)
        assert site.archive.known() == {"0", "1", "2", "3"}
        place.mkdir()
        wait_for(lambda: (count(url, RUNS), audited(url)) == (4, [0, 1, 2, 3]))
        wait_for(lambda: copier.is_copied("3"))
        site.end_run("4")
        site.audit(4)
        wait_for(lambda: audited(url) == [0, 1, 2, 3, 4])
    assert site.archive.known() == {"4"}
    site.close()
    assert len(list((tmp_path / "state" / "audit").glob("*.jsonl"))) <= 3


def test_old_records_are_removed_again_when_the_disk_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = CopiedSite(tmp_path / "state", keep_runs=1, audit_file_bytes=100)
    place = tmp_path / "not there yet"
    url = f"sqlite:///{place / 'central.sqlite'}"
    with site.copying(url) as copier:
        for number in range(3):
            site.end_run(str(number))
            site.audit(number)
            wait_for(lambda: site.trail.waiting == 0)
        monkeypatch.setattr(disk_space, "LEAST_FREE_BYTES", math.inf)
        site.end_run("3")
        copier.look_at("3")
        assert site.archive.known() == {"3"}
        wait_for(lambda: len(files(site.folder / "audit")) == 2)
        monkeypatch.setattr(disk_space, "LEAST_FREE_BYTES", 0)
        place.mkdir()
        site.audit(4)
        wait_for(lambda: count(url, RUNS) == 1 and 4 in audited(url))
    site.close()
    with opened(url) as engine, engine.connect() as connection:
        rows = connection.execute(select(AUDIT.c.number, AUDIT.c.line)).all()
    assert all(json.loads(row.line)["number"] == row.number for row in rows)
    assert ["are removed" in rows[0].line, "are removed" in rows[1].line] == [False, True]  # 2, and why 0 and 1 are not


def test_people_are_notified_once_when_copies_are_late(
    site: CopiedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def make_late(self: CentralDatabase, rows: object) -> None:
        tries.append(rows)
        raise DatabaseAway("password authentication failed")

    monkeypatch.setattr(copying, "LATE_AFTER_S", 0.0)
    monkeypatch.setattr(CentralDatabase, "add", make_late)
    site.end_run("a")
    with site.copying(f"sqlite:///{tmp_path / 'central.sqlite'}"):
        wait_for(lambda: len(tries) > 3)
    (text,) = site.reported
    assert "password authentication failed" in text


@pytest.mark.slow
def test_copies_wait_while_postgresql_is_down(site: CopiedSite, server: Postgres) -> None:
    url = server.new_database()
    site.end_run("a")
    with site.copying(url) as copier:
        wait_for(lambda: count(url, RUNS) == 1)
        server.stop()
        site.end_run("b")
        copier.look_at("b")
        site.audit(1)
        wait_for(lambda: site.trail.waiting == 0)
        server.start()
        wait_for(lambda: (count(url, RUNS), audited(url)) == (2, [1]))


REFUSE_TO_SERVE = """
CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN
    IF NEW.label = 'refused' THEN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER refuse BEFORE INSERT ON sila_ot2_runs FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.mark.slow
@pytest.mark.parametrize("code", ["check_violation", "query_canceled", "program_limit_exceeded"])
def test_one_run_that_the_database_refuses_keeps_nothing_else_back(
    site: CopiedSite, server: Postgres, code: str
) -> None:
    url = server.new_database()
    run_on(url, REFUSE_TO_SERVE.format(code=code))
    site.end_run("1", label="refused")
    site.end_run("2")
    site.audit(1)
    with site.copying(url) as copier:
        wait_for(lambda: (count(url, RUNS), audited(url)) == (1, [1]))
        run_on(url, "DROP TRIGGER refuse ON sila_ot2_runs")
        wait_for(lambda: count(url, RUNS) == 2 and copier.waiting == 0)


def run_on(url: str, sql: str) -> None:
    """Execute SQL on a database that has the tables."""
    with closing(CentralDatabase(url)) as database:
        database.prepare()
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(text(sql))


def refuse_entries(condition: str) -> str:
    """Return SQL after which SQLite refuses some entries of the audit trail."""
    return (
        f"CREATE TRIGGER refuse BEFORE INSERT ON sila_ot2_audit WHEN {condition} BEGIN SELECT RAISE(ABORT, 'no'); END"
    )


def test_an_entry_that_the_database_refuses_is_left_out_once_it_takes_a_later_one(
    site: CopiedSite, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'central.sqlite'}"
    run_on(url, refuse_entries("NEW.number = 2"))
    site.audit(1, 2, 3, 4)
    site.end_run("a")
    with site.copying(url):
        wait_for(lambda: (audited(url), count(url, RUNS)) == ([1, 3, 4], 1))
        site.audit(5)
        wait_for(lambda: audited(url) == [1, 3, 4, 5])


def test_no_entry_is_left_out_while_the_database_refuses_all_later_ones(site: CopiedSite, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'central.sqlite'}"
    run_on(url, refuse_entries("NEW.number > 2"))
    site.audit(*range(1, 20))
    site.end_run("a")
    with site.copying(url):
        wait_for(lambda: (audited(url), count(url, RUNS)) == ([1, 2], 1))
        run_on(url, "DROP TRIGGER refuse")
        wait_for(lambda: audited(url) == list(range(1, 20)))


def test_a_run_that_cannot_be_read_keeps_no_other_back(site: CopiedSite, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'central.sqlite'}"
    site.end_run("1")
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE runs SET record = '{}'"))
    with site.copying(url) as copier:
        site.end_run("2")
        copier.look_at("2")
        wait_for(lambda: count(url, RUNS) == 1 and copier.is_copied("2"))


def test_many_refused_runs_do_not_keep_later_ones_back(
    site: CopiedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST_REFUSED", 2)
    url = f"sqlite:///{tmp_path / 'central.sqlite'}"
    run_on(
        url,
        "CREATE TRIGGER refuse BEFORE INSERT ON sila_ot2_runs WHEN NEW.label = 'refused' "
        "BEGIN SELECT RAISE(ABORT, ''); END",
    )
    for number in range(5):
        site.end_run(str(number), label="refused")
    site.end_run("taken")
    with site.copying(url) as copier:
        wait_for(lambda: copier.is_copied("taken"))


def test_copying_begins_though_the_disk_of_this_computer_is_full(
    site: CopiedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFull("the disk is full")

    url = f"sqlite:///{tmp_path / 'central.sqlite'}"
    site.copies.note_run(CentralDatabase(url).place, "gone", 0)
    monkeypatch.setattr(site.copies, "forget_runs", full)
    site.end_run("a")
    with site.copying(url):
        wait_for(lambda: count(url, RUNS) == 1)


def test_another_database_gets_everything(site: CopiedSite, tmp_path: Path) -> None:
    site.end_run("a")
    site.audit(1)
    for name in ("one", "two"):
        url = f"sqlite:///{tmp_path / name}"
        with site.copying(url):
            wait_for(lambda: (count(url, RUNS), audited(url)) == (1, [1]))  # noqa: B023 (called before the next turn)


def test_servers_that_start_together_make_the_tables_together(url: str) -> None:
    @event.listens_for(METADATA, "before_create", once=True)
    def meanwhile(*_: object, **__: object) -> None:
        with opened(url) as engine:
            METADATA.create_all(engine)

    row = {"server_uuid": "server", "digest": "digest", "number": 1, "line": "{}"}
    with closing(CentralDatabase(url)) as database:
        assert database.prepare()
        database.add({AUDIT: [row]})
        assert not database.prepare()
    assert count(url, AUDIT) == 1


def test_passwords_are_not_in_the_name_of_the_place() -> None:
    database = CentralDatabase("postgresql://user:canary@db.example.org:5433/ot2")
    assert database.place == "postgresql://db.example.org:5433/ot2"
