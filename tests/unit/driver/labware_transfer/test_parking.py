"""Parking the gantry: where it ends, what refuses it before anything moves, and which session is left."""

from __future__ import annotations

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    NotReconciled,
    OT2Fault,
    PipetteMissing,
    RobotBusy,
    SafetyStopActive,
    TipAlreadyAttached,
)
from tests.fakes import tip_robot
from tests.fakes.handover_site import Site, open_session
from tests.fakes.session_server import NEVER, set_up


def park(site: Site, *, in_front: bool, cancelled: Cancellation = NEVER) -> None:
    server = site.server
    parking = GantryParking(site.robot.client(), server.session, server.parts.safety_stop, server.uncertain_tips)
    parking.park("ParkGantry", in_front=in_front, cancelled=cancelled)


def refused(site: Site, fault: type[OT2Fault], *, in_front: bool = False) -> OT2Fault:
    before = len(site.sent)
    with pytest.raises(fault) as raised:
        park(site, in_front=in_front)
    assert len(site.sent) == before
    assert raised.value.moved is Movement.NONE
    return raised.value


@pytest.mark.parametrize("session", ["none", "open"])
@pytest.mark.parametrize(("in_front", "last"), [(False, "home"), (True, "moveToCoordinates")])
def test_it_ends_at_home_or_in_front_and_leaves_the_sessions_as_they_were(
    site: Site, session: str, in_front: bool, last: str
) -> None:
    if session == "open":
        open_session(site)
    before = len(site.sent)
    park(site, in_front=in_front)
    assert site.sent[-1] == last
    assert "home" in site.sent[before:]
    assert (site.server.session.state.value is not None) is (session == "open")
    assert site.handovers.pending.value is None


def test_a_tip_a_doubt_or_a_latched_stop_refuses_it(site: Site) -> None:
    set_up(site.server, "tip")
    refused(site, TipAlreadyAttached)
    site.server.uncertain_tips.add(["left"], "simulated")
    refused(site, NotReconciled)
    site.server.parts.safety_stop.latch()
    refused(site, SafetyStopActive)


def test_a_run_of_another_client_refuses_it(site: Site) -> None:
    site.robot.add_run("running")
    refused(site, RobotBusy)


@pytest.mark.parametrize("session", ["none", "open"])
def test_without_a_pipette_it_parks_only_at_home(site: Site, monkeypatch: pytest.MonkeyPatch, session: str) -> None:
    monkeypatch.setitem(tip_robot.EQUIPMENT, "/pipettes", {})
    monkeypatch.setitem(tip_robot.EQUIPMENT, "/instruments", {"data": []})
    if session == "open":
        open_session(site)
    refused(site, PipetteMissing, in_front=True)
    park(site, in_front=False)
    assert site.sent[-1] == "home"


def test_a_session_opened_for_it_is_closed_also_after_a_fault(site: Site) -> None:
    site.robot.fails = "moveToCoordinates"
    with pytest.raises(OT2Fault) as raised:
        park(site, in_front=True)
    assert raised.value.moved is not Movement.NONE
    assert site.sent[-1] == "moveToCoordinates"
    assert site.server.session.state.value is None


def test_cancelled_before_it_sends_nothing(site: Site) -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        park(site, in_front=True, cancelled=cancelled)
    assert site.sent == []
    assert site.server.session.state.value is None
