"""Waits and profiles of modules as steps of a session, carried out by this server and not by the session's run."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.module_plans import RUN_PROFILE
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import SET_TARGETS, DeckState, target_of
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileStep
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.temperatures import BLOCK, HEATER, LID, PLATE, TemperatureSource
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.session.driver_waits import DriverWaits, Waiter

LONGEST_S = 86_400.0
"""A step names no time; the robot's own wait would have no end."""
WAITS = {
    "temperatureModule/waitForTemperature": PLATE,
    "heaterShaker/waitForTemperature": HEATER,
    "thermocycler/waitForBlockTemperature": BLOCK,
    "thermocycler/waitForLidTemperature": LID,
}


def wait_in_session(session_waits: DriverWaits, module_waits: ModuleWaits, profiles: Profiles) -> None:
    """Let this server carry out what a session must not send."""
    for command_type, source in WAITS.items():
        session_waits.add(command_type, _waiter(module_waits, source))
    session_waits.add(RUN_PROFILE, _profile(profiles))
    session_waits.runs_profile = profiles.runs_on
    session_waits.keep_profiles_out = profiles.keep_out


def _waiter(module_waits: ModuleWaits, source: TemperatureSource) -> Waiter:
    def wait(
        command: PlannedCommand, deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
    ) -> None:
        module_id = command.params["moduleId"]
        serial_number = deck_state.modules[module_id].serial_number
        target_c = deck_state.targets_c.get(target_of(SET_TARGETS[command.command_type], module_id))
        if target_c is not None:
            module_waits.until_taken(source, serial_number, target_c, cancelled=cancelled)
        module_waits.until_reached(
            source, serial_number, timeout_s=LONGEST_S, cancelled=cancelled, report=lambda **_: at_work()
        )

    return wait


def _profile(profiles: Profiles) -> Waiter:
    def run(
        command: PlannedCommand, deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
    ) -> None:
        profiles.run(
            deck_state.modules[command.params["moduleId"]].serial_number,
            [ProfilePart([ProfileStep(step["celsius"], step["holdSeconds"]) for step in command.params["profile"]], 1)],
            maximum_volume_ul=command.params.get("blockMaxVolumeUl", 0.0),
            cancelled=cancelled,
            report=lambda **_: at_work(),
        )

    return run
