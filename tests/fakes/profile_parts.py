"""Profiles on a thermocycler in memory, whose lid is closed."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileState, ProfileStep
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.stateless import StatelessCommands
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.errors import OT2Fault
from sila_ot2.store.begun_profiles import BegunProfileStore
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import parts_of
from tests.waiting import wait_for

SERIAL = "TC1"
NEVER = 5.0
"""A temperature that the block of these tests does not reach."""


class Cycler(ModuleRobot):
    """Its block is at once at its target, except at `NEVER`; its targets are kept in order."""

    targets: list[float]

    def _post(self, data: dict[str, object]) -> httpx.Response:
        response = super()._post(data)
        block = self.modules[SERIAL]["data"] if SERIAL in self.modules else {}
        if data["commandType"] == "thermocycler/setTargetBlockTemperature":
            self.targets.append(block["targetTemperature"])
            if block["targetTemperature"] != NEVER:
                block["currentTemperature"] = block["targetTemperature"] + 0.1
        return response


class ProfileParts:
    """Profiles on a thermocycler whose lid is closed, with the robot being read."""

    def __init__(self, state: Path) -> None:
        self.robot = Cycler()
        self.robot.targets = []
        self.robot.attach("thermocyclerModuleV2", SERIAL, lidStatus="closed")
        self.parts = parts_of(
            self.robot, state, Intervals(active_s=0.01, idle_s=0.01, equipment_s=0.01, settle_s=0.0, most_per_s=100)
        )
        client = self.robot.client()
        commands = StatelessCommands(client, self.parts.request_log)
        self.set_points = SetPoints(client, commands, self.parts.ownership, self.parts.monitor)
        self.store = BegunProfileStore(self.parts.engine)
        self.interrupted = InterruptedProfiles(self.store)
        self.profiles = Profiles(client, self.set_points, self.parts.monitor, self.parts.safety_stop, self.interrupted)
        self.cancelled = Cancellation()
        self.seen: list[ProfileState] = []
        self.progress: list[float] = []
        self.parts.monitor.start()

    def run(self, steps: list[ProfileStep], repetitions: int = 1) -> float:
        return self.run_parts([ProfilePart(steps, repetitions)])

    def run_parts(self, parts: list[ProfilePart]) -> float:
        return self.profiles.run(
            "", parts, maximum_volume_ul=50.0, cancelled=self.cancelled,
            seen=self.seen.append, report=lambda progress=0.0, **_: self.progress.append(progress),
        )  # fmt: skip

    def begin(self, steps: list[ProfileStep]) -> tuple[threading.Thread, list[OT2Fault]]:
        """Run a profile on a thread of its own, until it has been seen to wait for `NEVER`."""
        thread, faults = self.start(steps)
        wait_for(lambda: self.seen and self.seen[-1].place.step_to_do.target_c == NEVER)
        return thread, faults

    def start(self, steps: list[ProfileStep]) -> tuple[threading.Thread, list[OT2Fault]]:
        """Run a profile on a thread of its own."""
        faults: list[OT2Fault] = []

        def run() -> None:
            try:
                self.run(steps)
            except OT2Fault as fault:
                faults.append(fault)

        thread = threading.Thread(target=run, name="profile")
        thread.start()
        return thread, faults
