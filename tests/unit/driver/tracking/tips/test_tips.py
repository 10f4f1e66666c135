"""What a run's pipettes hold, by its commands."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.tracking.tips.tips import TipLedger
from sila_ot2.robot import wire
from tests.fakes.robot_in_memory import command

RIGHT = wire.LoadedPipette.model_validate({"id": "p", "pipetteName": "p300_single", "mount": "right"})
LEFT = wire.LoadedPipette.model_validate({"id": "q", "pipetteName": "p10_single", "mount": "left"})


def states(*commands: dict[str, Any]) -> dict[str, str]:
    tips = TipLedger()
    for one in commands:
        tips.take(wire.Command.model_validate(one))
    return {str(tip.mount): tip.state for tip in tips.states_of([LEFT, RIGHT])}


@pytest.mark.parametrize(
    ("kind", "status", "state"),
    [
        ("pickUpTip", "succeeded", "Tip"),
        ("pickUpTip", "failed", "Unknown"),
        ("pickUpTip", "running", "Unknown"),
        ("pickUpTip", "queued", "NoTip"),
        ("dropTip", "succeeded", "NoTip"),
        ("dropTip", "failed", "Unknown"),
        ("loadPipette", "succeeded", "NoTip"),
    ],
)
def test_a_tip_whose_move_was_begun_and_did_not_end_may_be_on(kind: str, status: str, state: str) -> None:
    assert states(command(kind, status=status, pipetteId="p")) == {"left": "NoTip", "right": state}


def test_a_tip_on_a_pipette_that_the_run_does_not_name_may_be_anywhere() -> None:
    assert states(command("pickUpTip", pipetteId="another")) == {"left": "Unknown", "right": "Unknown"}
