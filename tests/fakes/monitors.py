"""A monitor on the parts of a server."""

from __future__ import annotations

from typing import NamedTuple

from sila_ot2.driver.monitor.machine import MachineReader
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.published_state import PublishedState
from sila_ot2.driver.monitor.reachability import Reachability
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.monitor.slowness import Slowness
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.robot.client import RobotClient


class MonitorParts(NamedTuple):
    monitor: Monitor
    published: PublishedState


def monitor_of(
    client: RobotClient,
    ownership: Ownership,
    request_log: RequestLog,
    registry: RunRegistry,
    turn: Turn,
    uncertain_tips: UncertainTips,
    safety_stop: SafetyStop,
    handovers: Handovers,
    intervals: Intervals,
) -> MonitorParts:
    slowness = Slowness(client)
    reachability = Reachability(slowness.is_expected)
    published = PublishedState(
        reachability.contact, ownership, request_log, turn, uncertain_tips, safety_stop, handovers
    )
    machine = MachineReader(
        client,
        poll_s=intervals.idle_s,
        equipment_s=intervals.equipment_s,
        slow_s=intervals.slow_s,
        on_fault=published.report,
    )
    monitor = Monitor(
        client, ownership, request_log, registry, published, reachability, slowness, machine, intervals=intervals
    )
    return MonitorParts(monitor, published)
