"""Types of commands that a release added: an older robot does not know them.

Source: up to 7.1 measured; from 8.2 on the newest command schema in the opentrons-shared-data package of each release
(8.1.0, 8.2.0, 8.3.0, 8.4.0, 8.5.0, 8.6.0, 8.8.0, 9.0.0), compared. 8.5 and 9.0 added none.
"""

from __future__ import annotations

from collections.abc import Mapping

from sila_ot2.robot.ability import Version

_WITH_RUNS: Version = (5, 0, 0)
_OTHERS: Version = (6, 0, 0)
_ADDED: Mapping[Version, str] = {
    _WITH_RUNS: "aspirate dispense dropTip home loadLabware loadModule loadPipette moveRelative moveToWell pickUpTip "
    "savePosition",
    (6, 1, 0): "moveToCoordinates",  # 6.0 knows it, and fails
    (6, 3, 0): "comment",
    (7, 0, 0): "setStatusBar",
    (7, 1, 0): "dropTipInPlace "  # 7.0 knows it, and fails without moveToAddressableAreaForDropTip
    "moveToAddressableArea moveToAddressableAreaForDropTip",
    (8, 2, 0): "absorbanceReader/closeLid absorbanceReader/openLid absorbanceReader/read "
    "thermocycler/runExtendedProfile unsafe/placeLabware unsafe/ungripLabware",
    (8, 3, 0): "airGapInPlace getNextTip loadLid loadLidStack loadLiquidClass robot/closeGripperJaw "
    "robot/moveAxesRelative robot/moveAxesTo robot/moveTo robot/openGripperJaw",
    (8, 4, 0): "aspirateWhileTracking dispenseWhileTracking flexStacker/empty flexStacker/fill flexStacker/retrieve "
    "flexStacker/setStoredLabware flexStacker/store pressureDispense sealPipetteToTip unsealPipetteFromTip",
    (8, 6, 0): "identifyModule unsafe/flexStacker/closeLatch unsafe/flexStacker/manualRetrieve "
    "unsafe/flexStacker/openLatch unsafe/flexStacker/prepareShuttle",
    (8, 8, 0): "captureImage createTimer heaterShaker/setShakeSpeed setTipState thermocycler/startRunExtendedProfile "
    "waitForTasks",
}
TYPES_SINCE: Mapping[str, Version] = {name: since for since, names in _ADDED.items() for name in names.split()}
"""What is listed nowhere is taken to exist from 6.0 on: the robot's own refusal of a command that it does not know
(422) is as clear as ours."""
FLEX_ONLY = frozenset(
    {
        "calibration/calibrateGripper",
        "calibration/calibrateModule",
        "calibration/calibratePipette",
        "calibration/moveToMaintenancePosition",
        "robot/closeGripperJaw",
        "robot/moveAxesRelative",
        "robot/moveAxesTo",
        "robot/openGripperJaw",
        "sealPipetteToTip",
        "unsafe/blowOutInPlace",
        "unsafe/dropTipInPlace",
        "unsafe/engageAxes",
        "unsafe/placeLabware",
        "unsafe/ungripLabware",
        "unsafe/updatePositionEstimators",
    }
)
"""Types of commands that need the hardware of a Flex, some of which fail only after a movement (engine 9.0.0)."""
_FLEX_MODULES = ("absorbanceReader/", "flexStacker/", "unsafe/flexStacker/")
"""How the commands begin of modules that no slot of an OT-2 takes."""


def is_for_flex(command_type: str) -> bool:
    """Return whether no OT-2 can execute a type of command, whatever its release."""
    return command_type in FLEX_ONLY or command_type.startswith(_FLEX_MODULES)


def first_with(command_type: str) -> Version:
    """Return the first release that knows a type of command."""
    return TYPES_SINCE.get(command_type, _OTHERS)
