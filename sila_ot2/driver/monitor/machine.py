"""The machine as the robot described it last: one immutable snapshot, each fact with the time of its reading.

Facts are read as often as they matter: the door, of which no release sends notifications, with every poll; lights,
pipettes and modules every few seconds; the rest about once a minute. A fact that cannot be read keeps its last value
and its old time.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from sila_ot2.driver.monitor.calibration import Calibration, read_calibration
from sila_ot2.driver.monitor.module_presence import LOOK_AGAIN_S, MissingModule, ModulePresence
from sila_ot2.errors import OT2Fault, RobotFaulty, RobotUnreachable
from sila_ot2.robot import wire
from sila_ot2.robot.abilities import discover
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import AbilityReport
from sila_ot2.subscribers import Subscribers
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

T = TypeVar("T")
AWAITED_S = 1.0
"""How often to read the modules while somebody waits for one: a robot reads its modules as often."""
EARLY = 0.25
"""Share of its interval by which a fact is read early, so that facts are read together, not each on its own."""
Subject = Literal["Health", "Door", "RailLights", "Pipettes", "Modules", "Calibration"]


@dataclass(frozen=True)
class Reported(Generic[T]):
    """Something that the robot reported, and when; equal to the same thing reported at another time."""

    value: T
    at: datetime = field(compare=False)
    """When the robot was asked: what it did for a request that was answered earlier is part of `value`."""

    @classmethod
    def by(cls, read: Callable[[], T]) -> Reported[T]:
        """Ask the robot now.

        Raises:
            OT2Fault: what `read` raises.
        """
        at = utc_now()
        return cls(read(), at)


Modules: TypeAlias = Reported[tuple[wire.Module, ...]]


@dataclass(frozen=True)
class Machine:
    """What the robot reported of itself; None: it never has, or its release cannot."""

    health: Reported[wire.Health] | None = None
    abilities: tuple[AbilityReport, ...] = ()
    """What the robot offers; empty until it has answered."""
    settings: Reported[tuple[wire.Setting, ...]] | None = None
    door: Reported[wire.Door] | None = None
    lights: Reported[bool] | None = None
    pipettes: Reported[tuple[wire.Instrument, ...]] | None = None
    modules: Modules | None = None
    """With those that the robot has not listed for a moment only."""
    listed_modules: Modules | None = None
    """As the robot listed them."""
    missing_modules: tuple[MissingModule, ...] = ()
    """Modules that the robot listed, and has not listed for longer than a moment."""
    calibration: Reported[Calibration] | None = None
    camera_off: Reported[bool] | None = None
    """Whether the camera is switched off."""

    @property
    def reported_at(self) -> dict[Subject, datetime]:
        """When each fact was reported last; a fact that never was is missing."""
        facts: Mapping[Subject, Reported[Any] | None] = {
            "Health": self.health,
            "Door": self.door,
            "RailLights": self.lights,
            "Pipettes": self.pipettes,
            "Modules": self.modules,
            "Calibration": self.calibration,
        }
        return {subject: reported.at for subject, reported in facts.items() if reported is not None}

    @property
    def attached_pipettes(self) -> tuple[wire.Instrument, ...]:
        """The attached pipettes, left mount first."""
        return tuple(sorted(self.pipettes.value, key=lambda pipette: pipette.mount)) if self.pipettes else ()

    @property
    def door_blocks_runs(self) -> bool:
        """Whether the door is open and the robot minds."""
        return self.door is not None and self.door.value.blocks_movement


def read_for_start(robot: RobotClient, *, with_calibration: bool, with_camera: bool = False) -> Machine:
    """Read now what decides whether a run may start: door, pipettes, modules, and calibration and camera if wanted.

    Raises:
        RobotUnreachable, RobotFaulty: with the reason.
    """
    has_door = robot.release.can(Ability.DOOR_STATUS)
    return Machine(
        door=Reported.by(robot.door_status) if has_door else None,
        pipettes=Reported.by(robot.instruments),
        modules=Reported.by(robot.modules),
        calibration=Reported.by(lambda: read_calibration(robot)) if with_calibration else None,
        camera_off=Reported.by(lambda: camera_is_off(robot)) if with_camera else None,
    )


def camera_is_off(robot: RobotClient) -> bool:
    """Return whether the camera is switched off; False if the robot does not report that, as without a camera."""
    with suppress(OT2Fault):
        return robot.camera_is_disabled()
    return False


@dataclass
class _Fact:
    name: str
    every_s: float
    read: Callable[[], Any]
    needs: Ability | None = None
    due_at: float = -math.inf
    awaited_by: int = 0
    """How many wait for this fact."""

    @property
    def pause_s(self) -> float:
        """How long to wait between two readings."""
        return min(self.every_s, AWAITED_S) if self.awaited_by else self.every_s


class MachineReader:
    """Reads the machine, each fact when it is due. Read by one thread; the results may be read by any."""

    def __init__(
        self,
        robot: RobotClient,
        *,
        read_lights: Callable[[], bool] | None = None,
        read_settings: Callable[[], tuple[wire.Setting, ...]] | None = None,
        poll_s: float = 2.0,
        equipment_s: float = 5.0,
        slow_s: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
        on_fault: Callable[[OT2Fault], None] = lambda fault: None,
    ) -> None:
        """Prepare to read.

        Args:
            robot: read from.
            read_lights: reads the rail lights from the robot, if another part needs them, too.
            read_settings: reads the settings from the robot, if another part needs them, too.
            poll_s: how often to read the door.
            equipment_s: how often to read lights, pipettes and modules.
            slow_s: how often to read health and calibration.
            monotonic: the clock.
            on_fault: called when a single fact cannot be read.
        """
        self._robot = robot
        self._monotonic = monotonic
        self._on_fault = on_fault
        self._presence = ModulePresence(monotonic)
        self._health = _Fact("health", slow_s, robot.health)
        self._modules = _Fact("listed_modules", equipment_s, robot.modules)
        self._counting = threading.Lock()
        self._facts = (
            self._health,
            _Fact("door", poll_s, robot.door_status, Ability.DOOR_STATUS),
            _Fact("lights", equipment_s, read_lights or robot.rail_lights),
            self._modules,
            _Fact("pipettes", equipment_s, robot.instruments),
            _Fact("settings", slow_s, read_settings or robot.settings),
            _Fact("calibration", slow_s, lambda: read_calibration(robot)),
            _Fact("camera_off", slow_s, lambda: camera_is_off(robot), Ability.CAMERA_SWITCH),
        )
        self.on_modules: Subscribers[Modules] = Subscribers()
        """Called with each list of modules of the robot, before it is shown."""
        self.latency_s = 0.0
        """How long the robot took for the last answer."""
        self.newest = Machine()
        """The machine as it was read last."""

    @property
    def due_in_s(self) -> float:
        """How long until the next fact is due; negative if one is."""
        return min(fact.due_at for fact in self._facts) - self._monotonic()

    def read_all_anew(self) -> None:
        """Make every fact due: the robot may have become another while it was out of reach."""
        for fact in self._facts:
            fact.due_at = -math.inf

    def forget_modules(self) -> None:
        """Report no module as missing that was attached to another robot."""
        self._presence.forget()
        self.newest = replace(self.newest, missing_modules=())

    def read_modules_anew(self) -> None:
        """Make the modules due; may be called by any thread."""
        self._modules.due_at = -math.inf

    @contextmanager
    def reading_modules_often(self) -> Iterator[None]:
        """Ask for the modules more often within the block; may be called by any thread."""
        with self._counting:
            self._modules.awaited_by += 1
        self.read_modules_anew()
        try:
            yield
        finally:
            with self._counting:
                self._modules.awaited_by -= 1

    def read_health(self) -> wire.Health:
        """Read who the robot is, due or not.

        Raises:
            RobotUnreachable: with the reason.
        """
        self._health.due_at = self._monotonic() + self._health.every_s
        self._read(self._health)
        assert self.newest.health is not None  # noqa: S101 - just read
        return self.newest.health.value

    def read_due(self) -> None:
        """Read what is due, or soon will be.

        Never raises: a fact that cannot be read keeps its value until it is due again.
        """
        for fact in self._facts:
            if fact.due_at - self._monotonic() > EARLY * fact.pause_s:
                continue
            fact.due_at = self._monotonic() + fact.pause_s
            try:
                if fact.needs is None or self._robot.release.can(fact.needs):
                    self._read(fact)
            except RobotUnreachable as silent:
                self._on_fault(silent)
                return  # the others would have to be waited for in vain, too; they stay due
            except RobotFaulty as fault:
                self._on_fault(fault)
            except OT2Fault as refusal:
                log.debug("The robot does not report its %s: %s", fact.name, refusal)

    def _read(self, fact: _Fact) -> None:
        begun = self._monotonic()
        reported = Reported.by(fact.read)
        self.latency_s = self._monotonic() - begun
        changes: dict[str, Any] = {fact.name: reported}
        self.newest = replace(self.newest, **changes)
        if fact is self._health:
            discover(self._robot, reported.value)
            self.newest = replace(self.newest, abilities=self._robot.release.reports())
        if fact is self._modules:
            self._note_modules(reported)

    def _note_modules(self, listed: Modules) -> None:
        self.on_modules.fire(listed)
        attached = self._presence.note(listed.value, listed.at)
        self.newest = replace(
            self.newest, modules=Reported(attached, listed.at), missing_modules=self._presence.missing
        )
        if self._presence.is_unsettled:
            self._modules.due_at = min(self._modules.due_at, self._monotonic() + LOOK_AGAIN_S)
