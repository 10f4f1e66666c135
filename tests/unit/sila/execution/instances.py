"""Waiting for executions."""

from __future__ import annotations

from typing import Any

from sila_ot2.sila import Execution
from sila_ot2.sila.admission import Kind
from tests.waiting import wait_for


def finish(instance: Any, timeout_s: float = 30) -> Any:
    wait_for(lambda: instance.done, timeout_s=timeout_s)
    return instance


def execution() -> Execution:
    return Execution(feature="f", identifier="f/Command/C", kind=Kind.OBSERVABLE_COMMAND, lifetime_s=5)
