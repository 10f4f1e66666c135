"""A Transfer that is refused for want of tips waits, and goes on when a client has refilled the rack."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.modules.switch_off import SwitchOff
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase, TransferParameters
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.sila import Execution, Kind
from tests.fakes.session_server import TIPS, load_deck, serve
from tests.fakes.tip_robot import TipRobot
from tests.waiting import wait_for


def test_a_transfer_waits_for_a_full_rack(tmp_path: Path) -> None:
    server = serve(TipRobot(), tmp_path, hold_commands=True)
    load_deck(server)
    stock, recovery = server.parts.stock, server.remedies.recovery
    stock.reset("1", f"opentrons/{TIPS}/1")
    stock.mark("1", (), "Used")
    plate = next(one for one in server.session.deck_state.value.labware.values() if one.location == "2").labware_id
    atomic = AtomicLiquidHandling(
        server.session,
        server.queued,
        server.uncertain_tips,
        Observable(server.parts.monitor.state.value.machine),
        cast(SwitchOff, None),  # only CloseSession uses it
        server.remedies,
        liquid_classes=LiquidClasses(),
        allow_raw_commands=False,
        simulated=False,
    )
    feature = AtomicLiquidHandlingBase.FEATURE
    execution = Execution(
        feature=feature,
        identifier=f"{feature}/Command/Transfer",
        kind=Kind.OBSERVABLE_COMMAND,
        lifetime_s=60,
        cancelled=Cancellation(),
        encode_intermediate=lambda _: b"",
    )
    given: Any = TransferParameters(
        mount="right",
        source_labware_identifier=plate,
        source_wells=["A1"],
        target_labware_identifier=plate,
        target_wells=["B1"],
        volumes_ul=[50.0],
    )
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(atomic.Transfer, given, execution=execution)
        (error,) = wait_for(lambda: recovery.errors.value)
        assert (error.command, error.execution_uuid) == (execution.identifier, str(execution.execution_uuid))
        assert error.condition.identifier == "NoTipAvailable"
        recovery.choose(error.execution_uuid, f"TipRackRefilled1-{error.number}")
        result = running.result(timeout=60)
    assert (result.TipsUsed, recovery.errors.value) == (1, ())
    server.end()
