"""What is known of tips and liquids, as it is written with each command of a run."""

from __future__ import annotations

import datetime
from dataclasses import replace

from sqlalchemy import Engine, event

from sila_ot2.driver.deck.state.tip_racks import new_rack
from sila_ot2.store.labware_contents import LabwareContents, WellContent
from sila_ot2.store.tip_racks import TipRackStore, TipRecords, Trash

ZONE = datetime.timezone(datetime.timedelta(hours=9))
WHOLE_SECOND = datetime.datetime(2026, 3, 1, 7, 0, 0, tzinfo=ZONE)
RACK = new_rack("1", "opentrons/opentrons_96_tiprack_300ul/1", WHOLE_SECOND)
PLATE = LabwareContents(
    "2",
    "opentrons/corning_96_wellplate_360ul_flat/1",
    {"A1": WellContent(20.25, frozenset({"water", "dye"}), True), "B1": WellContent()},
    WHOLE_SECOND.replace(microsecond=7),
)


def written(store: TipRackStore, **records: object) -> None:
    store.write(TipRecords(**records))  # type: ignore[arg-type]


def test_what_is_written_is_read_again_and_what_is_written_later_replaces_it(engine: Engine) -> None:
    store = TipRackStore(engine)
    used = replace(RACK, places={**RACK.places, "A1": "Used"})
    emptied = Trash(3, WHOLE_SECOND)
    for rack, trash, state in ((RACK, Trash(8), "{}"), (used, emptied, '{"has_moved": true}')):
        written(
            store, racks={"1": rack}, trash=trash, runs={"run": state}, contents={"2": PLATE}, commands={("run", "c")}
        )
        assert (store.racks(), store.trash(), store.contents()) == ({"1": rack}, trash, {"2": PLATE})
        assert store.run("run") == (state, {"c"})


def test_what_a_command_changes_is_written_without_compiling_a_statement(engine: Engine) -> None:
    store, compiled = TipRackStore(engine), list[object]()
    event.listen(engine, "before_execute", lambda _connection, statement, *_: compiled.append(statement))
    written(
        store, racks={"1": RACK}, trash=Trash(1), runs={"run": "{}"}, contents={"2": PLATE}, commands={("run", "c1")}
    )
    assert not compiled, "SQLAlchemy compiles ON CONFLICT again at each execution"
    assert store.contents() == {"2": PLATE}
