"""Every reason for which a run may not start is stated, with what to do."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from sila_ot2.driver.monitor.calibration import Calibration
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner, Owner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.turn import TurnHolder
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.start_permission import Policy, StartPermission, machine_obstacles, obstacles, refuse
from sila_ot2.errors import (
    CalibrationMissing,
    CameraDisabled,
    DeckUnsafe,
    DoorOpen,
    ModuleMissing,
    PipetteMissing,
    RobotFaulty,
)
from sila_ot2.robot import wire
from sila_ot2.store.uncertain_tips import UncertainTip
from tests.fakes.parts import Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory

STRICT = Policy(displace_idle_runs=False, require_calibration=True)
LENIENT = Policy(displace_idle_runs=True, require_calibration=False)
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


def door(status: str, *, required: bool = True) -> Reported[wire.Door]:
    return Reported(wire.Door(status=status, door_required_closed_for_protocol=required), NOW)


def deck_calibration(reported: str) -> Reported[Calibration]:
    return Reported(Calibration(reported, None, (), ()), NOW)


READY = Machine(
    door=door("closed"),
    pipettes=Reported((wire.Instrument(mount="left", instrument_name="p300_single_gen2"),), NOW),
    modules=Reported(
        (
            wire.Module.model_validate(
                {"id": "m", "serialNumber": "m", "moduleType": "t", "moduleModel": "temperatureModuleV2"}
            ),
        ),
        NOW,
    ),
    calibration=deck_calibration("OK"),
)


def codes(owner: Owner, policy: Policy = STRICT, *, holder: str = "", trouble: str = "") -> list[str]:
    contact = Contact(ContactProblem.REFUSED if trouble else ContactProblem.NONE, trouble, NOW, "Check it.")
    turn = TurnHolder(holder) if holder else None
    found = obstacles(RobotState(contact=contact, machine=READY, owner=owner, turn=turn), needs=None, policy=policy)
    assert all(one.explanation and one.remedy.endswith(".") for one in found)
    return [one.code.value for one in found]


@pytest.mark.parametrize(
    ("owner", "strict", "lenient"),
    [
        (NoOwner(), [], []),
        (ForeignOwner("r", "succeeded"), [], []),
        (ForeignOwner("r", "idle"), ["ForeignRun"], []),
        (ForeignOwner("r", "paused"), ["ForeignRun"], ["ForeignRun"]),
        (ForeignOwner("r", "a-state-to-come"), ["ForeignRun"], ["ForeignRun"]),
        (RunOwner("r", "idle"), ["UnfinishedRun"], ["UnfinishedRun"]),
        (RunOwner("r", "running"), ["UnfinishedRun"], ["UnfinishedRun"]),
        (SessionOwner("r"), ["SessionActive"], ["SessionActive"]),
        (UnknownOwner("a lost answer"), ["OutcomeUnknown"], ["OutcomeUnknown"]),
    ],
    ids=str,
)
def test_whoever_holds_the_robot(owner: Owner, strict: list[str], lenient: list[str]) -> None:
    assert codes(owner) == strict
    assert codes(owner, LENIENT) == lenient


def test_server_and_network() -> None:
    assert codes(NoOwner(), holder="Home") == ["ServerBusy"]
    assert codes(NoOwner(), trouble="connection refused") == ["RobotUnreachable"]


def needs(
    *,
    pipette: str = "p300_single_gen2",
    mount: str = "left",
    module: str = "temperatureModuleV2",
    preconditions: object = None,
) -> wire.Analysis:
    return wire.Analysis(
        id="a",
        status="completed",
        pipettes=(wire.LoadedPipette(id="p", pipette_name=pipette, mount=mount),),
        modules=(wire.LoadedModule(id="m", model=module),),
        command_preconditions=preconditions,
    )


PICTURES = needs(preconditions={"isCameraUsed": True})


def camera(*, off: bool) -> Machine:
    return replace(READY, camera_off=Reported(off, NOW))


def shaker(speed_status: str) -> Machine:
    module = {"id": "h", "serialNumber": "h", "moduleType": "heaterShakerModuleType",
              "moduleModel": "heaterShakerModuleV1", "data": {"speedStatus": speed_status}}  # fmt: skip
    return replace(READY, modules=Reported((wire.Module.model_validate(module),), NOW))


@pytest.mark.parametrize(
    ("needed", "machine", "fault"),
    [
        (needs(), READY, None),
        (needs(pipette="p300_single"), READY, None),  # the newer generation takes the place of the older
        (needs(module="temperatureModuleV1"), READY, None),
        (needs(pipette="p20_single_gen2"), READY, PipetteMissing),
        (needs(mount="right"), READY, PipetteMissing),
        (needs(module="magneticModuleV2"), READY, ModuleMissing),
        (needs(module="heaterShakerModuleV1"), shaker("idle"), None),
        (needs(module="heaterShakerModuleV1"), shaker("holding at target"), DeckUnsafe),
        (needs(module="heaterShakerModuleV1"), shaker("slowing down"), DeckUnsafe),
        (None, shaker("holding at target"), None),  # where it stands is not known, nor whether the run goes there
        (PICTURES, camera(off=True), CameraDisabled),
        (PICTURES, camera(off=False), None),
        (PICTURES, READY, None),  # a release whose camera cannot be switched off
        (needs(preconditions={"isCameraUsed": False}), camera(off=True), None),
        (needs(preconditions=["a form to come"]), camera(off=True), None),
        (needs(), camera(off=True), None),
        (None, Machine(door=door("open")), DoorOpen),
        (None, Machine(door=door("open", required=False)), None),
        (None, Machine(calibration=deck_calibration("IDENTITY")), CalibrationMissing),
        (None, Machine(), None),  # an old release that says nothing of its door
    ],
)
def test_what_the_robot_lacks(needed: wire.Analysis | None, machine: Machine, fault: type[Exception] | None) -> None:
    found = machine_obstacles(machine, needed, STRICT)
    if fault is None:
        refuse(found)
        assert found == ()
        return
    with pytest.raises(fault, match="Nothing moved"):
        refuse(found)


def test_calibration_is_asked_for_only_where_it_is_required() -> None:
    assert machine_obstacles(Machine(calibration=deck_calibration("IDENTITY")), None, LENIENT) == ()


def test_a_latched_stop_and_a_tip_in_doubt_keep_a_run_from_starting() -> None:
    contact = Contact(ContactProblem.NONE, "", NOW, "")
    tip = UncertainTip(mount="left", reason="The robot has restarted.", since=NOW)
    state = RobotState(contact=contact, machine=READY, owner=NoOwner(), safety_stop_since=NOW, uncertain_tips=(tip,))
    found = obstacles(state, needs=None, policy=STRICT)
    assert [one.code.value for one in found] == ["SafetyStopActive", "NotReconciled"]
    assert "The left pipette may hold a tip that the robot does not know of. The robot has restarted." in (
        found[1].explanation
    )


class KeptAnalyses:
    """What is kept of the analyses of protocols."""

    def __init__(self, newest: wire.Analysis | Exception | None) -> None:
        self.newest = newest
        self.asked = 0

    def kept(self, _identifier: str, _parameters: object) -> wire.Analysis | None:
        self.asked += 1
        if isinstance(self.newest, Exception):
            raise self.newest
        return self.newest


class WaitingRun:
    """A run that waits to be started, and what keeps it from that."""

    def __init__(self, parts: Parts, analyses: KeptAnalyses) -> None:
        self._parts = parts
        self._permission = StartPermission(
            parts.monitor.state, parts.registry, cast(Any, analyses),
            DeckAgreement(parts.stock, Observable({}), DeckPolicy()), policy=LENIENT,
        )  # fmt: skip
        run = parts.request_log.perform(CreateRunRequest(purpose="protocol", runs_before=[], protocol_id="p"))
        parts.look(2)
        self.change(owner=RunOwner(run.id, "idle"), machine=READY)

    def change(self, **changes: Any) -> None:
        self._parts.monitor.state.set(replace(self._parts.monitor.state.value, **changes))

    @property
    def codes(self) -> list[str]:
        return [one.code.value for one in self._permission.obstacles.value]


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path)
    yield parts
    parts.close()


def test_the_analysis_of_the_run_that_waits_is_read_once(parts: Parts) -> None:
    analyses = KeptAnalyses(needs(module="heaterShakerModuleV1"))
    waiting = WaitingRun(parts, analyses)
    assert "ModuleMissing" in waiting.codes
    waiting.change(safety_stop_since=NOW)
    assert waiting.codes[:2] == ["UnfinishedRun", "SafetyStopActive"]
    assert analyses.asked == 1


@pytest.mark.parametrize(
    "before",
    [
        None,
        RobotFaulty("The robot's analysis makes no sense."),
        OperationalError("SELECT", {}, Exception("disk I/O error")),
        PermissionError("The file cannot be opened."),
    ],
    ids=["none", "damaged", "database", "file"],
)
def test_an_analysis_that_is_kept_later_counts_for_the_run_that_waits(parts: Parts, before: Exception | None) -> None:
    analyses = KeptAnalyses(before)
    waiting = WaitingRun(parts, analyses)
    assert waiting.codes == ["UnfinishedRun"]
    analyses.newest = needs(module="heaterShakerModuleV1")
    waiting.change(safety_stop_since=NOW)
    assert "ModuleMissing" in waiting.codes
