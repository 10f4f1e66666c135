"""The server's errors of tips and liquid as those of PyLabRobot, in both releases that are supported."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

import pytest

pytest.importorskip("pylabrobot", reason="pylabrobot is in the server environment only")

from pylabrobot.liquid_handling.errors import ChannelizedError  # noqa: E402
from pylabrobot.resources import errors as others  # noqa: E402

from sila_ot2.client import errors  # noqa: E402
from sila_ot2.pylabrobot.channel_errors import in_its_terms  # noqa: E402
from sila_ot2.pylabrobot.faults import KNOWN, known_error  # noqa: E402
from tests.contract.feature_style import ROOT  # noqa: E402

MEANING_THE_SAME = {
    errors.TipAlreadyAttached: others.HasTipError,
    errors.TipNotAttached: others.NoTipError,
    errors.NoTipAvailable: others.NoTipError,
    errors.NotEnoughLiquid: others.TooLittleLiquidError,
    errors.TipContaminated: others.CrossContaminationError,
    errors.VolumeOutOfRange: others.TooLittleVolumeError,
}


@pytest.mark.parametrize(("kind", "other"), MEANING_THE_SAME.items(), ids=lambda kind: kind.__name__)
def test_an_error_that_pylabrobot_has_is_its_own_for_each_channel(
    kind: type[errors.DefinedExecutionError], other: type[Exception]
) -> None:
    error = kind("A1 holds 5 µL.", "a/b/C/v1/DefinedExecutionError/X")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        known = in_its_terms(error, [0, 1])
    assert isinstance(known, ChannelizedError)
    assert [type(each) for each in known.errors.values()] == [other, other]
    assert "A1 holds 5 µL." in str(known.errors[0])


def test_any_other_error_stays_the_servers() -> None:
    error = errors.DoorOpen("It is open.", "a/b/C/v1/DefinedExecutionError/DoorOpen")
    assert known_error(error) is None
    assert in_its_terms(error, [0]) is error


@pytest.mark.slow
def test_pylabrobot_1_0_has_the_same_errors(client_python: Path) -> None:
    program = "from sila_ot2.pylabrobot.faults import KNOWN; print(*sorted(each.__name__ for each in KNOWN.values()))"
    done = subprocess.run([client_python, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(each.__name__ for each in KNOWN.values())
