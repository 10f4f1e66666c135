"""Composition root: builds each part once and joins them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from sila_ot2 import sila
from sila_ot2.config import Settings, SettingsInvalid
from sila_ot2.driver.acts import Acts
from sila_ot2.driver.analyses import Analyses
from sila_ot2.driver.claim import Claims
from sila_ot2.driver.commands import Commands
from sila_ot2.driver.data_files import DataFiles
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.live_picture import LivePicture
from sila_ot2.driver.notifications import Notifications
from sila_ot2.driver.offsets import Offsets
from sila_ot2.driver.protocol_files import UploadLimits
from sila_ot2.driver.protocols import Protocols
from sila_ot2.driver.queued_runs import QueuedRuns
from sila_ot2.driver.run_actions import RunActions
from sila_ot2.driver.run_book import RunBook
from sila_ot2.driver.run_log import RunLogs
from sila_ot2.driver.run_plans import RunPlans
from sila_ot2.driver.runs import Runs
from sila_ot2.driver.session import Session
from sila_ot2.driver.session_setup import SessionSetup
from sila_ot2.driver.start_permission import Policy, StartPermission
from sila_ot2.driver.turn import Turn
from sila_ot2.driver.watcher import Intervals, Watcher
from sila_ot2.errors import OT2Fault
from sila_ot2.generated import definition
from sila_ot2.implementations.admission import Implementation, TurnAdmission, identifier_of, protected_commands
from sila_ot2.implementations.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.implementations.calibration_provider import CalibrationProvider
from sila_ot2.implementations.device_information_provider import DeviceInformationProvider
from sila_ot2.implementations.device_lighting import DeviceLighting
from sila_ot2.implementations.device_status_provider import DeviceStatusProvider
from sila_ot2.implementations.module_provider import ModuleProvider
from sila_ot2.implementations.pipette_provider import PipetteProvider
from sila_ot2.implementations.protocol_service import ProtocolService
from sila_ot2.implementations.run_controller import RunController
from sila_ot2.robot.client import RobotClient
from sila_ot2.sila.addresses import served_at
from sila_ot2.sila.announcer import Announcer
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.database import open_database
from sila_ot2.store.journal import Journal
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.ownership import own
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.runs import RunArchive
from sila_ot2.store.unlocking import UnlockDesk

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


def build(settings: Settings) -> OT2Server:
    """Build the server of one robot; nothing is connected or announced before `OT2Server.start`."""
    return OT2Server(settings)


class OT2Server:
    """The SiLA server of one robot, and all it stands on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        directory = settings.robot_directory
        self._served = served_at(settings.server.address)
        try:
            self._identity = sila.load_identity(
                directory / "identity",
                name=settings.server.name or settings.default_server_name,
                hosts=self._served.hosts,
                certificate_file=settings.tls.certificate,
                key_file=settings.tls.key,
                ca_file=settings.tls.ca,
            )
        except ValueError as unfit:
            raise SettingsInvalid(f"tls: {unfit}") from unfit
        if settings.server.name and settings.server.name != self._identity.name:
            self._identity = self._identity.renamed(settings.server.name)
        self._own_certificate = directory / "identity" / "server.crt"
        self._announcer: Announcer | None = None

        self._ownership = own(directory)
        self._engine = open_database(directory)
        journal = Journal(self._engine)
        self._robot = RobotClient(settings.robot.url)
        self._acts = Acts(self._robot, journal)
        claims = Claims(self._robot, journal, self._acts)
        turn = Turn()
        lights = RailLights(self._robot)

        library = ProtocolLibrary(self._engine, directory)
        analysis_store = AnalysisStore(self._engine, library)
        archive = RunArchive(self._engine, directory, keep=settings.runs.archive_length)
        self._protocols = Protocols(
            self._robot,
            library,
            analysis_store,
            archive,
            limits=UploadLimits(round(settings.protocols.largest_upload_mb * 1e6), settings.protocols.most_files),
        )
        data_files = DataFiles(self._robot, DataFileLibrary(self._engine, directory), archive)
        analyses = Analyses(
            self._robot,
            self._protocols,
            data_files,
            analysis_store,
            default_timeout_s=settings.protocols.analysis_timeout_s,
        )
        plans = RunPlans(self._robot, analyses, archive)
        offsets = Offsets(OffsetStore(self._engine))
        book = RunBook(
            self._robot, claims, archive, plans, offsets, library, history_length=settings.runs.history_length
        )
        self._watcher = Watcher(
            self._robot,
            claims,
            self._acts,
            book,
            intervals=Intervals(
                active_s=settings.runs.active_interval_s,
                idle_s=settings.runs.idle_interval_s,
                equipment_s=settings.runs.equipment_interval_s,
                slow_s=settings.runs.slow_interval_s,
                most_per_s=settings.runs.most_readings_per_s,
            ),
            read_lights=lights.refresh,
        )
        self._notifications = Notifications(
            self._robot,
            settings.robot_host,
            self._watcher.hint,
            port=settings.notifications.port,
            enabled=settings.notifications.enabled,
        )
        self._watcher.notifications_arrive = self._notifications.arrive
        self._watcher.on_connect.append(self._notifications.listen)
        self._watcher.on_connect.append(self._protocols.refresh)
        actions = RunActions(
            self._robot, self._acts, claims, book, self._watcher, stop_timeout_s=settings.runs.stop_timeout_s
        )
        policy = Policy(
            displace_idle_runs=settings.runs.displace_idle_runs,
            require_calibration=settings.runs.require_calibration,
        )
        self._runs = Runs(
            self._robot,
            self._acts,
            claims,
            self._watcher,
            book,
            actions,
            self._protocols,
            analyses,
            plans,
            offsets,
            policy=policy,
            analysis_wait_s=settings.protocols.analysis_wait_s,
        )

        commands = Commands(self._robot, self._acts)
        session = Session(
            self._robot,
            self._acts,
            claims,
            commands,
            displace_idle=settings.runs.displace_idle_runs,
            door=lambda: self._watcher.snapshot.value.equipment.door,
        )
        queued = QueuedRuns(self._robot, self._acts, claims, commands, session, self._runs, actions)
        atomic = AtomicLiquidHandling(
            session,
            SessionSetup(session, self._robot),
            queued,
            allow_raw_commands=settings.session.allow_raw_commands,
        )
        lighting = DeviceLighting(lights)
        run_controller = RunController(
            self._protocols,
            self._runs,
            actions,
            RunLogs(self._robot, book, archive),
            self._watcher,
            book,
            StartPermission(self._watcher, claims, turn, book, analyses, policy=policy),
        )
        acting: list[Implementation] = [
            atomic,
            ProtocolService(self._protocols, data_files, analyses, plans),
            run_controller,
        ]
        picture = LivePicture(
            self._watcher,
            self._notifications,
            claims,
            self._acts,
            turn,
            displace_idle=settings.runs.displace_idle_runs,
        )
        showing: list[Implementation] = [
            DeviceInformationProvider(picture.machine),
            DeviceStatusProvider(picture),
            PipetteProvider(picture.machine),
            CalibrationProvider(picture.machine),
            ModuleProvider(picture.machine),
        ]
        implementations = [*acting, lighting, *showing]
        lock = sila.LockController(protected=protected_commands(implementations))
        self._unlock_desk = UnlockDesk(directory, lock.break_lock)
        features = [
            sila.FeatureBinding(definition(identifier_of(implementation)), implementation)
            for implementation in implementations
        ]
        if settings.lock.enabled:
            features.append(sila.FeatureBinding(definition("LockController"), lock))
        features += [
            sila.FeatureBinding(definition("CancelController"), sila.CancelController()),
            sila.FeatureBinding(definition("PauseController"), sila.PauseController()),
        ]
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
            admission=sila.InTurn(lock, TurnAdmission(turn, acting), TurnAdmission(Turn(), [lighting])),
            public_errors=(OT2Fault,),
            on_rename=self._rename,
            interrupts=run_controller.INTERRUPTS,
        )

    def start(self) -> None:
        """Serve, and announce it if discovery is enabled; the robot need not be there.

        Raises:
            OSError: the port is taken, or the address is not one of this computer.
        """
        settings = self._settings
        port = self._sila.start(
            settings.server.address, settings.server.port, self._identity if settings.tls.enabled else None
        )
        self._watcher.start()
        self._unlock_desk.start()
        if settings.tls.enabled and settings.tls.export_ca:
            settings.tls.export_ca.write_bytes(self._identity.ca)
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
        self._runs.close()
        self._protocols.close()
        self._acts.close()
        self._sila.stop(GRACE_S)
        self._unlock_desk.stop()
        self._notifications.stop()
        self._watcher.stop()
        self._robot.close()
        self._engine.dispose()
        self._ownership.release()

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

    def _rename(self, name: str) -> None:
        self._identity = self._identity.renamed(name)
        if self._announcer:
            self._announcer.rename(name)
