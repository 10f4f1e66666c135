"""Motors, clock and settings of the robot: changed only while nothing runs, and read back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import TypeVar

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotUnreachable,
    SettingNotAllowed,
    SettingNotFound,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost
from sila_ot2.times import utc_now

SETTING = "maintenance.changeable_settings"
_LOOK = "Look at the robot. If its motors are still on, and nothing moves, call DisengageMotors again."

T = TypeVar("T")


class RobotMaintenance:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        require_none_to_wait: Callable[[], None],
        *,
        changeable: Collection[str],
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose motors, clock and settings.
            ownership: whether anybody uses it.
            require_none_to_wait: raises RobotBusy while a wait goes on in a run that was aborted.
            changeable: the settings that may be changed.
        """
        self._robot = robot
        self._ownership = ownership
        self._require_none_to_wait = require_none_to_wait
        self.changeable = frozenset(changeable)
        self._changes = 0
        """How many changes have begun or ended: what was read meanwhile may be what was before."""
        self.settings: Observable[tuple[wire.Setting, ...]] = Observable(())
        """As the robot reported them last."""

    def refresh(self) -> tuple[wire.Setting, ...]:
        """Read the settings from the robot; if one was changed meanwhile, what was read is not used.

        Raises:
            RobotUnreachable, RobotFaulty: the robot cannot be read; the last value is kept.
        """
        begun_at = self._changes
        settings = self._robot.settings()
        if self._changes == begun_at:
            self.settings.set(settings)
        return self.settings.value

    def disengage_motors(self, cancelled: Cancellation | None = None) -> None:
        """Switch all motors off; returns when the robot reports them off. Its position is lost: home it afterwards.

        Sent once: when an answer is lost, the motors are asked, since somebody may have started a movement meanwhile.

        Raises:
            RobotBusy, RunStillActive, SessionActive, RobotChanged: as `_require_rest`.
            OutcomeUnknown: as there, or the answer was lost and motors are on, or the robot cannot be asked.
            RobotFaulty: motors are still on.
            RobotUnreachable: the robot does not answer.
            CommandCancelled: nothing was sent.
        """
        self._require_rest()
        if cancelled is not None and cancelled.is_set():
            raise CommandCancelled("The motors are as before.", moved=Movement.NONE)
        try:
            self._robot.disengage_motors()
        except (AnswerLost, RobotFaulty) as lost:
            self._require_motors_off(lost)
            return
        if engaged := sorted(self._robot.engaged_motors()):
            raise RobotFaulty(
                f"The robot accepted to switch its motors off, and says that some are on: {', '.join(engaged)}.",
                "Look at the robot.",
            )

    def synchronize_clock(self) -> timedelta:
        """Set the robot's clock to that of this computer; returns by how much it was ahead before.

        Raises:
            RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown: as `_require_rest`.
            RobotRejected: the robot has a time server of its own, among other reasons.
            RobotUnreachable: the robot does not answer.
        """
        ahead = self._robot.system_time() - utc_now()
        self._send_at_rest(lambda: self._robot.set_system_time(utc_now()))
        return ahead

    def change_setting(self, setting_id: str, *, value: bool) -> wire.Setting:
        """Change a setting; returns it as the robot then reports it.

        Raises:
            SettingNotAllowed: this server may not change it.
            SettingNotFound: the robot has no such setting.
            RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown: as `_require_rest`.
            RobotFaulty: the robot says that it is as before.
            RobotUnreachable: the robot does not answer.
        """
        if setting_id not in self.changeable:
            raise SettingNotAllowed(
                f"This server may not change the setting {setting_id!r} of the robot.",
                f"The operator of this server can allow it with the setting {SETTING}.",
            )
        _named(setting_id, self._robot.settings())
        self._changes += 1
        settings = self._send_at_rest(lambda: self._robot.change_setting(setting_id, value=value))
        self._changes += 1
        self.settings.set(settings)
        changed = _named(setting_id, settings)
        if bool(changed.value) is not value:
            raise RobotFaulty(
                f"The robot accepted to change its setting {setting_id}, and says that it is {changed.value}.",
                "Look at the settings in the Opentrons App.",
            )
        return changed

    def _require_motors_off(self, lost: OT2Fault) -> None:
        """Return if the motors are off, after an answer that does not say so. Nothing is sent again.

        Raises:
            OutcomeUnknown: the answer was lost, and some are on or the robot cannot be asked.
            RobotFaulty: the robot answered with an internal error, and some are on.
        """
        try:
            engaged = sorted(self._robot.engaged_motors())
        except (RobotUnreachable, RobotFaulty) as silent:
            raise OutcomeUnknown(
                f"{lost.explanation} Whether its motors are off cannot be read: {silent.explanation}", _LOOK
            ) from lost
        if engaged:
            kind = OutcomeUnknown if isinstance(lost, AnswerLost) else RobotFaulty
            raise kind.of(
                lost,
                before=f"Asked to switch its motors off, the robot says that some are on: {', '.join(engaged)}.",
                remedy=_LOOK,
            ) from lost

    def _send_at_rest(self, change: Callable[[], T]) -> T:
        """Change what does not move; once more if the answer is lost, and nobody has taken up the robot meanwhile.

        Raises:
            OT2Fault: as `_require_rest` and `again_if_lost`.
        """

        def send() -> T:
            self._require_rest()
            return change()

        return again_if_lost(send)

    def _require_rest(self) -> None:
        """Return if nobody uses the robot; it is read at this moment.

        Raises:
            RobotBusy: another client's run is active or was never played (its status is idle also while it moves),
                somebody works with the Opentrons App, or a wait goes on in a run that was aborted.
            RunStillActive: a run of this server is active, or waits to be started.
            SessionActive: a session of single commands is open.
            RobotChanged: another robot answers at the address.
            OutcomeUnknown: it must be established first what an earlier request did.
            RobotUnreachable: the robot cannot be read.
        """
        decide(Intent.BESIDE_RUNS, self._ownership.refresh(), displace_idle=False)
        self._require_none_to_wait()


def _named(setting_id: str, settings: tuple[wire.Setting, ...]) -> wire.Setting:
    for setting in settings:
        if setting.id == setting_id:
            return setting
    raise SettingNotFound(
        f"The robot has no setting {setting_id}; it has {', '.join(setting.id for setting in settings)}.",
        "Its software may be too old for this setting.",
    )
