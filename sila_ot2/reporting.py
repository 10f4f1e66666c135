"""What a server reports of its work: audit trail, messages to people, telemetry, copies in a central database."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING
from uuid import UUID

from sila_ot2 import sila
from sila_ot2.alerts.alerts import Alerts
from sila_ot2.alerts.events import Alert
from sila_ot2.command_audit import AUDIT_FOLDER, CommandAudit, audit_trail
from sila_ot2.composition.driver import Driver
from sila_ot2.config import Settings, SettingsInvalid
from sila_ot2.robot.transport import Observe, unobserved
from sila_ot2.store.audit.tail import AuditTail

if TYPE_CHECKING:
    from sila_ot2.central.copying import CentralCopying
    from sila_ot2.central.database import CentralDatabase
    from sila_ot2.telemetry.telemetry import Telemetry


class Reporting:
    """One per robot; what is off costs nothing.

    Args:
        settings: of the server.
        server_uuid: its UUID.
        server_name: returns its present name.

    Raises:
        SettingsInvalid: telemetry or copies cannot be sent as the settings say.
    """

    def __init__(self, settings: Settings, server_uuid: UUID, server_name: Callable[[], str]) -> None:
        self._settings = settings
        self._server_uuid = server_uuid
        self._server_name = server_name
        self._audit = audit_trail(settings)
        self._telemetry = _telemetry(settings, server_uuid)
        self._alerts: Alerts | None = None
        self._central = _central(settings)
        self._copying: CentralCopying | None = None

    @property
    def observe(self) -> Observe:
        """Observes the requests to the robot."""
        return self._telemetry.requests.observe if self._telemetry else unobserved

    def recorder(self, user_of: Callable[[str], str] | None) -> sila.CommandRecorder | None:
        """Return what records commands; None if nothing does.

        Args:
            user_of: returns the name of the user of an access token; None without users.
        """
        recorders: list[sila.CommandRecorder] = []
        if self._audit:
            recorders.append(CommandAudit(self._audit, user_of))
        if self._telemetry:
            recorders.append(self._telemetry.commands)
        return sila.RecordByEach(recorders) if len(recorders) > 1 else next(iter(recorders), None)

    def recorded(self, what: str, reason: str, answer: str) -> str:
        """Record what an operator on this computer has asked for; return the answer."""
        if self._audit:
            self._audit.add(lambda: {"event": what, "reason": reason, "answer": answer})
        return answer

    def begin(self) -> None:
        """Begin to record, before the server serves.

        Raises:
            OSError: the audit trail cannot be written.
        """
        if self._audit:
            if self._central is not None:
                self._audit.needed_from = lambda: 0  # until it is known what was copied
            self._audit.start()
            self._audit.add(lambda: {"event": "server started", "version": version("sila-ot2")})

    def watch(self, driver: Driver, server: sila.Server) -> None:
        """Report what happens at the robot from now on."""
        state = driver.monitor.state
        self._alerts = alerts = Alerts(self._settings.alerts, state, self._server_name)
        alerts.start()
        queues = {"alerts": lambda: alerts.waiting}
        if audit := self._audit:
            queues["audit"] = lambda: audit.waiting
        if self._central is not None:
            self._copying = copying = self._copy(self._central, driver, alerts)
            queues["central"] = lambda: copying.waiting
        if self._telemetry is None:
            return
        from sila_ot2.telemetry.telemetry import Figures

        driver.registry.on_end.subscribe(self._telemetry.watch_runs(driver.archive.commands).ended)
        self._telemetry.watch(
            Figures(
                reachable=lambda: state.value.reachable,
                latency_s=lambda: driver.monitor.latency_s,
                running_commands=lambda: len(server.executions.running()),
                subscriptions=lambda: server.subscriptions,
                queues=queues,
            )
        )

    def _copy(self, database: CentralDatabase, driver: Driver, alerts: Alerts) -> CentralCopying:
        from sila_ot2.central.copying import CentralCopying
        from sila_ot2.central.disk_space import DiskSpace

        audit = self._audit
        tail = None
        if audit:
            folder = self._settings.robot_directory / AUDIT_FOLDER
            tail = AuditTail(folder, driver.central_copies.audit_end(database.place))
        disk_space = DiskSpace(self._settings.robot_directory, database.place, self._record_room)
        copying = CentralCopying(
            database,
            driver.central_copies,
            driver.archive,
            tail,
            disk_space,
            self._server_uuid,
            self._settings.robot_place,
        )
        if audit:
            audit.needed_from = lambda: copying.needed_from
        driver.archive.may_forget = copying.may_forget
        copying.on_late.subscribe(lambda text: alerts.tell(Alert("attention", text)))
        driver.archive.pictures.on_keep.subscribe(copying.look_at)
        driver.registry.on_end.subscribe(lambda record: copying.look_at(record.start.run_id))
        copying.start()
        return copying

    def _record_room(self, text: str) -> None:
        if self._audit:
            self._audit.add(lambda: {"event": "room for records", "text": text})

    def stop(self) -> None:
        """Write what waits, and end within some seconds; a second time is harmless."""
        if self._alerts:
            self._alerts.stop()
        if self._audit:
            self._audit.stop()
        if self._copying:
            self._copying.stop()
        if self._telemetry:
            self._telemetry.stop()


def _telemetry(settings: Settings, server_uuid: UUID) -> Telemetry | None:
    """Return the telemetry of a server; None, and nothing is imported, if it is off.

    Raises:
        SettingsInvalid: its packages are not installed.
    """
    if settings.telemetry.endpoint is None:
        return None
    try:
        from sila_ot2.telemetry.telemetry import Telemetry
    except ImportError as missing:
        raise SettingsInvalid(
            f"telemetry.endpoint needs packages that are not installed ({missing.name}): "
            "install them in the source folder of sila-ot2 with: pip install '.[telemetry]'"
        ) from missing
    return Telemetry(settings, server_uuid)


def _central(settings: Settings) -> CentralDatabase | None:
    """Return the central database of a server; None, and nothing is imported, if there is none.

    Raises:
        SettingsInvalid: it cannot be used as the settings say.
    """
    url = settings.central.database
    if url is None:
        return None
    from sila_ot2.central.database import CentralDatabase

    return CentralDatabase(url.get_secret_value())
