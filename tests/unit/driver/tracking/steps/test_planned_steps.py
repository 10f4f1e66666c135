"""The next steps of a run: those of its analysis, and none once the run has done something else."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.tracking.steps.planned_steps import SHOWN, NextSteps, planned_steps
from sila_ot2.robot import wire
from tests.fakes.robot_in_memory import command

LABWARE = {
    "id": "plate-of-the-analysis", "loadName": "plate", "definitionUri": "a/plate/1", "location": {"slotName": "2"},
}  # fmt: skip


def step(kind: str, **params: Any) -> wire.Command:
    return wire.Command.model_validate(command(kind, **params))


def from_well(well: str, volume: float = 50.0, labware: str = "plate-of-the-run") -> wire.Command:
    return step("aspirate", labwareId=labware, wellName=well, volume=volume)


def loaded(labware: str, slot: str = "2") -> wire.Command:
    loading = step("loadLabware", loadName="plate", location={"slotName": slot})
    return loading.model_copy(update={"result": {"labwareId": labware}})


def following(*steps: wire.Command) -> NextSteps:
    analysis = {"id": "a", "status": "completed", "labware": [LABWARE], "commands": [s.model_dump() for s in steps]}
    return NextSteps(planned_steps(wire.Analysis.model_validate(analysis)))


def of_columns(count: int) -> NextSteps:
    return following(*(from_well(f"A{n}", labware="plate-of-the-analysis") for n in range(1, count + 1)))


def test_next_steps_are_those_after_the_step_under_way() -> None:
    steps = of_columns(9)
    steps.note(0, from_well("A1"))
    assert steps.after(1, from_well("A2")) == tuple(f"Aspirate 50 µL from A{n} of plate in slot 2" for n in range(3, 8))
    assert len(steps.after(1, None)) == SHOWN
    assert steps.after(1, None)[0] == "Aspirate 50 µL from A2 of plate in slot 2", "between two steps"


def test_last_step_has_none_after_it() -> None:
    steps = of_columns(2)
    assert steps.after(1, from_well("A2")) == ()


def test_without_an_analysis_nothing_is_known() -> None:
    steps = NextSteps(())
    steps.note(0, from_well("A1"))
    assert steps.after(1, from_well("A2")) == ()


@pytest.mark.parametrize(
    "other",
    [
        from_well("B1"),
        from_well("A1", 20.0),
        step("dispense", labwareId="plate-of-the-run", wellName="A1", volume=50.0),
        step("aspirate", labwareId="plate-of-the-run", wellName="A1", volume=50.0, flowRate=10.0),
    ],
    ids=["another well", "another volume", "another command", "another flow rate"],
)
def test_run_that_does_something_else_than_its_analysis_has_no_next_steps(other: wire.Command) -> None:
    steps = of_columns(9)
    assert steps.after(0, other) == ()
    assert steps.after(0, None) != (), "the step may be another one"
    steps.note(0, other)
    steps.note(1, from_well("A2"))
    assert steps.after(2, from_well("A3")) == (), "from then on nothing is known"


def test_other_labware_is_another_step() -> None:
    steps = following(
        loaded("plate-of-the-analysis"), loaded("reservoir-of-the-analysis"),
        *(from_well("A1", labware="plate-of-the-analysis") for _ in range(9)),
    )  # fmt: skip
    steps.note(0, loaded("plate-of-the-run"))
    steps.note(1, loaded("reservoir-of-the-run"))
    assert steps.after(2, from_well("A1")) != ()
    assert steps.after(2, from_well("A1", labware="reservoir-of-the-run")) == ()


def test_labware_that_the_analysis_does_not_have_is_another_step() -> None:
    steps = following(
        loaded("plate-of-the-analysis"), *(from_well("A1", labware="plate-of-the-analysis") for _ in range(9))
    )
    steps.note(0, loaded("plate-of-the-run"))
    assert steps.after(1, from_well("A1")) != ()
    assert steps.after(1, from_well("A1", labware="loaded-by-somebody-else")) == ()


def test_labware_on_another_slot_is_another_step() -> None:
    steps = following(loaded("plate-of-the-analysis"), from_well("A1", labware="plate-of-the-analysis"))
    assert steps.after(0, loaded("plate-of-the-run", slot="3")) == ()


def test_a_comment_may_say_something_else() -> None:
    steps = following(step("comment", message="It is 11:57."), from_well("A1", labware="plate-of-the-analysis"))
    assert len(steps.after(0, step("comment", message="It is 11:58."))) == 1


def test_steps_of_old_protocols_are_compared_by_their_text() -> None:
    steps = following(*(step("custom", legacyCommandText=f"Delaying for {n} minutes") for n in range(3)))
    assert steps.after(0, step("custom", legacyCommandText="Delaying for 0 minutes")) == (
        "Delaying for 1 minutes",
        "Delaying for 2 minutes",
    )
    assert steps.after(0, step("custom", legacyCommandText="Homing")) == ()
