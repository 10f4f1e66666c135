"""Times of the robot are in UTC, whether an answer says so or not."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from pydantic import ValidationError

from sila_ot2.robot import wire


def created_at(text: str) -> datetime:
    return wire.MaintenanceRun.model_validate({"id": "m", "createdAt": text}).created_at


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05", "2026-01-02T03:04:05Z", "2026-01-02T05:04:05+02:00"])
def test_a_time_without_zone_is_one_in_utc(text: str) -> None:
    found = created_at(text)
    assert found == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert found.tzinfo is timezone.utc


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-23:00"])
def test_a_time_that_does_not_exist_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="does not exist in UTC"):
        created_at(text)
