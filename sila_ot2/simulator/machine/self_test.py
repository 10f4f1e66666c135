"""What the simulator uses of Opentrons' package although nobody promised it: checked at every start.

The package is pinned exactly; this reports what is wrong if somebody overrides the pin.
"""

from __future__ import annotations

import importlib
from typing import Any

import opentrons
from opentrons.protocol_engine.resources import ModelUtils
from opentrons.protocol_runner import RunOrchestrator

from sila_ot2.simulator.machine.hardware import Hardware

ENGINE = "9.0.0"


class WrongEngine(Exception):
    """The engine is not the one this simulator was made for."""


def check(hardware: Hardware, *, version: str = opentrons.__version__) -> None:
    """Check the engine's release and every private name used.

    Raises:
        WrongEngine: with all that is missing.
    """
    queue_worker = importlib.import_module("opentrons.protocol_engine.execution.create_queue_worker")
    used: list[tuple[Any, tuple[str, ...]]] = [
        (hardware.api, ("_em_simulate", "_update_door_state", "_send_module_notification", "_backend")),
        (hardware.backend, ("_run_flag", "_position", "_attached_instruments", "_engaged_axes", "_smoothie_driver")),
        (queue_worker, ("RunControlHandler",)),
        (ModelUtils, ("get_timestamp",)),
        (RunOrchestrator, ("load", "stop", "finish", "add_command_and_wait_for_interval")),
    ]
    missing = [
        f"{getattr(owner, '__name__', type(owner).__name__)}.{name}"
        for owner, names in used
        for name in names
        if not hasattr(owner, name)
    ]
    if version != ENGINE or missing:
        raise WrongEngine(
            f"this simulator needs opentrons=={ENGINE}, installed is {version}"
            + (f" (without {', '.join(missing)})" if missing else "")
            + f"; install it with: pip install 'opentrons=={ENGINE}'"
        )
