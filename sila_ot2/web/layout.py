"""What all pages have: the head with the log-in, the parts of a robot's page, and the place for the content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from nicegui import ui

from sila_ot2.web import texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import box, link, show_text, text
from sila_ot2.web.facts import RobotFacts

STYLE = Path(__file__).with_name("style.css")
SECTIONS = {
    "": texts.NOW,
    "run": texts.SET_UP,
    "deck": texts.DECK,
    "modules": texts.MODULES,
    "history": texts.HISTORY,
    "service": texts.SERVICE,
}
"""The parts of a robot's page: the last part of the path, and the label."""


def path_of(address: str, section: str = "") -> str:
    """Return the path of a part of a robot's page."""
    return f"/robot/{quote(address, safe=':')}" + (f"/{section}" if section else "")


def log_in_path(back: str, **more: object) -> str:
    """Return the path of the page to log in, from which a person comes back to another."""
    return f"/login?{urlencode({**more, 'back': back})}"


def within(path: str) -> str:
    """Return a path of this page; that of its first one in place of an address of something else."""
    is_path = path.startswith("/") and not path.startswith(("//", "/login")) and "\\" not in path
    return path if is_path and path.isprintable() else "/"


@contextmanager
def frame(person: Person, heading: str, *, robot: RobotFacts | None = None, section: str = "") -> Iterator[None]:
    """Build a page around its content.

    Args:
        person: who looks at it.
        heading: its title.
        robot: the robot whose page it is.
        section: which part of it.
    """
    ui.page_title(f"{heading} - {texts.TITLE}" if heading != texts.TITLE else heading)
    link(texts.SKIP, "#content", "skip")
    with box("header", "head"):
        link(texts.OVERVIEW, "/", "brand", current=robot is None and heading == texts.OVERVIEW)
        _log_in(person, heading)
    if robot is not None:
        with box("nav", "sections") as navigation:
            navigation.props["aria-label"] = texts.SECTIONS
            text("strong", robot.name)  # on each part: with several robots it must be plain which one it is
            for name, label in SECTIONS.items():
                link(label, path_of(robot.address, name), current=name == section)
    with box(classes="content").props('id="content" tabindex="-1"'):  # Quasar adds <main> around it
        with box("p", "notice wide") as ended:
            text("span", f"{texts.LOGGED_OUT} ")
            link(texts.LOG_IN_AGAIN, log_in_path(person.path))
        ended.set_visibility(False)
        person.on_log_out = lambda: ended.set_visibility(True)
        yield


def _log_in(person: Person, heading: str) -> None:
    if person.may_control:
        with box("form", "session").props('method="post" action="/logout"'):
            show_text(text("span"), person.name)
            text("button", texts.LOG_OUT, "quiet").props('type="submit"')
    elif person.can_log_in and heading != texts.LOG_IN:
        link(texts.LOG_IN, log_in_path(person.path), "quiet")
    elif not person.can_log_in:
        text("span", texts.READ_ONLY, "quiet").props["title"] = texts.READ_ONLY_REMEDY
