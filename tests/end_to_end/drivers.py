"""A driver without a SiLA server, for tests that call it directly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sila_ot2.composition.driver import Driver
from sila_ot2.config import load
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.robot.transport import unobserved
from tests.processes import SimulatorProcess


def driver_of(robot: SimulatorProcess, state: Path, timing: Timing) -> Driver:
    """Build a driver that reads the robot often, and nothing above it."""
    runs = {"active_interval_s": 0.05, "idle_interval_s": 0.05, "equipment_interval_s": 0.2, "most_readings_per_s": 50}
    groups: dict[str, Any] = {
        "robot": {"url": robot.url},
        "server": {"state_directory": state},
        "notifications": {"enabled": False},
        "runs": runs,
    }
    settings = load(groups)
    driver = Driver(settings, timing, settings.robot_directory, unobserved)
    driver.monitor.start()
    return driver
