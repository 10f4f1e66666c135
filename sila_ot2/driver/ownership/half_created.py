"""Half-created runs: current for the robot, and not to be found by it (releases 8.x)."""

from __future__ import annotations

import logging

from sila_ot2.driver.ownership.owner import HalfCreatedOwner, current_run_owner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import RunActionNotAllowed, RunNotFound

log = logging.getLogger(__name__)


def clear_half_created(request_log: RequestLog, ownership: Ownership) -> None:
    """Clear a half-created run of any client that is in the way of a new one; the turn is held.

    The robot answers 404, and has done it (recorded: half_patch).

    Raises:
        OT2Fault: as `RequestLog.perform`.
    """
    owner = current_run_owner(ownership.current.value)
    if not isinstance(owner, HalfCreatedOwner):
        return
    log.info("Run %s, which the robot names and cannot find, is cleared.", owner.run_id)
    try:
        request_log.perform(UncurrentRequest(run_id=owner.run_id))
    except (RunNotFound, RunActionNotAllowed):
        log.debug("run %s was not found, as expected", owner.run_id)
    ownership.refresh()
