"""What one robot offers, found by cheap requests to single routes; its release decides what they do not show.

/openapi.json is never read: a robot takes many seconds to write it, and answers nothing else meanwhile.
"""

from __future__ import annotations

import logging

from sila_ot2.errors import OT2Fault, RobotUnreachable, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability, Probe
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import AbilityFound
from sila_ot2.robot.translate import Refusal

log = logging.getLogger(__name__)

_NO_SUCH_ROUTE = frozenset({"", "BadRequest", "UncategorizedError"})
"""What the robot calls a 404 for a route that it does not have; other names are about what was asked for on a route."""


def discover(robot: RobotClient, health: wire.Health) -> None:
    """Ask the robot what it offers, so that its release knows; only what is not known of this version of it yet.

    Never raises: what the robot does not answer is decided by its release, and asked by the next call.

    Args:
        robot: to be asked; it keeps what is found for each serial number and version.
        health: what the robot has just said of itself.
    """
    found = dict(robot.abilities_found(health))
    for ability in Ability if robot.release.has_runs else ():
        if ability.probe is None or ability in found:
            continue
        try:
            answer = _ask(robot, ability.probe)
        except RobotUnreachable as silent:
            log.debug("whether the robot can %s is not known: %s", ability.description, silent)
            break  # the other requests would time out, too
        except OT2Fault as fault:
            log.debug("whether the robot can %s is not known: %s", ability.description, fault)
        else:
            if answer is not None:
                found[ability] = answer
    robot.note_abilities(health, found)


def _ask(robot: RobotClient, probe: Probe) -> AbilityFound | None:
    if probe.setting:
        is_listed = any(setting.id == probe.setting for setting in robot.settings())
        return AbilityFound(is_listed, f"The robot {'lists' if is_listed else 'does not list'} {probe.setting}.")
    if probe.member:
        return _by_member(robot, probe)
    status, refusal = robot.look_for_route(probe.target)
    is_offered = offers(status, refusal)
    if is_offered is None:
        return None
    name = f" {refusal.id}" if refusal is not None and refusal.id else ""
    return AbilityFound(is_offered, f"GET {probe.target} is answered with {status}{name}.")


def _by_member(robot: RobotClient, probe: Probe) -> AbilityFound | None:
    """Return what the newest entry of a list shows; None if the list is empty."""
    try:
        listed = robot.list_of(probe.target)
    except UnsupportedByRobot as refusal:
        return AbilityFound(False, refusal.explanation)
    if not listed:
        return None
    has = probe.member in listed[-1]
    return AbilityFound(has, f"The newest entry of GET {probe.target} has {'the' if has else 'no'} {probe.member}.")


def offers(status: int, refusal: Refusal | None) -> bool | None:
    """Return whether an answer shows that the robot has the route; None if it shows neither.

    Args:
        status: the HTTP status.
        refusal: what the robot said if it refused; None if the answer is not in a form of the robot.
    """
    if status == 404:
        return None if refusal is None else refusal.id not in _NO_SUCH_ROUTE
    if status in (410, 501):
        return False
    if status >= 500:
        return True if status == 503 and refusal is not None else None
    return True
