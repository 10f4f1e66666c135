"""Runs on the robot releases that are recorded, from 4.7 (sessions instead of runs) to 7.5, through SiLA."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sila_ot2.client import errors
from tests.end_to_end.laboratory import PROMPT, QUICK, Laboratory, finish, laboratory, lasting
from tests.fakes.replay.robot import ReplayRobot
from tests.fakes.replay.sessions import SessionRobot
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("replays old releases itself")
LEVEL_OF_4_7 = ('"apiLevel": "2.12"', '"apiLevel": "2.11"')
SHORT = QUICK.replace(*LEVEL_OF_4_7)
SLOW = lasting(3000).replace(*LEVEL_OF_4_7)
RELEASES = ("4.7.0", "5.0.0", "6.3.1", "7.5.0")


class Old:
    """A laboratory with a robot of an old release."""

    def __init__(self, lab: Laboratory, robot: ReplayRobot | SessionRobot, release: str) -> None:
        self.lab = lab
        self.robot = robot
        self.version = tuple(int(part) for part in release.split("."))


@pytest.fixture(scope="module", params=RELEASES)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Old]:
    robot = (SessionRobot if request.param < "5" else ReplayRobot)(request.param)
    with robot, laboratory(robot.url, tmp_path_factory.mktemp("state")) as lab:
        yield Old(lab, robot, request.param)


@pytest.fixture(autouse=True)
def _nobody_holds_the_robot(old: Old) -> Iterator[None]:
    yield
    old.lab.clear()


def test_whole_life_of_runs(old: Old) -> None:
    """Upload, analysis, a run with pause and resume, a run that is stopped, a run after that; one server for all."""
    lab = old.lab
    quick = lab.upload(SHORT)
    assert lab.analyze(quick).result == "Ok"
    record = lab.run(quick, label="first")
    assert (record.result, record.label) == ("Succeeded", "first")
    assert record.completed_commands > 4
    assert record.robot_software_version.startswith(".".join(map(str, old.version[:2])))

    slow = lab.upload(SLOW)
    running = lab.begin(slow)
    lab.until_status("Running")
    lab.pause()
    lab.until_status("Paused")
    assert lab.current().pause_reason == "ByClient"
    lab.resume()
    lab.until_status("Running")
    assert lab.stop().final_status == "Stopped"
    with pytest.raises(errors.DefinedExecutionError, match="stopped by this server"):
        finish(running)

    assert lab.run(quick).result == "Succeeded"
    assert [one.result for one in lab.runs.run_history.get()[:3]] == ["Succeeded", "Stopped", "Succeeded"]


def test_created_run_is_released(old: Old) -> None:
    run_id = old.lab.create(old.lab.upload(SHORT))
    old.lab.until_status("Idle")
    old.lab.release(run_id)
    old.lab.until_status("NoRun")
    record = wait_for(lambda: [one for one in old.lab.runs.run_history.get() if one.run_identifier == run_id])[0]
    assert record.result in ("Stopped", "Succeeded")  # release 5 says that a run that was never started succeeded


def test_what_a_release_cannot_do_names_the_one_that_can(old: Old) -> None:
    identifier = old.lab.upload(SHORT)
    if old.version < (7, 3):
        with pytest.raises(errors.DefinedExecutionError, match=r"release 7\.3 and later") as raised:
            old.lab.run(identifier, values={"n": "1"})
        assert raised.value.identifier.endswith("UnsupportedByRobot")
    if old.version < (5,):
        with pytest.raises(errors.DefinedExecutionError, match=r"release 5\.0 and later"):
            old.lab.run(identifier, offsets=[("opentrons/x/1", "1", "", 0.1, 0.1, 0.1)])
    assert old.lab.status() == "NoRun"
    assert old.lab.run(identifier).result == "Succeeded"


@pytest.mark.parametrize("old", ["5.0.0", "7.5.0"], indirect=True)
def test_operator_is_asked(old: Old) -> None:
    running = old.lab.begin(old.lab.upload(PROMPT))
    old.lab.until_status("Paused")
    old.lab.resume()
    assert finish(running).result == "Succeeded"


@pytest.mark.parametrize("old", ["5.0.0", "6.3.1", "7.5.0"], indirect=True)
def test_robot_restarts_during_a_run(old: Old) -> None:
    running = old.lab.begin(old.lab.upload(SLOW))
    old.lab.until_status("Running")
    assert isinstance(old.robot, ReplayRobot)
    old.robot.restart()
    with pytest.raises(errors.DefinedExecutionError, match="restarted during the run"):
        finish(running)
    # Until the robot has started again it is only said to be unreachable.
    wait_for(lambda: "NotReconciled" in old.lab.obstacles(), lambda: f"{old.lab.obstacles()} say nothing of the tips")
    old.lab.reconcile()
    assert old.lab.run(old.lab.upload(SHORT)).result == "Succeeded"
