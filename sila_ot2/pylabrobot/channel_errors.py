"""Errors of the SiLA server in the terms of PyLabRobot's liquid handler: one for each channel."""

from __future__ import annotations

from collections.abc import Sequence

from pylabrobot.liquid_handling.errors import ChannelizedError

from sila_ot2.client import errors
from sila_ot2.pylabrobot.faults import known_error


def in_its_terms(error: errors.ClientError, channels: Sequence[int]) -> Exception:
    """Return the error that PyLabRobot knows, for each of the channels; the server's own if there is none."""
    if known_error(error) is None:
        return error
    known: Exception = ChannelizedError({channel: known_error(error) for channel in channels})
    return known
