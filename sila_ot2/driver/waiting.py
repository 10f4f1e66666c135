"""Waiting that a cancel ends at once: the driver's own, so that the robot is free."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sila_ot2.errors import CommandCancelled

Report = Callable[..., None]
"""Called with `progress` (0 to 1) and `remaining_s`."""
REPORT_S = 1.0


def wait(duration_s: float, *, cancelled: threading.Event, report: Report = lambda **_: None) -> None:
    """Wait while nothing is asked of the robot.

    Raises:
        CommandCancelled: at once.
    """
    end = time.monotonic() + duration_s
    while (left_s := end - time.monotonic()) > 0:
        report(progress=1 - left_s / duration_s, remaining_s=left_s)
        if cancelled.wait(min(left_s, REPORT_S)):
            raise CommandCancelled(f"The waiting was cancelled with {left_s:.1f} s to go. Nothing further was sent.")
