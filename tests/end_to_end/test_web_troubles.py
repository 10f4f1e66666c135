"""The operator's page in a real browser: a robot that vanishes, other people, a lock, long names, no mouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from sila_ot2.client import OT2, connect, errors
from tests.end_to_end.browser import CHROMIUM, DRIVER, Browser, browser
from tests.end_to_end.page_process import PASSWORD, page_process
from tests.end_to_end.verbs import saved
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.proxy import Proxy, ProxyFault, proxy_to
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.simulator_only("makes the simulated robot vanish and changes its speed"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not installed"),
]
OUTLINED = """
const {outlineStyle, boxShadow} = getComputedStyle(document.activeElement);
return outlineStyle == 'solid' || boxShadow != 'none';
"""
UPLOAD = """
const form = document.querySelector('.upload');
fetch(form.action, {method: 'POST', body: new FormData(form)}).then(answer => { location.href = answer.url; });
"""
"""Sends the form as its button does, without the navigation for which the driver of the browser would wait."""
PRESS_ONCE_SHOWN = """
const timer = setInterval(() => {
    const shown = [...document.querySelectorAll('.controls button:not([disabled])')].filter(each => each.offsetParent);
    const found = shown.find(each => each.innerText.includes(arguments[0]));
    if (found) { clearInterval(timer); found.click(); }
}, 5);
"""
TIP_RACK = "opentrons/opentrons_96_tiprack_300ul/1"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script> \u202e" + "W" * 200 + " long" * 30
"""A name that is no part of the page, that cannot turn its texts around, and does not fit in one line."""
PROTOCOL = """
metadata = {"protocolName": "NAME"}
requirements = {"robotType": "OT-2", "apiLevel": "2.15"}
def run(protocol):
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1, "NAME")
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 2, "NAME")
    plate["A1"].load_liquid(protocol.define_liquid("NAME", "NAME", "#3b82f6"), 200)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    pipette.pick_up_tip()
    protocol.pause("NAME")
    for _ in range(100):
        pipette.aspirate(50, plate["A1"])
        pipette.dispense(50, plate["B1"])
    if not protocol.is_simulating():
        raise RuntimeError("NAME")
"""


def protocol(name: str) -> str:
    return PROTOCOL.replace("NAME", name)


@dataclass
class PageOfAProxiedRobot:
    """A robot behind a proxy, its server, and a browser with the page of it."""

    robot: SimulatorProcess
    proxy: Proxy
    server: ServerProcess
    page: Browser

    @property
    def path(self) -> str:
        """The page of the robot."""
        return f"/robot/127.0.0.1:{self.server.port}"

    def press(self, *keys: str) -> None:
        """Press keys where the keyboard is."""
        ActionChains(self.page.driver).send_keys(*keys).perform()

    def tab_to(self, label: str) -> None:
        """Go on with the keyboard until it is at something with this label, and see that this is to be seen."""
        for _ in range(60):
            self.press(Keys.TAB)
            if label in self.page.focused().splitlines():
                assert self.page.driver.execute_script(OUTLINED), f"{label} does not show that the keyboard is at it"
                return
        raise AssertionError(f"the keyboard does not reach {label!r} in:\n{self.page.text()}")


@pytest.fixture(scope="module")
def proxied(
    simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PageOfAProxiedRobot]:
    simulator_process.reset()
    state = tmp_path_factory.mktemp("state")
    with proxy_to(simulator_process.url) as proxy:
        server = start_server("--robot", proxy.url, "--no-discovery", "--state-dir", str(state))
        place = ["--control", "--port", "0", "--server", f"127.0.0.1:{server.port}"]
        with page_process(state, *place) as address, browser(address) as page:
            page.log_in(PASSWORD)
            yield PageOfAProxiedRobot(simulator_process, proxy, server, page)
        server.end()


@pytest.fixture
def ot2(proxied: PageOfAProxiedRobot) -> Iterator[OT2]:
    """Another client, and a robot that nobody holds."""
    proxied.robot.control("speed", speed="fast")
    proxied.page.size(1280, 850)
    with connect(f"127.0.0.1:{proxied.server.port}", certificate=proxied.server.ca_file) as client:
        with suppress(errors.RunNotFound):
            client.run_controller.release_run(force=True).result(60)
        wait_for(lambda: client.status_provider.activity.get().kind == "None")
        client.atomic_liquid_handling.reconcile_state(confirm=True).result(60)
        wait_for(lambda: client.run_controller.start_permission.get().allowed)
        yield client


def test_questions_outlast_a_robot_that_vanishes_behind_them(
    proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path
) -> None:
    page = proxied.page
    ot2.start(saved(tmp_path, protocol("Plate")), label="Plate 20")
    page.open(proxied.path)
    page.see("Plate 20: paused")
    page.click("Stop")
    page.see("This is not an emergency stop.")
    proxied.proxy.refuse()
    page.see("Robot unreachable")
    page.click("Yes, stop the run")
    page.see("Nothing moved.")
    proxied.proxy.accept()
    page.gone("Robot unreachable")
    assert ot2.run_controller.run_status.get() == "Paused"

    page.open(f"{proxied.path}/deck")
    page.click("Slot 5")
    page.see("Note this labware")
    page.field("Labware").send_keys(TIP_RACK)
    proxied.proxy.refuse()
    wait_for(lambda: ot2.status_provider.reachability.get().state == "Unreachable")
    page.click("Note it as a full tip rack")  # what stands there is known to the server alone
    page.see("The server has noted what stands in slot 5.")
    proxied.proxy.accept()
    page.open(proxied.path)
    page.see("Plate 20: paused")
    page.click("Stop")
    page.see("This is not an emergency stop.")
    page.click("Yes, stop the run")
    page.see("Plate 20: stopped")


def test_two_people_who_press_pause_at_the_same_moment_pause_the_run_once(
    proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path
) -> None:
    page = proxied.page
    ot2.start(saved(tmp_path, protocol("Plate")), label="Plate 21")
    page.open(proxied.path)
    page.see("Plate 21: paused")
    proxied.robot.control("speed", speed=1)
    page.click("Resume")
    page.see("Plate 21: running")
    with page.beside("127.0.0.1") as other:
        other.open(proxied.path)
        other.see("Plate 21: running")
        press = "for (const each of document.querySelectorAll('.controls button')) if (/Pause/.test(each.innerText)) "
        page.driver.execute_script(f"{press} setTimeout(() => each.click(), 200)")
        first, second = page.driver.window_handles
        page.driver.switch_to.window(first)
        page.driver.execute_script(f"{press} each.click()")
        page.see("Plate 21: paused")
        page.driver.switch_to.window(second)
        other.see("Plate 21: paused")
    assert ot2.run_controller.run_status.get() == "Paused"
    (record,) = ot2.run_controller.current_run.get()
    assert record.pause_reason == "ByClient"


def test_a_lock_that_is_taken_during_the_setup_is_shown(proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path) -> None:
    page = proxied.page
    page.open(f"{proxied.path}/run")
    page.field("A protocol: Python, JSON, or a zip archive").send_keys(saved(tmp_path, protocol("Locked out")))
    page.click("Upload")
    page.see("The robot found no fault in the protocol.")
    page.see("A run may start now.")
    with ot2.lock():
        page.see("The server is locked by one of its clients")
        assert page.faults() == []
        page.open(f"{proxied.path}/deck")
        page.click("Slot 5")
        page.see("Note this labware")
        page.click("Forget what is known")
        page.see("The server is locked by a client")
        assert "LockIdentifier" not in page.text()


def test_hostile_names_are_texts_in_every_view(proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path) -> None:
    page = proxied.page

    def look(*shown: str) -> None:
        for each in shown:
            page.see(each)
        for size in ((1280, 850), (740, 360)):
            page.size(*size)
            assert not page.scrolls_sideways()
            assert page.overflowing() == []
        assert not page.driver.find_elements("css selector", "img[src=x]")
        assert "\u202e" not in page.text()
        assert page.faults() == []

    page.open(f"{proxied.path}/run")
    file = saved(tmp_path, protocol(HOSTILE), f"<img src=x onerror=alert(1)>{'n' * 100}.py")
    page.field("A protocol: Python, JSON, or a zip archive").send_keys(file)
    page.click("Upload")
    page.see("The robot found no fault in the protocol.")
    look("in slot 2")
    page.click("Run")
    page.see("The protocol asks you")
    look("in slot 2")
    for path, shown in (("/", "The protocol asks you"), (f"{proxied.path}/deck", "Slot 2")):
        page.open(path)
        look(shown)
    page.click("Slot 2")
    look("Note this labware")
    page.open(proxied.path)
    page.click("Resume")
    page.see(": failed")
    look("Look at the deck and the tips before you go on.")
    page.open(f"{proxied.path}/history")
    look("failed")
    page.click("Log")
    look("pickUpTip")


def test_the_keyboard_alone_goes_from_the_upload_to_the_end(
    proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path
) -> None:
    page = proxied.page
    page.open(proxied.path)
    proxied.tab_to("Set up a run")
    proxied.press(Keys.ENTER)
    page.see("Checklist")
    proxied.tab_to("Upload a file")
    page.field("A protocol: Python, JSON, or a zip archive").send_keys(saved(tmp_path, protocol("Keys")))
    proxied.tab_to("Upload")
    proxied.press(Keys.ENTER)
    page.see("The robot found no fault in the protocol.")
    proxied.tab_to("Run")
    proxied.press(Keys.ENTER)
    page.see("The protocol asks you")
    proxied.robot.control("speed", speed=1)
    proxied.tab_to("Resume")
    proxied.press(Keys.ENTER)
    page.see(": running")
    proxied.tab_to("Pause")
    proxied.press(Keys.ENTER)
    page.see(": paused")
    proxied.tab_to("Stop")
    proxied.press(Keys.ENTER)
    page.see("This is not an emergency stop.")
    page.wait(lambda: page.focused().endswith("Do not stop"), page.focused)
    proxied.press(Keys.ESCAPE)
    page.gone("This is not an emergency stop.")
    page.wait(lambda: page.focused().endswith("Stop"), page.focused)
    proxied.press(Keys.ENTER)
    page.see("This is not an emergency stop.")
    proxied.tab_to("Yes, stop the run")
    proxied.press(Keys.ENTER)
    page.see(": stopped")


def test_one_pauses_what_another_resumes_and_both_see_how_it_ended(
    proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path
) -> None:
    page = proxied.page
    ot2.start(saved(tmp_path, protocol("Plate")), label="Plate 22")
    page.open(proxied.path)
    page.see("Plate 22: paused")
    proxied.robot.control("speed", speed=1)
    with page.beside("127.0.0.1") as other:
        other.open(proxied.path)
        other.see("Plate 22: paused")
        page.driver.execute_script(PRESS_ONCE_SHOWN, "Pause")
        first, second = page.driver.window_handles
        page.driver.switch_to.window(first)
        page.click("Resume")
        page.see("The run goes on.")
        page.see("Plate 22: paused")
        page.driver.switch_to.window(second)
        other.see("The run is paused.")
        other.see("Plate 22: paused")
    (record,) = ot2.run_controller.current_run.get()
    assert (record.status, record.pause_reason) == ("Paused", "ByClient")


def test_run_is_stopped_while_a_file_is_uploaded(proxied: PageOfAProxiedRobot, ot2: OT2, tmp_path: Path) -> None:
    page = proxied.page
    ot2.start(saved(tmp_path, protocol("Plate")), label="Plate 23")
    page.open(proxied.path)
    page.see("Plate 23: paused")
    upload = proxied.proxy.plan(ProxyFault("hang", "POST", "/protocols"))
    page.open(f"{proxied.path}/run")
    page.field("A protocol: Python, JSON, or a zip archive").send_keys(saved(tmp_path, protocol("Next"), "next.py"))
    page.driver.execute_script(UPLOAD)
    proxied.proxy.wait_until(lambda proxy: proxy.hanging)
    with page.beside("127.0.0.1") as other:
        other.open(proxied.path)
        other.see("Plate 23: paused")
        other.click("Stop")
        other.see("This is not an emergency stop.")
        other.click("Yes, stop the run")
        other.see("Plate 23: stopped")
    assert ot2.run_controller.run_status.get() == "Stopped"
    proxied.proxy.let_go(upload)
    page.see("The robot found no fault in the protocol.")
