"""Composition root: builds each part once and joins them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from sila_ot2 import sila
from sila_ot2.access import Access
from sila_ot2.composition import Driver
from sila_ot2.config import Settings, SettingsInvalid
from sila_ot2.driver.camera.run_archive import PicturesOfRuns
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.timing import Timing
from sila_ot2.errors import OT2Fault
from sila_ot2.generated import definition
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.implementations.device_lighting import DeviceLighting
from sila_ot2.implementations.error_recovery_service import ErrorRecoveryService
from sila_ot2.implementations.labware_transfer_site_controller import LabwareTransferSiteController
from sila_ot2.implementations.ot2_calibration_provider import OT2CalibrationProvider
from sila_ot2.implementations.ot2_camera_service import OT2CameraService
from sila_ot2.implementations.ot2_deck_picture_provider import OT2DeckPictureProvider
from sila_ot2.implementations.ot2_deck_service import OT2DeckService
from sila_ot2.implementations.ot2_heater_shaker_controller import OT2HeaterShakerController
from sila_ot2.implementations.ot2_information_provider import OT2InformationProvider
from sila_ot2.implementations.ot2_initialization_controller import OT2InitializationController
from sila_ot2.implementations.ot2_labware_definition_service import OT2LabwareDefinitionService
from sila_ot2.implementations.ot2_labware_offset_service import OT2LabwareOffsetService
from sila_ot2.implementations.ot2_log_service import OT2LogService
from sila_ot2.implementations.ot2_magnetic_module_controller import OT2MagneticModuleController
from sila_ot2.implementations.ot2_maintenance_controller import OT2MaintenanceController
from sila_ot2.implementations.ot2_module_provider import OT2ModuleProvider
from sila_ot2.implementations.ot2_pipette_provider import OT2PipetteProvider
from sila_ot2.implementations.ot2_safety_stop_controller import OT2SafetyStopController
from sila_ot2.implementations.ot2_status_provider import OT2StatusProvider
from sila_ot2.implementations.ot2_temperature_module_controller import OT2TemperatureModuleController
from sila_ot2.implementations.ot2_thermocycler_controller import OT2ThermocyclerController
from sila_ot2.implementations.ot2_tip_tracking_service import OT2TipTrackingService
from sila_ot2.implementations.ot2_workflow_service import OT2WorkflowService
from sila_ot2.implementations.parameter_constraints_provider import ParameterConstraintsProvider
from sila_ot2.implementations.protocol_service import ProtocolService
from sila_ot2.implementations.run_controller import RunController
from sila_ot2.implementations.turn_admission import (
    Implementation,
    TurnAdmission,
    identifier_of,
    interrupting_commands,
    protected_commands,
)
from sila_ot2.reporting import Reporting
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
        self.driver = driver = Driver(settings, timing, self._reporting.observe)

        state, modules = driver.monitor.state, driver.modules
        acting: list[Implementation] = [
            AtomicLiquidHandling(
                driver.session,
                driver.queued_runs,
                driver.uncertain_tips,
                state.derive(lambda state: state.machine),
                driver.modules.switch_off,
                driver.recovery,
                liquid_classes=driver.liquid_classes,
                allow_raw_commands=settings.session.allow_raw_commands,
            ),
            ProtocolService(driver.protocols, driver.data_files, driver.analyses, driver.estimates),
            RunController(
                driver.protocols,
                driver.runs,
                driver.actions,
                driver.release,
                driver.run_logs,
                state,
                driver.registry,
                driver.start_permission,
                driver.packages,
                Signer(str(self._identity.uuid), self._identity.private_key, self._identity.certificate_chain),
                driver.recovery,
            ),
            OT2SafetyStopController(driver.safety_stop, driver.stop_now),
            LabwareTransferSiteController(driver.labware_transfer),
            OT2InitializationController(driver.initialization),
            OT2MaintenanceController(driver.maintenance, driver.restart),
            OT2WorkflowService(
                driver.protocols,
                driver.data_files,
                driver.text_requests,
                driver.runs,
                driver.actions,
                driver.queued_runs,
                driver.registry,
                state,
                driver.recovery,
                displace_idle=settings.runs.displace_idle_runs,
            ),
            OT2TemperatureModuleController(state, modules.set_points, modules.waits),
            OT2HeaterShakerController(state, modules.set_points, modules.gantry_commands, modules.waits),
            OT2ThermocyclerController(
                state, modules.set_points, modules.gantry_commands, modules.waits, modules.profiles
            ),
            OT2MagneticModuleController(state, modules.set_points, driver.session.deck_state),
        ]
        lighting = DeviceLighting(driver.lights)
        camera = OT2CameraService(driver.camera, driver.movies, PicturesOfRuns(driver.archive))
        implementations = [
            *acting,
            lighting,
            ErrorRecoveryService(driver.recovery),
            OT2InformationProvider(state),
            OT2StatusProvider(
                state,
                driver.notifications.source,
                lambda: driver.monitor.latency_s,
                displace_idle=settings.runs.displace_idle_runs,
            ),
            OT2TipTrackingService(driver.tips, driver.deck_policy),
            OT2PipetteProvider(state),
            OT2CalibrationProvider(state),
            OT2ModuleProvider(state, modules.history),
            OT2DeckPictureProvider(driver.deck_picture),
            OT2LabwareDefinitionService(driver.definitions),
            OT2LabwareOffsetService(driver.offsets),
            OT2DeckService(driver.handovers, driver.deck),
            ParameterConstraintsProvider(
                state, driver.session.deck_state, driver.handovers.delivered, driver.protocols.entries
            ),
            OT2LogService(driver.diagnostics),
            camera,
        ]
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

        sila.use_compile_cache(directory / "compiled")
        features = [sila.FeatureBinding(definition(identifier_of(one)), one) for one in implementations]
        if settings.lock.enabled:
            features.append(sila.FeatureBinding(definition("LockController"), lock))
        pausing = sila.PauseController(lambda: state.value.own_run_is_paused)
        features += [
            sila.FeatureBinding(definition("CancelController"), sila.CancelController()),
            sila.FeatureBinding(definition("PauseController"), pausing),
        ]
        connections = self._build_connections(directory)
        if settings.outbound.enabled:
            configuration = sila.ConnectionConfigurationService(connections)
            features.append(sila.FeatureBinding(definition("ConnectionConfigurationService"), configuration))
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
            # Lights and pictures move nothing: a blink and a movie have turns of their own.
            admission=sila.InTurn(
                access.admission,
                lock,
                TurnAdmission(driver.turn, acting, has_started=driver.request_keys.has_started),
                TurnAdmission(Turn(), [lighting]),
                TurnAdmission(Turn(), [camera]),
            ),
            public_errors=(OT2Fault,),
            spool_directory=directory / "spool",
            on_rename=self._rename,
            health=settings.grpc.health,
            reflection=settings.grpc.reflection,
            connections=connections,
            recorder=self._reporting.recorder(access.user_of),
            interrupts=interrupting_commands(implementations),
        )

        state.derive(lambda state: state.reachable).subscribe(
            lambda reachable: self._sila.report_health(
                [implementation.FEATURE for implementation in implementations], serving=reachable
            )
        )

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
        self.driver.run_moments.start()
        self._reporting.watch(self.driver, self._sila)
        self.driver.monitor.start()
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
        if self._announcer:
            self._announcer.stop()
        self.driver.let_go()
        self._sila.stop(GRACE_S)
        self._operator_requests.stop()
        self.driver.stop()
        self._reporting.stop()
        self._directory_lock.release()

    @property
    def is_alive(self) -> bool:
        """Whether the robot is still being watched; a server that does not watch it any more must be restarted."""
        return self.driver.monitor.is_alive

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
