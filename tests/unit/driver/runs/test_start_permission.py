"""Every reason for which a run may not start is told, with what to do."""

from __future__ import annotations

import pytest

from sila_ot2.driver.monitor.snapshot import Equipment, Snapshot
from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner, Owner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.runs.start_permission import Policy, equipment_obstacles, obstacles, refuse
from sila_ot2.errors import CalibrationMissing, DoorOpen, ModuleMissing, PipetteMissing
from sila_ot2.robot import wire

STRICT = Policy(displace_idle_runs=False, require_calibration=True)
LENIENT = Policy(displace_idle_runs=True, require_calibration=False)
READY = Equipment(
    door=wire.Door(status="closed", door_required_closed_for_protocol=True),
    pipettes=(wire.Pipette(mount="left", name="p300_single_gen2", model="p300_single_v2.1", id="1"),),
    modules=(
        wire.Module.model_validate(
            {"id": "m", "serialNumber": "m", "moduleType": "t", "moduleModel": "temperatureModuleV2"}
        ),
    ),
    deck_calibration="OK",
)


def codes(owner: Owner, policy: Policy = STRICT, *, holder: str = "", trouble: str = "") -> list[str]:
    snapshot = Snapshot(trouble=trouble, equipment=READY)
    found = obstacles(snapshot, owner, (), turn_holder=holder, needs=None, policy=policy)
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
    *, pipette: str = "p300_single_gen2", mount: str = "left", module: str = "temperatureModuleV2"
) -> wire.Analysis:
    return wire.Analysis(
        id="a",
        status="completed",
        pipettes=(wire.LoadedPipette(id="p", pipette_name=pipette, mount=mount),),
        modules=(wire.LoadedModule(id="m", model=module),),
    )


@pytest.mark.parametrize(
    ("needed", "equipment", "fault"),
    [
        (needs(), READY, None),
        (needs(pipette="p300_single"), READY, None),  # the newer generation takes the place of the older
        (needs(module="temperatureModuleV1"), READY, None),
        (needs(pipette="p20_single_gen2"), READY, PipetteMissing),
        (needs(mount="right"), READY, PipetteMissing),
        (needs(module="magneticModuleV2"), READY, ModuleMissing),
        (None, Equipment(door=wire.Door(status="open", door_required_closed_for_protocol=True)), DoorOpen),
        (None, Equipment(door=wire.Door(status="open", door_required_closed_for_protocol=False)), None),
        (None, Equipment(deck_calibration="IDENTITY"), CalibrationMissing),
        (None, Equipment(), None),  # an old release that says nothing of its door
    ],
)
def test_what_the_robot_lacks(
    needed: wire.Analysis | None, equipment: Equipment, fault: type[Exception] | None
) -> None:
    found = equipment_obstacles(equipment, needed, STRICT)
    if fault is None:
        refuse(found)
        assert found == ()
        return
    with pytest.raises(fault, match="nothing moved"):
        refuse(found)


def test_calibration_is_asked_for_only_where_it_is_required() -> None:
    assert equipment_obstacles(Equipment(deck_calibration="IDENTITY"), None, LENIENT) == ()
