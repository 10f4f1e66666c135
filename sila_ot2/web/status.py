"""The status of a robot in a large word, with an icon and a color."""

from __future__ import annotations

from nicegui import ui

from sila_ot2.web.elements import box, text
from sila_ot2.web.view import RobotView, Tone


class StatusWord:
    """The status in a large word; screen readers announce it when it changes."""

    def __init__(self) -> None:
        self._tone: Tone = "unknown"
        with box("p", f"status {self._tone}") as self._box:
            self._icon = ui.icon("cloud_off")
            self._word = text("span")
        self._box.props["role"] = "status"

    def show(self, shown: RobotView) -> None:
        """Show the status."""
        self._word.set_text(shown.word)
        self._icon.set_name(shown.icon)
        if shown.tone != self._tone:
            self._box.classes(remove=self._tone, add=shown.tone)
            self._tone = shown.tone
