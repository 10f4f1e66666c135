"""A profile and what would disturb it keep each other out."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.errors import DeckUnsafe, ModuleBusy
from tests.fakes.profile_parts import SERIAL, ProfileParts
from tests.unit.driver.modules.test_profiles import HOT_AND_COLD, driver

__all__ = ["driver"]  # a fixture


@pytest.mark.parametrize("named", ["", SERIAL])
def test_none_begins_while_something_would_disturb_it(driver: ProfileParts, named: str) -> None:
    with pytest.raises(ModuleBusy, match="another command is under way"), driver.profiles.keep_out(named):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == []
    driver.run(HOT_AND_COLD)


def test_a_lid_that_was_opened_before_it_took_the_block_is_seen(driver: ProfileParts) -> None:
    """The module was read to find it; what has ended meanwhile kept no profile out."""
    taking = driver.profiles._alone

    def opened(*given: Any) -> Any:
        driver.robot.reported(SERIAL)["lidStatus"] = "open"
        return taking(*given)

    driver.profiles._alone = opened  # type: ignore[method-assign,assignment]
    with pytest.raises(DeckUnsafe, match="is open"):
        driver.run(HOT_AND_COLD)
    assert driver.robot.targets == []
