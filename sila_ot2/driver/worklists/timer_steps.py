"""The steps of worklists that start timers and wait for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sila_ot2.driver.deck.plans.plan import CommandPlan
from sila_ot2.driver.deck.plans.timers import start_timer, wait_for_timer
from sila_ot2.generated.atomic_liquid_handling import DelayParameters

Name = Annotated[str, Field(alias="Timer", pattern=r"^[A-Za-z0-9_-]{1,40}$")]


@dataclass(frozen=True, kw_only=True)
class StartTimer(DelayParameters):
    """Parameters of a timer that is started: it lasts as long as a delay can."""

    timer: Name


@dataclass(frozen=True, kw_only=True)
class WaitForTimer:
    """Parameters of a wait for a timer."""

    timer: Name


TIMER_STEPS: Mapping[str, tuple[type, Callable[[Any], CommandPlan]]] = {
    "StartTimer": (StartTimer, lambda given: start_timer(given.timer, given.duration_s)),
    "WaitForTimer": (WaitForTimer, lambda given: wait_for_timer(given.timer)),
}
"""By the name of the step: its parameters, and what plans it."""
