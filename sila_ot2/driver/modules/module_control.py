"""The parts that control the modules of one robot, built once and connected."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine

from sila_ot2.driver.modules.gantry_commands import GantryCommands
from sila_ot2.driver.modules.history import ModuleHistory
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.session_waits import wait_in_session
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.modules.switch_off import SwitchOff, Work
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.begun_profiles import BegunProfileStore, BegunStep


class ModuleControl:
    """One per robot."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        monitor: Monitor,
        session: Session,
        tips_left_behind: TipsLeftBehind,
        safety_stop: SafetyStop,
        engine: Engine,
        *,
        switch_off_after: Collection[Work],
        longest_gap_s: float,
    ) -> None:
        """Build them.

        Args:
            robot: read from.
            request_log: through which every command goes.
            ownership: whose run is current.
            monitor: reads the modules.
            session: carries out what can move the gantry while it is open.
            tips_left_behind: examines runs that have ended for tips that they have left behind.
            safety_stop: ends every profile.
            engine: where is kept what is left of a profile if this process ends in it.
            switch_off_after: what must have ended for modules to be switched off.
            longest_gap_s: as for `ModuleHistory`.
        """
        commands = StatelessCommands(robot, request_log)
        interrupted = InterruptedProfiles(BegunProfileStore(engine))
        self.set_points = SetPoints(robot, commands, ownership, monitor)
        self.waits = ModuleWaits(robot, monitor)
        self.profiles = Profiles(robot, self.set_points, monitor, safety_stop, interrupted)
        self.gantry_commands = GantryCommands(robot, commands, ownership, monitor, session, tips_left_behind)
        wait_in_session(session.waits, self.waits, self.profiles)
        self.switch_off = SwitchOff(robot, request_log, monitor.state, self.set_points, self.profiles, switch_off_after)
        self.history = ModuleHistory(longest_gap_s=longest_gap_s)
        monitor.machine.on_modules.subscribe(interrupted.follow)
        monitor.machine.on_modules.subscribe(self.history.follow)
        self.interrupted_profiles: Observable[tuple[BegunStep, ...]] = interrupted.current
