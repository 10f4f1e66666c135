"""The features of one robot, joined to its driver: all that clients see of a robot, and can do with it."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2 import sila
from sila_ot2.composition.driver import Driver
from sila_ot2.config import Settings
from sila_ot2.driver.camera.run_pictures import PicturesOfRuns
from sila_ot2.driver.deck.offsets.offset_export import OffsetExport
from sila_ot2.driver.maintenance.restart import RobotRestart
from sila_ot2.driver.maintenance.robot_at_rest import RobotAtRest
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.packages import RunPackages
from sila_ot2.driver.runs.run_files import RunFiles
from sila_ot2.driver.session.holders import holders
from sila_ot2.driver.worklists.later_use import LaterUses
from sila_ot2.driver.worklists.rest_of_run import RestsOfRuns
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
from sila_ot2.implementations.shown_runs import ShownRuns
from sila_ot2.implementations.turn_admission import Implementation, TurnAdmission
from sila_ot2.store.run_package import Signer


class RobotFeatures:
    """The features of one robot.

    Attributes:
        driver: the robot's.
        lock_holder: who has locked the server.
        rest: whether the robot is at rest.
        implementations: one for each feature, in the order in which they are served.
        features: the same as a set, with the admission that gives each command the turn that it needs.
    """

    def __init__(
        self,
        driver: Driver,
        settings: Settings,
        signer: Signer,
        lock_holder: Callable[[], sila.LockHolder | None],
        stands_in_for: RobotFeatures | None = None,
    ) -> None:
        """Build them.

        Args:
            driver: of the robot.
            settings: of the server.
            signer: signs the packages of runs.
            lock_holder: who has locked the server.
            stands_in_for: the features of the robot that a simulated one stands in for; StopNow then stops both.
        """
        self.driver, self.lock_holder = driver, lock_holder
        self.rest = RobotAtRest(
            driver.robot,
            driver.ownership,
            driver.safety_stop,
            driver.handovers,
            driver.tips_left_behind,
            driver.unended_waits,
        )
        state, modules = driver.monitor.state, driver.modules
        restart = RobotRestart(
            driver.robot,
            driver.request_log,
            driver.monitor,
            self.rest,
            lambda: modules.profiles.require_none(""),
            look_ups=driver.look_ups,
        )
        self.safety_stop: OT2SafetyStopController = OT2SafetyStopController(
            driver.safety_stop, driver.stop_now, stands_in_for.safety_stop if stands_in_for else None
        )
        hold = settings.recovery.hold_commands
        remedies = Remedies(
            driver.recovery,
            state,
            driver.session,
            driver.reconciliation,
            driver.uncertain_tips,
            driver.tips,
            hold=hold,
        )
        stores = driver.stores
        packages = RunPackages(driver.archive, stores.protocols, stores.analyses, stores.data_file_library, signer)
        acting: list[Implementation] = [
            AtomicLiquidHandling(
                driver.session,
                driver.session_loading,
                driver.reconciliation,
                driver.queued_runs,
                driver.uncertain_tips,
                state.derive(lambda state: state.machine),
                modules.switch_off,
                remedies,
                liquid_classes=driver.liquid_classes,
                allow_raw_commands=settings.session.allow_raw_commands,
                simulated=driver.simulated,
            ),
            ProtocolService(driver.protocols, driver.data_files, driver.analyses, driver.estimates),
            RunController(
                driver.protocols,
                driver.runs,
                driver.release,
                driver.run_logs,
                packages,
                RunFiles(driver.robot),
                remedies,
                ShownRuns(state, driver.registry, driver.start_permission),
            ),
            self.safety_stop,
            LabwareTransferSiteController(driver.labware_transfer),
            OT2InitializationController(driver.initialization),
            OT2MaintenanceController(driver.maintenance, driver.parking, restart),
            OT2WorkflowService(
                driver.text_requests,
                driver.runs,
                driver.queued_runs,
                driver.registry,
                state,
                remedies,
                RestsOfRuns(driver.archive, driver.analyses, _later_uses(driver)),
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
        self.implementations: list[Implementation] = [
            *acting,
            lighting,
            ErrorRecoveryService(driver.recovery),
            OT2InformationProvider(state),
            OT2StatusProvider(
                state,
                driver.notifications.source,
                lambda: driver.monitor.latency_s,
                lambda: holders(state.value, driver.turn.command, driver.session.state.value),
                lock_holder,
                displace_idle=settings.runs.displace_idle_runs,
                simulated=driver.simulated,
            ),
            OT2TipTrackingService(driver.tips, driver.deck_policy),
            OT2PipetteProvider(state),
            OT2CalibrationProvider(state),
            OT2ModuleProvider(state, modules.history),
            OT2DeckPictureProvider(driver.deck_picture),
            OT2LabwareDefinitionService(driver.definitions),
            OT2LabwareOffsetService(
                driver.offsets, OffsetExport(driver.robot, driver.offsets, driver.ownership.identity.ask)
            ),
            OT2DeckService(driver.handovers, driver.deck),
            ParameterConstraintsProvider(
                state, driver.session.deck_state, driver.handovers.delivered, driver.protocols.entries
            ),
            OT2LogService(driver.diagnostics),
            camera,
        ]
        self.features = sila.FeatureSet(
            {implementation.FEATURE: implementation for implementation in self.implementations},
            # Lights and pictures move nothing: a blink and a movie have turns of their own.
            sila.InTurn(
                TurnAdmission(driver.turn, acting, has_started=driver.request_keys.has_started),
                TurnAdmission(Turn(), [lighting]),
                TurnAdmission(Turn(), [camera]),
            ),
            simulated=driver.simulated,
        )

    def start(self) -> None:
        """Begin to watch the robot."""
        self.driver.run_moments.start()
        self.driver.monitor.start()

    def stop(self) -> None:
        """Stop watching the robot, and close everything."""
        self.safety_stop.close()
        self.driver.stop()


def _later_uses(driver: Driver) -> LaterUses:
    """Return what notes from now on what follows the ends of runs."""
    later = LaterUses(
        driver.archive,
        driver.registry,
        driver.tips,
        driver.request_log,
        driver.queued_runs.last_steps,
        driver.session.state,
        driver.monitor.state,
    )
    driver.registry.on_begin.subscribe(later.follow)
    driver.monitor.on_run.subscribe(later.follow)
    driver.monitor.on_connect.subscribe(later.note_contact)
    driver.ownership.on_app_work.subscribe(later.note_app_work)
    return later
