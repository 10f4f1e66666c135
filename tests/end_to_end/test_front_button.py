"""The front button of software 26.x: what it does is reported as somebody else's, and nothing is sent in return."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from sila_ot2.robot.front_button import DISABLING_SETTING
from tests.end_to_end.laboratory import Laboratory, finish, laboratory, lasting
from tests.processes import SimulatorProcess
from tests.proxy import Proxy, ProxyFault, proxy_to
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("presses the front button")
ACTIONS = "/runs/[^/]+/actions"
READINGS = 5
"""After so many readings of a run, the driver would have done what it does by itself."""


@pytest.fixture(scope="module")
def newest(simulator_process: SimulatorProcess) -> Iterator[SimulatorProcess]:
    simulator_process.reset()
    simulator_process.control("release", release="26.x")
    yield simulator_process
    simulator_process.reset()


@pytest.fixture(scope="module")
def way(newest: SimulatorProcess) -> Iterator[Proxy]:
    with proxy_to(newest.url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def served(way: Proxy, newest: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with laboratory(way.url, tmp_path_factory.mktemp("state")) as lab:
        wait_for(lambda: lab.status() == "NoRun", lab.status)
        yield lab


@pytest.fixture
def lab(served: Laboratory) -> Iterator[Laboratory]:
    yield served
    served.clear()


def begin(lab: Laboratory, newest: SimulatorProcess) -> Any:
    newest.control("speed", speed=1)
    run = lab.begin(lab.upload(lasting(600)))
    lab.until_status("Running")
    return run


def let_it_read(way: Proxy, run_id: str, readings: int = READINGS) -> None:
    seen = way.count("GET", f"/runs/{run_id}")
    way.wait_until(lambda proxy: proxy.count("GET", f"/runs/{run_id}") >= seen + readings)


def robots_actions(newest: SimulatorProcess, run_id: str) -> list[tuple[str, datetime]]:
    """Return the actions of the run by the robot itself, with their times in milliseconds, as SiLA has them."""
    actions = newest.request("GET", f"/runs/{run_id}")["data"]["actions"]
    taken = [(one["actionType"], datetime.fromisoformat(one["createdAt"])) for one in actions]
    return [(action, at.replace(microsecond=at.microsecond // 1000 * 1000)) for action, at in taken]


def test_presses_count_as_actions_of_others_and_cause_no_request(
    lab: Laboratory, newest: SimulatorProcess, way: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "sila_ot2")
    run = begin(lab, newest)
    run_id = lab.current().run_identifier
    assert newest.control("front_button")["did"] == ["pause"]
    lab.until_status("Paused")
    assert lab.current().pause_reason == "BySomebodyElse"
    let_it_read(way, run_id)
    assert (lab.status(), way.count("POST", ACTIONS)) == ("Paused", 1), "nothing was sent but the start"
    assert newest.control("front_button")["did"] == ["play"]
    lab.until_status("Running")
    lab.pause()  # for a hand-over
    lab.until_status("Paused")
    assert lab.current().pause_reason == "ByClient"
    assert newest.control("front_button")["did"] == ["play"], "a passer-by resumes it"
    lab.until_status("Running")
    let_it_read(way, run_id)
    assert (lab.status(), way.count("POST", ACTIONS)) == ("Running", 2), "nothing was sent but the start and the pause"
    pressed = robots_actions(newest, run_id)
    assert [action for action, _ in pressed] == ["play", "pause", "play", "pause", "play"]
    by_somebody_else = [pressed[1], pressed[2], pressed[4]]
    assert [(one.action, one.occurred_at) for one in lab.current().foreign_actions] == by_somebody_else
    newest.control("speed", speed="fast")
    record = finish(run)
    assert [(one.action, one.occurred_at) for one in record.foreign_actions] == by_somebody_else
    (kept,) = lab.runs.run_history.get()
    assert kept.foreign_actions == record.foreign_actions
    for action, at in by_somebody_else:
        line = f"Run {run_id}: {action} at {at:%H:%M:%S} UTC by another client or at the robot"
        assert line in caplog.messages
    assert f"Run {run_id} paused by somebody else" in caplog.messages


def test_many_presses_between_two_readings_are_all_reported(
    lab: Laboratory, newest: SimulatorProcess, way: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    """Also those before and after a pause of ours whose answer has not come yet: whose each is is known only then."""
    caplog.set_level("INFO", "sila_ot2")
    sent = way.count("POST", ACTIONS)
    run = begin(lab, newest)
    run_id = lab.current().run_identifier
    assert newest.control("front_button", presses=5)["did"] == ["pause", "play", "pause", "play", "pause"]
    lab.until_status("Paused")
    assert lab.current().pause_reason == "BySomebodyElse"
    assert newest.control("front_button")["did"] == ["play"]
    lab.until_status("Running")
    answer = way.plan(ProxyFault("hang", "POST", ACTIONS, body="pause", executed=True))
    with ThreadPoolExecutor(1) as pool:
        pausing = pool.submit(lab.pause)
        way.wait_until(lambda proxy: proxy.hanging)
        assert newest.request("GET", f"/runs/{run_id}")["data"]["status"] == "paused"
        assert newest.control("front_button", presses=4)["did"] == ["play", "pause", "play", "pause"]
        let_it_read(way, run_id, readings=2)
        way.let_go(answer)
        pausing.result()
    assert newest.control("front_button")["did"] == ["play"]
    lab.until_status("Running")
    pressed = robots_actions(newest, run_id)
    assert len(pressed) == 13
    ours = (0, 7)
    by_somebody_else = [one for number, one in enumerate(pressed) if number not in ours]
    wait_for(lambda: len(lab.current().foreign_actions) == len(by_somebody_else))
    assert [(one.action, one.occurred_at) for one in lab.current().foreign_actions] == by_somebody_else
    assert way.count("POST", ACTIONS) - sent == len(ours), "nothing was sent but the start and the pause"
    newest.control("speed", speed="fast")
    record = finish(run)
    assert [(one.action, one.occurred_at) for one in record.foreign_actions] == by_somebody_else
    lines = [f"Run {run_id}: {action} at {at:%H:%M:%S} UTC by another client or at the robot"
             for action, at in by_somebody_else]  # fmt: skip
    assert sorted(one for one in caplog.messages if one in lines) == sorted(lines), "each once"


def test_the_button_is_disabled_by_a_setting_and_a_restart(
    lab: Laboratory, newest: SimulatorProcess, way: Proxy
) -> None:
    maintenance = lab.client.maintenance_controller
    assert maintenance.change_setting(setting_identifier=DISABLING_SETTING, value=True) is True
    assert newest.request("GET", "/simulator/front_button")["works"], "until it restarts"
    finish(maintenance.restart_robot())
    run = begin(lab, newest)
    run_id = lab.current().run_identifier
    assert newest.control("front_button")["did"] == [None]
    let_it_read(way, run_id)
    assert lab.status() == "Running"
    assert lab.current().foreign_actions == []
    newest.control("speed", speed="fast")
    assert finish(run).result == "Succeeded"
