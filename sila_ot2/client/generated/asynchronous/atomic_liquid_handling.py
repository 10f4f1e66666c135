"""The feature AtomicLiquidHandling for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.atomic_liquid_handling import (
    AIR_GAP,
    ASPIRATE,
    ASPIRATE_IN_PLACE,
    BLOW_OUT,
    BLOW_OUT_IN_PLACE,
    CLOSE_SESSION,
    CONFIGURE_FOR_VOLUME,
    CONFIGURE_NOZZLE_LAYOUT,
    CONSOLIDATE,
    DEFINE_LABWARE,
    DELAY,
    DISCARD_TIP_UNTRACKED,
    DISPENSE,
    DISPENSE_IN_PLACE,
    DISTRIBUTE,
    DROP_TIP,
    EXECUTE_RAW_COMMAND,
    EXECUTE_WORKLIST,
    HOME,
    LAST_COMMAND,
    LOAD_LABWARE,
    LOAD_MODULE,
    LOAD_PIPETTE,
    LOADED_LABWARE,
    LOADED_MODULES,
    MIX,
    MOVE_LABWARE,
    MOVE_RELATIVE,
    MOVE_TO_COORDINATES,
    MOVE_TO_WELL,
    OPEN_SESSION,
    PICK_UP_TIP,
    PIPETTE_STATES,
    POSITION,
    PREPARE_TO_ASPIRATE,
    RECONCILE_STATE,
    REMOVE_LABWARE,
    RETURN_TIP,
    SAVE_POSITION,
    SESSION,
    SET_FLOW_RATES,
    SET_MOVEMENT_SPEED,
    TOUCH_TIP,
    TRANSFER,
    Axes,
    Axis,
    BlowOut,
    CommandOutcome,
    CommandRecord,
    ConsolidateResponses,
    DistributeResponses,
    ExecuteRawCommandResponses,
    ExecuteWorklistResponses,
    Format,
    LabwareState,
    LoadLabwareResponses,
    LoadModuleResponses,
    LoadPipetteResponses,
    Mode,
    ModuleModel,
    ModuleState,
    Mount,
    Origin,
    PickUpTipResponses,
    PipetteState,
    ReportedPosition,
    SavePositionResponses,
    SessionSummary,
    StartingFrom,
    StatedTipState,
    StepProgress,
    TipPolicy,
    TransferResponses,
)


class AsyncAtomicLiquidHandling(Feature[AsyncLink]):
    """Moves the robot step by step, one command at a time, without a protocol. The commands share a session, which is
    a run of its own on the robot; it is opened by Open Session or by the first command that needs it. Each command
    ends when its movement has ended. A single movement cannot be interrupted: Cancel keeps everything that has not
    begun from being sent, and the command ends as cancelled when the movement under way has ended, usually within
    seconds. While another command of this server moves the robot, a command is refused as not accepted and the
    message names the other one; nothing queues. What can be checked beforehand is checked beforehand, and then
    nothing moves.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1"

    async def open_session(self) -> AsyncExecution[str, None]:
        """Opens a session: it makes a run on the robot, loads the pipettes that are attached, and homes. An ended run
        that is current gives way. If a session is open already, the command does nothing and returns it. Labware
        that the session held before it was lost or the robot restarted has to be loaded again. The command takes
        from some seconds to about a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement. A session whose opening was cancelled is not open.

        The result of the execution:
            run_identifier: The run behind the session.

        Errors: SafetyStopActive, RobotBusy, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, OPEN_SESSION, await self._link.start(OPEN_SESSION, ()))

    async def close_session(self) -> AsyncExecution[None, None]:
        """Closes the session, so that runs can begin. Nothing moves, and labware stays where it is. While a pipette
        holds a tip, or may hold one, the command is refused: the robot forgets a tip with the end of the session,
        and its next run would move too low. Closing when no session is open, or after it was lost, does nothing.
        The command takes about a second. Cancel before it has been sent leaves the session open.

        Errors: TipAlreadyAttached, NotReconciled, RobotUnreachable, RobotRejected, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, CLOSE_SESSION, await self._link.start(CLOSE_SESSION, ()))

    async def load_labware(
        self,
        load_name: str,
        location: str,
        *,
        namespace: str | None = None,
        version: int | None = None,
        display_name: str | None = None,
    ) -> AsyncExecution[LoadLabwareResponses, None]:
        """Tells the robot that a piece of labware stands at a location. Nothing moves, unless a session has to be
        opened first, which homes the robot. The command takes about a second. Cancel before it has been sent loads
        nothing.

        Args:
            load_name: The load name of the labware definition, for example corning_96_wellplate_360ul_flat.
            namespace: The namespace of the definition. None means that of a definition sent with Define Labware
                under this load name, or else opentrons.
            version: The version of the definition. At least 0, at most 10000. None means that of a definition sent
                with Define Labware under this load name, or else 1.
            location: The slot, or the identifier of a module or a piece of labware that is loaded and carries it.
            display_name: A name for people. None means none.

        The result of the execution:
            labware_identifier: The identifier of the labware in this session.
            record: When and as what the robot carried out the command.

        Errors: LabwareDefinitionNotFound, SlotNotAvailable, LocationUnknown, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            LOAD_LABWARE,
            await self._link.start(
                LOAD_LABWARE,
                (
                    load_name,
                    "" if namespace is None else namespace,
                    0 if version is None else version,
                    location,
                    "" if display_name is None else display_name,
                ),
            ),
        )

    async def define_labware(self, definition: bytes) -> AsyncExecution[str, None]:
        """Gives the session a custom labware definition, so that Load Labware can load it. Nothing moves, unless a
        session has to be opened first. The command takes about a second. Sending the same definition again is
        allowed. Cancel before it has been sent defines nothing.

        Args:
            definition: An Opentrons labware definition (JSON), at most 2 megabytes.

        The result of the execution:
            definition_uri: The labware definition, written as namespace/load name/version.

        Errors: LabwareDefinitionInvalid, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        DoorOpen, CommandFailed, MotionFailed, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, DEFINE_LABWARE, await self._link.start(DEFINE_LABWARE, (definition,)))

    async def load_pipette(self, mount: Mount) -> AsyncExecution[LoadPipetteResponses, None]:
        """Tells the robot to use the pipette that is attached to a mount. Other commands do this by themselves; use it
        to check beforehand. Loading a pipette that is loaded already returns the same identifier. Nothing moves,
        unless a session has to be opened first, which homes the robot. The command takes about a second. Cancel
        before it has been sent loads nothing.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            pipette_identifier: The identifier of the pipette in this session.
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, LOAD_PIPETTE, await self._link.start(LOAD_PIPETTE, (mount,)))

    async def home(self, *, axes: Sequence[Axes] = ()) -> AsyncExecution[CommandRecord, None]:
        """Moves the axes to their reference positions. It is the way back to a known position after a failed movement.
        It takes up to about half a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement.

        Args:
            axes: The axes to home. Empty means all of them.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, HOME, await self._link.start(HOME, (axes,)))

    async def pick_up_tip(
        self, mount: Mount, *, tip_rack_identifier: str | None = None, well: str | None = None
    ) -> AsyncExecution[PickUpTipResponses, None]:
        """Picks up a tip, or a column of tips with a pipette of eight channels, from a tip rack. It takes some
        seconds. The robot has no sensor for tips: success means that the movement was carried out. Cancel before
        the command has been sent keeps the robot still; later, the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            tip_rack_identifier: The tip rack, as Load Labware returned it. None means the first one loaded that has
                an unused tip that fits.
            well: The place in the rack. None means the next one that has not been used in this session.

        The result of the execution:
            tip_rack_identifier: The tip rack that the tip came from.
            well: The place in the rack that the tip came from.
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipAlreadyAttached, NoTipAvailable, LabwareNotLoaded, WellUnknown, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, PositionOutOfBounds, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            PICK_UP_TIP,
            await self._link.start(
                PICK_UP_TIP,
                (
                    mount,
                    "" if tip_rack_identifier is None else tip_rack_identifier,
                    "" if well is None else well,
                ),
            ),
        )

    async def drop_tip(
        self, mount: Mount, *, destination: str | None = None, well: str | None = None, alternate: bool = False
    ) -> AsyncExecution[CommandRecord, None]:
        """Drops the attached tip with whatever it holds into the trash or into labware. It takes some seconds. Cancel
        before the command has been sent keeps the robot still; later, the command ends as cancelled after its
        movement.

        Args:
            mount: The mount of the pipette.
            destination: The labware to drop the tip into, as Load Labware returned it. None means the fixed trash.
            well: The well of the destination. It must be empty for the fixed trash. None means the first one.
            alternate: True drops the tip at alternating places of the fixed trash, so that tips do not pile up. It
                has no effect elsewhere or on robots before release 7.1.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged,
        PositionOutOfBounds, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            DROP_TIP,
            await self._link.start(
                DROP_TIP,
                (
                    mount,
                    "" if destination is None else destination,
                    "" if well is None else well,
                    alternate,
                ),
            ),
        )

    async def aspirate(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        flow_rate: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves to a well and draws liquid into the tip. If the tip is empty, the plunger is prepared above the well
        first. It takes some seconds, plus the volume divided by the flow rate. Cancel before the command has been
        sent keeps the robot still; later, the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            volume: The volume. In µL, more than 0, at most 1000.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            ASPIRATE,
            await self._link.start(
                ASPIRATE,
                (
                    mount,
                    labware_identifier,
                    well,
                    volume,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    0.0 if flow_rate is None else flow_rate,
                ),
            ),
        )

    async def dispense(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        flow_rate: float | None = None,
        push_out: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves to a well and pushes liquid out of the tip. It takes some seconds, plus the volume divided by the flow
        rate. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            volume: The volume. In µL, more than 0, at most 1000.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.
            push_out: How much further than the volume the plunger is pushed. A value other than 0 needs a robot of
                release 7.0 or later. In µL, at least 0, at most 1000. None means the default of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            DISPENSE,
            await self._link.start(
                DISPENSE,
                (
                    mount,
                    labware_identifier,
                    well,
                    volume,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    0.0 if flow_rate is None else flow_rate,
                    0.0 if push_out is None else push_out,
                ),
            ),
        )

    async def load_module(self, module_model: ModuleModel, slot: str) -> AsyncExecution[LoadModuleResponses, None]:
        """Tells the robot to use a module that is connected to it and stands in a slot. Nothing moves, unless a
        session has to be opened first, which homes the robot. The command takes about a second. Cancel before it
        has been sent loads nothing.

        Args:
            module_model: The robot's name of the model.
            slot: The slot. For a thermocycler it is 7, although it covers more.

        The result of the execution:
            module_identifier: The identifier of the module in this session.
            record: When and as what the robot carried out the command.

        Errors: ModuleMissing, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            LOAD_MODULE,
            await self._link.start(
                LOAD_MODULE,
                (
                    module_model,
                    slot,
                ),
            ),
        )

    async def move_labware(self, labware_identifier: str, new_location: str) -> AsyncExecution[CommandRecord, None]:
        """Tells the robot that a person or another device has moved labware, or is about to while the robot stands
        still. The robot moves nothing and does not wait. The command takes about a second. Cancel before it has
        been sent changes nothing.

        Args:
            labware_identifier: The labware, as Load Labware returned it.
            new_location: The slot, the identifier of a module or a piece of labware that is loaded and carries it,
                or offDeck.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: LabwareNotLoaded, LocationUnknown, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            MOVE_LABWARE,
            await self._link.start(
                MOVE_LABWARE,
                (
                    labware_identifier,
                    new_location,
                ),
            ),
        )

    async def remove_labware(self, labware_identifier: str) -> AsyncExecution[CommandRecord, None]:
        """Tells the robot that labware has been taken off the deck, so that its place is free. It stays known and can
        be put back with Move Labware. The robot moves nothing. The command takes about a second. Cancel before it
        has been sent changes nothing.

        Args:
            labware_identifier: The labware, as Load Labware returned it.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, REMOVE_LABWARE, await self._link.start(REMOVE_LABWARE, (labware_identifier,)))

    async def return_tip(self, mount: Mount) -> AsyncExecution[CommandRecord, None]:
        """Puts the attached tip, with whatever it holds, back to the place in the rack that it was picked up from. It
        counts as used from then on. It takes some seconds. Cancel before the command has been sent keeps the robot
        still; later, the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, RETURN_TIP, await self._link.start(RETURN_TIP, (mount,)))

    async def discard_tip_untracked(self, mount: Mount) -> AsyncExecution[CommandRecord, None]:
        """Ejects over the fixed trash whatever the pipette may hold, also a tip that the robot does not know of, for
        example after it restarted. For such a tip the robot homes first and travels as high as it can, because it
        cannot know how far the tip reaches down. The command takes up to about half a minute, and for a tip that
        the robot does not know of it needs a robot of release 7.1 or later. Cancel before the command has been sent
        keeps the robot still; later, the command ends as cancelled after the movement under way.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link, DISCARD_TIP_UNTRACKED, await self._link.start(DISCARD_TIP_UNTRACKED, (mount,))
        )

    async def aspirate_in_place(
        self, mount: Mount, volume: float, *, flow_rate: float | None = None
    ) -> AsyncExecution[CommandRecord, None]:
        """Draws liquid into the tip where the tip is, without moving the gantry. If the tip is empty, Prepare To
        Aspirate has to come before, while the tip is above the liquid. It takes the volume divided by the flow
        rate, in seconds. Cancel before the command has been sent keeps the robot still; later, the command ends as
        cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            ASPIRATE_IN_PLACE,
            await self._link.start(
                ASPIRATE_IN_PLACE,
                (
                    mount,
                    volume,
                    0.0 if flow_rate is None else flow_rate,
                ),
            ),
        )

    async def dispense_in_place(
        self, mount: Mount, volume: float, *, flow_rate: float | None = None, push_out: float | None = None
    ) -> AsyncExecution[CommandRecord, None]:
        """Pushes liquid out of the tip where the tip is, without moving the gantry. It takes the volume divided by the
        flow rate, in seconds. Cancel before the command has been sent keeps the robot still; later, the command
        ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.
            push_out: How much further than the volume the plunger is pushed. A value other than 0 needs a robot of
                release 7.0 or later. In µL, at least 0, at most 1000. None means the default of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            DISPENSE_IN_PLACE,
            await self._link.start(
                DISPENSE_IN_PLACE,
                (
                    mount,
                    volume,
                    0.0 if flow_rate is None else flow_rate,
                    0.0 if push_out is None else push_out,
                ),
            ),
        )

    async def blow_out_in_place(
        self, mount: Mount, *, flow_rate: float | None = None
    ) -> AsyncExecution[CommandRecord, None]:
        """Pushes the plunger beyond its end where the tip is, so that the last drops leave the tip. It takes about a
        second. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Args:
            mount: The mount of the pipette.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            BLOW_OUT_IN_PLACE,
            await self._link.start(
                BLOW_OUT_IN_PLACE,
                (
                    mount,
                    0.0 if flow_rate is None else flow_rate,
                ),
            ),
        )

    async def air_gap(
        self, mount: Mount, volume: float, *, flow_rate: float | None = None
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves the tip 5 millimeters above the well that it was in last and draws air. It takes some seconds. Cancel
        stops between two movements; the message of the error says what had been done.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LocationUnknown,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            AIR_GAP,
            await self._link.start(
                AIR_GAP,
                (
                    mount,
                    volume,
                    0.0 if flow_rate is None else flow_rate,
                ),
            ),
        )

    async def mix(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        repetitions: int,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Draws liquid and pushes it out again in one well, again and again. It takes some seconds for each
        repetition. Cancel stops between two movements; the message of the error says what had been done.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            volume: The volume. In µL, more than 0, at most 1000.
            repetitions: How often. At least 1, at most 99.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            aspirate_flow_rate: The flow rate of drawing; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates,
                or else the default of the pipette.
            dispense_flow_rate: The flow rate of pushing out; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates,
                or else the default of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            MIX,
            await self._link.start(
                MIX,
                (
                    mount,
                    labware_identifier,
                    well,
                    volume,
                    repetitions,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    0.0 if aspirate_flow_rate is None else aspirate_flow_rate,
                    0.0 if dispense_flow_rate is None else dispense_flow_rate,
                ),
            ),
        )

    async def blow_out(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 0.0,
        flow_rate: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves to a well and pushes the plunger beyond its end, so that the last drops leave the tip. It takes some
        seconds. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            flow_rate: The flow rate; other than 0, at least a 600th of the volume of the pipette in a second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            BLOW_OUT,
            await self._link.start(
                BLOW_OUT,
                (
                    mount,
                    labware_identifier,
                    well,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    0.0 if flow_rate is None else flow_rate,
                ),
            ),
        )

    async def touch_tip(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = -1.0,
        radius: float = 1.0,
        speed: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Touches the wall of a well with the tip on four sides, so that drops stay behind. It takes some seconds.
        Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled after
        its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            radius: How far from the center the tip goes, as a fraction of the radius of the well. At least 0, at
                most 1.
            speed: The speed; other than 0, at least 1 mm/s. In mm/s, at least 0, at most 80. None means the default
                of the robot.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            TOUCH_TIP,
            await self._link.start(
                TOUCH_TIP,
                (
                    mount,
                    labware_identifier,
                    well,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    radius,
                    0.0 if speed is None else speed,
                ),
            ),
        )

    async def prepare_to_aspirate(self, mount: Mount) -> AsyncExecution[CommandRecord, None]:
        """Moves the plunger to where drawing begins, while the tip is above the liquid. The tip has to be empty. It
        takes about a second. Cancel before the command has been sent keeps the robot still; later, the command ends
        as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, PREPARE_TO_ASPIRATE, await self._link.start(PREPARE_TO_ASPIRATE, (mount,)))

    async def configure_for_volume(self, mount: Mount, volume: float) -> AsyncExecution[CommandRecord, None]:
        """Tells the robot the largest volume that will be handled next, for pipettes that have a mode for small
        volumes; for others it changes nothing. The tip has to be empty. It takes about a second and needs a robot
        of release 7.0 or later. Cancel before the command has been sent keeps the robot still; later, the command
        ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            CONFIGURE_FOR_VOLUME,
            await self._link.start(
                CONFIGURE_FOR_VOLUME,
                (
                    mount,
                    volume,
                ),
            ),
        )

    async def configure_nozzle_layout(
        self, mount: Mount, active_nozzles: int, *, starting_from: StartingFrom = "Back"
    ) -> AsyncExecution[CommandRecord, None]:
        """Chooses how many channels of a pipette of eight channels take tips from now on. No tip may be attached.
        Nothing moves, unless a session has to be opened first, which homes the robot. It takes about a second and
        needs a robot of release 7.1 or later. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            active_nozzles: How many channels are used. Eight means all of them. At least 1, at most 8.
            starting_from: The end from which they are counted. The channel there is the one that goes to the well
                that a command names.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, TipAlreadyAttached, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            CONFIGURE_NOZZLE_LAYOUT,
            await self._link.start(
                CONFIGURE_NOZZLE_LAYOUT,
                (
                    mount,
                    active_nozzles,
                    starting_from,
                ),
            ),
        )

    async def transfer(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_wells: Sequence[str],
        target_labware_identifier: str,
        target_wells: Sequence[str],
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
    ) -> AsyncExecution[TransferResponses, StepProgress]:
        """Transfers liquid from source wells to target wells, one by one. With a single source well it goes to all
        targets, and with a single target well all sources go there. Everything is checked before anything moves. It
        lasts some seconds for each movement. Tips are taken from the racks that are loaded and dropped into the
        trash. Cancel stops between two movements; the message of the error says what had been done, and a tip may
        still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_wells: The wells to draw from, in this order. The list must not be empty.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_wells: The wells to dispense into, in this order. The list must not be empty.
            volumes: The volumes, one for each pair of wells, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts.
            tip_policy: Once picks up one tip for everything, Always a new one for each time that liquid is drawn,
                Never uses the tip that is attached and leaves it there.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: How much air to draw each time after the liquid. Zero means none. In µL, at least 0, at most
                1000.
            blow_out: Where to blow out each time that the tip is to be empty.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: How far above the bottom of the source wells to draw. In mm, at least 0, at most 100.
                None means 1 millimeter.
            target_height: How far above the bottom of the target wells to dispense. In mm, at least 0, at most 100.
                None means 1 millimeter.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When and as what the robot carried out the command.

        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            TRANSFER,
            await self._link.start(
                TRANSFER,
                (
                    mount,
                    source_labware_identifier,
                    source_wells,
                    target_labware_identifier,
                    target_wells,
                    volumes,
                    tip_policy,
                    mix_before,
                    mix_after,
                    air_gap,
                    blow_out,
                    touch_tip,
                    0.0 if flow_rate is None else flow_rate,
                    0.0 if source_height is None else source_height,
                    0.0 if target_height is None else target_height,
                ),
            ),
        )

    async def distribute(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_well: str,
        target_labware_identifier: str,
        target_wells: Sequence[str],
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
        disposal_volume: float = 0.0,
    ) -> AsyncExecution[DistributeResponses, StepProgress]:
        """Distributes liquid from one well to many, drawing for as many of them at once as the tip holds. What is left
        in the tip, the disposal volume, goes back to the source or to where Blow Out says. Everything is checked
        before anything moves. It lasts some seconds for each movement. Tips are taken from the racks that are
        loaded and dropped into the trash. Cancel stops between two movements; the message of the error says what
        had been done, and a tip may still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_well: The well to draw from.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_wells: The wells to dispense into, in this order. The list must not be empty.
            volumes: The volumes, one for each target well, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts.
            tip_policy: Once picks up one tip for everything, Always a new one for each time that liquid is drawn,
                Never uses the tip that is attached and leaves it there.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: How much air to draw each time after the liquid. Zero means none. In µL, at least 0, at most
                1000.
            blow_out: Where to blow out each time that the tip is to be empty.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: How far above the bottom of the source wells to draw. In mm, at least 0, at most 100.
                None means 1 millimeter.
            target_height: How far above the bottom of the target wells to dispense. In mm, at least 0, at most 100.
                None means 1 millimeter.
            disposal_volume: How much more to draw each time than is dispensed, so that all targets get the same.
                Zero means none. In µL, at least 0, at most 1000.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When and as what the robot carried out the command.

        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            DISTRIBUTE,
            await self._link.start(
                DISTRIBUTE,
                (
                    mount,
                    source_labware_identifier,
                    source_well,
                    target_labware_identifier,
                    target_wells,
                    volumes,
                    tip_policy,
                    mix_before,
                    mix_after,
                    air_gap,
                    blow_out,
                    touch_tip,
                    0.0 if flow_rate is None else flow_rate,
                    0.0 if source_height is None else source_height,
                    0.0 if target_height is None else target_height,
                    disposal_volume,
                ),
            ),
        )

    async def consolidate(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_wells: Sequence[str],
        target_labware_identifier: str,
        target_well: str,
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
    ) -> AsyncExecution[ConsolidateResponses, StepProgress]:
        """Consolidates liquid from many wells into one, drawing from as many of them as the tip holds before it
        dispenses. Everything is checked before anything moves. It lasts some seconds for each movement. Tips are
        taken from the racks that are loaded and dropped into the trash. Cancel stops between two movements; the
        message of the error says what had been done, and a tip may still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_wells: The wells to draw from, in this order. The list must not be empty.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_well: The well to dispense into.
            volumes: The volumes, one for each source well, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts.
            tip_policy: Once picks up one tip for everything, Always a new one for each time that liquid is drawn,
                Never uses the tip that is attached and leaves it there.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: How much air to draw each time after the liquid. Zero means none. In µL, at least 0, at most
                1000.
            blow_out: Where to blow out each time that the tip is to be empty.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: How far above the bottom of the source wells to draw. In mm, at least 0, at most 100.
                None means 1 millimeter.
            target_height: How far above the bottom of the target wells to dispense. In mm, at least 0, at most 100.
                None means 1 millimeter.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When and as what the robot carried out the command.

        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            CONSOLIDATE,
            await self._link.start(
                CONSOLIDATE,
                (
                    mount,
                    source_labware_identifier,
                    source_wells,
                    target_labware_identifier,
                    target_well,
                    volumes,
                    tip_policy,
                    mix_before,
                    mix_after,
                    air_gap,
                    blow_out,
                    touch_tip,
                    0.0 if flow_rate is None else flow_rate,
                    0.0 if source_height is None else source_height,
                    0.0 if target_height is None else target_height,
                ),
            ),
        )

    async def execute_worklist(
        self, worklist: bytes, format: Format, *, mode: Mode = "Stepwise", request_key: str | None = None
    ) -> AsyncExecution[ExecuteWorklistResponses, StepProgress]:
        """Executes a list of steps, each a command of this feature with its parameters. The whole list is checked
        before anything moves. Stepwise, the steps are sent one after the other in the session, and Cancel stops
        between two movements. As a queued run, all are given to the robot as one run and started: it can be paused,
        resumed, and stopped like any run, and Cancel stops it; the robot homes before and after it and drops
        attached tips into the trash at its end, and the session is opened again afterwards. The command lasts as
        long as the steps take.

        Args:
            worklist: The steps, in UTF-8: at most 2 megabytes and 10,000 steps.
            format: Json for a list of objects, Csv for a table whose first row names the columns. The member or
                column Command names the command, the others its parameters; what is left out takes its default.
                Labware may be named by its slot.
            mode: How the steps are carried out.
            request_key: A text of the client's own that names this request, so that a client that has crashed can
                repeat the call without executing the worklist twice. It is for queued runs only: the robot keeps
                these. A second call with the same key never starts another run: it follows the run of the first to
                its end. Other arguments with a key that was used are refused, and so is a repetition when it is not
                known whether the first created a run. A call that was refused before its run was created does not
                use the key up. None means none.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            run_identifier: The run in which the steps were carried out.
            record: When and as what the robot carried out the command.

        Errors: ParameterInvalid, WorklistInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RunFailed, RunStopped, RobotChanged, RobotFaulty, StopTimedOut, StorageFull.
        """
        return AsyncExecution(
            self._link,
            EXECUTE_WORKLIST,
            await self._link.start(
                EXECUTE_WORKLIST,
                (
                    worklist,
                    format,
                    mode,
                    "" if request_key is None else request_key,
                ),
            ),
        )

    async def move_to_well(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 0.0,
        speed: float | None = None,
        minimum_clearance: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves the tip, or the nozzle if there is none, to a point of a well. It takes some seconds. Cancel before
        the command has been sent keeps the robot still; later, the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With a pipette of eight channels, the well under its rearmost channel,
                or under the one that Configure Nozzle Layout chose.
            origin: The point of the well from which the offsets count: the center of its top, of its bottom, or of
                its inside.
            offset_x: How far to the right of the origin. In mm, at least -400, at most 400.
            offset_y: How far to the back of the origin. In mm, at least -400, at most 400.
            offset_z: How far above the origin; negative is below. In mm, at least -400, at most 400.
            speed: The speed; other than 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the one
                set with Set Movement Speed, or else the default of the robot.
            minimum_clearance: The lowest height above the deck at which the tip travels. In mm, at least 0, at most
                200. None means that the robot chooses a safe one.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            MOVE_TO_WELL,
            await self._link.start(
                MOVE_TO_WELL,
                (
                    mount,
                    labware_identifier,
                    well,
                    origin,
                    offset_x,
                    offset_y,
                    offset_z,
                    0.0 if speed is None else speed,
                    0.0 if minimum_clearance is None else minimum_clearance,
                ),
            ),
        )

    async def move_to_coordinates(
        self,
        mount: Mount,
        x: float,
        y: float,
        z: float,
        *,
        speed: float | None = None,
        minimum_clearance: float | None = None,
    ) -> AsyncExecution[CommandRecord, None]:
        """Moves the tip, or the nozzle if there is none, to a point of the deck. It takes some seconds and needs a
        robot of release 6.1 or later. Cancel before the command has been sent keeps the robot still; later, the
        command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            x: How far to the right of the front left corner of slot 1. In mm, at least -50, at most 450.
            y: How far to the back of it. In mm, at least -50, at most 400.
            z: How far above the deck. In mm, at least 0, at most 220.
            speed: The speed; other than 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the one
                set with Set Movement Speed, or else the default of the robot.
            minimum_clearance: The lowest height above the deck at which the tip travels. In mm, at least 0, at most
                200. None means that the robot chooses a safe one.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            MOVE_TO_COORDINATES,
            await self._link.start(
                MOVE_TO_COORDINATES,
                (
                    mount,
                    x,
                    y,
                    z,
                    0.0 if speed is None else speed,
                    0.0 if minimum_clearance is None else minimum_clearance,
                ),
            ),
        )

    async def move_relative(self, mount: Mount, axis: Axis, distance: float) -> AsyncExecution[CommandRecord, None]:
        """Moves the tip straight along one axis from where it is, whatever is in the way. It takes about a second.
        Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled after
        its movement.

        Args:
            mount: The mount of the pipette.
            axis: The axis: X to the right, Y to the back, Z upward.
            distance: How far. Negative is the other way. In mm, at least -400, at most 400.

        The result of the execution:
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            MOVE_RELATIVE,
            await self._link.start(
                MOVE_RELATIVE,
                (
                    mount,
                    axis,
                    distance,
                ),
            ),
        )

    async def save_position(self, mount: Mount) -> AsyncExecution[SavePositionResponses, None]:
        """Asks the robot where the tip is, or the nozzle if there is none. Nothing moves, unless a session has to be
        opened first, which homes the robot. It takes about a second. Cancel before the command has been sent keeps
        the robot still; later, the command ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            x: How far to the right of the front left corner of slot 1.
            y: How far to the back of it.
            z: How far above the deck.
            record: When and as what the robot carried out the command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, SAVE_POSITION, await self._link.start(SAVE_POSITION, (mount,)))

    async def set_flow_rates(
        self,
        mount: Mount,
        *,
        aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
        blow_out_flow_rate: float | None = None,
    ) -> AsyncExecution[None, None]:
        """Sets the flow rates of a pipette for commands that name none, until the session is closed. Nothing moves,
        unless a session has to be opened first, which homes the robot and takes up to a minute. Cancel before that
        leaves everything as it is.

        Args:
            mount: The mount of the pipette.
            aspirate_flow_rate: The flow rate of drawing; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means the default of the pipette.
            dispense_flow_rate: The flow rate of pushing out; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means the default of the pipette.
            blow_out_flow_rate: The flow rate of blowing out; other than 0, at least a 600th of the volume of the
                pipette in a second. In µL/s, at least 0, at most 1000. None means the default of the pipette.

        Errors: SpeedOutOfRange, PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            SET_FLOW_RATES,
            await self._link.start(
                SET_FLOW_RATES,
                (
                    mount,
                    0.0 if aspirate_flow_rate is None else aspirate_flow_rate,
                    0.0 if dispense_flow_rate is None else dispense_flow_rate,
                    0.0 if blow_out_flow_rate is None else blow_out_flow_rate,
                ),
            ),
        )

    async def set_movement_speed(self, *, speed: float | None = None) -> AsyncExecution[None, None]:
        """Sets the speed of Move To Well and Move To Coordinates for calls that name none, until the session is
        closed. Nothing moves, unless a session has to be opened first, which homes the robot and takes up to a
        minute. Cancel before that leaves everything as it is.

        Args:
            speed: The speed; other than 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the
                default of the robot.

        Errors: SpeedOutOfRange, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(
            self._link,
            SET_MOVEMENT_SPEED,
            await self._link.start(SET_MOVEMENT_SPEED, (0.0 if speed is None else speed,)),
        )

    async def delay(self, duration: float) -> AsyncExecution[None, None]:
        """Waits while the robot stands still and no other command can move it. It lasts as long as the duration says.
        This server does the waiting, so Cancel ends it at once.

        Args:
            duration: How long to wait. In s, at least 0, at most 86400.

        Errors: CommandCancelled, RobotChanged.
        """
        return AsyncExecution(self._link, DELAY, await self._link.start(DELAY, (duration,)))

    async def execute_raw_command(self, command: bytes) -> AsyncExecution[ExecuteRawCommandResponses, None]:
        """Executes one command in the robot's own words, for what this feature does not offer. It is refused unless
        the configuration of this server allows it, and if it would make the robot wait for an operator or a
        temperature; waitForDuration is carried out as Delay. What the robot knows of the command is checked before;
        what the command does to tips and liquid is taken from the robot's answer. It lasts as long as the robot
        takes. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Args:
            command: An object with the members commandType and params, at most 100 kilobytes.

        The result of the execution:
            result: The result as the robot gave it.
            record: When and as what the robot carried out the command.

        Errors: SpeedOutOfRange, CommandNotAllowed, RawCommandInvalid, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return AsyncExecution(self._link, EXECUTE_RAW_COMMAND, await self._link.start(EXECUTE_RAW_COMMAND, (command,)))

    async def reconcile_state(
        self, *, tip_states: Sequence[StatedTipState] = (), confirm: bool = False
    ) -> AsyncExecution[None, None]:
        """Settles what is unknown after a lost answer, a failed command, or a restart. The robot is asked first; what
        it cannot tell is taken from the statement of the person who has looked. If the robot believes in a tip that
        is not there, the session is closed, since nothing else makes the robot forget it; that is refused while
        another pipette holds a tip. A tip that the robot does not know of has to be discarded with Discard Tip
        Untracked, or taken off by hand before it is stated that there is none. Nothing moves. The command takes
        some seconds. Cancel leaves unsettled what has not been settled by then.

        Args:
            tip_states: What is on the pipettes; a mount that is not named is as the robot reports: it holds a tip
                if the session knows of one, and none otherwise.
            confirm: True confirms that somebody has looked at the robot. With false the robot is asked, and nothing
                is taken from the statement.

        Errors: NotReconciled, RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled, RobotChanged,
        RobotFaulty, RobotRestarted, SessionLost, StorageFull.
        """
        return AsyncExecution(
            self._link,
            RECONCILE_STATE,
            await self._link.start(
                RECONCILE_STATE,
                (
                    tip_states,
                    confirm,
                ),
            ),
        )

    @property
    def session(self) -> AsyncObservableProperty[list[SessionSummary]]:
        """The session of this server. The list is empty if none is open and has one element otherwise."""
        return AsyncObservableProperty(self._link, SESSION)

    @property
    def last_command(self) -> AsyncObservableProperty[list[CommandOutcome]]:
        """The last command of this feature that was sent to the robot. The list is empty before the first one and has
        one element from then on.
        """
        return AsyncObservableProperty(self._link, LAST_COMMAND)

    @property
    def pipette_states(self) -> AsyncObservableProperty[list[PipetteState]]:
        """What is known of the pipettes of the session. A pipette that may hold a tip of which the robot does not know
        is listed also while no session is open, with an empty identifier; otherwise the list is empty then. The
        robot has no sensors for tips or liquid, so all of it follows from the commands that were carried out.
        """
        return AsyncObservableProperty(self._link, PIPETTE_STATES)

    @property
    def loaded_labware(self) -> AsyncObservableProperty[list[LabwareState]]:
        """The labware that is loaded in the session. The list is empty if no session is open."""
        return AsyncObservableProperty(self._link, LOADED_LABWARE)

    @property
    def loaded_modules(self) -> AsyncObservableProperty[list[ModuleState]]:
        """The modules that are loaded in the session. The list is empty if no session is open."""
        return AsyncObservableProperty(self._link, LOADED_MODULES)

    @property
    def position(self) -> AsyncObservableProperty[list[ReportedPosition]]:
        """The position that the robot reported with its last movement or with Save Position. The list is empty before
        the first report and after homing, and has one element otherwise.
        """
        return AsyncObservableProperty(self._link, POSITION)
