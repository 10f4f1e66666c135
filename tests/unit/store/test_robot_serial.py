"""The serial number of the robot is kept, and read from the database once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from sila_ot2.errors import StorageFull
from sila_ot2.store.robot_serial import RobotSerialStore
from tests.fakes.database import open_database
from tests.fakes.unwritable import unwritable


def test_it_is_kept_and_read_once(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    store = RobotSerialStore(engine)
    assert store.read() == ""
    store.write("OT2CEP1")
    store.write("OT2CEP2")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    later = RobotSerialStore(engine)
    assert [store.read(), later.read(), later.read()] == ["OT2CEP2"] * 3
    assert len(statements) == 1


def test_one_that_cannot_be_written_is_not_taken_for_kept(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    store = RobotSerialStore(engine)
    store.write("OT2CEP1")
    with unwritable(engine, "robot"), pytest.raises(StorageFull):
        store.write("OT2CEP2")
    assert store.read() == "OT2CEP1"
