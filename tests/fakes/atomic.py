"""AtomicLiquidHandling on a server's parts, and its commands as the SiLA server calls them."""

from __future__ import annotations

from typing import Any, cast

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.modules.switch_off import SwitchOff
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.sila import Execution, Kind
from tests.fakes.session_server import SessionServer

FEATURE = AtomicLiquidHandlingBase.FEATURE
NO_SWITCH_OFF = cast(SwitchOff, None)
"""Only CloseSession uses it."""


def atomic_of(server: SessionServer, switch_off: Any = NO_SWITCH_OFF) -> AtomicLiquidHandling:
    return AtomicLiquidHandling(
        server.session,
        server.loading,
        server.reconciliation,
        server.queued,
        server.uncertain_tips,
        Observable(server.parts.monitor.state.value.machine),
        switch_off,
        server.remedies,
        liquid_classes=LiquidClasses(),
        allow_raw_commands=False,
    )


def execution_of(command: str, cancelled: Cancellation | None = None) -> Execution:
    return Execution(
        feature=FEATURE,
        identifier=f"{FEATURE}/Command/{command}",
        kind=Kind.OBSERVABLE_COMMAND,
        lifetime_s=60,
        cancelled=cancelled or Cancellation(),
        encode_intermediate=lambda _: b"",
    )
