"""Errors about the deck: labware, its definitions and offsets, slots and locations."""

from __future__ import annotations

from sila_ot2.errors.kinds import RobotRefused


class DeckFileInvalid(RobotRefused):
    """The content is not the file of a declared deck; the message names each place that is wrong."""


class DeckMismatch(RobotRefused):
    """A run needs something else on the deck than what was declared; the message names the slot. Nothing moved."""


class DeckUnsafe(RobotRefused):
    """Something on the deck makes this unsafe: a module shakes, is open or closed, or would be hit. Nothing moved."""


class SlotNotAvailable(RobotRefused):
    """Nothing can be put there: the slot is occupied, or no place for labware. Nothing moved."""


class LocationUnknown(RobotRefused):
    """The location is neither a slot nor anything loaded in the session."""


class LabwareNotLoaded(RobotRefused):
    """The labware is not loaded; load it first. Nothing moved."""


class LabwareDefinitionInvalid(RobotRefused):
    """This is not a valid Opentrons labware definition."""


class LabwareDefinitionExists(RobotRefused):
    """Another labware definition with the same namespace, load name and version is in the library."""


class LabwareDefinitionNotFound(RobotRefused):
    """Neither the robot nor the session knows a labware definition of this name, namespace and version."""


class LabwareOffsetInvalid(RobotRefused):
    """A labware offset would have no effect: nothing of the protocol is there, or two are given for one place."""


class LabwareOffsetNotFound(RobotRefused):
    """No labware offset is kept for this labware at this location."""


class WellUnknown(RobotRefused):
    """The labware has no such well. Nothing moved."""


class TipRackNotDeclared(RobotRefused):
    """No tip rack is declared in the slot, or what was declared is not a tip rack. Nothing was changed."""
