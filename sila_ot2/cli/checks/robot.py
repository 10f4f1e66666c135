"""The robot: its software, door, pipettes, calibration, run, modules, clock and notifications. Nothing is changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

from sila_ot2.cli.checks.finding import Finding, fault, in_order, ok, skipped, warning
from sila_ot2.cli.exits import ExitCode
from sila_ot2.config import Settings
from sila_ot2.driver.monitor.calibration import read_calibration
from sila_ot2.driver.ownership.app_work import read_app_work
from sila_ot2.driver.ownership.current_run import read_current_run
from sila_ot2.errors import OT2Fault, RobotUnreachable
from sila_ot2.robot import wire
from sila_ot2.robot.abilities import discover
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.events import ListenerState, NotificationListener
from sila_ot2.robot.front_button import DISABLING_SETTING, FrontButton, front_button_of
from sila_ot2.robot.releases import NEWEST_TESTED, OLDEST
from sila_ot2.times import utc_now

CLOCK_TOLERANCE = timedelta(seconds=30)
BROKER_S = 5.0
SOFTWARE, ABILITIES, BUTTON, DOOR, PIPETTES = "software", "abilities", "front button", "door", "pipettes"
CALIBRATION, APP, RUN, MODULES, CLOCK, NOTIFICATIONS = "calibration", "App", "run", "modules", "clock", "notifications"
ROBOT_CHECKS = (
    *(SOFTWARE, ABILITIES, BUTTON, DOOR, PIPETTES),
    *(CALIBRATION, APP, RUN, MODULES, CLOCK, NOTIFICATIONS),
)


class RobotChecks:
    """Checks of a robot that answers.

    Args:
        settings: which robot.
        robot: its client.
    """

    def __init__(self, settings: Settings, robot: RobotClient) -> None:
        self._settings = settings
        self._robot = robot

    def findings(self) -> Iterator[Finding]:
        """Make the checks; after a failed one the others are made, too."""
        others = {
            ABILITIES: self._abilities,
            BUTTON: self._front_button,
            DOOR: self._door,
            PIPETTES: self._pipettes,
            CALIBRATION: self._calibration,
            APP: self._app,
            RUN: self._run,
            MODULES: self._modules,
            CLOCK: self._clock,
            NOTIFICATIONS: self._notifications,
        }

        def each() -> Iterator[Finding]:
            for name, check in others.items():
                yield from _answered(name, check)

        steps = [(SOFTWARE, lambda: _answered(SOFTWARE, self._software)), (", ".join(others), each)]
        return in_order(steps, after="The robot gives no usable answer.")

    def _software(self) -> Iterator[Finding]:
        health = self._robot.health()
        release = self._robot.release
        serial = f", serial number {health.robot_serial}" if health.robot_serial else ""
        described = f"{health.name}, software {release.name}{serial}"
        oldest, newest = (".".join(map(str, version[:2])) for version in (OLDEST, NEWEST_TESTED))
        if release.newer_than_tested:
            yield warning(
                SOFTWARE,
                f"{described}. Releases up to {newest} were tested; this one is served as the newest known.",
                "Try your protocols without liquid first, or use a tested release.",
                ExitCode.FAILED,
            )
        elif release.version < OLDEST:
            explanation = f"{described}. Releases from {oldest} on were tested."
            yield warning(SOFTWARE, explanation, "Update the robot's software.", ExitCode.FAILED)
        else:
            yield ok(SOFTWARE, f"{described} (tested: {oldest} to {newest})")

    def _abilities(self) -> Iterator[Finding]:
        discover(self._robot, self._robot.health())
        for report in self._robot.release.reports():
            can = "can" if report.present else "cannot"
            finding = ok if report.present else skipped
            yield finding(ABILITIES, f"It {can} {report.ability.description}. {report.reason}")

    def _front_button(self) -> Iterator[Finding]:
        button = front_button_of(self._robot.settings())
        if button is FrontButton.ACTIVE:
            remedy = f"If runs wait for hand-overs, switch the robot's setting {DISABLING_SETTING} on and restart it."
            yield warning(BUTTON, button.value, remedy, ExitCode.FAILED)
        else:
            yield ok(BUTTON, button.value)

    def _door(self) -> Iterator[Finding]:
        if not self._robot.release.can(Ability.DOOR_STATUS):
            yield skipped(DOOR, "Robots before release 7.0 do not report their door.")
            return
        door = self._robot.door_status()
        if door.blocks_movement:
            remedy = "Close the door and the top window."
            yield fault(DOOR, "It is open, and the robot does not move until it is closed.", remedy, ExitCode.FAILED)
        elif door.status == "open":
            remedy = "Close it, or switch the robot's safety setting for the door on in the Opentrons App."
            explanation = "It is open, and the robot moves nevertheless: its door safety setting is off."
            yield warning(DOOR, explanation, remedy, ExitCode.FAILED)
        else:
            yield ok(DOOR, "closed")

    def _pipettes(self) -> Iterator[Finding]:
        found = self._robot.instruments()
        if not found:
            remedy = "Attach one with the Opentrons App, then home the robot."
            yield warning(PIPETTES, "None is attached.", remedy, ExitCode.FAILED)
        else:
            yield ok(PIPETTES, ", ".join(f"{each.mount} {each.instrument_name}" for each in found))

    def _calibration(self) -> Iterator[Finding]:
        calibration, pipettes = read_calibration(self._robot), self._robot.instruments()
        missing = [] if calibration.deck.value == "Calibrated" else [f"the deck ({calibration.deck.value})"]
        for pipette in pipettes:
            missing += [] if calibration.offset_of(pipette) else [f"the offset of the {pipette.mount} pipette"]
            missing += [] if calibration.tip_length_of(pipette) else [f"the tips of the {pipette.mount} pipette"]
        if missing:
            explanation = f"Not calibrated: {', '.join(missing)}."
            yield warning(CALIBRATION, explanation, "Calibrate in the Opentrons App.", ExitCode.FAILED)
        else:
            yield ok(CALIBRATION, "deck and pipettes are calibrated")

    def _app(self) -> Iterator[Finding]:
        if (work := read_app_work(self._robot)) is not None:
            remedy = "End it in the Opentrons App, or with `sila-ot2 release --force` if nobody works there."
            yield warning(APP, f"{work.explanation}.", remedy, ExitCode.FAILED)
        else:
            yield ok(APP, "nobody works at the robot with the Opentrons App")

    def _run(self) -> Iterator[Finding]:
        current = read_current_run(self._robot)
        if current.half_created:
            remedy = "The server clears it before the next run; otherwise restart the robot."
            explanation = f"The robot names run {current.half_created} as current and cannot find it."
            yield warning(RUN, explanation, remedy, ExitCode.FAILED)
        elif current.run is None:
            yield ok(RUN, "none is current")
        elif current.run.status in wire.ENDED_RUN_STATUSES:
            yield ok(RUN, f"{current.run.id} has ended ({current.run.status})")
        else:
            remedy = "Wait for its end. `sila-ot2 runs` shows who started it; `sila-ot2 release --force` ends it."
            explanation = f"{current.run.id} is {current.run.status}; another cannot start."
            yield warning(RUN, explanation, remedy, ExitCode.FAILED)

    def _modules(self) -> Iterator[Finding]:
        found = self._robot.modules()
        described = ", ".join(f"{each.module_model} ({each.data.get('status', 'no status')})" for each in found)
        failed = [each.module_model for each in found if each.data.get("status") == "error"]
        if failed:
            explanation = f"{', '.join(failed)} reports an error."
            yield warning(MODULES, explanation, "Switch it off and on again.", ExitCode.FAILED)
        elif any(each.has_available_update for each in found):
            explanation = f"{described}. There is newer firmware."
            yield warning(MODULES, explanation, "Update it in the Opentrons App.", ExitCode.FAILED)
        else:
            yield ok(MODULES, described or "none is attached")

    def _clock(self) -> Iterator[Finding]:
        before = utc_now()
        reported = self._robot.system_time()
        after = utc_now()
        difference = reported - after if reported > after else reported - before if reported < before else timedelta()
        seconds = difference.total_seconds()
        if abs(difference) > CLOCK_TOLERANCE:
            how = "ahead of" if seconds > 0 else "behind"
            yield warning(
                CLOCK,
                f"The robot's clock is {abs(seconds):.0f} s {how} this computer's. The times of runs come from it.",
                "Give the robot access to a time server, or set its clock with the Opentrons App.",
                ExitCode.FAILED,
            )
        else:
            yield ok(CLOCK, f"differs from this computer's by {abs(seconds):.1f} s")

    def _notifications(self) -> Iterator[Finding]:
        if not self._settings.notifications.enabled:
            yield skipped(NOTIFICATIONS, "Switched off in the settings; the robot is polled.")
            return
        if not self._robot.release.can(Ability.NOTIFICATIONS):
            yield skipped(NOTIFICATIONS, "Robots before release 7.2 send none; the robot is polled.")
            return
        answered = threading.Event()

        def look(state: ListenerState) -> None:
            if state is not ListenerState.POLLING:
                answered.set()

        port = self._settings.notifications.port
        listener = NotificationListener(self._settings.robot_host, lambda _: None, port=port, on_state=look)
        listener.start()
        try:
            heard = answered.wait(BROKER_S)
        finally:
            listener.stop()
        if heard:
            yield ok(NOTIFICATIONS, f"a broker answers on port {port}")
        else:
            yield warning(
                NOTIFICATIONS,
                f"No MQTT broker answers on port {port}: the server polls the robot, and sees changes a little later.",
                f"Let TCP port {port} of the robot through firewalls.",
                ExitCode.UNREACHABLE,
            )


def _answered(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Make a check; what the robot refuses or does not answer is a finding, too."""
    try:
        yield from check()
    except OT2Fault as error:
        code = ExitCode.UNREACHABLE if isinstance(error, RobotUnreachable) else ExitCode.FAILED
        yield fault(name, error.explanation, error.remedy or "Restart the robot if it stays like this.", code)
