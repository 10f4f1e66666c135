"""The servers of several robots in one process, each with its own port, identity and state directory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from sila_ot2.config import Settings
from sila_ot2.server import build

if TYPE_CHECKING:
    from sila_ot2.server import Description, OT2Server

log = logging.getLogger(__name__)


class Servers:
    """One server for each robot; what happens to one disturbs no other. Used from one thread."""

    def __init__(self) -> None:
        self._servers: dict[Path, tuple[Settings, OT2Server]] = {}

    def build(self, settings: Settings) -> None:
        """Build the server of a robot, which does not serve yet.

        Raises:
            Exception: it cannot be built, as of `server.build`.
        """
        self._servers[settings.robot_directory] = settings, build(settings)

    def start(self, settings: Settings) -> None:
        """Start the server of a robot that was built; one that cannot be started is not kept.

        Raises:
            Exception: it cannot be started, as of `OT2Server.start`.
        """
        _, server = self._servers[settings.robot_directory]
        try:
            server.start()
        except BaseException:
            del self._servers[settings.robot_directory]
            raise

    def change(self, wanted: Sequence[Settings]) -> None:
        """Make the running servers those that are wanted: a robot with unchanged settings is not touched.

        A server that cannot be started is logged, and the others go on.
        """
        by_directory = {settings.robot_directory: settings for settings in wanted}
        for directory, (settings, server) in list(self._servers.items()):
            still = by_directory.get(directory)
            if still is None or still.model_dump() != settings.model_dump():
                log.info("the server of %s ends", settings.robot.url)
                server.stop()
                del self._servers[directory]
        for directory, settings in by_directory.items():
            if directory not in self._servers:
                try:
                    self.build(settings)
                    self.start(settings)
                except Exception as failed:  # noqa: BLE001 (whatever it is, the other robots are served)
                    log.error("the server of %s cannot start: %s", settings.robot.url, failed)
                else:
                    log.info("the server of %s has started", settings.robot.url)

    def stop(self) -> None:
        """End all servers at the same time. Protocol runs go on at the robots."""
        servers = [server for _, server in self._servers.values()]
        with ThreadPoolExecutor(max(1, len(servers))) as ending:
            list(ending.map(lambda server: server.stop(), servers))

    @property
    def is_alive(self) -> bool:
        """Whether every robot is still being watched."""
        return all(server.is_alive for _, server in self._servers.values())

    def describe(self, show: Callable[[Description, Settings], None]) -> None:
        """Call `show` for each server."""
        for settings, server in self._servers.values():
            show(server.describe(), settings)
