"""A real browser, without a window, as the person in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.waiting import TIMEOUT_S

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SERIOUS = ("serious", "critical")
LOOK_S = 0.15
"""How long to wait between two looks."""
CONTRAST = "axe.run({runOnly: {type: 'rule', values: ['color-contrast']}}).then(arguments[0])"
OVERFLOWING = """
const shown = [...document.querySelectorAll('.content *, .dialog *')].filter(each => {
    const style = getComputedStyle(each);
    return !['inline', 'contents', 'none'].includes(style.display) && style.overflowX == 'visible' && each.offsetParent;
});
return shown.filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1).map(each => each.textContent);
"""
PHONE = (740, 360)
"""A phone in landscape, in pixels of CSS."""


class Browser:
    """What a person does with the page of a robot."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self._address = driver, address.rstrip("/")
        self._port = urlsplit(address).port

    def open(self, path: str) -> None:
        """Go to a page."""
        self.driver.get(self._address + path)

    def text(self) -> str:
        """What is to be read."""
        return str(self.driver.execute_script("return document.body.innerText"))

    def wait(self, look: Callable[[], object], otherwise: Callable[[], str]) -> None:
        """Wait until there is something to see; each look costs a question to the browser."""
        try:
            WebDriverWait(self.driver, TIMEOUT_S, LOOK_S).until(lambda _: look())
        except TimeoutException:
            raise AssertionError(otherwise()) from None

    def see(self, what: str) -> None:
        """Wait until something is to be read."""
        self.wait(lambda: what in self.text(), lambda: f"{what!r} is not in:\n{self.text()}")

    def gone(self, what: str) -> None:
        """Wait until something is not to be read any more."""
        self.wait(lambda: what not in self.text(), lambda: f"{what!r} is still in:\n{self.text()}")

    def click(self, label: str) -> None:
        """Press a button, or follow a link, that can be used."""
        self.wait(lambda: self._clicked(label), lambda: f"no {label!r} can be pressed in:\n{self.text()}")

    def field(self, label: str) -> WebElement:
        """Find a field of a form by its label."""
        found = self.driver.find_element(By.XPATH, f"//label[normalize-space()='{label}']")
        return self.driver.find_element(By.ID, str(found.get_attribute("for")))

    def log_in(self, password: str) -> None:
        """Log in."""
        self.open("/login")
        self.enter(password)

    def enter(self, password: str) -> None:
        """Enter the password where it is asked for."""
        self.see("Password")
        self.field("Password").send_keys(password)
        self.click("Log in")
        self.see("Log out")

    @contextmanager
    def beside(self, host: str) -> Iterator[Browser]:
        """Open a second page beside this one, under a name of this computer; another name has cookies of its own."""
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        try:
            yield Browser(self.driver, str(urlsplit(self._address)._replace(netloc=f"{host}:{self._port}").geturl()))
        finally:
            self.driver.close()
            self.driver.switch_to.window(first)

    def focused(self) -> str:
        """The text of what has the keyboard."""
        return str(self.driver.execute_script("return document.activeElement.innerText"))

    def faults(self) -> list[str]:
        """Serious faults of accessibility of what is shown now, by axe; its colors also where the browser is dark."""
        self.driver.execute_script(
            (files("axe_selenium_python") / "node_modules/axe-core/axe.min.js").read_text("utf-8")
        )
        self.be(dark=False)
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")["violations"]
        self.be(dark=True)
        found += self.driver.execute_async_script(CONTRAST)["violations"]
        self.be(dark=False)
        return [
            f"{each['id']}: {node['html']}" for each in found if each["impact"] in SERIOUS for node in each["nodes"]
        ]

    def be(self, *, dark: bool) -> None:
        """Be a browser that is set to dark colors, or to light ones, and wait until nothing fades any more."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        moving = "return document.getAnimations().length"
        self.wait(lambda: not self.driver.execute_script(moving), self.text)

    def foreign(self) -> list[str]:
        """Addresses of what was loaded from elsewhere."""
        names = self.driver.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
        return [name for name in names if not name.startswith((self._address, "data:", "blob:"))]

    def be_a_phone(self) -> None:
        """Have the screen of a phone in landscape."""
        self.size(*PHONE)

    def scrolls_sideways(self) -> bool:
        """Whether something does not fit the width of the screen."""
        return bool(self.driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth"))

    def overflowing(self) -> list[str]:
        """Texts of the content that do not fit where they are shown."""
        return [str(each) for each in self.driver.execute_script(OVERFLOWING)]

    def size(self, width: int, height: int) -> None:
        """Have a screen of a size."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def _clicked(self, label: str) -> bool:
        try:
            for element in self.driver.find_elements(By.CSS_SELECTOR, "button, a, [role=tab]"):
                if element.is_displayed() and element.is_enabled() and label in element.text.splitlines():
                    self.driver.execute_script("arguments[0].click()", element)
                    return True
        except StaleElementReferenceException:  # it was drawn again meanwhile
            return False
        return False


@contextmanager
def browser(address: str) -> Iterator[Browser]:
    """Start Chromium."""
    assert CHROMIUM is not None
    assert DRIVER is not None
    options = Options()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,850", "--hide-scrollbars"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield Browser(driver, address)
    finally:
        driver.quit()
