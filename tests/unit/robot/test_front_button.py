"""What a press of the button at the front of the robot does, by what the robot says of its settings."""

from __future__ import annotations

import pytest

from sila_ot2.robot import wire
from sila_ot2.robot.front_button import DISABLING_SETTING, FrontButton, front_button_of


@pytest.mark.parametrize(
    ("value", "button"), [(True, FrontButton.DISABLED), (False, FrontButton.ACTIVE), (None, FrontButton.ACTIVE)]
)
def test_a_robot_with_the_setting_has_a_button_unless_it_is_disabled(value: bool | None, button: FrontButton) -> None:
    settings = [{"id": "other", "value": True}, {"id": DISABLING_SETTING, "value": value}]
    assert front_button_of(wire.Setting.model_validate(one) for one in settings) is button


def test_the_button_of_a_robot_without_the_setting_does_nothing() -> None:
    assert front_button_of([wire.Setting.model_validate({"id": "other", "value": True})]) is FrontButton.UNUSED
    assert front_button_of([]) is FrontButton.UNUSED
