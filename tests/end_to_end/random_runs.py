"""Runs at random, from a seed: pauses, stops, failures, faults of the network and uploads again, in any order.

Whatever is done, a run ends with one outcome, and the robot is free afterwards.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from typing import Any

from sila_ot2.client import Execution, errors
from sila_ot2.client.generated.run_controller import CompletedRun
from tests.end_to_end.laboratory import PROMPT, QUICK, Laboratory, finish, lasting, protocol
from tests.processes import SimulatorProcess
from tests.waiting import TIMEOUT_S, wait_for

NOT_STARTED = frozenset({"RobotFaulty", "RobotRejected", "RobotUnreachable", "RunActionNotAllowed"})
"""Errors of what is read and checked before the start of a run."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset", "method": "GET", "path": "/runs/**", "count": 2},
    {"kind": "truncate", "method": "POST", "path": "/runs/*/actions", "count": 1},
    {"kind": "truncate", "method": "POST", "path": "/runs", "count": 1},
    {"kind": "error", "method": "GET", "path": "/runs/**", "count": 2},
    {"kind": "unavailable", "method": "GET", "path": "/runs", "count": 2},
)


class RandomRuns:
    """Does `one_run` after the other, each different, all decided by the seed."""

    def __init__(self, lab: Laboratory, robot: SimulatorProcess, seed: int) -> None:
        self._lab = lab
        self._robot = robot
        self._random = random.Random(seed)
        self.outcomes: Counter[str] = Counter()

    def one_run(self) -> str:
        """Do one run, with what happens to it; returns how it ended."""
        text = self._random.choice(
            [QUICK, PROMPT, lasting(120), lasting(600), protocol(f"protocol.comment('{self._random.random()}')")]
        )
        identifier = self._lab.upload(text)
        if self._random.random() < 0.2:
            self._lab.protocols.delete_protocol(identifier)
            identifier = self._lab.upload(text)
        if self._random.random() < 0.2:
            self._robot.control("motion_fault", motion="move", after=self._random.randrange(20))
        execution = self._begin(identifier)

        def has_ended() -> bool:
            if not execution.done:
                self._something_happens()
                time.sleep(self._random.uniform(0, 0.15))
            return execution.done

        wait_for(has_ended, lambda: f"a run is stuck: {self._lab.current()}", TIMEOUT_S)
        outcome = _outcome(execution)
        self.outcomes[outcome] += 1
        self._robot.control("clear_http_faults")
        self._lab.clear()
        wait_for(lambda: not self._lab.obstacles(), lambda: str(self._lab.obstacles()))
        return outcome

    def _begin(self, identifier: str) -> Execution[CompletedRun, Any]:
        if self._random.random() < 0.3:
            try:
                return self._lab.start(self._lab.create(identifier))
            except errors.SilaError:  # a fault hit the creation
                self._robot.control("clear_http_faults")
        return self._lab.begin(identifier)

    def _something_happens(self) -> None:
        act = self._random.choice(
            [self._nothing, self._nothing, self._lab.pause, self._lab.resume, self._lab.resume, self._stop, self._fault,
             self._foreign_stop]
        )  # fmt: skip
        with contextlib.suppress(errors.SilaError, OSError):  # refused in this state, which is an answer
            act()

    def _nothing(self) -> None:
        """Let it go on."""

    def _stop(self) -> None:
        if self._random.random() < 0.3:
            finish(self._lab.runs.stop_run())

    def _fault(self) -> None:
        if self._random.random() < 0.3:
            self._robot.control("http_fault", **self._random.choice(FAULTS))

    def _foreign_stop(self) -> None:
        if self._random.random() < 0.1:
            self._robot.control("foreign", action="stop")


def _outcome(execution: Execution[CompletedRun, Any]) -> str:
    try:
        return execution.result().result
    except errors.DefinedExecutionError as error:
        name = error.identifier.rsplit("/", 1)[-1]
        return "NotStarted" if name in NOT_STARTED and "Nothing moved." in str(error) else name
    except errors.SilaError as error:
        return f"{type(error).__name__}: {error}"
