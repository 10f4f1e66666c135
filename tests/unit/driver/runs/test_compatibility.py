"""Each attached module serves one that a protocol asks for."""

from __future__ import annotations

import pytest

from sila_ot2.driver.runs.compatibility import missing_modules, pipette_fits

T1, T2, C1, C2 = "temperatureModuleV1", "temperatureModuleV2", "thermocyclerModuleV1", "thermocyclerModuleV2"


@pytest.mark.parametrize(
    ("wanted", "attached", "missing"),
    [
        ([], [T1], ()),
        ([T1], [T2], ()),
        ([T2], [T1], ()),
        ([C1], [C2], (C1,)),
        ([C2], [C1], (C2,)),
        ([T1, T1], [T2], (T1,)),
        ([T1, T2], [T2, T1], ()),
        ([T1, T2], [T2], (T1,)),
        ([T1, C1], [], (T1, C1)),
    ],
)
def test_modules(wanted: list[str], attached: list[str], missing: tuple[str, ...]) -> None:
    assert missing_modules(wanted, attached) == missing


def test_pipettes_stand_in_for_older_ones_only() -> None:
    assert pipette_fits("p300_single_gen2", wanted="p300_single")
    assert not pipette_fits("p300_single", wanted="p300_single_gen2")
    assert not pipette_fits("p20_single_gen2", wanted="p300_single")
