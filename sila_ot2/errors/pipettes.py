"""Errors about pipettes, tips and liquids."""

from __future__ import annotations

from sila_ot2.errors.kinds import RobotRefused


class PipetteMissing(RobotRefused):
    """The pipette is not attached to that mount, or not loaded. Nothing moved."""


class TipNotAttached(RobotRefused):
    """The pipette has no tip; pick one up first."""


class TipAlreadyAttached(RobotRefused):
    """The pipette has a tip already; drop it first. The gantry may have moved to the rack."""


class NoTipAvailable(RobotRefused):
    """No unused tip that fits the pipette is left in the rack, or in any rack loaded."""


class TipContaminated(RobotRefused):
    """A tip that has touched another liquid is to draw from a well; the message names both. Nothing moved."""


class NotEnoughLiquid(RobotRefused):
    """The tip holds less than is to be dispensed, or a well less than is to be drawn; the message states how much."""


class VolumeOutOfRange(RobotRefused):
    """The volume does not fit the pipette or its tip; the message states the limits and what is held."""


class SpeedOutOfRange(RobotRefused):
    """The speed or flow rate is too low for a movement that ends, or too high; the message states both limits."""


class PositionOutOfBounds(RobotRefused):
    """The position lies outside of what the pipette reaches safely; the message states the limits."""


class TransferInvalid(RobotRefused):
    """The numbers of source wells, target wells and volumes do not fit together."""


class LiquidClassUnknown(RobotRefused):
    """The table of liquid classes has no row for this class, pipette and tip rack. Nothing moved."""
