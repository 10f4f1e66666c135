"""StopNow while a simulated robot stands in for the robot: both are stopped, and neither waits for the other."""

from __future__ import annotations

import logging
import threading

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.runs.stop_now import StopEffect, StopNow, StopResult
from sila_ot2.errors import OT2Fault

log = logging.getLogger(__name__)


def stop_both(robot: StopNow, simulated: StopNow, *, cancelled: Cancellation) -> StopResult:
    """Stop the robot, and the simulated one at the same time; the effect is that on the robot, if there was one.

    Raises:
        OT2Fault: as `StopNow.stop` of the robot; a fault of the simulated one is only part of the explanation.
    """
    stopped = [StopResult(explanation="It has not answered.")]

    def stop_simulated() -> None:
        try:
            stopped.append(simulated.stop(cancelled=cancelled))
        except OT2Fault as fault:
            stopped.append(StopResult(explanation=str(fault)))

    stopping = threading.Thread(target=stop_simulated, name="stop of the simulated robot", daemon=True)
    try:
        stopping.start()
    except RuntimeError:
        log.exception("The simulated robot is not stopped.")
        return robot.stop(cancelled=cancelled)
    result = robot.stop(cancelled=cancelled)
    stopping.join()
    of_simulated = stopped[-1]
    effective = of_simulated if result.effect is StopEffect.NOTHING_RAN else result
    explanation = f"Robot: {result.explanation} Simulated robot: {of_simulated.explanation}"
    return StopResult(effective.effect, effective.run_id, explanation)
