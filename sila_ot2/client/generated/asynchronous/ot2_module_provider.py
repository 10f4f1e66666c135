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
    RETRIEVE_MODULE_HISTORY,
    ActivePart,
    AttachedModule,
    MissingModule,
)


class AsyncOT2ModuleProvider(Feature[AsyncLink]):
    """Reports which modules are attached to the robot, and what they have measured. Modules may be attached and
    removed while the robot is on; the change is shown here within a few seconds.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1"

    async def retrieve_module_history(self, *, module_identifier: str | None = None) -> bytes:
        """Returns what modules have reported in the last hours: temperatures, speeds, heights, latches and lids,
        whoever has commanded them, also of modules that are no longer attached. The newest 10000 changes of each
        part are kept in memory. With the default settings these are 14 hours if every reading differs, or 2.7 hours
        while something is waited for. What was before the start of this server is lost. The command answers at
        once, no request is sent to the robot, and nothing moves.

        Args:
            module_identifier: The serial number of the module. None means all modules.

        Returns:
            history: Comma-separated text in UTF-8 with the columns SerialNumber, Model, Part (Plate, Heater,
                Shaker, Latch, Block, Lid, LidPosition, or Magnets), FirstReportedAt, LastReportedAt, Value, Target,
                Unit (°C, rpm, or mm), and Status, ordered by module, part, and time. Latch and LidPosition have a
                Status alone, as LatchStatus and LidStatus of their modules. A row lasts as long as the robot
                reported the same values, by the clock of the server. If the next row of a part begins much later
                than this one ends, nothing was reported between them. Target is empty if there is none, and for
                magnets.

        Errors: ModuleMissing.
        """
        return await self._link.command(
            RETRIEVE_MODULE_HISTORY, ("" if module_identifier is None else module_identifier,)
        )

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
