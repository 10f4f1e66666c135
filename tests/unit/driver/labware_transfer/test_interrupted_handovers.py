"""What may happen while a hand-over is prepared or pending: restarts, delays, other clients, a lost session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.monitor.device_status import (
    ActionCode,
    DeviceStatus,
    Permit,
    device_status,
    permits,
    required_actions,
)
from sila_ot2.driver.ownership.handovers import HandoverPhase
from sila_ot2.errors import (
    Movement,
    NotReconciled,
    RobotBusy,
    RobotUnreachable,
    RunActionNotAllowed,
    RunStillActive,
    StorageFull,
    TurnTaken,
)
from sila_ot2.store.handovers import Handover
from tests.fakes.handover_site import IN, Site, open_session
from tests.fakes.robot_in_memory import BEGIN
from tests.fakes.session_server import NEVER, PLATE, rack_of, set_up
from tests.fakes.unwritable import unwritable
from tests.waiting import wait_for


def test_a_restart_of_the_server_keeps_the_robot_still_until_somebody_says_how_it_ended(
    sites: Callable[[], Site],
) -> None:
    sites().prepare(IN, 3, PLATE)
    site = sites()
    assert site.phase is HandoverPhase.INTERRUPTED
    with pytest.raises(TurnTaken):
        site.server.turn.reserve("RunProtocol")
    with pytest.raises(NotReconciled, match="restarted"):
        site.prepare(IN, 3)
    site.server.look()
    state = site.server.parts.monitor.state.value
    assert device_status(state, displace_idle=False) is DeviceStatus.NEEDS_ATTENTION
    assert [action.code for action in required_actions(state)] == [ActionCode.END_HANDOVER]
    assert Permit.END_OF_HANDOVER in permits(state, displace_idle=False)
    assert Permit.LIQUID_HANDLING not in permits(state, displace_idle=False)
    site.complete(IN, 3)
    site.server.turn.reserve("Home").release()
    assert [one.slot for one in site.handovers.delivered.value] == ["3"]


def test_an_overdue_one_still_keeps_the_robot_still(site: Site) -> None:
    handovers: Any = site.handovers
    handovers._overdue_after_s = 0.0
    site.prepare(IN, 3)
    wait_for(lambda: site.phase is HandoverPhase.OVERDUE)
    site.server.look()
    state = site.server.parts.monitor.state.value
    assert device_status(state, displace_idle=False) is DeviceStatus.NEEDS_ATTENTION
    with pytest.raises(TurnTaken):
        site.server.turn.reserve("Home")
    with pytest.raises(RunActionNotAllowed):
        site.server.do("Home", motions.home())
    site.prepare(IN, 3)
    site.complete(IN, 3)
    site.server.turn.reserve("Home").release()


def test_a_prepared_one_shows_the_robot_as_busy(site: Site) -> None:
    site.prepare(IN, 3)
    site.server.look()
    state = site.server.parts.monitor.state.value
    assert device_status(state, displace_idle=False) is DeviceStatus.BUSY
    assert required_actions(state) == ()


def test_a_run_of_another_client_interrupts_it(site: Site) -> None:
    site.prepare(IN, 3)
    site.robot.add_run("running")
    site.server.look()
    assert site.phase is HandoverPhase.INTERRUPTED
    site.complete(IN, 3)


def test_a_run_that_is_never_played_interrupts_it_too(site: Site) -> None:
    """Its status is idle also while a command moves the robot in it."""
    site.prepare(IN, 3)
    site.robot.foreign_session()
    site.server.look()
    assert site.phase is HandoverPhase.INTERRUPTED


@pytest.mark.parametrize("session", ["none", "open"])
@pytest.mark.parametrize("work", ["maintenance run", "foreign run", "foreign session"])
def test_nothing_is_prepared_if_somebody_takes_up_the_robot_while_it_is_parked(
    site: Site, session: str, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if session == "open":
        open_session(site)
    begin = site.handovers.begin

    def take_up() -> None:
        if work == "maintenance run":
            site.robot.maintenance = {"id": "m", "createdAt": BEGIN.isoformat()}
        elif work == "foreign run":
            site.robot.add_run("running")
        else:
            site.robot.foreign_session()

    def begin_after(handover: Handover) -> None:
        take_up()
        begin(handover)

    monkeypatch.setattr(site.handovers, "begin", begin_after)
    with pytest.raises(RobotBusy):
        site.prepare(IN, 3)
    assert site.phase is None
    assert site.handovers.delivered.value == ()


def test_nothing_is_prepared_if_the_robot_cannot_be_asked_who_uses_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = site.handovers.begin

    def begin_before_silence(handover: Handover) -> None:
        begin(handover)
        site.robot.faults.append(("GET", "/runs", "always refused"))

    monkeypatch.setattr(site.handovers, "begin", begin_before_silence)
    with pytest.raises(RobotUnreachable):
        site.prepare(IN, 3)
    assert site.phase is None


def test_a_lost_session_interrupts_it(site: Site) -> None:
    open_session(site)
    site.prepare(IN, 3)
    site.robot.restart()
    site.server.look()
    assert site.phase is HandoverPhase.INTERRUPTED
    site.complete(IN, 3)
    assert [one.slot for one in site.handovers.delivered.value] == ["3"]


def with_a_tip_that_is_gone(site: Site) -> str:
    """Prepare a hand-over in a session whose run knows of a tip that somebody else has picked up, and that fell off."""
    run_id = site.server.session.open(cancelled=NEVER).run_id
    set_up(site.server, "bare")
    site.prepare(IN, 3, PLATE)
    site.robot.execute(run_id, "pickUpTip", pipetteId="pipette right", labwareId=rack_of(site.server), wellName="A1")
    site.robot.tips["right"] = False
    return run_id


def test_reconciling_ends_no_session_under_the_arm(site: Site) -> None:
    """The end of a run halts and resets the hardware."""
    run_id = with_a_tip_that_is_gone(site)
    with pytest.raises(NotReconciled, match="an arm may be inside.*AbortHandover"):
        site.server.reconciliation.settle({"right": False}, confirmed=True, cancelled=NEVER)
    assert site.robot.current == run_id
    assert site.robot.count("PATCH") == 0
    site.complete(IN, 3)
    site.server.reconciliation.settle({"right": False}, confirmed=True, cancelled=NEVER)
    assert site.robot.current is None


@pytest.mark.parametrize("force", [False, True])
def test_a_session_at_rest_is_not_released_under_the_arm(site: Site, force: bool) -> None:
    run_id = site.server.session.open(cancelled=NEVER).run_id
    site.prepare(IN, 3, PLATE)
    with pytest.raises(RunStillActive):
        site.server.release.release(force=force)
    assert site.robot.current == run_id
    assert site.robot.count("PATCH|/actions") == 0
    site.complete(IN, 3)
    site.server.release.release(force=True)
    assert site.robot.current is None


def test_another_clients_run_is_stopped_also_under_the_arm(site: Site) -> None:
    site.prepare(IN, 3, PLATE)
    run_id = site.robot.add_run("running")
    site.server.parts.monitor.start()
    site.server.release.release(run_id, force=True)
    assert "stop" in site.robot.taken


def test_a_disk_that_is_full_when_the_gantry_is_parked_hides_no_movement(site: Site) -> None:
    with unwritable(site.server.parts.engine, "handover"), pytest.raises(StorageFull) as full:
        site.prepare(IN, 3)
    assert full.value.moved is Movement.SOME
    assert site.phase is None


def test_one_that_has_ended_is_neither_ended_again_nor_overdue(site: Site) -> None:
    site.prepare(IN, 3)
    pending = site.handovers.pending.value
    assert pending is not None
    site.complete(IN, 3)
    delivered = site.handovers.delivered.value
    site.handovers.complete(pending.handover)
    site.handovers._note_overdue(pending.handover)
    assert site.handovers.pending.value is None
    assert site.handovers.delivered.value == delivered
