"""A profile and what would disturb it keep each other out."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.errors import DeckUnsafe, ModuleBusy
from tests.fakes.profile_bench import SERIAL, ProfileParts
from tests.unit.driver.modules.test_profiles import HOT_AND_COLD, bench

__all__ = ["bench"]  # a fixture


@pytest.mark.parametrize("named", ["", SERIAL])
def test_none_begins_while_something_would_disturb_it(bench: ProfileParts, named: str) -> None:
    with pytest.raises(ModuleBusy, match="another command is under way"), bench.profiles.keep_out(named):
        bench.run(HOT_AND_COLD)
    assert bench.robot.targets == []
    bench.run(HOT_AND_COLD)


def test_a_lid_that_was_opened_before_it_took_the_block_is_seen(bench: ProfileParts) -> None:
    """The module was read to find it; what has ended meanwhile kept no profile out."""
    taking = bench.profiles._alone

    def opened(*given: Any) -> Any:
        bench.robot.reported(SERIAL)["lidStatus"] = "open"
        return taking(*given)

    bench.profiles._alone = opened  # type: ignore[method-assign,assignment]
    with pytest.raises(DeckUnsafe, match="is open"):
        bench.run(HOT_AND_COLD)
    assert bench.robot.targets == []
