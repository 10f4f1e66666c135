"""Write the pictures of the operator's page that the guide shows: a simulated robot, a server, the page, and Chromium.

    python3 scripts/environments.py server python scripts/screenshots.py

Needs Chromium and its driver, and the simulator's environment. Look at the pictures before you commit them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from environments import environment_python  # noqa: E402
from PIL import Image  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

from sila_ot2.client import OT2, connect  # noqa: E402
from tests.end_to_end.browser import PHONE, Browser, browser  # noqa: E402
from tests.end_to_end.page_process import PASSWORD, page_process  # noqa: E402
from tests.ports import free_port  # noqa: E402
from tests.processes import SimulatorProcess, start_server, start_simulator  # noqa: E402
from tests.waiting import wait_for  # noqa: E402

PICTURES = ROOT / "docs" / "how-to" / "operator-page"
COLORS = 128
TO_THE_START = "for (const each of document.querySelectorAll('*')) each.scrollTo(0, 0)"
"""A field that is filled in is scrolled to, and axe scrolls to look at everything."""
MODULES = ("--module", "temperatureModuleV2", "--module", "heaterShakerModuleV1")
FAULTY = """
requirements = {"robotType": "OT-2", "apiLevel": "2.15"}


def run(protocol):
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 2)
    plate["Z1"].top()
"""
PROTOCOL = """
from opentrons import protocol_api

metadata = {"protocolName": "Serial dilution"}
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}


def add_parameters(parameters):
    parameters.add_int(variable_name="columns", display_name="Columns", default=8, minimum=1, maximum=12)
    parameters.add_float(
        variable_name="volume", display_name="Volume", default=50.0, minimum=20.0, maximum=200.0, unit="µL"
    )
    parameters.add_bool(variable_name="mix", display_name="Mix after each step", default=True)


def run(protocol: protocol_api.ProtocolContext) -> None:
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 2, "Dilution plate")
    water = protocol.define_liquid("Buffer", "what the sample is diluted with", display_color="#3b82f6")
    plate["A1"].load_liquid(water, 200)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    wells = plate.rows()[0][: protocol.params.columns]
    for number, (source, target) in enumerate(zip(wells, wells[1:])):
        pipette.pick_up_tip()
        pipette.aspirate(protocol.params.volume, source)
        pipette.dispense(protocol.params.volume, target)
        if protocol.params.mix:
            pipette.mix(3, 100, target)
        pipette.drop_tip()
        if number == 2:
            protocol.pause("Seal the first three columns, then press Resume.")
"""


class Photographer:
    """Takes pictures of what the browser shows."""

    def __init__(self, person: Browser) -> None:
        self._person = person

    def take(self, name: str, height: int = 800, *, dark: bool = False, phone: bool = False) -> None:
        """Write a picture, unless somebody could not read what it shows."""
        driver = self._person.driver
        self._person.size(*(PHONE if phone else (1180, height)))
        self._person.wait(lambda: not driver.find_elements(By.CSS_SELECTOR, ".q-notification"), self._person.text)
        self._person.be(dark=dark)
        driver.execute_script(TO_THE_START)
        file = PICTURES / f"{name}.png"
        driver.save_screenshot(str(file))
        Image.open(file).convert("RGB").quantize(COLORS).save(file, optimize=True)
        if faults := self._person.faults():
            raise SystemExit(f"{name}: {faults}")


def take_all(ot2: OT2, robot: SimulatorProcess, person: Browser, path: str, folder: Path) -> None:
    """Go through the pages and take their pictures."""
    camera = Photographer(person)
    protocol, faulty = folder / "serial_dilution.py", folder / "with_a_fault.py"
    protocol.write_text(PROTOCOL)
    faulty.write_text(FAULTY)
    robot.control("speed", speed="fast")
    person.log_in(PASSWORD)
    person.open(f"{path}/run")
    upload(person, faulty)
    person.see("has faults")
    camera.take("faults", 600)
    upload(person, protocol)
    person.see("found no fault")
    person.field("Label").send_keys("Plate 17")
    camera.take("set-up", 1150)

    robot.control("speed", speed=6)
    person.click("Run")
    person.see("Plate 17: running")
    wait_for(lambda: ot2.run_controller.current_run.get()[0].completed_commands > 12)
    person.see("Aspirate")
    camera.take("running", 660)
    person.open(f"{path}/deck")
    person.see("Slot 1")
    camera.take("deck", 900)
    person.click("Slot 5")
    person.see("Note this labware")
    camera.take("slot", 640)
    person.open(path)
    person.see("The protocol asks you")
    camera.take("prompt", 800)
    camera.take("dark", 640, dark=True)
    camera.take("phone", phone=True)
    person.open("/")
    person.see("The protocol asks you")
    camera.take("overview", 480)
    person.open(path)
    person.click("Stop")
    person.see("This is not an emergency stop.")
    camera.take("stop", 700)
    person.click("Do not stop")
    robot.control("speed", speed="fast")
    person.click("Resume")
    person.see("Plate 17: succeeded")
    ot2.temperature_module_controller.set_temperature(37.0)
    person.open(f"{path}/modules")
    person.see("target 37.0")
    camera.take("modules", 700)
    person.open(f"{path}/history")
    person.see("Plate 17")
    camera.take("history", 420)
    person.click("Log")
    person.see("Timeline")
    person.see("pickUpTip")
    camera.take("timeline", 900)
    person.open(f"{path}/service")
    person.click("Take a picture")
    person.see("The picture is taken.")
    camera.take("service", 700)
    leave_a_tip(ot2, robot)
    person.open(path)
    person.click("I have looked at the robot")
    person.see("What is on the pipettes?")
    camera.take("pipettes", 860)


def leave_a_tip(ot2: OT2, robot: SimulatorProcess) -> None:
    """Let a tip hang on a pipette of which the robot does not know any more."""
    atomic = ot2.atomic_liquid_handling
    atomic.open_session().result()
    atomic.load_labware("opentrons_96_tiprack_300ul", "1").result()
    atomic.pick_up_tip("right").result()
    robot.control("restart", down_s=0)
    wait_for(lambda: any(each.code == "ReconcileState" for each in ot2.status_provider.required_actions.get()))


def upload(person: Browser, file: Path) -> None:
    """Upload a protocol."""
    person.driver.execute_script("document.querySelector('details').open = true")
    person.field("A protocol: Python, JSON, or a zip archive").send_keys(str(file))
    person.click("Upload")


def main() -> int:
    """Take all pictures; return the exit code."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with start_simulator(environment_python("simulator"), folder, *MODULES) as robot:
            names = ["--name", "OT-2 bench 3", "--no-discovery", "--state-dir", str(folder)]
            server = start_server("--robot", robot.url, *names)
            options = ["--control", "--port", "0", "--server", f"127.0.0.1:{server.port}"]
            nobody = ["--server", f"127.0.0.1:{free_port()}"]
            try:
                with (
                    connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as ot2,
                    page_process(folder, *options, *nobody) as address,
                    browser(address) as person,
                ):
                    take_all(ot2, robot, person, f"/robot/127.0.0.1:{server.port}", folder)
            finally:
                server.end()
    print(*sorted(PICTURES.glob("*.png")), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
