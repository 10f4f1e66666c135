"""Commands that cannot go on wait for a client, as a client of AtomicLiquidHandling sees it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.errors import RobotUnreachable
from sila_ot2.generated.atomic_liquid_handling import (
    ExecuteWorklistParameters,
    PickUpTipParameters,
    TransferParameters,
)
from tests.fakes.atomic import atomic_of, execution_of
from tests.fakes.session_server import TIPS, SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot
from tests.waiting import wait_for

LIST = b"Command,Mount,Labware,Well,Duration\nDelay,,,,0\nHome,,,,\nDelay,,,,0\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path, hold_commands=True)
    load_deck(server)
    yield server
    server.end()


@pytest.mark.parametrize("command", ["Transfer", "PickUpTip"])
def test_a_command_waits_for_a_full_rack(server: SessionServer, command: str) -> None:
    stock, recovery = server.parts.stock, server.remedies.recovery
    stock.reset("1", f"opentrons/{TIPS}/1")
    stock.mark("1", (), "Used")
    plate = next(one for one in server.session.deck_state.value.labware.values() if one.location == "2").labware_id
    transfer = TransferParameters(
        mount="right",
        source_labware_identifier=plate,
        source_wells=["A1"],
        target_labware_identifier=plate,
        target_wells=["B1"],
        volumes_ul=[50.0],
    )
    given: Any = transfer if command == "Transfer" else PickUpTipParameters(mount="right")
    execution = execution_of(command)
    sent = server.robot.count("POST .*/commands")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(getattr(atomic_of(server), command), given, execution=execution)
        (error,) = wait_for(lambda: recovery.errors.value)
        assert (error.command, error.execution_uuid) == (execution.identifier, str(execution.execution_uuid))
        assert error.condition.identifier == "NoTipAvailable"
        recovery.choose(error.execution_uuid, f"TipRackRefilled1-{error.number}")
        result = running.result(timeout=60)
    assert recovery.errors.value == ()
    if command == "Transfer":
        assert result.TipsUsed == 1
    else:
        assert (result.Well, server.robot.count("POST .*/commands")) == ("A1", sent + 1)


def test_what_is_left_of_an_aborted_worklist_begins_with_the_step_that_was_not_sent(server: SessionServer) -> None:
    """Instead of skipping a step: somebody takes out of it what is not wanted."""
    recovery = server.remedies.recovery
    server.robot.faults.append(("POST", r"/runs/[^/]+/commands", "always refused"))  # the delay is our own
    given = ExecuteWorklistParameters(worklist=LIST, format="Csv", mode="Stepwise")
    sent = server.robot.count("POST .*/commands")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(atomic_of(server).ExecuteWorklist, given, execution=execution_of("ExecuteWorklist"))
        (error,) = wait_for(lambda: recovery.errors.value)
        assert [option.identifier.split("-")[0] for option in error.condition.options] == ["Retry", "Abort"]
        recovery.choose(error.execution_uuid, f"Abort-{error.number}")
        with pytest.raises(RobotUnreachable, match="Nothing moved"):
            running.result(timeout=60)
    kept = server.queued.last_steps.latest
    assert (kept.outcome, kept.rest) == ("Failed", "Command,Mount,Labware,Well,Duration\nHome,,,,\nDelay,,,,0\n")
    assert server.robot.count("POST .*/commands") == sent + 1
