"""Our Python client against the real server, over TLS."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import OT2, Deck, connect, errors
from sila_ot2.client.progress_bar import ProgressBar
from tests.end_to_end.laboratory import PROMPT, QUICK, lasting
from tests.end_to_end.python_client.protocol_files import PARAMETERS, saved
from tests.processes import ServerProcess, SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


def test_a_protocol_is_run_with_parameters_and_a_file(ot2: OT2, tmp_path: Path) -> None:
    body = QUICK.partition("\n")[2]
    steps = (
        "    protocol.comment(f'{protocol.params.volume} {protocol.params.mix} {protocol.params.samples.contents}')\n"
    )
    file, samples = saved(tmp_path, PARAMETERS + body + steps), saved(tmp_path, "a,b\n1,2\n", "samples.csv")
    record = ot2.run(file, volume=50, mix=True, samples=str(samples), label="plate 7")
    assert (record.result, record.label, record.tips_used) == ("Succeeded", "plate 7", 1)
    log = json.loads(ot2.run_controller.retrieve_run_log(record.run_identifier).result(60))
    assert "50.0 True a,b\\n1,2" in json.dumps(log)


def test_a_parameter_that_is_not_declared_is_refused(ot2: OT2, tmp_path: Path) -> None:
    with pytest.raises(errors.ParameterUnknown, match="color") as refused:
        ot2.run(saved(tmp_path, QUICK), color="red")
    assert refused.value.identifier.endswith("/RunController/v1/DefinedExecutionError/ParameterUnknown")


def test_progress_comes_until_the_run_has_ended(ot2: OT2, tmp_path: Path) -> None:
    states = list(execution := ot2.start(saved(tmp_path, QUICK)))
    assert states[-1].status == "finished successfully"
    assert states[-1].details is not None
    assert states[-1].details.status == "Succeeded"
    assert not any(state.finished for state in states[:-1])
    assert execution.result().result == "Succeeded"
    assert execution.done


def test_a_run_is_paused_resumed_and_cancelled_as_an_execution(
    ot2: OT2, tmp_path: Path, simulator_process: SimulatorProcess
) -> None:
    simulator_process.control("speed", speed=20)
    execution = ot2.start(saved(tmp_path, lasting(600)))
    status = ot2.run_controller.run_status
    wait_for(lambda: status.get() == "Running")
    with pytest.raises(TimeoutError, match="goes on"):
        execution.result(timeout=0.1)
    execution.pause()
    wait_for(lambda: status.get() == "Paused")
    execution.resume()
    wait_for(lambda: status.get() == "Running")
    execution.cancel()
    with pytest.raises(errors.DefinedExecutionError) as ended:
        execution.result(60)
    assert type(ended.value) in (errors.RunStopped, errors.CommandCancelled)


def test_the_message_of_a_protocol_is_among_the_progress(ot2: OT2, tmp_path: Path) -> None:
    execution = ot2.start(saved(tmp_path, PROMPT))
    messages: list[str] = []
    for progress in execution:
        if progress.details and progress.details.operator_message and not messages:
            messages.append(progress.details.operator_message)
            ot2.run_controller.resume_run()
    assert messages == ["change the plate"]
    assert execution.result().result == "Succeeded"


def test_an_execution_is_found_again_by_its_reference(ot2: OT2, process: ServerProcess, tmp_path: Path) -> None:
    reference = ot2.start(saved(tmp_path, QUICK)).reference
    with connect(f"127.0.0.1:{process.port}", certificate=process.ca_file) as other:
        assert other.execution(reference).result(60).result == "Succeeded"
        with pytest.raises(ValueError, match="not the reference"):
            other.execution("nonsense")


def test_a_progress_bar_is_drawn_in_a_terminal(ot2: OT2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class TerminalText(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = TerminalText()
    monkeypatch.setattr("sys.stderr", terminal)
    assert ot2.run(saved(tmp_path, QUICK)).result == "Succeeded"
    assert "RunController.RunUploadedFile" in terminal.getvalue()
    assert "100 %" in terminal.getvalue()
    plain = io.StringIO()
    with ProgressBar("a run", plain) as bar:
        for progress in ot2.start(saved(tmp_path, QUICK)):
            bar.update(progress)
    assert plain.getvalue() == ""


def test_a_large_protocol_goes_there_and_back(ot2: OT2, tmp_path: Path) -> None:
    padding = "# " + "x" * 98 + "\n"
    content = (QUICK + padding * 50_000).encode()
    uploaded = ot2.protocol_service.upload_protocol("large.py", content).result(60)
    assert ot2.protocol_service.retrieve_protocol_file(uploaded.protocol_identifier) == content


def test_liquid_is_moved_in_a_session(ot2: OT2) -> None:
    with ot2.session() as deck:
        tips = deck.load("opentrons_96_tiprack_300ul", 1)
        plate = deck.load("corning_96_wellplate_360ul_flat", "2", display_name="samples")
        assert deck.right.pick_up_tip(tips) == tips["A1"]
        deck.right.aspirate(50, plate["A1"], offset=(0, 0, 2))
        state = deck.right.state
        assert state is not None
        assert (state.tip_state, state.contained_volume) == ("Tip", 50)
        deck.right.dispense(50, plate["B1"], flow_rate=20)
        deck.right.mix(2, 40, plate["B1"])
        deck.right.blow_out(plate["B1"])
        deck.right.touch_tip(plate["B1"])
        deck.right.drop_tip()
        done = deck.right.transfer(
            [20, 30], [plate["A1"], plate["A2"]], [plate["C1"], plate["C2"]], tip_policy="Always"
        )
        assert done.tips_used == 2
        assert [labware.display_name for labware in deck.labware if labware.location == "2"] == ["samples"]
        assert "corning_96_wellplate_360ul_flat/1 on 2" in repr(deck)
    assert ot2.atomic_liquid_handling.session.get() == []


def test_what_cannot_be_is_refused_and_the_session_is_closed(ot2: OT2) -> None:
    def work() -> None:
        with ot2.session() as deck:
            refused(deck)

    def refused(deck: Deck) -> None:
        plate = deck.load("corning_96_wellplate_360ul_flat", 2)
        with pytest.raises(errors.ValidationError, match="Volume"):
            deck.right.aspirate(5000, plate["A1"])
        with pytest.raises(TypeError, match="Volume: 'much' is not a number"):
            deck.right.aspirate("much", plate["A1"])  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="one piece of labware"):
            deck.right.transfer(50, [], plate["A1"])
        deck.right.aspirate(50, plate["A1"])

    with pytest.raises(errors.TipNotAttached, match="Pick up a tip first"):
        work()
    assert ot2.atomic_liquid_handling.session.get() == []


INTERRUPTED = """
import sys
from sila_ot2.client import connect
with connect(sys.argv[1], certificate=sys.argv[2]) as ot2, ot2.session() as deck:
    print("waiting", flush=True)
    deck.delay(3600)
"""


def test_an_interrupt_cancels_the_command_and_closes_the_session(ot2: OT2, process: ServerProcess) -> None:
    command = [sys.executable, "-c", INTERRUPTED, ot2.address, str(process.ca_file)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == "waiting\n"
        permission = ot2.run_controller.start_permission
        wait_for(lambda: "ServerBusy" in [reason.code for reason in permission.get().reasons])
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=60)
    finally:
        program.kill()
        program.communicate()
    assert "KeyboardInterrupt" in said
    assert ot2.atomic_liquid_handling.session.get() == []


def test_a_second_command_is_not_accepted_while_the_robot_is_busy(ot2: OT2, tmp_path: Path) -> None:
    ot2.atomic_liquid_handling.open_session().result(60)
    waiting = ot2.atomic_liquid_handling.delay(3600)
    with pytest.raises(errors.CommandExecutionNotAccepted, match="Delay"):
        ot2.atomic_liquid_handling.home()
    waiting.cancel()
    with pytest.raises(errors.CommandCancelled):
        waiting.result(60)


def test_a_property_is_watched_by_iterating_and_by_callback(ot2: OT2) -> None:
    lights = ot2.device_lighting
    lights.set_rail_lights(False)
    wait_for(lambda: lights.rail_lights.get() is False)
    seen: list[bool] = []
    callback = lights.rail_lights.on_change(seen.append)
    with lights.rail_lights.subscribe() as values:
        assert next(values) is False
        lights.set_rail_lights(True)
        assert next(values) is True
    wait_for(lambda: seen == [False, True])
    callback.cancel()


def test_a_locked_server_takes_commands_of_its_holder_alone(ot2: OT2, process: ServerProcess) -> None:
    with connect(f"127.0.0.1:{process.port}", certificate=process.ca_file) as other:
        with ot2.lock(timeout=60):
            assert other.lock_controller.is_locked.get()
            ot2.device_lighting.set_rail_lights(True)
            ot2.device_lighting.blink_for_identification(1).result(30)
            with pytest.raises(errors.FrameworkError, match="LockIdentifier"):
                other.device_lighting.set_rail_lights(True)
            with pytest.raises(errors.ServerAlreadyLocked), other.lock():
                pytest.fail("the server was locked twice")
        assert not other.lock_controller.is_locked.get()
        other.device_lighting.set_rail_lights(False)


def test_reprs_say_what_a_person_needs(ot2: OT2) -> None:
    assert "run(file) runs a protocol" in repr(ot2)
    assert "blink_for_identification" in repr(ot2.device_lighting)
    assert ".subscribe()" in repr(ot2.device_lighting.rail_lights)
    shown: Any = ot2.atomic_liquid_handling.aspirate.__doc__
    assert "volume: The volume. In µL, more than 0, at most 1000." in shown


@pytest.mark.simulator_only("plugs modules in and out")
def test_modules_are_objects(ot2: OT2, simulator_process: SimulatorProcess) -> None:
    models = ("temperatureModuleV2", "heaterShakerModuleV1", "thermocyclerModuleV2", "magneticModuleV2")
    serials = [str(simulator_process.control("module", model=model)["serial"]) for model in models]
    try:
        modules = ot2.modules
        wait_for(lambda: len(modules.attached) == len(models))
        assert {module.serial_number for module in modules.attached} == set(serials)
        assert modules.temperature_module.set(36.6) == 37
        assert modules.temperature_module.wait() == pytest.approx(37, abs=0.7)
        shaker = modules.heater_shaker
        shaker.open_latch()
        with pytest.raises(errors.DeckUnsafe):
            shaker.shake(500)
        shaker.close_latch()
        shaker.shake(500)
        assert shaker.heat(45.5) == 45.5
        assert shaker.wait() == pytest.approx(45.5, abs=0.7)
        assert shaker.state is not None
        assert (shaker.state.target_speed, shaker.state.target_temperature) == ([500.0], [45.5])
        cycler = modules.thermocycler
        cycler.open_lid()
        cycler.close_lid()
        assert cycler.run_profile([(60, 0), (50, 1)], repetitions=2) == pytest.approx(50, abs=0.5)
        parts = [([(60, 0)], 1), ([(55, 0), (50, 0)], 2)]
        assert cycler.run_extended_profile(parts, maximum_volume=20) == pytest.approx(50, abs=0.5)
        assert cycler.set_block(45, maximum_volume=20) == 45
        assert cycler.wait_for_block() == pytest.approx(45, abs=0.5)
        assert cycler.set_lid(40) == 40
        assert cycler.wait_for_lid() == pytest.approx(40, abs=1)
        modules.magnetic_module.engage(6.5)
        assert modules[serials[-1]].state.height == 6.5  # type: ignore[union-attr]
        assert {part.part for part in modules.active} == {"Plate", "Heater", "Shaker", "Block", "Lid", "Magnets"}
        modules.off()
        assert modules.active == []
        second = str(simulator_process.control("module", model="magneticModuleV1")["serial"])
        serials.append(second)
        wait_for(lambda: len(modules.attached) == len(serials))
        with pytest.raises(LookupError, match="there are 2"):
            _ = modules.magnetic_module
        modules[second].off()
    finally:
        for serial in serials:
            simulator_process.control("unplug", serial=serial)
