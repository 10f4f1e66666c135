"""Our Python client for asyncio against the real server, over TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sila_ot2.client import OT2, connect_async, errors
from tests.end_to_end.laboratory import QUICK, TRANSFER, protocol
from tests.end_to_end.python_client.protocol_files import PARAMETERS, saved
from tests.processes import ServerProcess, SimulatorProcess

pytestmark = pytest.mark.simulator_only


def test_commands_properties_and_the_lock_are_awaited(process: ServerProcess, ot2: OT2, tmp_path: Path) -> None:
    async def work() -> None:
        async with await connect_async(f"127.0.0.1:{process.port}") as client:
            assert (await client.run_controller.start_permission.get()).allowed
            execution = await client.run_controller.run_uploaded_file(
                "protocol.py", protocol(*TRANSFER).encode() + b"#" * 3_000_000
            )
            states = [progress async for progress in execution]
            assert states[-1].status == "finished successfully"
            record = await execution
            assert record.result == "Succeeded"
            assert await client.execution(execution.reference).result(60) == record
            stored = await client.protocol_service.protocols.get()
            file = await client.protocol_service.retrieve_protocol_file(stored[0].protocol_identifier)
            assert b"def run(protocol)" in file
            async with client.lock(), client.device_lighting.rail_lights.subscribe() as lights:
                wanted = not await anext(lights)
                await client.device_lighting.set_rail_lights(wanted)
                assert await anext(lights) is wanted
            blinking = await client.device_lighting.blink_for_identification(300)
            with pytest.raises(TimeoutError, match="goes on"):
                await blinking.result(timeout=0.1)
            await blinking.cancel()
            with pytest.raises(errors.CommandCancelled):
                await blinking
            with pytest.raises(errors.RunNotFound):
                await client.run_controller.delete_run("00000000-0000-4000-8000-000000000000")

    asyncio.run(work())


def test_a_protocol_is_run_with_parameters_and_a_file(process: ServerProcess, ot2: OT2, tmp_path: Path) -> None:
    file = saved(tmp_path, PARAMETERS + QUICK.partition("\n")[2])
    samples = saved(tmp_path, "a,b\n1,2\n", "samples.csv")

    async def work() -> None:
        async with await connect_async(f"127.0.0.1:{process.port}") as client:
            record = await client.run(file, volume=50, mix=True, samples=str(samples), label="plate 7")
            assert (record.result, record.label, record.tips_used) == ("Succeeded", "plate 7", 1)
            with pytest.raises(errors.ParameterUnknown, match="color"):
                await client.run(file, color="red")
            execution = await client.start(file, volume=50, samples=samples)
            steps = [details async for details in execution.intermediate()]
            assert steps[-1].status == "Succeeded"
            assert await execution.done

    asyncio.run(work())


def test_liquid_is_moved_in_a_session(process: ServerProcess, ot2: OT2) -> None:
    async def work() -> None:
        async with await connect_async(f"127.0.0.1:{process.port}") as client:
            sessions: list[int] = []
            watched = client.atomic_liquid_handling.session.on_change(lambda found: sessions.append(len(found)))
            async with client.session() as deck:
                tips = await deck.load("opentrons_96_tiprack_300ul", 1)
                plate = await deck.load("corning_96_wellplate_360ul_flat", "2", display_name="samples")
                assert await deck.right.pick_up_tip(tips) == tips["A1"]
                await deck.right.aspirate(50, plate["A1"], offset=(0, 0, 2))
                state = await deck.right.state
                assert state is not None
                assert (state.tip_state, state.contained_volume) == ("Tip", 50)
                await deck.right.dispense(50, plate["B1"], flow_rate=20)
                await deck.right.drop_tip()
                assert "samples" in [labware.display_name for labware in await deck.labware]
                assert "2" in [each.slot for each in (await client.deck).contents]
            while sessions[-1:] != [0] or 1 not in sessions:
                await asyncio.sleep(0.01)
            watched.cancel()
            assert await client.atomic_liquid_handling.session.get() == []

    asyncio.run(asyncio.wait_for(work(), 120))


@pytest.mark.simulator_only("plugs modules in and out")
def test_modules_are_objects(process: ServerProcess, ot2: OT2, simulator_process: SimulatorProcess) -> None:
    serial = str(simulator_process.control("module", model="heaterShakerModuleV1")["serial"])

    async def work() -> None:
        async with await connect_async(f"127.0.0.1:{process.port}") as client:
            while not await client.modules.attached:
                await asyncio.sleep(0.01)
            shaker = await client.modules.heater_shaker
            assert shaker.serial_number == serial
            await shaker.close_latch()
            await shaker.shake(500)
            assert await shaker.heat(45.5) == 45.5
            state = await shaker.state
            assert state is not None
            assert (state.target_speed, state.target_temperature) == ([500.0], [45.5])
            await client.modules.off()
            assert (await client.modules[serial]).serial_number == serial

    try:
        asyncio.run(asyncio.wait_for(work(), 120))
    finally:
        simulator_process.control("unplug", serial=serial)
