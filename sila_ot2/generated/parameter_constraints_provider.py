"""The feature ParameterConstraintsProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC
from typing import NamedTuple

from sila_ot2.generated import ObservableProperty


class ParametersConstraintsItem(NamedTuple):
    """The constraints of all parameters that have any at present. The list is sent anew, and complete, whenever one
    has changed. A parameter that is not in the list has no limits but those of its definition.
    """

    CommandParameterIdentifier: str
    """The fully qualified identifier of the parameter."""
    Constraints: str
    """The constraints as XML: an element Constraints as in feature definitions, in the namespace of SiLA."""


class ParameterConstraintsProviderBase(ABC):
    """Reports which values the parameters of commands can have at present, where this depends on the robot: the mounts
    that have a pipette, the volumes that the pipettes and their tips take, the slots that are free, the labware
    that is loaded, the modules that are attached, the protocols that are stored. A value outside of these limits is
    refused by its command; a value within them may still be refused for other reasons.
    """

    FEATURE = "org.silastandard/core.commands/ParameterConstraintsProvider/v1"

    ParametersConstraints: ObservableProperty[list[ParametersConstraintsItem]]
    """The constraints of all parameters that have any at present. The list is sent anew, and complete, whenever one
    has changed. A parameter that is not in the list has no limits but those of its definition.
    """
