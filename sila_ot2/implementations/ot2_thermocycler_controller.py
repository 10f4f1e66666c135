"""The feature OT2ThermocyclerController."""

from __future__ import annotations

import datetime
import math
from typing import ClassVar

from sila_ot2.driver.modules import thermocycler
from sila_ot2.driver.modules.gantry_commands import GantryCommand, GantryCommands
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfileState, ProfileStep
from sila_ot2.driver.modules.profiles import Profiles
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.temperatures import BLOCK, LID
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated import ot2_thermocycler_controller as generated
from sila_ot2.implementations.modules import accepted_target, listed, show_modules, wait_until_reached
from sila_ot2.robot import wire
from sila_ot2.sila import Call, Execution, ObservableProperty


class OT2ThermocyclerController(generated.OT2ThermocyclerControllerBase):
    """Thermocyclers. The lid can move the gantry."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"OpenLid", "CloseLid"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"WaitForBlockTemperature", "WaitForLidTemperature"})

    def __init__(
        self,
        state: Observable[RobotState],
        set_points: SetPoints,
        gantry_commands: GantryCommands,
        waits: ModuleWaits,
        profiles: Profiles,
    ) -> None:
        self._set_points = set_points
        self._gantry_commands = gantry_commands
        self._waits = waits
        self._profiles = profiles
        self.Thermocyclers: ObservableProperty[list[generated.Thermocycler]] = ObservableProperty([])
        show_modules(state, thermocycler.KIND, _row, self.Thermocyclers.set)

    def SetBlockTemperature(self, given: generated.SetBlockTemperatureParameters, *, call: Call) -> float:
        """Set the target of the block."""
        set_point = thermocycler.block_temperature(given.target_temperature_c, given.maximum_volume_ul)
        command = self._profiles.set_block(set_point, given.module_identifier)
        return accepted_target(command, "targetBlockTemperature", given.target_temperature_c)

    def WaitForBlockTemperature(
        self, given: generated.WaitForBlockTemperatureParameters, *, execution: Execution
    ) -> float:
        """Wait until the block has reached it."""
        progress = generated.TemperatureProgress
        return wait_until_reached(self._waits, BLOCK, given.module_identifier, given.timeout_s, execution, progress)

    def DeactivateBlock(self, given: generated.DeactivateBlockParameters, *, call: Call) -> None:
        """Remove the target of the block."""
        self._profiles.deactivate_block(given.module_identifier)

    def SetLidTemperature(self, given: generated.SetLidTemperatureParameters, *, call: Call) -> float:
        """Set the target of the lid."""
        command = self._set_points.set(
            thermocycler.lid_temperature(given.target_temperature_c), given.module_identifier
        )
        return accepted_target(command, "targetLidTemperature", given.target_temperature_c)

    def WaitForLidTemperature(self, given: generated.WaitForLidTemperatureParameters, *, execution: Execution) -> float:
        """Wait until the lid has reached it."""
        progress = generated.TemperatureProgress
        return wait_until_reached(self._waits, LID, given.module_identifier, given.timeout_s, execution, progress)

    def DeactivateLid(self, given: generated.DeactivateLidParameters, *, call: Call) -> None:
        """Remove the target of the lid."""
        self._set_points.set(thermocycler.lid_off(), given.module_identifier)

    def OpenLid(self, given: generated.OpenLidParameters, *, execution: Execution) -> None:
        """Open the lid."""
        self._perform(thermocycler.open_lid(), given.module_identifier, execution)

    def CloseLid(self, given: generated.CloseLidParameters, *, execution: Execution) -> None:
        """Close it."""
        self._perform(thermocycler.close_lid(), given.module_identifier, execution)

    def RunProfile(self, given: generated.RunProfileParameters, *, execution: Execution) -> float:
        """Run a profile."""
        part = ProfilePart(_steps(given.profile_steps), given.repetitions)
        return self._run([part], given.module_identifier, given.maximum_volume_ul, execution)

    def RunExtendedProfile(self, given: generated.RunExtendedProfileParameters, *, execution: Execution) -> float:
        """Run a profile of several parts."""
        parts = [ProfilePart(_steps(part.Steps), part.Repetitions) for part in given.profile_parts]
        return self._run(parts, given.module_identifier, given.maximum_volume_ul, execution)

    def _run(
        self, parts: list[ProfilePart], serial_number: str, maximum_volume_ul: float, execution: Execution
    ) -> float:
        def send(state: ProfileState) -> None:
            place = state.place
            if math.isnan(state.current_c):
                return
            execution.send_intermediate(
                generated.ProfileProgress(
                    place.part,
                    place.cycle,
                    place.step,
                    state.current_c,
                    place.step_to_do.target_c,
                    max(state.hold_left_s, 0.0),
                )
            )

        return self._profiles.run(
            serial_number,
            parts,
            maximum_volume_ul=maximum_volume_ul,
            cancelled=execution.cancelled,
            report=execution.report,
            seen=send,
        )

    def _perform(self, command: GantryCommand, serial_number: str, execution: Execution) -> None:
        with self._profiles.keep_out(serial_number):
            self._profiles.require_none(serial_number)
            self._gantry_commands.perform(
                command, serial_number, cancelled=execution.cancelled, report=execution.report
            )


def _steps(steps: list[generated.ProfileStep]) -> list[ProfileStep]:
    return [ProfileStep(step.StepTemperature, step.HoldTime) for step in steps]


def _row(module: wire.Module, reported_at: datetime.datetime) -> generated.Thermocycler:
    block, lid = BLOCK.read(module), LID.read(module)
    return generated.Thermocycler(
        module.serial_number,
        module.module_model,
        block.status,
        block.current_c,
        listed(block.target_c),
        max(thermocycler.hold_left_s(module), 0.0),
        thermocycler.lid_of(module),
        lid.status,
        lid.current_c,
        listed(lid.target_c),
        reported_at,
    )
