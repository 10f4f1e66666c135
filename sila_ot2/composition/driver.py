"""The driver of one robot: what reads it, and what moves it."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.composition.monitored_robot import MonitoredRobot
from sila_ot2.config import Settings
from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.moments import RunMoments
from sila_ot2.driver.camera.movie import MovieCamera
from sila_ot2.driver.camera.protocol_pictures import ProtocolPictures
from sila_ot2.driver.deck.state.deck_state import uncertain_liquid
from sila_ot2.driver.deck_picture.deck_picture import DeckPicture
from sila_ot2.driver.labware_transfer.labware_transfer import LabwareTransfer, TransferPolicy
from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.driver.logs.diagnostics import Diagnostics
from sila_ot2.driver.logs.event_log import log_events
from sila_ot2.driver.logs.recent_lines import RecentLines
from sila_ot2.driver.maintenance.initialization import Initialization
from sila_ot2.driver.modules.module_control import ModuleControl
from sila_ot2.driver.ownership.robot_identity import OtherRobot
from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.runs.creation import RunCreation
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.hardware_halts import HardwareHalts
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.readiness import RunReadiness
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.removal import RunRemoval
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.setup import ProtocolRunSetup
from sila_ot2.driver.runs.start_permission import Policy, StartPermission
from sila_ot2.driver.runs.stop_now import StopNow
from sila_ot2.driver.runs.text_requests import TextRequests
from sila_ot2.driver.runs.watching import RunWatch
from sila_ot2.driver.session.deck_following import follow_decks
from sila_ot2.driver.session.plan_checks import PlanChecks
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.runs_without_protocol import RunsWithoutProtocol
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_deck import SessionDeck
from sila_ot2.driver.session.session_loading import SessionLoading
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import LastCommand
from sila_ot2.driver.tracking.archive.log import RunLogs
from sila_ot2.driver.worklists.last_steps import LastSteps
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.driver.worklists.run_queue import RunQueue
from sila_ot2.robot.transport import Observe
from sila_ot2.tables import transfer_lists


class Driver(MonitoredRobot):
    """Everything below the implementations, built once and connected; nothing is sent before `start`."""

    def __init__(
        self, settings: Settings, timing: Timing, directory: Path, observe: Observe, *, simulated: bool = False
    ) -> None:
        """Build it; the arguments are those of `MonitoredRobot`."""
        super().__init__(settings, timing, directory, observe, simulated=simulated)
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
        self.request_keys = RequestKeys(self.stores.journal, self.registry)
        self.text_requests = TextRequests(self.protocols, self.data_files, self.request_keys)
        readiness = RunReadiness(
            self.robot,
            self.ownership,
            self.safety_stop,
            self.tips_left_behind,
            self.unended_waits,
            agreement,
            policy=policy,
        )
        removal = RunRemoval(
            self.robot,
            self.request_log,
            self.ownership,
            self.monitor,
            self.registry,
            self.tips_left_behind,
            self.unended_waits,
        )
        setup = ProtocolRunSetup(
            self.robot,
            self.ownership,
            self.registry,
            self.tips_left_behind,
            RunPreparation(
                self.robot,
                self.protocols,
                self.analyses,
                self.estimates,
                self.offsets,
                self.tips,
                analysis_wait_s=settings.protocols.analysis_wait_s,
            ),
            readiness,
            RunCreation(self.robot, self.request_log, self.ownership),
            removal,
        )
        watch = RunWatch(self.robot, self.monitor, self.registry, self.actions)
        self.runs = Runs(self.monitor, self.request_keys, readiness, setup, self.actions, watch, removal)
        self.run_logs = RunLogs(self.robot, self.registry, self.archive, self.tips)
        self.start_permission = StartPermission(
            self.monitor.state, self.registry, self.analyses, agreement, policy=policy
        )

    def _build_session(self, settings: Settings) -> None:
        commands = RunCommands(self.robot)
        without_protocol = RunsWithoutProtocol(self.robot, self.request_log, self.ownership, self.tips_left_behind)
        labware_offsets = self.offsets.for_session if settings.session.use_stored_offsets else list
        last = LastCommand()
        checks = PlanChecks(
            self.robot,
            self.tips,
            self.uncertain_tips,
            self.ownership,
            refuse_small_volumes=settings.session.refuse_small_volumes,
            rules=self.deck_policy.liquid_rules,
        )
        deck = SessionDeck(
            self.robot,
            self.request_log,
            commands,
            self.uncertain_tips,
            self.tips,
            last.accepted,
            self.definitions,
            self.handovers,
        )
        run = SessionRun(
            self.robot,
            self.request_log,
            self.ownership,
            deck,
            without_protocol,
            self.handovers,
            labware_offsets,
            displace_idle=settings.runs.displace_idle_runs,
        )
        self.session = Session(self.robot, self.ownership, self.uncertain_tips, checks, deck, run, last)
        self.session_loading = SessionLoading(self.robot, self.session, self.definitions)
        self.reconciliation = Reconciliation(
            self.request_log, self.ownership, self.uncertain_tips, self.tips_left_behind, deck, run, last
        )
        at_work = CommandsAtWork(self.robot, self.ownership, self.turn, session_is_at_work=self.session.is_at_work)
        self.stop_now = StopNow(
            self.robot,
            self.safety_stop,
            self.request_log,
            self.ownership,
            self.actions,
            self.tips_left_behind,
            self.monitor,
            at_work,
        )
        self.release = RunRelease(
            self.request_log,
            self.ownership,
            self.actions,
            self.session.close,
            self.registry,
            self.turn,
            self.runs.removal,
            HardwareHalts(self.handovers, at_work),
        )
        self.deck_picture = DeckPicture(
            self.robot, self.session.state, self.session.deck_state, self.monitor.state, self.definitions, self.deck
        )
        self.monitor.on_run.subscribe(self.session.follow)
        follow_decks(self.deck, self.decks_of_runs, self.session, self.monitor, self.ownership)
        self.session.deck_state.derive(uncertain_liquid).subscribe(self.published_state.note_uncertain_liquid)
        self.session.last.subscribe(
            lambda outcome: self.published_state.report_command(outcome.fault) if outcome and outcome.fault else None
        )
        self.initialization = Initialization(
            self.robot,
            self.session,
            self.reconciliation,
            self.release,
            self.safety_stop,
            self.uncertain_tips,
            policy=self._policy,
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
            self.session,
            self.runs,
            self.actions,
            self.request_log,
            self.request_keys,
            RunQueue(self.robot, self.ownership, without_protocol, commands, self.actions, labware_offsets),
            LastSteps(self.stores.last_steps),
            transfer_lists(settings),
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
            self.tips_left_behind,
            self.safety_stop,
            self.stores.engine,
            switch_off_after=settings.modules.switch_off_after,
            longest_gap_s=3 * settings.runs.equipment_interval_s,
        )
        self.modules.interrupted_profiles.subscribe(self.published_state.note_interrupted_profiles)
        self.registry.on_end.subscribe(self.modules.switch_off.after_run)

    def accept_robot(self) -> OtherRobot | None:
        """Work with the robot that answers from now on; returns it, or None if it is the same anyway."""
        other = self.identity.accept(self._forget_robot)
        self.offsets.notify()
        return other

    def _forget_robot(self) -> None:
        self.request_log.reconcile("another robot was accepted")
        self.tips.forget()
        self.deck.forget()
        self.tips_left_behind.forget("Another robot was accepted, and nobody has looked at its pipettes since.")

    def let_go(self) -> None:
        """End what waits for the robot without stopping anything: a run on the robot goes on."""
        self.handovers.close()
        self.modules.profiles.close()
        self.runs.watch.close()
        self.protocols.close()
        self.request_log.close()

    def stop(self) -> None:
        """Stop watching the robot, and close everything."""
        self.notifications.stop()
        self.run_moments.stop()
        self._recent_lines.detach()
        self.monitor.stop()
        self.robot.close()
        self.stores.engine.dispose()
