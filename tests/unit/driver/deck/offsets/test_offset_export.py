"""Writing offsets to the robot's own store: what is written, once, and believed only when the robot says it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.driver.deck.offsets.offset_export import OffsetExport
from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.errors import OutcomeUnknown, RobotChanged, RobotFaulty, RobotRejected, UnsupportedByRobot
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.runs import KeptOffset
from sila_ot2.times import utc_now
from tests.fakes.database import open_database

PLATE = "opentrons/plate/2"
INTERNAL = {"errors": [{"id": "Unexpected", "title": "x", "detail": "broken"}]}
REFUSED = {"errors": [{"id": "InvalidRequest", "title": "x", "detail": "not so"}]}


class Store:
    """A robot with a store of offsets. `answer` to a POST may be spoiled; a deaf robot does nothing."""

    def __init__(self, offsets: OffsetStore) -> None:
        self.serial = "A"
        self.ahead = datetime.timedelta()
        self.listed: list[dict[str, Any]] = []
        self.sent: list[list[dict[str, Any]]] = []
        self.answer: httpx.Response | Exception | None = None
        self.deaf = False
        self.silent_afterwards = False
        self.is_another = False
        self.robot = self.client("9.0.0")
        self.offsets = Offsets(self.robot, offsets, lambda: self.serial)

    def client(self, release: str) -> RobotClient:
        return RobotClient("http://robot", transport=httpx.MockTransport(self._serve), release=release_of(release))

    def write(self) -> tuple[int, int]:
        return OffsetExport(self.robot, self.offsets, self._require_same_robot).write()

    def set(self, slot: str, x: float, model: str = "") -> None:
        self.offsets.set_offset(
            KeptOffset(definition_uri=PLATE, slot=slot, module_model=model, x_mm=x, y_mm=0.1, z_mm=-0.2)
        )

    def keep(self, offset: dict[str, Any]) -> None:
        self.listed.append({"id": "i", "createdAt": (utc_now() + self.ahead).isoformat(), **offset})

    def _require_same_robot(self) -> None:
        if self.is_another:
            raise RobotChanged("Another robot answers.")

    def _serve(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/labwareOffsets"
        if request.method == "GET":
            if self.silent_afterwards and self.sent:
                raise httpx.ConnectError("refused")
            return httpx.Response(200, json={"data": self.listed, "meta": {}})
        wanted = json.loads(request.content)["data"]
        self.sent.append(wanted)
        if not self.deaf:
            for one in wanted:
                self.keep(one)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or httpx.Response(201, json={"data": wanted})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_database(tmp_path)
    yield Store(OffsetStore(engine))
    engine.dispose()


def at(slot: str, x: float, *below: dict[str, str]) -> dict[str, Any]:
    sequence = [*below, {"kind": "onAddressableArea", "addressableAreaName": slot}]
    return {"definitionUri": PLATE, "locationSequence": sequence, "vector": {"x": x, "y": 0.1, "z": -0.2}}


def test_what_the_robot_does_not_have_is_written_in_one_request_in_its_own_terms(store: Store) -> None:
    store.set("1", 0.5)
    store.set("4", 0.6, "temperatureModuleV2")
    assert store.write() == (2, 0)
    on_module = {"kind": "onModule", "moduleModel": "temperatureModuleV2"}
    assert store.sent == [[at("1", 0.5), at("4", 0.6, on_module)]]
    assert store.write() == (0, 2)
    assert len(store.sent) == 1


def test_newer_ones_of_the_robot_stay_and_older_ones_are_followed_by_ours(store: Store) -> None:
    store.keep(at("1", 9))
    store.set("1", 0.5)
    store.set("2", 0.5)
    store.keep(at("2", 0.7))
    store.set("3", 0.5)
    store.keep(at("3", 0.7, {"kind": "onLabware", "labwareUri": "opentrons/adapter/1"}))
    assert store.write() == (2, 1)
    assert store.sent == [[at("1", 0.5), at("3", 0.5)]]


def test_what_a_robot_with_a_fast_clock_has_kept_is_not_overwritten(store: Store) -> None:
    store.set("1", 0.5)
    store.ahead = datetime.timedelta(days=1)
    store.keep(at("1", 0.7))
    assert store.write() == (0, 1)


def test_those_of_another_robot_are_not_written_and_nothing_is_to_another_robot(store: Store) -> None:
    store.set("1", 0.5)
    store.serial = "B"
    assert store.write() == (0, 1)
    store.set("2", 0.5)
    store.is_another = True
    with pytest.raises(RobotChanged):
        store.write()
    assert store.sent == []


@pytest.mark.parametrize("answer", [httpx.ReadTimeout("slow"), httpx.Response(500, json=INTERNAL)])
def test_after_a_lost_answer_the_store_says_what_is_so_and_nothing_is_sent_again(store: Store, answer: Any) -> None:
    store.set("1", 0.5)
    store.answer = answer
    assert store.write() == (1, 0)
    store.set("1", 0.6)
    store.deaf = True
    with pytest.raises((OutcomeUnknown, RobotFaulty), match=f"another one, or none, for {PLATE} in slot 1") as raised:
        store.write()
    assert isinstance(raised.value, OutcomeUnknown) is isinstance(answer, Exception)
    assert "again" in raised.value.remedy
    assert len(store.sent) == 2


def test_the_outcome_is_unknown_if_the_store_cannot_be_read_after_a_lost_answer(store: Store) -> None:
    store.set("1", 0.5)
    store.answer, store.silent_afterwards = httpx.ReadTimeout("slow"), True
    with pytest.raises(OutcomeUnknown, match="cannot be read"):
        store.write()
    assert len(store.sent) == 1


def test_offsets_that_do_not_become_the_newest_are_reported(store: Store) -> None:
    store.keep(at("1", 0.7))
    store.set("1", 0.5)
    store.ahead = datetime.timedelta(days=-1)
    with pytest.raises(RobotFaulty, match="accepted.*slot 1"):
        store.write()


def test_a_refusal_and_a_robot_without_a_store_are_passed_on(store: Store) -> None:
    store.set("1", 0.5)
    store.answer, store.deaf = httpx.Response(422, json=REFUSED), True
    with pytest.raises(RobotRejected, match="not so"):
        store.write()
    store.robot = store.client("8.3.0")
    with pytest.raises(UnsupportedByRobot, match="8.4"):
        store.write()
    assert len(store.sent) == 1
