"""Small elements that the pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from sila_ot2.web import sentences

T = TypeVar("T")


class Text(TextElement):
    """An element of HTML with text that reads from left to right, also with names in other scripts in it."""

    def set_text(self, text: str) -> Text:
        """Set the text."""
        return super().set_text(sentences.in_order(text))


def text(tag: str, content: str = "", classes: str = "") -> TextElement:
    """Add an element of HTML with text in it, such as a heading."""
    return Text(tag=tag, text=sentences.in_order(content)).classes(classes)


def box(tag: str = "div", classes: str = "") -> ui.element:
    """Add an element of HTML for others."""
    return ui.element(tag).classes(classes)


def link(label: str, target: str, classes: str = "", *, current: bool = False) -> TextElement:
    """Add a link."""
    added = text("a", label, classes)
    added.props["href"] = target
    if current:
        added.props["aria-current"] = "page"
    return added


def button(label: str, icon: str, on_click: Callable[..., Any], classes: str = "") -> ui.button:
    """Add a button."""
    return ui.button(label, icon=icon, on_click=on_click, color=None).props("unelevated no-caps").classes(classes)


def facts(pairs: tuple[tuple[str, str], ...]) -> None:
    """Add a list of labels and texts."""
    with box("dl", "facts"):
        for label, content in pairs:
            text("dt", label)
            text("dd", content)


@contextmanager
def table(caption: str, columns: Sequence[str]) -> Iterator[None]:
    """Add a table with its head; the rows are added in the block."""
    with box("table"):
        text("caption", caption, "skip")
        with box("thead"), box("tr"):
            for each in columns:
                text("th", each).props["scope"] = "col"
        with box("tbody"):
            yield


def show_text(element: TextElement, content: str) -> None:
    """Set a text; an empty one hides the element."""
    element.set_text(content)
    element.set_visibility(bool(content))


class Rebuilt(Generic[T]):
    """A part of a page that is built anew when what it shows has changed, and only then.

    Args:
        container: the element that it fills.
        build: adds what shows a value.
    """

    def __init__(self, container: ui.element, build: Callable[[T], None]) -> None:
        self._container, self._build = container, build
        self._shown: T | None = None

    def show(self, value: T) -> None:
        """Show a value; an empty one hides the part."""
        if value == self._shown:
            return
        self._shown = value
        self._container.clear()
        self._container.set_visibility(bool(value))
        with self._container:
            self._build(value)


class PageProgressBar:
    """How far something is; moving if that is not known."""

    def __init__(self, label: str) -> None:
        self._bar = box("progress", "bar")
        self._bar.props["aria-label"] = label
        self._bar.props["max"] = 1

    def show(self, fraction: float | None) -> None:
        """Show how far it is."""
        if fraction is None:
            self._bar.props.pop("value", None)
        elif self._bar.props.get("value") != fraction:
            self._bar.props["value"] = fraction
            self._bar.update()
