"""Labware offsets that outlast a run: kept, removed, imported, exported, and chosen for a run."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.offsets.offset_choice import choose
from sila_ot2.driver.deck.offsets.offsets import Offsets, on_the_wire
from sila_ot2.errors import LabwareOffsetInvalid, LabwareOffsetNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.offsets import OffsetStore, StoredOffset
from sila_ot2.store.runs import KeptOffset
from sila_ot2.times import utc_now
from tests.fakes.database import open_database

BEFORE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
PLATE, RACK = "opentrons/plate/2", "opentrons/rack/1"


class OffsetParts:
    """Offsets of one state directory, beside a robot that has a store of its own."""

    def __init__(self, engine: Engine, release: str = "9.0.0") -> None:
        self.serial = "A"
        self.robots: list[dict[str, Any]] = []
        robot = RobotClient("http://robot", transport=httpx.MockTransport(self._answer), release=release_of(release))
        self.offsets = Offsets(robot, OffsetStore(engine), lambda: self.serial)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("GET", "/labwareOffsets")
        return httpx.Response(200, json={"data": self.robots, "meta": {"cursor": 0, "totalLength": len(self.robots)}})

    @property
    def kept(self) -> dict[tuple[str, str, str], float]:
        return {(one.definition_uri, one.slot, one.module_model): one.x_mm for one, _ in self.offsets.entries.value}

    def choose(self, *standing: tuple[str, str, str]) -> tuple[set[tuple[str, float]], dict[str, str]]:
        stored = [stored for stored, _ in self.offsets.entries.value]
        choice = choose([], stored, set(standing), self.serial)
        return (
            {(one.slot, one.x_mm) for one in choice.applied},
            {one.offset.slot: one.reason for one in choice.left_out},
        )


@pytest.fixture
def lab(engine: Engine) -> OffsetParts:
    return OffsetParts(engine)


def offset(uri: str = PLATE, slot: str = "1", model: str = "", x: float = 0.5) -> KeptOffset:
    return KeptOffset(definition_uri=uri, slot=slot, module_model=model, x_mm=x, y_mm=0, z_mm=0)


def run(*offsets: dict[str, Any]) -> wire.Run:
    listed = [{"id": "o", "vector": {"x": 1, "y": 2, "z": 3}, **one} for one in offsets]
    return wire.Run.model_validate(
        {"id": "run", "status": "succeeded", "createdAt": "2026-01-01T00:00:00Z", "labwareOffsets": listed}
    )


@pytest.mark.parametrize("without", [{}, {"location": None}])
def test_an_offset_without_its_old_location_is_read_by_what_lies_below(
    lab: OffsetParts, without: dict[str, Any]
) -> None:
    module = {"kind": "onModule", "moduleModel": "temperatureModuleV2"}
    slot = {"kind": "onAddressableArea", "addressableAreaName": "3"}
    on_adapter = [{"kind": "onLabware", "labwareUri": "a"}, slot]
    sequences: list[Any] = [[module, slot], on_adapter, "anyLocation", None]
    ended = run(*({"definitionUri": PLATE, "locationSequence": one, **without} for one in sequences))
    lab.offsets.import_from(ended, BEFORE)
    assert lab.kept == {(PLATE, "3", "temperatureModuleV2"): 1}


def test_an_offset_that_was_removed_is_not_brought_back_by_its_run(lab: OffsetParts) -> None:
    ended = run({"definitionUri": PLATE, "location": {"slotName": "1"}})
    lab.offsets.import_from(ended, BEFORE)
    assert lab.kept == {(PLATE, "1", ""): 1}
    lab.offsets.remove_offset(PLATE, "1", "")
    lab.offsets.import_from(ended, BEFORE)
    assert lab.kept == {}
    with pytest.raises(LabwareOffsetNotFound):
        lab.offsets.remove_offset(PLATE, "1", "")
    lab.offsets.set_offset(offset(x=0.2))
    assert lab.kept == {(PLATE, "1", ""): 0.2}


def test_what_a_client_sets_or_removes_counts_although_the_clock_was_set_back(lab: OffsetParts) -> None:
    tomorrow = utc_now() + datetime.timedelta(days=1)
    ended = run({"definitionUri": PLATE, "location": {"slotName": "1"}})
    lab.offsets.import_from(ended, tomorrow)
    lab.offsets.set_offset(offset(x=0.2))
    assert lab.kept == {(PLATE, "1", ""): 0.2}
    lab.offsets.import_from(ended, tomorrow)
    assert lab.kept == {(PLATE, "1", ""): 0.2}
    lab.offsets.remove_offset(PLATE, "1", "")
    assert lab.kept == {}
    lab.offsets.keep_given([offset(x=0.3)])
    assert lab.kept == {(PLATE, "1", ""): 0.3}


def test_offsets_of_labware_on_adapters_are_not_taken_for_those_of_the_slot(lab: OffsetParts) -> None:
    on_module = {"slotName": "3", "moduleModel": "temperatureModuleV2"}
    lab.offsets.import_from(
        run(
            {"definitionUri": PLATE, "location": {"slotName": "1", "definitionUri": "opentrons/adapter/1"}},
            {"definitionUri": PLATE, "location": on_module},
            {"definitionUri": PLATE, "location": {"slotName": "4", "definitionUri": None}},
        ),
        BEFORE,
    )
    assert set(lab.kept) == {(PLATE, "3", "temperatureModuleV2"), (PLATE, "4", "")}


def test_the_newest_of_the_robots_own_store_is_imported(lab: OffsetParts) -> None:
    lab.offsets.set_offset(offset(RACK, "5", x=0.7))
    area = {"kind": "onAddressableArea", "addressableAreaName": "2"}

    def listed(uri: str, sequence: object, x: float, created_at: str) -> dict[str, Any]:
        return {
            "id": "i", "createdAt": created_at, "definitionUri": uri, "locationSequence": sequence,
            "vector": {"x": x, "y": 0, "z": 0},
        }  # fmt: skip

    lab.robots = [
        listed(PLATE, [area], 0.1, "2026-02-01T00:00:00Z"),
        listed(PLATE, [area], 0.2, "2026-03-01T00:00:00Z"),
        listed(PLATE, [{"kind": "onModule", "moduleModel": "magneticModuleV2"}, area], 0.3, "2026-02-01T00:00:00Z"),
        listed(PLATE, [{"kind": "onLabware", "labwareUri": "opentrons/adapter/1"}, area], 9, "2026-02-01T00:00:00Z"),
        listed(PLATE, [{"kind": "unknown", "storedKind": "x", "primaryValue": "y"}], 9, "2026-02-01T00:00:00Z"),
        listed(PLATE, "anyLocation", 9, "2026-02-01T00:00:00Z"),
        listed(RACK, [{**area, "addressableAreaName": "5"}], 9, "2026-02-01T00:00:00Z"),  # older than what is kept
    ]
    assert lab.offsets.import_from_robot() == (2, 5)
    assert lab.kept == {(PLATE, "2", ""): 0.2, (PLATE, "2", "magneticModuleV2"): 0.3, (RACK, "5", ""): 0.7}


def test_a_session_gets_those_of_this_robot_if_its_release_takes_any(lab: OffsetParts, engine: Engine) -> None:
    lab.offsets.set_offset(offset(slot="1", x=0.1))
    lab.serial = "another"
    lab.offsets.notify()
    assert lab.offsets.for_session() == []
    lab.offsets.set_offset(offset(slot="2", x=0.2))
    assert lab.offsets.for_session() == [on_the_wire(offset(slot="2", x=0.2))]
    assert OffsetParts(engine, "4.7.0").offsets.for_session() == []


def test_only_what_fits_is_applied_and_the_rest_has_a_reason(lab: OffsetParts) -> None:
    lab.offsets.set_offset(offset(slot="1", x=0.1))
    lab.offsets.set_offset(offset(slot="2", x=0.2))
    lab.offsets.set_offset(offset("opentrons/plate/1", "3"))
    lab.offsets.set_offset(offset(slot="4", model="temperatureModuleV2"))
    lab.offsets.set_offset(offset(RACK, "5"))
    applied, left_out = lab.choose((PLATE, "1", ""), (PLATE, "3", ""))
    assert applied == {("1", 0.1)}
    assert set(left_out) == {"2", "3", "4"}
    assert "never has this labware there" in left_out["2"]
    assert "measured for version 1" in left_out["3"]
    assert "loads version 2" in left_out["3"]


def test_what_was_measured_on_another_robot_is_not_applied(lab: OffsetParts) -> None:
    lab.offsets.set_offset(offset())
    lab.serial = "B"
    lab.offsets.notify()
    ((_, reason),) = lab.offsets.entries.value
    assert "robot A" in reason
    assert lab.choose((PLATE, "1", "")) == (set(), {"1": reason})
    assert lab.offsets.for_run([], use_stored=True, analysis=None).applied == ()
    lab.offsets.set_offset(offset(x=0.3))
    assert lab.choose((PLATE, "1", "")) == ({("1", 0.3)}, {})


def test_offsets_given_with_a_run_win(lab: OffsetParts) -> None:
    lab.offsets.set_offset(offset(x=0.1))
    given = offset(x=0.9)
    assert lab.offsets.for_run([given], use_stored=True, analysis=None).applied == (given,)
    assert lab.offsets.for_run([], use_stored=False, analysis=None).applied == ()


def test_what_is_exported_can_be_imported(lab: OffsetParts, tmp_path: Path) -> None:
    lab.offsets.set_offset(offset())
    lab.offsets.set_offset(offset(RACK, "11", "temperatureModuleV2", -1.25))
    file = lab.offsets.export_file()
    engine = open_database(tmp_path / "other")
    other = OffsetParts(engine)
    assert other.offsets.import_file(file) == (2, 0)
    assert other.offsets.import_file(file) == (0, 2)
    assert other.kept == lab.kept
    engine.dispose()


AT_ZERO = {"definitionUri": PLATE, "slot": "1", "x": 0, "y": 0, "z": 0}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"{", "line 1"),
        (b"[]", "the file"),
        (b"\xff", "UTF-8"),
        ({"format": "other"}, "format"),
        ({"offsets": [{"definitionUri": "x", "slot": "1", "x": 0, "y": 0, "z": 0}]}, "offsets.0.definitionUri"),
        ({"offsets": [{"definitionUri": PLATE, "slot": "12", "x": 0, "y": 0, "z": 0}]}, "offsets.0.slot"),
        ({"offsets": [{"definitionUri": PLATE, "slot": "1", "x": 500, "y": 0, "z": 0}]}, "offsets.0.x"),
        ({"offsets": [{"definitionUri": PLATE, "slot": "1", "x": 0, "y": 0}]}, "offsets.0.z"),
        (
            {"offsets": [{**AT_ZERO, "measuredAt": "0001-01-01T00:00:00+14:00"}]},
            "offsets.0.measuredAt",
        ),
    ],
)
def test_a_file_with_faults_is_refused_with_the_place(lab: OffsetParts, content: object, place: str) -> None:
    whole = {"format": "sila-ot2 labware offsets 1", "offsets": []}
    file = content if isinstance(content, bytes) else json.dumps(whole | dict(content)).encode()  # type: ignore[call-overload]
    with pytest.raises(LabwareOffsetInvalid) as refused:
        lab.offsets.import_file(file)
    assert place in refused.value.cause
    assert lab.kept == {}


def test_an_offset_from_the_future_does_not_stay_the_newest(lab: OffsetParts) -> None:
    later = utc_now() + datetime.timedelta(days=400)
    lab.offsets.import_file(
        json.dumps(
            {
                "format": "sila-ot2 labware offsets 1",
                "offsets": [
                    {"definitionUri": PLATE, "slot": "1", "x": 1, "y": 0, "z": 0, "measuredAt": later.isoformat()}
                ],
            }
        ).encode()
    )
    lab.offsets.set_offset(offset(x=0.4))
    assert lab.kept == {(PLATE, "1", ""): 0.4}


def test_an_offset_of_an_old_database_counts_as_one_of_this_robot(lab: OffsetParts, engine: Engine) -> None:
    OffsetStore(engine).keep([StoredOffset(PLATE, "1", "", 0.5, 0, 0, BEFORE)])
    lab.offsets.notify()
    assert lab.choose((PLATE, "1", "")) == ({("1", 0.5)}, {})


def test_an_offset_on_a_module_names_it_to_the_robot() -> None:
    assert on_the_wire(offset(slot="3", model="temperatureModuleV2"))["location"] == {
        "slotName": "3",
        "moduleModel": "temperatureModuleV2",
    }


def test_what_a_file_cannot_hold_is_left_out_of_it(lab: OffsetParts, caplog: pytest.LogCaptureFixture) -> None:
    lab.offsets.import_from(run({"definitionUri": PLATE, "location": {"slotName": "12"}}), BEFORE)
    assert not lab.kept
    lab.offsets.keep_given([offset(), offset(slot="2", x=500.0), offset("My Lab/Plate/1", "3")])
    assert [(one["slot"], one["x"]) for one in json.loads(lab.offsets.export_file())["offsets"]] == [("1", 0.5)]
    assert "opentrons/plate/2 in slot 2 is left out of the file: x: " in caplog.text
