"""Errors of the SiLA server that PyLabRobot has, too."""

from __future__ import annotations

import warnings

from pylabrobot.resources.errors import (
    CrossContaminationError,
    HasTipError,
    NoTipError,
    TooLittleLiquidError,
    TooLittleVolumeError,
)

from sila_ot2.client import errors

KNOWN: dict[type[errors.DefinedExecutionError], type[Exception]] = {
    errors.TipAlreadyAttached: HasTipError,
    errors.TipNotAttached: NoTipError,
    errors.NoTipAvailable: NoTipError,
    errors.NotEnoughLiquid: TooLittleLiquidError,
    errors.TipContaminated: CrossContaminationError,
    errors.VolumeOutOfRange: TooLittleVolumeError,
}


def known_error(error: errors.ClientError) -> Exception | None:
    """Return PyLabRobot's error for one of the server's, or None if it has none."""
    with warnings.catch_warnings():  # PyLabRobot will no longer track contamination itself; the error stays right
        warnings.simplefilter("ignore", DeprecationWarning)
        return next((other(str(error)) for kind, other in KNOWN.items() if isinstance(error, kind)), None)
