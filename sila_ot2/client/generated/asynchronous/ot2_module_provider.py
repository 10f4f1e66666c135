"""The feature OT2ModuleProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_module_provider import (
    ACTIVE_PARTS,
    ATTACHED_MODULES,
    MISSING_MODULES,
    ActivePart,
    AttachedModule,
    MissingModule,
)


class AsyncOT2ModuleProvider(Feature[AsyncLink]):
    """Reports which modules are attached to the robot. Modules may be attached and removed while the robot is on; the
    change is shown here within a few seconds.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1"

    @property
    def attached_modules(self) -> AsyncObservableProperty[list[AttachedModule]]:
        """The attached modules, in the order of the robot. A module that the robot does not list for up to three
        seconds stays in the list. The list is empty if there are no modules, and until the robot has answered for
        the first time.
        """
        return AsyncObservableProperty(self._link, ATTACHED_MODULES)

    @property
    def missing_modules(self) -> AsyncObservableProperty[list[MissingModule]]:
        """The modules that were attached and that the robot has not listed for more than three seconds, with the time
        at which each was first missed. A module leaves the list when the robot lists it again. The list is empty
        when this server starts: a module that was removed before then is not known.
        """
        return AsyncObservableProperty(self._link, MISSING_MODULES)

    @property
    def active_parts(self) -> AsyncObservableProperty[list[ActivePart]]:
        """What of the attached modules heats, cools, shakes or is raised, whoever has commanded it, and what is hotter
        than 50 °C although it is switched off. No module switches off by itself, and none when a session or a run
        ends.
        """
        return AsyncObservableProperty(self._link, ACTIVE_PARTS)
