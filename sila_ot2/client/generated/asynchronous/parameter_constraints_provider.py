"""The feature ParameterConstraintsProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.parameter_constraints_provider import PARAMETERS_CONSTRAINTS, ParametersConstraints


class AsyncParameterConstraintsProvider(Feature[AsyncLink]):
    """Reports which values the parameters of commands can have at present, where this depends on the robot: the mounts
    that have a pipette, the volumes that the pipettes and their tips take, the slots that are free, the labware
    that is loaded, the modules that are attached, the protocols that are stored. A value outside of these limits is
    refused by its command; a value within them may still be refused for other reasons.
    """

    IDENTIFIER = "org.silastandard/core.commands/ParameterConstraintsProvider/v1"

    @property
    def parameters_constraints(self) -> AsyncObservableProperty[list[ParametersConstraints]]:
        """The constraints of all parameters that have any at present. The list is sent anew, and complete, whenever
        one has changed. A parameter that is not in the list has no limits but those of its definition.
        """
        return AsyncObservableProperty(self._link, PARAMETERS_CONSTRAINTS)
