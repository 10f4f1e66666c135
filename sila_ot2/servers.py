"""The servers of several robots in one process, each with its own port, identity and state directory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sila_ot2.config import Settings, SettingsInvalid
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

        A server that cannot be started with new settings goes on with its former ones, and the log says why. The log
        belongs to the whole process: its settings are no reason to end a server.
        """
        by_directory = {settings.robot_directory: settings for settings in wanted}
        former: dict[Path, Settings] = {}
        for directory, (settings, server) in list(self._servers.items()):
            still = by_directory.get(directory)
            if still is None or _dumped(still) != _dumped(settings):
                log.info("the server of %s ends; a protocol run goes on at the robot", settings.robot.url)
                del self._servers[directory]
                former[directory] = settings
                try:
                    server.stop()
                except Exception:
                    log.exception("the server of %s did not end properly", settings.robot.url)
        for directory, settings in by_directory.items():
            if directory not in self._servers and not self._begin(settings) and directory in former:
                log.warning("the server of %s goes on with its former settings", settings.robot.url)
                self._begin(former[directory])

    def _begin(self, settings: Settings) -> bool:
        """Build and start the server of a robot; a failure is logged, and the other robots are still served."""
        try:
            self.build(settings)
            self.start(settings)
        except Exception as failed:  # noqa: BLE001 -- as above
            log.error(
                "the server of %s cannot start: %s. %s Then send SIGHUP again.",
                settings.robot.url,
                str(failed).rstrip("."),
                getattr(failed, "remedy", "Correct what it says."),
                exc_info=not isinstance(failed, OSError | SettingsInvalid),
            )
            return False
        log.info("the server of %s has started", settings.robot.url)
        return True

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


def _dumped(settings: Settings) -> dict[str, Any]:
    """Return what decides whether two settings are the same for the server of a robot."""
    return settings.model_dump(exclude={"log"})
