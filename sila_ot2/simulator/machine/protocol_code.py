"""Code of protocols, kept from ending the process that simulates the robot.

On a robot `sys.exit` in a protocol ends the robot-server, which its system starts again. Nothing starts this process
again, so that the same code ends the analysis or the run, as any other error of the protocol does.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import threading
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

_thread = threading.local()
"""`runs_protocol`: whether the thread is running code of a protocol."""


def install() -> None:
    """Contain the code of protocols, wherever the engine of this process runs it."""
    wrappers: Any = importlib.import_module("opentrons.protocol_runner.python_protocol_wrappers")
    wrappers.run_protocol = _contained(wrappers.run_protocol)
    wrappers.exec_add_parameters = _contained(wrappers.exec_add_parameters)
    for module, name in ((os, "_exit"), (os, "abort"), (os, "kill"), (os, "killpg"), (signal, "raise_signal")):
        setattr(module, name, _refused_to_protocols(getattr(module, name)))


def _contained(run: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that runs code of a protocol raise ordinary errors only."""

    @wraps(run)
    def contained(*args: Any, **options: Any) -> Any:
        _thread.runs_protocol = True
        try:
            return run(*args, **options)
        except BaseException as error:
            ordinary = isinstance(error, Exception) and not isinstance(error, StopIteration)  # asyncio has a use for it
            if ordinary and _can_be_written(error):
                raise
            if isinstance(error, asyncio.CancelledError) and _raised_by_engine(error):
                raise
            said = _text(error)
        finally:
            _thread.runs_protocol = False
        raise RuntimeError(said)  # not from the error, which the engine would look at and may be unable to write

    return contained


def _can_be_written(error: BaseException) -> bool:
    """Return whether the robot can say in JSON what the error and those behind it are."""
    try:
        "".join(traceback.format_exception(error)).encode()
    except Exception:  # noqa: BLE001 (a protocol's own class can raise anything)
        return False
    return True


def _text(error: BaseException) -> str:
    name = type(error).__name__
    try:
        return f"{name}: {error}".encode(errors="replace").decode()
    except Exception:  # noqa: BLE001 (likewise)
        return name


def _raised_by_engine(error: BaseException) -> bool:
    """Return whether this is how the engine ends a protocol whose run is stopped."""
    module = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
    return module.startswith(("opentrons.", "concurrent.futures.", "asyncio.", "anyio."))


def _refused_to_protocols(end: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that ends the process leave a protocol instead, if that calls it."""

    @wraps(end)
    def ended(*args: Any) -> Any:
        if getattr(_thread, "runs_protocol", False):
            raise SystemExit(f"os.{end.__name__}{args}")
        return end(*args)

    return ended
