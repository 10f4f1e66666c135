"""The driver of one robot, composed: every part below the SiLA server is built here, once, and connected."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.config import Settings
from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.moments import RunMoments
from sila_ot2.driver.camera.movie import MovieCamera
from sila_ot2.driver.camera.protocol_pictures import ProtocolPictures
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.driver.deck.state.deck_state import uncertain_liquid
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.deck_picture.deck_picture import DeckPicture
from sila_ot2.driver.labware_transfer.labware_transfer import LabwareTransfer, TransferPolicy
from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.logs.diagnostics import Diagnostics
from sila_ot2.driver.logs.event_log import log_events
from sila_ot2.driver.logs.recent_lines import RecentLines
from sila_ot2.driver.maintenance.initialization import Initialization
from sila_ot2.driver.maintenance.maintenance import RobotMaintenance
from sila_ot2.driver.modules.active_parts import read_active_parts
from sila_ot2.driver.modules.module_control import ModuleControl
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.notifications import Notifications
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.ownership.app_work import require_clearing_allowed
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import OtherRobot, RobotIdentity
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.protocols.analyses import Analyses
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.files import UploadLimits
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.packages import RunPackages
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.start_permission import Policy, StartPermission
from sila_ot2.driver.runs.stop_now import StopNow
from sila_ot2.driver.runs.text_requests import TextRequests
from sila_ot2.driver.session.deck_following import follow_decks
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.archive.log import RunLogs
from sila_ot2.driver.tracking.archive.run_decks import DecksOfRuns
from sila_ot2.driver.tracking.left_behind.ended_runs import EndedRuns
from sila_ot2.driver.tracking.left_behind.maintenance_tips import MaintenanceTips
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.foreign_actions import ForeignActions
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.driver.worklists.last_steps import LastSteps
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.transport import Observe
from sila_ot2.store.stores import Stores
from sila_ot2.tables import liquid_classes, transfer_lists


class Driver:
    """Everything below the implementations, built once and connected; nothing is sent before `start`."""

    def __init__(
        self, settings: Settings, timing: Timing, directory: Path, observe: Observe, *, simulated: bool = False
    ) -> None:
        """Build it.

        Args:
            settings: of the server; the robot is at `robot.url`.
            timing: how long the robot is waited for.
            directory: where everything about this robot is kept.
            observe: observes the requests to the robot.
            simulated: whether it is the simulated robot that stands in for another one, as its records then say.
        """
        self.simulated, self.look_ups = simulated, timing.look_ups
        self.liquid_classes = liquid_classes(settings)
        self._stores = stores = Stores(directory, archive_length=settings.runs.archive_length)
        self.archive, self.central_copies = stores.runs, stores.central_copies
        self.simulation_mode = stores.simulation_mode
        self.robot = RobotClient(settings.robot.url, timeouts=timing.timeouts, observe=observe)
        self.safety_stop = SafetyStop(stores.safety_stop)
        self.handovers = Handovers(stores.handovers, overdue_after_s=settings.handover.overdue_after_s)
        self.request_log = RequestLog(
            self.robot,
            stores.journal,
            look_ups=timing.look_ups,
            require_released=self.safety_stop.require_released,
            require_motion_allowed=self._require_motion_allowed,
            require_clearing_allowed=lambda: require_clearing_allowed(self.ownership.read_app_work()),
        )
        self.identity = RobotIdentity(self.robot, stores.robot_serial)
        self.ownership = Ownership(self.robot, stores.journal, self.request_log, self.identity)
        self.turn = Turn(self.safety_stop.begin_command, self.safety_stop.end_command, self.handovers.pending)
        self.ownership.requester = lambda: self.turn.requester
        self.lights = RailLights(self.robot)
        self.maintenance = RobotMaintenance(
            self.robot,
            self.ownership,
            lambda: self.unended_waits.require_none(),
            changeable=settings.maintenance.changeable_settings,
        )
        self._build_protocols(settings)
        self._build_monitor(settings)
        self._build_runs(settings)
        self._build_session(settings)
        self._build_modules(settings)
        self._recent_lines = RecentLines()
        self._recent_lines.attach()
        self.diagnostics = Diagnostics(
            self.robot, self.monitor.state, self.archive, self._recent_lines, settings.model_dump(mode="json")
        )
        self.camera = Camera(self.robot, self.lights)
        self.movies = MovieCamera(self.camera, self.lights)
        pictures, lights_on = settings.camera.run_pictures, settings.camera.lights_on
        self.run_moments = RunMoments(
            self.camera,
            self.archive.pictures,
            ProtocolPictures(self.robot, self.archive.pictures),
            self.monitor.state,
            pictures,
            lights_on=lights_on,
        )
        log_events(self.monitor.state, self.session.state, self.registry.on_end, settings.robot.url)

    def _require_motion_allowed(self) -> None:
        self.unended_waits.require_none()
        self.handovers.require_still()

    def _build_protocols(self, settings: Settings) -> None:
        stores = self._stores
        self.definitions = DefinitionLibrary(stores.definitions)
        self.protocols = Protocols(
            self.robot,
            stores.protocols,
            stores.analyses,
            self.archive,
            self.definitions,
            limits=UploadLimits(round(settings.protocols.largest_upload_mb * 1e6), settings.protocols.most_files),
        )
        self.data_files = DataFiles(self.robot, stores.data_file_library, self.archive)
        self.packages = RunPackages(self.archive, stores.protocols, stores.analyses, stores.data_file_library)
        self.analyses = Analyses(
            self.robot,
            self.protocols,
            self.data_files,
            stores.analyses,
            default_timeout_s=settings.protocols.analysis_timeout_s,
        )
        self.estimates = RunEstimates(self.robot, self.analyses, self.archive)
        self.offsets = Offsets(self.robot, stores.offsets, stores.robot_serial.read)
        self.tips = TipStock(stores.tip_racks, KnownLabware(self.definitions.find))
        self.deck = KnownDeck(stores.deck_slots, self.tips, self.handovers)
        self.registry = RunRegistry(
            self.robot,
            self.ownership,
            self.archive,
            self.estimates,
            self.offsets,
            stores.protocols,
            ForeignActions(stores.journal),
            self.tips,
            stores.journal,
            history_length=settings.runs.history_length,
            read_active_parts=lambda: read_active_parts(self.robot, self.monitor.state),
            simulated=self.simulated,
        )
        self.decks_of_runs = DecksOfRuns(self.registry, self.archive.decks, self.deck)
        doubts = stores.uncertain_tips
        self.uncertain_tips = UncertainTips(doubts)
        self.ownership.on_app_work.append(MaintenanceTips(self.robot, self.uncertain_tips, doubts, self.tips).follow)
        self.ended_runs = EndedRuns(self.robot, self.uncertain_tips, doubts, self.registry.collect)
        self.ended_runs.on_unreadable.append(self.tips.lose)
        self.unended_waits = UnendedWaits(self.robot, doubts)
        self.ended_runs.on_list.append(self.unended_waits.look)
        self.registry.on_end.append(self.ended_runs.note)

    def _build_monitor(self, settings: Settings) -> None:
        self.monitor = Monitor(
            self.robot,
            self.ownership,
            self.request_log,
            self.registry,
            self.turn,
            self.uncertain_tips,
            self.safety_stop,
            self.handovers,
            intervals=Intervals(
                active_s=settings.runs.active_interval_s,
                idle_s=settings.runs.idle_interval_s,
                equipment_s=settings.runs.equipment_interval_s,
                slow_s=settings.runs.slow_interval_s,
                most_per_s=settings.runs.most_readings_per_s,
            ),
            read_lights=self.lights.refresh,
            read_settings=self.maintenance.refresh,
        )
        incidents = self.registry.incidents
        self.monitor.machine.on_modules.append(lambda modules: incidents.note(modules.value, modules.at))
        self.notifications = Notifications(
            self.robot,
            settings.robot_host,
            self.monitor.notify,
            port=settings.notifications.port,
            enabled=settings.notifications.enabled,
        )
        self.monitor.notifications_arrive = self.notifications.arrive
        self.monitor.on_connect += [self.notifications.listen, self.protocols.refresh, self.ended_runs.read_anew]
        self.monitor.on_run += [self.ended_runs.follow, self.unended_waits.follow]
        self.monitor.on_start_of_robot.append(self.unended_waits.note_start_of_robot)
        self.unended_waits.current.subscribe(self.monitor.note_unended_waits)

    def _build_runs(self, settings: Settings) -> None:
        self.actions = RunActions(
            self.robot,
            self.request_log,
            self.ownership,
            self.registry,
            self.monitor,
            stop_timeout_s=settings.runs.stop_timeout_s,
        )
        self._policy = policy = Policy(
            displace_idle_runs=settings.runs.displace_idle_runs, require_calibration=settings.runs.require_calibration
        )
        self.deck_policy = DeckPolicy(**settings.deck.model_dump())
        agreement = DeckAgreement(self.tips, self.deck.slots, self.deck_policy)
        self.request_keys = RequestKeys(self._stores.journal, self.registry)
        self.text_requests = TextRequests(self.protocols, self.data_files, self.request_keys)
        self.runs = Runs(
            self.robot,
            self.request_log,
            self.ownership,
            self.monitor,
            self.registry,
            self.actions,
            RunPreparation(
                self.robot,
                self.protocols,
                self.analyses,
                self.estimates,
                self.offsets,
                self.tips,
                analysis_wait_s=settings.protocols.analysis_wait_s,
            ),
            self.request_keys,
            self.uncertain_tips,
            self.ended_runs,
            self.safety_stop,
            self.unended_waits,
            agreement,
            policy=policy,
        )
        self.run_logs = RunLogs(self.robot, self.registry, self.archive, self.tips)
        self.start_permission = StartPermission(
            self.monitor.state, self.registry, self.analyses, agreement, policy=policy
        )

    def _build_session(self, settings: Settings) -> None:
        commands = RunCommands(self.robot)
        labware_offsets = self.offsets.for_session if settings.session.use_stored_offsets else list
        self.session = Session(
            self.robot,
            self.request_log,
            self.ownership,
            commands,
            self.definitions,
            uncertain_tips=self.uncertain_tips,
            stock=self.tips,
            ended=self.ended_runs,
            displace_idle=settings.runs.displace_idle_runs,
            refuse_small_volumes=settings.session.refuse_small_volumes,
            liquid_rules=self.deck_policy.liquid_rules,
            handovers=self.handovers,
            labware_offsets=labware_offsets,
        )
        at_work = CommandsAtWork(self.robot, self.ownership, self.turn, session_is_at_work=self.session.is_at_work)
        self.stop_now = StopNow(
            self.robot,
            self.safety_stop,
            self.request_log,
            self.ownership,
            self.actions,
            self.turn,
            self.ended_runs,
            self.monitor,
            at_work,
        )
        self.release = RunRelease(
            self.request_log,
            self.ownership,
            self.actions,
            self.session.close,
            self.registry,
            self.ended_runs,
            self.turn,
            self.monitor,
            self.handovers,
            at_work,
        )
        self.deck_picture = DeckPicture(
            self.robot, self.session.state, self.session.deck_state, self.monitor.state, self.definitions, self.deck
        )
        self.monitor.on_run.append(self.session.follow)
        follow_decks(self.deck, self.decks_of_runs, self.session, self.monitor, self.ownership)
        self.session.deck_state.derive(uncertain_liquid).subscribe(self.monitor.note_uncertain_liquid)
        self.session.last.subscribe(
            lambda outcome: self.monitor.report_command(outcome.fault) if outcome and outcome.fault else None
        )
        self.initialization = Initialization(
            self.robot, self.session, self.release, self.safety_stop, self.uncertain_tips, policy=self._policy
        )
        handover = settings.handover
        self.parking = GantryParking(self.robot, self.session, self.safety_stop, self.uncertain_tips)
        self.labware_transfer = LabwareTransfer(
            self.session,
            self.handovers,
            self.parking,
            self.definitions,
            self.ownership,
            self.deck.slots,
            policy=TransferPolicy(handover.positions, handover.prepare_timeout_s, handover.parked_in_front),
        )
        self.ownership.current.subscribe(self.labware_transfer.follow_owner)
        self.queued_runs = QueuedRuns(
            self.robot,
            self.request_log,
            self.ownership,
            commands,
            self.session,
            self.runs,
            self.actions,
            self.uncertain_tips,
            self.ended_runs,
            self.request_keys,
            LastSteps(self._stores.last_steps),
            transfer_lists(settings),
            labware_offsets,
            self.liquid_classes,
        )
        self.recovery = Recovery(self.monitor.state, self.actions.resume, self.monitor.wake)

    def _build_modules(self, settings: Settings) -> None:
        self.modules = ModuleControl(
            self.robot,
            self.request_log,
            self.ownership,
            self.monitor,
            self.session,
            self.uncertain_tips,
            self.ended_runs,
            self.safety_stop,
            self._stores.engine,
            switch_off_after=settings.modules.switch_off_after,
            longest_gap_s=3 * settings.runs.equipment_interval_s,
        )
        self.registry.on_end.append(self.modules.switch_off.after_run)

    def accept_robot(self) -> OtherRobot | None:
        """Work with the robot that answers from now on; returns it, or None if it is the same anyway."""
        other = self.identity.accept(self._forget_robot)
        self.offsets.notify()
        return other

    def _forget_robot(self) -> None:
        self.request_log.reconcile("another robot was accepted")
        self.tips.forget()
        self.deck.forget()
        self.ended_runs.forget("Another robot was accepted, and nobody has looked at its pipettes since.")

    def let_go(self) -> None:
        """End what waits for the robot without stopping anything: a run on the robot goes on."""
        self.handovers.close()
        self.modules.profiles.close()
        self.runs.close()
        self.protocols.close()
        self.request_log.close()

    def stop(self) -> None:
        """Stop watching the robot, and close everything."""
        self.notifications.stop()
        self.run_moments.stop()
        self._recent_lines.detach()
        self.monitor.stop()
        self.robot.close()
        self._stores.engine.dispose()
