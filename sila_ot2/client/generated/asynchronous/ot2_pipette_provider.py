"""The feature OT2PipetteProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_pipette_provider import ATTACHED_PIPETTES, AttachedPipette


class AsyncOT2PipetteProvider(Feature[AsyncLink]):
    """Reports which pipettes are attached to the robot. The robot checks its mounts when it starts and when it homes,
    so a pipette that was changed while the robot was on is shown after the next homing.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2PipetteProvider/v1"

    @property
    def attached_pipettes(self) -> AsyncObservableProperty[list[AttachedPipette]]:
        """The attached pipettes, left mount first. The list is empty if there are none, and until the robot has
        answered for the first time.
        """
        return AsyncObservableProperty(self._link, ATTACHED_PIPETTES)
