"""The feature ParameterConstraintsProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersConstraints:
    """The constraints of all parameters that have any at present. The list is sent anew, and complete, whenever one
    has changed. A parameter that is not in the list has no limits but those of its definition.

    Attributes:
        command_parameter_identifier: The fully qualified identifier of the parameter.
        constraints: The constraints as XML: an element Constraints as in feature definitions, in the namespace of
            SiLA.
    """

    command_parameter_identifier: str
    constraints: str


_FEATURE = FeatureDefinition("org.silastandard/core.commands/ParameterConstraintsProvider/v1")
_PARAMETERS_CONSTRAINTS = wire.Structure(
    ParametersConstraints, command_parameter_identifier=wire.STRING, constraints=wire.STRING
)
PARAMETERS_CONSTRAINTS: CallDefinition[list[ParametersConstraints]] = _FEATURE.observable_property(
    "ParametersConstraints", wire.Repeated(_PARAMETERS_CONSTRAINTS)
)


class ParameterConstraintsProvider(Feature[Link]):
    """Reports which values the parameters of commands can have at present, where this depends on the robot: the mounts
    that have a pipette, the volumes that the pipettes and their tips take, the slots that are free, the labware
    that is loaded, the modules that are attached, the protocols that are stored. A value outside of these limits is
    refused by its command; a value within them may still be refused for other reasons.
    """

    IDENTIFIER = "org.silastandard/core.commands/ParameterConstraintsProvider/v1"

    @property
    def parameters_constraints(self) -> ObservableProperty[list[ParametersConstraints]]:
        """The constraints of all parameters that have any at present. The list is sent anew, and complete, whenever
        one has changed. A parameter that is not in the list has no limits but those of its definition.
        """
        return ObservableProperty(self._link, PARAMETERS_CONSTRAINTS)
