"""The feature OT2ModuleProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_module_provider import ATTACHED_MODULES, AttachedModule


class AsyncOT2ModuleProvider(Feature[AsyncLink]):
    """Reports which modules are attached to the robot. Modules may be attached and removed while the robot is on; the
    change is shown here within a few seconds.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1"

    @property
    def attached_modules(self) -> AsyncObservableProperty[list[AttachedModule]]:
        """The attached modules, in the order of the robot. The list is empty if there are none, and until the robot
        has answered for the first time.
        """
        return AsyncObservableProperty(self._link, ATTACHED_MODULES)
