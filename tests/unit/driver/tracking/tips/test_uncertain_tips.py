"""A statement about tips that cannot be written down is not accepted in silence."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import Movement, NotReconciled
from sila_ot2.store.uncertain_tips import UncertainTipStore


def test_statement_that_cannot_be_written_down_is_refused_and_the_doubt_stays(engine: Engine) -> None:
    tips = UncertainTips(UncertainTipStore(engine))
    tips.add(["left"], "a stop")
    with engine.begin() as database:
        database.execute(
            text(
                "CREATE TRIGGER full BEFORE DELETE ON uncertain_tips "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        )
    with pytest.raises(NotReconciled, match="cannot be written down") as refused:
        tips.accept_statement({})
    assert refused.value.moved is Movement.NONE
    assert set(tips.current.value) == set(UncertainTips(UncertainTipStore(engine)).current.value) == {"left"}
    with engine.begin() as database:
        database.execute(text("DROP TRIGGER full"))
    tips.accept_statement({})
    tips.require_none()
