"""The operator's page in a real browser, from the log-in to the end of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.client import OT2
from tests.end_to_end.browser import CHROMIUM, DRIVER, Browser, browser
from tests.end_to_end.page_process import PASSWORD, page_process
from tests.end_to_end.verbs import saved
from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.simulator_only("opens the door and changes the speed of the simulated robot"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not installed"),
]
PROTOCOL = """
from opentrons import protocol_api
metadata = {"protocolName": "Plate with a pause"}
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}
def add_parameters(parameters: protocol_api.Parameters) -> None:
    parameters.add_int(variable_name="repeats", display_name="Repeats", default=10, minimum=1, maximum=200)
def run(protocol: protocol_api.ProtocolContext) -> None:
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 2)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    pipette.pick_up_tip()
    protocol.pause("Put a fresh plate into slot 2")
    for _ in range(protocol.params.repeats):
        pipette.aspirate(50, plate["A1"])
        pipette.dispense(50, plate["B1"])
"""


HOSTILE = "<img src=x onerror=alert(1)> \u202egnol" + "W" * 60
"""A label that is no part of the page, cannot turn its texts around, and does not fit in one line."""


@pytest.fixture(scope="module")
def nobody() -> str:
    """An address at which no server answers: the second robot."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def page(served: ServerProcess, nobody: str, port: int) -> Iterator[Browser]:
    """A browser with the page of two robots; one of them has no server."""
    options = ["--control", "--port", str(port), "--server", f"127.0.0.1:{served.port}", "--server", nobody]
    with page_process(served.ca_file.parents[2], *options) as address, browser(address) as person:
        person.log_in(PASSWORD)
        yield person


@pytest.fixture
def robot_path(served: ServerProcess) -> str:
    return f"/robot/127.0.0.1:{served.port}"


def test_protocol_is_uploaded_run_paused_and_runs_to_its_end(
    page: Browser, ot2: OT2, simulator_process: SimulatorProcess, robot_path: str, nobody: str, tmp_path: Path
) -> None:
    simulator_process.control("speed", speed="fast")
    page.open("/")
    page.see("Ready")
    page.see("No connection")
    assert nobody in page.text()
    assert page.faults() == []

    page.open(f"{robot_path}/run")
    page.see("A run may start now.")
    page.field("A protocol: Python, JSON, or a zip archive").send_keys(saved(tmp_path, PROTOCOL))
    page.click("Upload")
    page.see("The robot found no fault in the protocol.")
    page.see("needs right p300_single_gen2")
    page.field("Label").send_keys("Plate 17")
    page.field("Repeats").clear()
    page.field("Repeats").send_keys("100")
    page.click("Check with these values")
    page.see("206")  # steps: the page shows the answer, and what was typed stays
    assert [page.field(label).get_attribute("value") for label in ("Label", "Repeats")] == ["Plate 17", "100"]
    assert page.faults() == []
    page.click("Run")

    page.see("The protocol asks you")
    page.see("Put a fresh plate into slot 2")
    page.see("Dispense 50 µL into B1 of")  # one of the next steps
    assert page.faults() == []
    simulator_process.control("speed", speed=1)
    page.click("Resume")
    page.see("The run goes on.")
    page.see("Plate 17: running")
    page.see("Aspirat")
    page.click("Pause")
    page.see("The run is paused.")
    page.see("Paused on request.")
    assert ot2.run_controller.run_status.get() == "Paused"
    simulator_process.control("speed", speed="fast")
    page.click("Resume")
    page.see("Plate 17: succeeded")
    simulator_process.control("door", open=True)
    page.see("The door is open.")
    simulator_process.control("door", open=False)
    page.see("The door is closed.")
    (record,) = ot2.run_controller.run_history.get()[:1]
    assert (record.label, record.result) == ("Plate 17", "Succeeded")
    assert record.completed_commands > 200, "the parameter that was entered took effect"
    page.open(f"{robot_path}/history")
    page.see("Plate 17")
    assert page.faults() == []
    page.click("Log")
    page.see("pickUpTip")
    page.see("Paused on request: 1")
    assert page.faults() == []
    for part, shown in (("deck", "Slot 2"), ("modules", "No module is attached."), ("service", "Take a picture")):
        page.open(f"{robot_path}/{part}")
        page.see(shown)
        assert page.faults() == []
    page.open(f"{robot_path}/deck")
    page.click("Slot 5")
    page.see("Note this labware")
    assert page.faults() == []
    page.click("Nothing stands there")
    page.see("The server has noted what stands in slot 5.")
    assert {each.slot: each.state for each in ot2.deck_service.slots.get()}["5"] == "Empty"
    page.click("Slot 5")
    page.click("Forget what is known")
    page.see("The server has forgotten what stands in slot 5.")
    page.open(f"{robot_path}/service")
    page.click("Take a picture")
    page.see("The picture is taken.")
    assert page.foreign() == []


def test_run_goes_on_without_the_page_and_the_browser_comes_back_to_it(
    page: Browser, served: ServerProcess, ot2: OT2, simulator_process: SimulatorProcess, robot_path: str, tmp_path: Path
) -> None:
    simulator_process.control("speed", speed="fast")
    ot2.start(saved(tmp_path, PROTOCOL), label="Plate 19")
    port = free_port()
    person = Browser(page.driver, f"http://127.0.0.1:{port}")
    options = ["--port", str(port), "--server", f"127.0.0.1:{served.port}"]
    with page_process(served.ca_file.parents[2], *options):
        person.open(robot_path)
        person.see("Plate 19: paused")
        page.driver.execute_script("window.isOfTheFirst = true")
    person.see("Connection lost")
    ot2.run_controller.resume_run()
    wait_for(lambda: ot2.run_controller.run_status.get() == "Succeeded")
    with page_process(served.ca_file.parents[2], *options):
        person.wait(lambda: not page.driver.execute_script("return window.isOfTheFirst"), person.text)
        person.see("Plate 19: succeeded")


def test_a_second_page_and_a_log_in_that_has_ended(
    page: Browser, ot2: OT2, simulator_process: SimulatorProcess, robot_path: str, tmp_path: Path
) -> None:
    simulator_process.control("speed", speed="fast")
    ot2.start(saved(tmp_path, PROTOCOL), label="Plate 18")
    page.open(robot_path)
    page.see("Put a fresh plate into slot 2")
    with page.beside("127.0.0.1") as same:
        same.open("/")
        same.click("Log out")
        same.see("Log in")
    page.click("Resume")
    page.see("Your log-in has ended. Nothing was sent.")
    assert ot2.run_controller.run_status.get() == "Paused"
    assert page.faults() == []
    page.click("Log in again, and come back to this page")
    page.enter(PASSWORD)
    page.see("Put a fresh plate into slot 2")

    page.click("Stop")
    page.see("This is not an emergency stop.")
    with page.beside("localhost") as other:
        other.open(robot_path)
        other.see("Log in to pause, resume and stop.")
        other.click("Log in")
        other.enter(PASSWORD)
        other.see("a run of this server: a client at the server's own computer")
        other.click("Resume")
        other.see("Plate 18: succeeded")
    page.see("Plate 18: succeeded")  # the question is still there, of a run that has ended
    page.click("Yes, stop the run")
    page.see("The run has ended: succeeded.")
    assert ot2.run_controller.run_history.get()[0].result == "Succeeded"


def test_stop_asks_first_and_ends_the_run(
    page: Browser, ot2: OT2, simulator_process: SimulatorProcess, robot_path: str, tmp_path: Path
) -> None:
    simulator_process.control("speed", speed="fast")
    ot2.start(saved(tmp_path, PROTOCOL), label=HOSTILE)
    for path in ("/", f"{robot_path}/history", robot_path):
        page.open(path)
        page.be_a_phone()
        page.see(HOSTILE[:9] if path == robot_path else "OT-2")
        assert not page.scrolls_sideways()
        assert page.overflowing() == []
    page.see("paused")
    assert not page.driver.find_elements("css selector", "img[src=x]"), "a name is a text, never a part of the page"
    page.click("Stop")
    page.see("This is not an emergency stop.")
    page.wait(lambda: page.focused().endswith("Do not stop"), page.focused)
    assert page.faults() == []
    assert ot2.run_controller.run_status.get() == "Paused", "nothing is stopped before it is confirmed"
    page.click("Yes, stop the run")
    page.see(": stopped")
    assert ot2.run_controller.run_status.get() == "Stopped"
