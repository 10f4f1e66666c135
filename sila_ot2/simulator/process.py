"""The simulator's process: it listens, prints its address, and ends at once."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn

from sila_ot2.simulator.events.broker import NotificationBroker
from sila_ot2.simulator.http.app import create_app
from sila_ot2.simulator.machine.hardware import SimulatedEquipment
from sila_ot2.simulator.machine.self_test import WrongEngine, check
from sila_ot2.simulator.robot import Robot

PARENT_CHECK_S = 0.5

log = logging.getLogger(__name__)


class _HttpServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: uvicorn would wait for open connections."""
        yield


async def serve(options: argparse.Namespace) -> int:
    """Serve until SIGTERM, Ctrl-C or the parent's end; answers the exit status."""
    # It warns of configuration files a fresh robot does not have, and reports what protocols raise, which the robot
    # answers anyway.
    logging.getLogger("opentrons").setLevel(logging.CRITICAL)
    asyncio.get_running_loop().set_exception_handler(_quietly)
    parent = os.getppid()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        listener = _listen(options.address, options.port)
    except (OSError, OverflowError, UnicodeError) as error:  # the others: not a port, not a name
        reason = getattr(error, "strerror", None) or error
        print(f"cannot listen on {_place(options.address, options.port)}: {reason}", file=sys.stderr)
        return 1
    announcer = NotificationBroker(options.address, options.mqtt_port) if options.mqtt_port is not None else None
    equipment = SimulatedEquipment(options.left, options.right, tuple(options.module))
    robot = Robot(equipment, options.speed, options.release, options.state_dir, announcer)
    try:
        await robot.switch_on()
        check(robot.hardware)
    except (OSError, OverflowError, ValueError, WrongEngine) as error:
        print(error, file=sys.stderr)
        return 2
    server = _HttpServer(
        uvicorn.Config(
            create_app(robot), http="h11", ws="none", loop="asyncio", lifespan="off", log_config=None, access_log=False
        )
    )
    serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.005)
    address, port = listener.getsockname()[:2]
    print(f"http://{_place(address, port)}", flush=True)
    if announcer is not None:
        print(f"mqtt://{_place(options.address, announcer.port)}", flush=True)
    watching = asyncio.get_running_loop().create_task(_watch_parent(parent, ended)) if options.die_with_parent else None
    await ended.wait()
    for task in (serving, watching):
        if task is not None:
            task.cancel()
    robot.dispose()
    return 0


def _quietly(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log errors of tasks at INFO only: engines that were reset while they worked leave such tasks."""
    log.info("%s", context)


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _listen(address: str, port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle off on accepted connections (40 ms a request otherwise).
    listener = socket.socket(
        socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(128)
    return listener


async def _watch_parent(parent: int, ended: asyncio.Event) -> None:
    """Wait for the end of the parent: after it, this process has another parent."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_CHECK_S)
    ended.set()
