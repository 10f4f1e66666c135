"""Members of command parameters that a release added: an older robot leaves them out without a word.

A robot of release 8.1 accepts `correctionVolume` and does as if it were not there (measured); a robot refuses a command
type or a value that it does not know by itself. Source: the command schemas 9 (release 8.1) to 16 (release 9.0) of the
opentrons-shared-data packages, compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sila_ot2.robot.ability import Version

_BY_CORRECTION: dict[str, Version] = {"correctionVolume": (8, 4, 0)}
_IN_A_WELL: dict[str, Version] = {"wellLocation.volumeOffset": (8, 2, 0)}
_BY_TASK: dict[str, Version] = {"taskId": (8, 8, 0)}
_BY_TRACKING: Mapping[str, Version] = {
    "trackFromLocation": (8, 8, 0),
    "trackToLocation": (8, 8, 0),
    "movement_delay": (8, 8, 0),
}
MEMBERS_SINCE: Mapping[str, Mapping[str, Version]] = {
    "airGapInPlace": _BY_CORRECTION,
    "aspirate": _BY_CORRECTION | _IN_A_WELL,
    "aspirateInPlace": _BY_CORRECTION,
    "aspirateWhileTracking": _BY_TRACKING,
    "blowout": _IN_A_WELL,
    "dispense": _BY_CORRECTION | _IN_A_WELL,
    "dispenseInPlace": _BY_CORRECTION,
    "dispenseWhileTracking": _BY_TRACKING,
    "dropTip": {"scrape_tips": (8, 4, 0)},
    "heaterShaker/setTargetTemperature": _BY_TASK,
    "liquidProbe": _IN_A_WELL,
    "loadLidStack": {"labwareIds": (8, 4, 0), "stackLabwareId": (8, 4, 0)},
    "moveToWell": _IN_A_WELL,
    "temperatureModule/setTargetTemperature": _BY_TASK,
    "thermocycler/setTargetBlockTemperature": {**_BY_TASK, "ramp_rate": (8, 6, 0)},
    "thermocycler/setTargetLidTemperature": _BY_TASK,
    "touchTip": {"mmFromEdge": (8, 3, 0), **_IN_A_WELL},
    "tryLiquidProbe": _IN_A_WELL,
}
"""By command and path of the member: the first release whose robots do not leave it out."""


def unknown_members(command_type: str, params: Mapping[str, Any], version: Version) -> Iterator[tuple[str, Version]]:
    """Yield the members that a robot of this version would leave out, with the release that has them."""
    for path, since in MEMBERS_SINCE.get(command_type, {}).items():
        value: Any = params
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None and version < since:
            yield path, since
