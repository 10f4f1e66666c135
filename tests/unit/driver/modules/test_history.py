"""What modules have measured: a row for each change, and none for a time in which nothing was reported."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from sila_ot2.driver.modules import history
from sila_ot2.driver.modules.history import ModuleHistory
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.errors import ModuleMissing
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.robot_in_memory import BEGIN

GAP_S = 15.0


class ModuleReader:
    """Reads modules in memory; `rows` are those of the history."""

    def __init__(self, *models: str) -> None:
        self.history = ModuleHistory(longest_gap_s=GAP_S)
        self.robot = ModuleRobot()
        self.client = self.robot.client()
        for model in models:
            self.robot.attach(model, model)

    def read(self, after_s: float, serial: str = "", **data: Any) -> None:
        if serial:
            self.robot.modules[serial]["data"].update(data)
        at = BEGIN + timedelta(seconds=after_s)
        self.history.follow(Reported(self.client.modules(), at))

    def rows(self, serial: str = "") -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.history.as_csv(serial).decode(), newline="")))

    def spans(self, part: str = "Plate") -> list[tuple[str, float, float]]:
        """Return value, begin and end of each row of a part, in seconds."""
        return [
            (row["Value"], _seconds(row["FirstReportedAt"]), _seconds(row["LastReportedAt"]))
            for row in self.rows()
            if row["Part"] == part
        ]


def _seconds(time: str) -> float:
    return (type(BEGIN).fromisoformat(time) - BEGIN).total_seconds()


PLATE = "temperatureModuleV2"
SHAKER = "heaterShakerModuleV1"


def test_equal_readings_prolong_a_row_and_another_value_begins_one() -> None:
    reader = ModuleReader(PLATE)
    for after_s, heat in ((0, 23.0), (5, 23.0), (10, 23.0), (15, 30.5), (20, 30.5)):
        reader.read(after_s, PLATE, currentTemperature=heat)
    assert reader.spans() == [("23.0", 0, 10), ("30.5", 15, 20)]


def test_target_and_status_begin_a_row_too() -> None:
    reader = ModuleReader(PLATE)
    reader.read(0)
    reader.read(5, PLATE, targetTemperature=37.0, status="heating")
    reader.read(10, PLATE, status="holding at target")
    assert [(row["Target"], row["Status"]) for row in reader.rows()] == [
        ("", "idle"), ("37.0", "heating"), ("37.0", "holding at target"),
    ]  # fmt: skip


def test_no_row_spans_a_time_without_readings() -> None:
    reader = ModuleReader(PLATE)
    for after_s in (0.0, GAP_S, 2 * GAP_S + 1, 2 * GAP_S + 2):
        reader.read(after_s)
    assert reader.spans() == [("23.0", 0, GAP_S), ("23.0", 2 * GAP_S + 1, 2 * GAP_S + 2)]


def test_no_row_spans_a_time_without_the_module() -> None:
    reader = ModuleReader(PLATE, SHAKER)
    reader.read(0)
    unplugged = reader.robot.modules.pop(PLATE)
    reader.read(1)
    reader.robot.modules[PLATE] = unplugged
    reader.read(2)
    assert reader.spans() == [("23.0", 0, 0), ("23.0", 2, 2)]
    assert reader.spans("Heater") == [("23.0", 0, 2)]


def test_no_row_ends_before_it_begins_when_the_clock_is_set_back() -> None:
    reader = ModuleReader(PLATE)
    for after_s in (100, 105, 7, 12):
        reader.read(after_s)
    assert reader.spans() == [("23.0", 100, 105), ("23.0", 7, 12)]


def test_each_part_of_each_kind_has_rows_with_its_unit() -> None:
    reader = ModuleReader(PLATE, SHAKER, "thermocyclerModuleV2", "magneticModuleV2")
    reader.read(
        0, SHAKER, currentSpeed=499, targetSpeed=500, speedStatus="holding at target", labwareLatchStatus="closing"
    )
    assert [(row["Model"], row["Part"], row["Value"], row["Target"], row["Unit"]) for row in reader.rows()] == [
        (PLATE, "Plate", "23.0", "", "°C"),
        (SHAKER, "Heater", "23.0", "", "°C"),
        (SHAKER, "Shaker", "499.0", "500.0", "rpm"),
        (SHAKER, "Latch", "", "", ""),
        ("thermocyclerModuleV2", "Block", "23.0", "", "°C"),
        ("thermocyclerModuleV2", "Lid", "23.0", "", "°C"),
        ("thermocyclerModuleV2", "LidPosition", "", "", ""),
        ("magneticModuleV2", "Magnets", "-2.5", "", "mm"),
    ]


@pytest.mark.parametrize(
    ("model", "part", "member", "words"),
    [
        (SHAKER, "Latch", "labwareLatchStatus", ["idle_unknown", "opening", "idle_open", "idle_closed"]),
        ("thermocyclerModuleV2", "LidPosition", "lidStatus", ["closed", "in_between", "open"]),
    ],
)
def test_each_change_of_a_latch_or_lid_begins_a_row(model: str, part: str, member: str, words: list[str]) -> None:
    reader = ModuleReader(model)
    for number, word in enumerate(words):
        reader.read(10 * number, model, **{member: word})
        reader.read(10 * number + 5)
    rows = [row for row in reader.rows() if row["Part"] == part]
    assert [(row["Status"], _seconds(row["FirstReportedAt"])) for row in rows] == [
        (word, 10 * number) for number, word in enumerate(words)
    ]


@pytest.mark.parametrize("reported", [None, "37", 10**309])
def test_a_value_that_is_not_reported_as_a_number_is_empty_and_begins_one_row(reported: object) -> None:
    reader = ModuleReader(PLATE)
    for after_s in (0, 5):
        reader.read(after_s, PLATE, currentTemperature=reported)
    assert reader.spans() == [("", 0, 5)]


def test_a_module_that_is_gone_is_kept_and_one_that_was_never_there_is_an_error() -> None:
    reader = ModuleReader(PLATE, SHAKER)
    assert reader.rows() == []
    reader.read(0)
    reader.robot.modules.clear()
    reader.read(5)
    assert {row["Model"] for row in reader.rows(SHAKER)} == {SHAKER}
    with pytest.raises(ModuleMissing, match=f"values of: {PLATE}, {SHAKER}"):
        reader.rows("nobody")


def test_rows_and_modules_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT_ROWS", 3)
    monkeypatch.setattr(history, "KEPT_MODULES", 2)
    reader = ModuleReader(PLATE)
    for after_s in range(5):
        reader.read(after_s, PLATE, currentTemperature=float(after_s))
    assert [value for value, *_ in reader.spans()] == ["2.0", "3.0", "4.0"]
    for serial in ("second", "third"):
        reader.robot.modules = {serial: {**reader.robot.modules.popitem()[1], "serialNumber": serial}}
        reader.read(5)
    assert {row["SerialNumber"] for row in reader.rows()} == {"second", "third"}


def test_a_text_of_a_module_does_not_become_a_formula() -> None:
    reader = ModuleReader(PLATE)
    reader.read(0, PLATE, status="=1+1")
    assert [row["Status"] for row in reader.rows()] == ["'=1+1"]
