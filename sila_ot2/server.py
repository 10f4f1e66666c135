"""Composition root: builds each part once and joins them."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from sila_ot2 import sila
from sila_ot2.access import Access
from sila_ot2.composition.driver import Driver
from sila_ot2.config import Settings, SettingsInvalid
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.errors import OT2Fault
from sila_ot2.generated import DESCRIPTORS, definition
from sila_ot2.implementations.simulation_controller import SimulationController
from sila_ot2.implementations.turn_admission import identifier_of, interrupting_commands, protected_commands
from sila_ot2.modes import Modes
from sila_ot2.reporting import Reporting
from sila_ot2.robot_features import RobotFeatures
from sila_ot2.sila.discovery.addresses import require_free, served_at
from sila_ot2.sila.discovery.announcer import Announcer
from sila_ot2.store.directory_lock import StateDirectoryLock
from sila_ot2.store.operator_requests import ACCEPT_ROBOT, UNLOCK, OperatorRequests
from sila_ot2.store.run_package import Signer
from sila_ot2.store.unusable import StateUnusable

log = logging.getLogger(__name__)

SERVER_TYPE = "OpentronsOT2"
DESCRIPTION = "Runs protocols and single commands on an Opentrons OT-2 liquid handling robot."
VENDOR_URL = "https://opentrons.com/robots/ot-2"
GRACE_S = 3.0
"""How long running commands and open streams get to end when the server stops."""


@dataclass(frozen=True)
class Description:
    """What a running server says of itself."""

    name: str
    uuid: UUID
    address: str
    port: int
    fingerprint: str | None
    """SHA-256 of the certificate; None without encryption."""
    ca_file: Path | None
    """PEM file a client trusts the server by; None without encryption."""


def build(settings: Settings, timing: Timing | None = None) -> OT2Server:
    """Build the server of one robot; nothing is connected or announced before `OT2Server.start`."""
    return OT2Server(settings, timing or Timing())


class OT2Server:
    """The SiLA server of one robot."""

    def __init__(self, settings: Settings, timing: Timing) -> None:
        """Take the state directory and build every part; a failure leaves the disk as it was.

        Raises:
            StateUnusable: another server runs with the state directory, or its database cannot be used.
            OSError: the state directory cannot be written, the port is taken, or the address is not of this computer.
            SettingsInvalid: the certificate does not fit.
        """
        self._settings = settings
        self._served = served_at(settings.server.address)
        self._directory_lock = StateDirectoryLock(settings.robot_directory)
        try:
            require_free(settings.server.address, settings.server.port)
            self._build(settings, timing)
        except BaseException:
            self._directory_lock.undo()
            raise

    def _build(self, settings: Settings, timing: Timing) -> None:
        directory = settings.robot_directory
        self._own_certificate = directory / "identity" / "server.crt"
        self._identity = self._load_identity(directory / "identity")
        self._announcer: Announcer | None = None
        self._reporting = Reporting(settings, self._identity.uuid, lambda: self._identity.name)
        self.driver = driver = Driver(settings, timing, directory, self._reporting.observe)

        signer = Signer(str(self._identity.uuid), self._identity.private_key, self._identity.certificate_chain)
        robot = RobotFeatures(driver, settings, signer, lambda: lock.holder)
        self.modes = modes = Modes(settings, timing, robot, signer, self._report_health)
        controller = SimulationController(modes)
        implementations = [*robot.implementations, controller]
        self._features = [implementation.FEATURE for implementation in robot.implementations]
        protected = protected_commands(implementations) | {sila.RESUME} | sila.CONNECTION_COMMANDS
        lock = sila.LockController(protected=protected)
        self._operator_requests = OperatorRequests(
            directory,
            {
                UNLOCK: lambda reason: self._reporting.recorded(
                    UNLOCK,
                    reason,
                    "The lock is broken." if lock.break_lock(reason) else "The server was not locked.",
                ),
                ACCEPT_ROBOT: lambda reason: self._reporting.recorded(ACCEPT_ROBOT, reason, self._accept_robot(reason)),
            },
        )

        sila.use_compiled(DESCRIPTORS)
        features = [
            sila.FeatureBinding(definition(identifier_of(implementation)), served)
            for implementation, served in zip(implementations, [*modes.switch.implementations, controller], strict=True)
        ]
        if settings.lock.enabled:
            features.append(sila.FeatureBinding(definition("LockController"), lock))
        features += [
            sila.FeatureBinding(definition("CancelController"), sila.CancelController()),
            sila.FeatureBinding(
                definition("PauseController"),
                sila.PauseController(lambda: modes.state.own_run_is_paused),
            ),
        ]
        connections = self._build_connections(directory)
        if settings.outbound.enabled:
            features.append(
                sila.FeatureBinding(
                    definition("ConnectionConfigurationService"), sila.ConnectionConfigurationService(connections)
                )
            )
        access = Access(settings, self._identity.uuid, [feature.definition_xml for feature in features])
        features += access.features
        self._sila = sila.Server(
            sila.ServerInfo(
                name=self._identity.name,
                type=SERVER_TYPE,
                description=DESCRIPTION,
                version=version("sila-ot2"),
                vendor_url=VENDOR_URL,
                uuid=self._identity.uuid,
            ),
            features,
            limits=sila.Limits(**settings.limits.model_dump()),
            admission=sila.InTurn(access.admission, lock, modes.switch),
            public_errors=(OT2Fault,),
            spool_directory=directory / "spool",
            on_rename=self._rename,
            health=settings.grpc.health,
            reflection=settings.grpc.reflection,
            connections=connections,
            recorder=self._reporting.recorder(access.user_of),
            client_ca=settings.tls.client_ca.read_bytes() if settings.tls.client_ca else None,
            interrupts=interrupting_commands(implementations),
        )

        driver.monitor.state.derive(lambda state: state.reachable).subscribe(lambda _: self._report_health())

    def start(self) -> None:
        """Serve, and announce it if discovery is enabled; the robot need not be there.

        A failure stops the server, and leaves no directories that were not there before.

        Raises:
            PortUnusable: the port is taken.
            SettingsInvalid: the certificate cannot be written where `tls.export_ca` says.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            self._directory_lock.undo()
            raise

    def _start(self) -> None:
        settings = self._settings
        self._reporting.begin()
        if settings.tls.enabled and settings.tls.export_ca:
            self._export_certificate(settings.tls.export_ca)
        port = self._sila.start(
            settings.server.address, settings.server.port, self._identity if settings.tls.enabled else None
        )
        self._reporting.watch(self.driver, self._sila)
        self.modes.start()
        self._operator_requests.start()
        if settings.discovery.enabled:
            self._announcer = Announcer(
                uuid=self._identity.uuid,
                name=self._identity.name,
                description=DESCRIPTION,
                version=version("sila-ot2"),
                port=port,
                addresses=self._served.addresses,
                interfaces=settings.discovery.interfaces,
                ca=self._identity.ca if settings.tls.enabled else None,
            )
            self._announcer.start()

    def stop(self) -> None:
        """Take leave of the network, cancel what runs and end; a second time is harmless. A protocol run goes on."""
        with contextlib.ExitStack() as last_first:  # each step is taken also if one before it fails
            last_first.callback(self._directory_lock.release)
            last_first.callback(self._reporting.stop)
            last_first.callback(self.driver.stop)
            last_first.callback(self.modes.close)
            last_first.callback(self._operator_requests.stop)
            last_first.callback(self._sila.stop, GRACE_S)
            last_first.callback(self.modes.let_go)
            last_first.callback(self.driver.let_go)
            if self._announcer:
                last_first.callback(self._announcer.stop)

    @property
    def is_alive(self) -> bool:
        """Whether the robot is still being watched; a server that does not watch it any more must be restarted."""
        return self.driver.monitor.is_alive and self.modes.is_alive

    def describe(self) -> Description:
        """Say where the started server is and how a client trusts it."""
        tls = self._settings.tls
        return Description(
            name=self._identity.name,
            uuid=self._identity.uuid,
            address=self._settings.server.address,
            port=self._sila.port or 0,
            fingerprint=self._identity.fingerprint if tls.enabled else None,
            ca_file=(tls.ca or tls.certificate or self._own_certificate) if tls.enabled else None,
        )

    def _report_health(self) -> None:
        """Say whether the features of the robot that serves can be used now."""
        self._sila.report_health(self._features, serving=self.modes.state.reachable)

    def _export_certificate(self, file: Path) -> None:
        try:
            file.write_bytes(self._identity.ca)
        except OSError as error:
            raise SettingsInvalid(
                f"tls.export_ca: the certificate cannot be written to {file} ({error.strerror}). "
                "Name a file in a folder that exists and that you may write to."
            ) from error

    def _build_connections(self, directory: Path) -> sila.Connections:
        outbound = self._settings.outbound
        options = sila.ChannelOptions(
            identity=None if outbound.insecure else self._identity,
            ca=outbound.ca.read_bytes() if outbound.ca else None,
            keepalive_s=outbound.keepalive_s,
        )
        always = [sila.SiLAClient(f"{host}:{port}", host, port) for host, port in outbound.addresses]
        try:
            return sila.Connections(directory, always, options.open)
        except sila.IdentityDamaged as damaged:
            raise StateUnusable(str(damaged), remedy=damaged.remedy) from damaged

    def _load_identity(self, directory: Path) -> sila.Identity:
        settings = self._settings
        given = settings.server.name
        try:
            if given is not None:
                sila.check_name(given)
        except sila.NameUnfit as unfit:
            raise SettingsInvalid(f"server.name: {unfit}") from unfit
        try:
            identity = sila.load_identity(
                directory,
                name=given or settings.default_server_name,
                hosts=self._served.hosts,
                certificate_file=settings.tls.certificate,
                key_file=settings.tls.key,
                ca_file=settings.tls.ca,
            )
        except sila.IdentityDamaged as damaged:
            raise StateUnusable(str(damaged), remedy=damaged.remedy) from damaged
        except ValueError as unfit:
            raise SettingsInvalid(f"tls: {unfit}") from unfit
        return identity.renamed(given) if given and given != identity.name else identity

    def _accept_robot(self, reason: str) -> str:
        other = self.driver.accept_robot()
        if other is None:
            return "No other robot has answered: nothing was changed."
        log.warning("Robot %s was accepted: %s", other.found, reason)
        return (
            f"Robot {other.found} is accepted in place of robot {other.expected}. Look at its pipettes, then call "
            f"ReconcileState with Confirm."
        )

    def _rename(self, name: str) -> None:
        self._identity = self._identity.renamed(name)
        if self._announcer:
            self._announcer.rename(name)
