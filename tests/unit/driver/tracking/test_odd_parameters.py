"""Commands of a release to come: whatever stands in their parameters, what is not understood is in doubt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.state.deck_state import nozzles_of
from sila_ot2.driver.tracking.steps.planned_steps import NextSteps, planned_steps
from sila_ot2.driver.tracking.steps.step_text import step_text
from sila_ot2.driver.tracking.steps.step_times import StepTimes
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.tips import TipLedger
from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.deck_run import PARTS, DeckRun

ODD: tuple[Any, ...] = ("odd", ["odd"], {"odd": 1}, True, -7, None, [], 10**400, math.nan, math.inf)


def conversation(stock: TipStock) -> list[wire.Command]:
    run = DeckRun(stock)
    run.did("loadLiquid", labwareId="plate", liquidId="water-id", volumeByWell={"A1": 100.0, "A2": "unknown"})
    run.fresh()
    run.at("aspirate", "plate.A1", 20.0)
    run.did("aspirateInPlace", volume=5.0)
    run.at("dispense", "warm.A1", 20.0)
    run.at("blowout", "warm.A1")
    run.at("dropTip", "rack.A1")
    run.did("configureNozzleLayout", pipette="eight", configurationParams={"style": "ALL"})
    run.did("moveLabware", labwareId="plate", newLocation={"slotName": "6"}, strategy="manualMoveWithPause")
    return run.commands


OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("waitForDuration", {"seconds": 5}),
    ("createTimer", {"time": 5, "task_id": "t"}),
    ("waitForTasks", {"task_ids": ["t"]}),
    ("thermocycler/setTargetBlockTemperature", {"moduleId": "m", "celsius": 95, "holdTimeSeconds": 5}),
    ("thermocycler/runProfile", {"moduleId": "m", "profile": [{"celsius": 95, "holdSeconds": 5}]}),
    (
        "thermocycler/runExtendedProfile",
        {"moduleId": "m", "profileElements": [{"steps": [{"celsius": 95, "holdSeconds": 5}], "repetitions": 3}]},
    ),
    ("loadModule", {"model": "temperatureModuleV2", "location": {"slotName": "1"}, "moduleId": "m"}),
    ("loadPipette", {"pipetteName": "p300_single_gen2", "mount": "left", "pipetteId": "p"}),
    ("aspirate", {"pipetteId": "p", "labwareId": "l", "wellName": "A1", "volume": 5, "flowRate": 5}),
    ("custom", {"legacyCommandType": "command.DELAY", "legacyCommandText": "Delaying for 0 minutes and 5 seconds"}),
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:9])
@pytest.mark.parametrize(("kind", "params"), OTHERS, ids=[kind for kind, _ in OTHERS])
def test_no_step_is_an_error_to_describe_and_estimate(kind: str, params: dict[str, Any], odd: Any) -> None:
    for members in changed(params, odd):
        if isinstance(members, dict):
            step = wire.Command(id="c", command_type=kind, status="succeeded", params=members, result=members)
            assert StepTimes().expected_s(step) >= 0
            step_text(step, ())
            analysis = wire.Analysis(id="a", status="completed", result="ok", commands=(step,))
            steps = NextSteps(planned_steps(analysis))
            steps.note(0, step)
            assert steps.is_as_planned


@pytest.mark.parametrize(
    "text",
    [
        "Delaying for 0 minutes and . seconds",
        f"Delaying for {'9' * 5000} minutes and 1.2.3 seconds",
        "Setting Thermocycler lid temperature to ...",
        "Setting Thermocycler well block temperature to 37.0.",
        "Setting Thermocycler lid temperature to 37 °C with a hold time of 1.. seconds",
        "Thermocycler starting 3 repetitions of cycle composed of the following steps: [{[]: 1}]",
        f"Thermocycler starting 3 repetitions of cycle composed of the following steps: {'[' * 5000}]",
        "Thermocycler starting 3 repetitions of cycle composed of the following steps: [], 5",
        f"Thermocycler starting {'9' * 5000} repetitions of cycle composed of the following steps: [{{}}]",
    ],
    ids=lambda text: text[:40],
)
def test_no_comment_of_a_protocol_is_an_error(text: str) -> None:
    comment = wire.Command(id="c", command_type="custom", status="succeeded", params={"legacyCommandText": text})
    assert StepTimes().expected_s(comment) >= 0


def test_a_profile_of_many_repetitions_is_not_written_out() -> None:
    cycle = {"steps": [{"celsius": 95, "holdSeconds": 1}], "repetitions": 10**12}
    profile = {"moduleId": "m", "profileElements": [cycle]}
    step = wire.Command(id="c", command_type="thermocycler/runExtendedProfile", status="succeeded", params=profile)
    assert StepTimes().expected_s(step) == pytest.approx(1e12, rel=1e-3)


def changed(value: Any, odd: Any) -> Iterator[Any]:
    """Each copy of a value in which one member is something odd."""
    yield odd
    if isinstance(value, dict):
        for name, member in value.items():
            yield from ({**value, name: other} for other in changed(member, odd))
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in changed(item, odd))


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:9])
def test_no_parameter_of_a_command_is_an_error(engine: Engine, odd: Any) -> None:
    stock = TipStock(TipRackStore(engine))
    commands = conversation(stock)
    number = 0
    for place, command in enumerate(commands):
        for params in changed(command.params, odd):
            if isinstance(params, dict):
                number += 1
                take(stock, f"run{number}", [*commands[:place], with_params(command, params), *commands[place + 1 :]])
    assert number > 50


def with_params(command: wire.Command, params: dict[str, Any]) -> wire.Command:
    return command.model_copy(update={"params": params})


def take(stock: TipStock, run_id: str, commands: Sequence[wire.Command]) -> None:
    run = DeckRun(stock, run_id)
    run.commands = list(commands)
    run.take()


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:9])
def test_no_parameter_of_a_command_is_an_error_elsewhere(engine: Engine, odd: Any) -> None:
    commands = conversation(TipStock(TipRackStore(engine)))
    for place, command in enumerate(commands):
        for params in changed(command.params, odd):
            if isinstance(params, dict):
                heard = [*commands[:place], with_params(command, params), *commands[place + 1 :]]
                ledger, times = TipLedger(), StepTimes()
                for one in heard:
                    ledger.take(one)
                    assert times.expected_s(one) >= 0
                    assert step_text(one, ())
                analysis = wire.Analysis(id="a", status="completed", result="ok", commands=tuple(heard))
                assert len(planned_steps(analysis)) == len(heard)


@pytest.mark.parametrize("params", [{}, {"configurationParams": {}}, {"configurationParams": {"style": 1}}])
def test_nozzles_that_are_not_understood_are_not_taken_for_all(params: dict[str, Any]) -> None:
    with pytest.raises(RobotFaulty, match="not understood"):
        nozzles_of(8, params)


def test_a_tip_may_have_touched_anything_if_the_height_is_not_understood(engine: Engine) -> None:
    stock = TipStock(TipRackStore(engine))
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 20.0, where={"origin": "top", "offset": "deep"})
    run.take()
    known = len(run.commands)
    run.at("aspirate", "reservoir.A1", 20.0)
    assert [one.kind for one in stock.foresee("run", run.commands[known:], PARTS)] == ["Contamination"]


def test_a_negative_volume_is_in_doubt(engine: Engine) -> None:
    stock = TipStock(TipRackStore(engine))
    run = DeckRun(stock)
    run.did("loadLiquid", labwareId="plate", liquidId="water-id", volumeByWell={"A1": 100.0})
    run.fresh()
    run.at("aspirate", "plate.A1", -20.0)
    run.take()
    assert stock.liquids.contents.value["2"].wells["A1"].volume_ul is None


@pytest.mark.parametrize("offset", [{"x": 0, "y": 0, "z": "deep"}, "deep", [1]])
def test_a_volume_is_in_doubt_if_the_height_is_not_understood(engine: Engine, offset: Any) -> None:
    stock = TipStock(TipRackStore(engine))
    run = DeckRun(stock)
    run.did("loadLiquid", labwareId="plate", liquidId="water-id", volumeByWell={"A1": 100.0})
    run.fresh()
    run.at("aspirate", "plate.A1", 20.0, where={"origin": "top", "offset": offset})
    run.take()
    assert stock.liquids.contents.value["2"].wells["A1"].volume_ul is None
