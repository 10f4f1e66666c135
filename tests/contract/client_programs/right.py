"""A program that uses the client as it should be: no type checker may complain."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sila_ot2.client import AsyncExecution, AsyncOT2, Execution, Progress, connect, connect_async, errors
from sila_ot2.client.generated.atomic_liquid_handling import CommandRecord, PickUpTipResponses
from sila_ot2.client.generated.run_controller import CompletedRun, LabwareOffset, ParameterValue, RunProgress

ot2 = connect("127.0.0.1")
record: CompletedRun = ot2.run("plate.py", volume=20, mix=True, samples="samples.csv")
result: Literal["Succeeded", "Failed", "Stopped"] = record.result
started: list[dt.datetime] = record.started_at
execution: Execution[CompletedRun, RunProgress] = ot2.run_controller.run_protocol(
    "id",
    parameter_values=[ParameterValue(name="volume", value="20")],
    labware_offsets=[LabwareOffset(definition_uri="a/b/1", slot="1", x=0.1, y=0, z=0)],
    run_label=None,
)
for progress in execution:
    state: Progress[RunProgress] = progress
    text: str = progress.details.operator_message if progress.details else ""
execution.pause()
again: CompletedRun = execution.result(timeout=10)
tip: PickUpTipResponses = ot2.atomic_liquid_handling.pick_up_tip("left", well="A1").result()
done: CommandRecord = ot2.atomic_liquid_handling.aspirate("left", "id", "A1", 50, flow_rate=None, origin="Top").result()
with ot2.lock(), ot2.session() as deck:
    plate = deck.load("corning_96_wellplate_360ul_flat", 2)
    deck.left.aspirate(50, plate["A1"], offset=(0, 0, 1))
with ot2.device_lighting.rail_lights.subscribe() as values:
    on: bool = next(values)
try:
    ot2.atomic_liquid_handling.home(axes=["X", "LeftZ"]).result()
except errors.RobotUnreachable as error:
    identifier: str = error.identifier


async def work() -> None:
    client: AsyncOT2 = await connect_async("127.0.0.1")
    started = await client.run_controller.attach_to_run()
    async for progress in started:
        fraction: float | None = progress.fraction
    ended: CompletedRun = await started
    status: str = await client.run_controller.run_status.get()
    async for value in client.device_lighting.rail_lights.subscribe():
        lit: bool = value
    run: AsyncExecution[CompletedRun, RunProgress] = await client.start("plate.py", volume=20, samples="samples.csv")
    over: bool = await run.done
    shown: CompletedRun = await run.show()
    async for news in run.intermediate():
        message: str = news.operator_message
    client.device_lighting.rail_lights.on_change(lambda now: print(now is True))
    async with client.lock(), client.session() as deck:
        plate = await deck.load("corning_96_wellplate_360ul_flat", 2)
        moved: CommandRecord = await deck.left.aspirate(50, plate["A1"], offset=(0, 0, 1))
        names: list[str] = [each.definition_uri for each in await deck.labware]
    shaker = await client.modules.heater_shaker
    heat: float = await shaker.heat(40)
    picture: str = (await client.deck).svg
