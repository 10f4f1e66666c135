"""Errors of the SiLA server in PyLabRobot's terms."""

from __future__ import annotations

from collections.abc import Sequence

from pylabrobot.liquid_handling.errors import ChannelizedError
from pylabrobot.resources.errors import HasTipError, NoTipError, TooLittleVolumeError

from sila_ot2.client import errors

OF_CHANNELS: dict[type[errors.DefinedExecutionError], type[Exception]] = {
    errors.TipAlreadyAttached: HasTipError,
    errors.TipNotAttached: NoTipError,
    errors.NoTipAvailable: NoTipError,
    errors.VolumeOutOfRange: TooLittleVolumeError,
}
"""Errors that PyLabRobot has, too. All others stay what they are."""


def in_its_terms(error: errors.ClientError, channels: Sequence[int]) -> Exception:
    """Return the error that PyLabRobot knows, for each of the channels; the server's own if there is none."""
    for kind, other in OF_CHANNELS.items():
        if isinstance(error, kind):
            known: Exception = ChannelizedError({channel: other(str(error)) for channel in channels})
            return known
    return error
