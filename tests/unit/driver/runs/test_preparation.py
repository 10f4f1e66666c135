"""What keeps a run from being created, before anything of it is sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.deck.offsets.offset_choice import OffsetChoice
from sila_ot2.driver.runs.preparation import CheckedRun, RunPreparation
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import ProtocolInvalid, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.runs import KeptOffset

OFFSET = KeptOffset(definition_uri="opentrons/x/1", slot="1", module_model="", x_mm=0, y_mm=0, z_mm=0.1)


def preparation(release: str, analysis: wire.Analysis | None = None) -> RunPreparation:
    def unasked(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.method} {request.url.path} was sent")

    parts: Any = SimpleNamespace(
        require=lambda _: SimpleNamespace(name="plate.py"),
        kept=lambda *_: analysis,
        analyze=lambda *_, **__: analysis,
        for_run=lambda *_, **__: OffsetChoice(applied=(OFFSET,)),
    )
    client = RobotClient("http://robot", transport=httpx.MockTransport(unasked), release=release_of(release))
    return RunPreparation(client, parts, parts, parts, parts, parts, analysis_wait_s=0)


def test_a_protocol_in_which_the_robot_found_faults_makes_no_run() -> None:
    faulty = wire.Analysis.model_validate(
        {"id": "a", "status": "completed", "result": "not-ok", "errors": [{"detail": "no tip is attached"}]}
    )
    with pytest.raises(ProtocolInvalid, match=r"found faults in plate\.py: .*no tip is attached"):
        preparation("8.1.0", faulty).check(RunSpecification("p"), None)


def test_a_release_without_offsets_gets_no_run_that_needs_them() -> None:
    old = preparation("4.7.0", wire.Analysis(id="a", status="completed", result="ok"))
    with pytest.raises(UnsupportedByRobot):
        old.check(RunSpecification("p", offsets=(OFFSET,)), None)
    nothing: Any = None
    with pytest.raises(UnsupportedByRobot):
        old.prepare(CheckedRun(RunSpecification("p"), "plate.py", None, cast(Any, nothing)), None)
