"""The robot as it is read, and everything that this server keeps of it."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.config import Settings
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.maintenance.maintenance import RobotMaintenance
from sila_ot2.driver.modules.active_parts import read_active_parts
from sila_ot2.driver.monitor.machine import MachineReader
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.notifications import Notifications
from sila_ot2.driver.monitor.published_state import PublishedState
from sila_ot2.driver.monitor.reachability import Reachability
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.monitor.slowness import Slowness
from sila_ot2.driver.ownership.app_work import require_clearing_allowed
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.protocols.analyses import Analyses
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.files import UploadLimits
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.driver.tracking.archive.run_decks import DecksOfRuns
from sila_ot2.driver.tracking.left_behind.maintenance_tips import MaintenanceTips
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.origins import RunOrigins
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.foreign_actions import ForeignActions
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.transport import Observe
from sila_ot2.store.stores import Stores
from sila_ot2.tables import liquid_classes


class MonitoredRobot:
    """What reads one robot and remembers it; nothing here moves it, and nothing is sent before it is started."""

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
        self.stores = stores = Stores(directory, archive_length=settings.runs.archive_length)
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

    def _require_motion_allowed(self) -> None:
        self.unended_waits.require_none()
        self.handovers.require_still()

    def _build_protocols(self, settings: Settings) -> None:
        stores = self.stores
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
            self.archive,
            RunOrigins(self.robot, self.ownership, stores.protocols, self.estimates, simulated=self.simulated),
            self.offsets,
            ForeignActions(stores.journal),
            self.tips,
            stores.journal,
            history_length=settings.runs.history_length,
            read_active_parts=lambda: read_active_parts(self.robot, self.monitor.state),
        )
        self.decks_of_runs = DecksOfRuns(self.registry, self.archive.decks, self.deck)
        doubts = stores.uncertain_tips
        self.uncertain_tips = UncertainTips(doubts)
        self.ownership.on_app_work.subscribe(MaintenanceTips(self.robot, self.uncertain_tips, doubts, self.tips).follow)
        self.tips_left_behind = TipsLeftBehind(self.robot, self.uncertain_tips, doubts, self.registry.collect)
        self.tips_left_behind.on_unreadable.subscribe(self.tips.lose)
        self.unended_waits = UnendedWaits(self.robot, doubts)
        self.tips_left_behind.on_list.subscribe(self.unended_waits.look)
        self.registry.on_end.subscribe(self.tips_left_behind.note)

    def _build_monitor(self, settings: Settings) -> None:
        intervals = Intervals(
            active_s=settings.runs.active_interval_s,
            idle_s=settings.runs.idle_interval_s,
            equipment_s=settings.runs.equipment_interval_s,
            slow_s=settings.runs.slow_interval_s,
            most_per_s=settings.runs.most_readings_per_s,
        )
        slowness = Slowness(self.robot)
        reachability = Reachability(slowness.is_expected)
        self.published_state = PublishedState(
            reachability.contact,
            self.ownership,
            self.request_log,
            self.turn,
            self.uncertain_tips,
            self.safety_stop,
            self.handovers,
        )
        machine = MachineReader(
            self.robot,
            read_lights=self.lights.refresh,
            read_settings=self.maintenance.refresh,
            poll_s=intervals.idle_s,
            equipment_s=intervals.equipment_s,
            slow_s=intervals.slow_s,
            on_fault=self.published_state.report,
        )
        self.monitor = Monitor(
            self.robot,
            self.ownership,
            self.request_log,
            self.registry,
            self.published_state,
            reachability,
            slowness,
            machine,
            intervals=intervals,
        )
        incidents = self.registry.incidents
        self.monitor.machine.on_modules.subscribe(lambda modules: incidents.note(modules.value, modules.at))
        self.notifications = Notifications(
            self.robot,
            settings.robot_host,
            self.monitor.notify,
            port=settings.notifications.port,
            enabled=settings.notifications.enabled,
        )
        self.monitor.notifications_arrive = self.notifications.arrive
        self.monitor.on_connect.subscribe(self.notifications.listen)
        self.monitor.on_connect.subscribe(self.protocols.refresh)
        self.monitor.on_connect.subscribe(self.tips_left_behind.read_anew)
        self.monitor.on_run.subscribe(self.tips_left_behind.follow)
        self.monitor.on_run.subscribe(self.unended_waits.follow)
        self.monitor.on_start_of_robot.subscribe(self.unended_waits.note_start_of_robot)
        self.unended_waits.current.subscribe(self.published_state.note_unended_waits)
