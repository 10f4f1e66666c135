"""The backend: one SiLA command for one operation of PyLabRobot."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pylabrobot.liquid_handling.backends.backend import LiquidHandlerBackend
from pylabrobot.liquid_handling.errors import NoChannelError
from pylabrobot.resources import Coordinate, Tip, Trash

from sila_ot2.client import AsyncExecution
from sila_ot2.client.base_errors import ClientError
from sila_ot2.pylabrobot.channel_errors import in_its_terms
from sila_ot2.pylabrobot.channels import MountedPipette, mounted, pipette_of, place_of, require_no_offset
from sila_ot2.pylabrobot.session import RobotSession, ServerAddress

T = TypeVar("T")
CLEARANCE_MM = 120.0
"""How high a channel that is moved by hand travels."""


class SilaOT2Backend(LiquidHandlerBackend):  # type: ignore[misc]  # PyLabRobot has no types
    """Use it where PyLabRobot's documentation says `OpentronsOT2Backend`.

    The channels of the left pipette come first, then those of the right one. All channels of a pipette of eight move
    together, so that they are used together. Labware that is new on the deck is loaded before each operation.

    Args:
        address: of the SiLA server, HOST or HOST:PORT; without it and `name`, the server on this computer.
        name: its name, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it); unless given, it is pinned at first use.
        insecure: the server does not encrypt.
    """

    def __init__(
        self, address: str | None = None, *, name: str | None = None, certificate: Path | str | bytes | None = None,
        insecure: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._server = ServerAddress(address, name, certificate, insecure)
        self._session = RobotSession(self._server)
        self._pipettes: list[MountedPipette] = []

    def serialize(self) -> dict[str, Any]:
        """Return what PyLabRobot stores of it; no certificate."""
        return {**super().serialize(), "address": self._server.address, "name": self._server.name}

    async def setup(self) -> None:
        """Connect and open a session, which homes the robot and finds its pipettes.

        Raises:
            RuntimeError: somebody has a session open.
            ClientError: the server is not reached or refuses.
        """
        await super().setup()
        await self._session.connect()
        try:
            await self._session.open()
            self._pipettes = mounted(await self._feature.pipette_states.get())
        except BaseException:
            await self._session.give_up()
            await self._disconnect()
            raise

    async def stop(self) -> None:
        """Close the session, so that others can use the robot.

        Raises:
            ChannelizedError: a tip is attached, which the robot would forget: drop it first.
        """
        if not self._session.connected:
            return
        channels = [channel for pipette in self._pipettes for channel in pipette.channels]
        await self._do(self._feature.close_session(), channels)
        await self._disconnect()

    @property
    def num_channels(self) -> int:
        """How many channels the pipettes have."""
        return sum(len(pipette.channels) for pipette in self._pipettes)

    def can_pick_up_tip(self, channel_idx: int, tip: Tip) -> bool:
        """Whether a tip fits."""
        return any(pipette.takes(tip) for pipette in self._pipettes if channel_idx in pipette.channels)

    async def request_tip_presence(self) -> list[bool | None]:
        """Return for each channel whether a tip is attached; None where nobody knows."""
        states = await self._session.tip_states()
        return [states[pipette.mount] for pipette in self._pipettes for _ in pipette.channels]

    async def home(self) -> None:
        """Home all axes."""
        await self._do(self._feature.home())

    # --- operations ---------------------------------------------------------------------------------------------------

    async def pick_up_tips(self, ops: Sequence[Any], use_channels: Sequence[int]) -> None:
        """Pick up tips."""
        pipette, place = pipette_of(self._pipettes, use_channels), place_of(ops)
        require_no_offset(place)
        rack, well = await self._session.well(self.deck, place.resource)
        await self._do(self._feature.pick_up_tip(pipette.mount, tip_rack_identifier=rack, well=well), use_channels)

    async def drop_tips(self, ops: Sequence[Any], use_channels: Sequence[int]) -> None:
        """Drop tips into the trash or into a rack."""
        pipette, place = pipette_of(self._pipettes, use_channels), place_of(ops)
        if isinstance(place.resource, Trash):
            await self._session.tell_deck(self.deck)
            await self._do(self._feature.drop_tip(pipette.mount, alternate=True), use_channels)
            return
        require_no_offset(place)
        rack, well = await self._session.well(self.deck, place.resource)
        await self._do(self._feature.drop_tip(pipette.mount, destination=rack, well=well), use_channels)

    async def aspirate(self, ops: Sequence[Any], use_channels: Sequence[int]) -> None:
        """Mix, if that is asked for, then aspirate."""
        pipette, where = await self._at(ops, use_channels)
        await self._mix(ops, pipette, where, use_channels)
        options = {**where, "flow_rate": ops[0].flow_rate}
        await self._do(self._feature.aspirate(pipette.mount, volume=ops[0].volume, **options), use_channels)

    async def dispense(self, ops: Sequence[Any], use_channels: Sequence[int]) -> None:
        """Dispense, then mix, if that is asked for."""
        pipette, where = await self._at(ops, use_channels)
        options = {**where, "flow_rate": ops[0].flow_rate}
        await self._do(self._feature.dispense(pipette.mount, volume=ops[0].volume, **options), use_channels)
        await self._mix(ops, pipette, where, use_channels)

    async def _at(self, ops: Sequence[Any], use_channels: Sequence[int]) -> tuple[MountedPipette, dict[str, Any]]:
        """Return the pipette, and the place as the parameters of a command."""
        pipette, place = pipette_of(self._pipettes, use_channels), place_of(ops)
        if ops[0].blow_out_air_volume:
            raise NotImplementedError("Air for blowing out is not supported on the OT-2")
        labware, well = await self._session.well(self.deck, place.resource)
        offset = place.offset + Coordinate(z=ops[0].liquid_height or 0)
        return pipette, {
            "labware_identifier": labware,
            "well": well,
            "origin": "Bottom",
            "offset_x": float(offset.x),
            "offset_y": float(offset.y),
            "offset_z": float(offset.z),
        }

    async def _mix(
        self, ops: Sequence[Any], pipette: MountedPipette, where: dict[str, Any], use_channels: Sequence[int]
    ) -> None:
        if (mix := ops[0].mix) is not None:
            rates = {"aspirate_flow_rate": mix.flow_rate, "dispense_flow_rate": mix.flow_rate}
            mixing = self._feature.mix(pipette.mount, volume=mix.volume, repetitions=mix.repetitions, **where, **rates)
            await self._do(mixing, use_channels)

    async def prepare_for_manual_channel_operation(self, channel: int) -> None:
        """Check that there is such a channel."""
        self._by_hand(channel)

    async def move_channel_x(self, channel: int, x: float) -> None:
        """Move a channel to the right or left, in the robot's coordinates."""
        await self._move(channel, x=x)

    async def move_channel_y(self, channel: int, y: float) -> None:
        """Move a channel to the back or front, in the robot's coordinates."""
        await self._move(channel, y=y)

    async def move_channel_z(self, channel: int, z: float) -> None:
        """Move a channel up or down, in the robot's coordinates."""
        await self._move(channel, z=z)

    async def _move(self, channel: int, **to: float) -> None:
        mount = self._by_hand(channel).mount
        await self._session.tell_deck(self.deck)
        now = await self._do(self._feature.save_position(mount), [channel])
        target = {"x": now.x, "y": now.y, "z": now.z} | {axis: float(value) for axis, value in to.items()}
        moving = self._feature.move_to_coordinates(mount, **target, minimum_clearance=CLEARANCE_MM)
        await self._do(moving, [channel])

    def _by_hand(self, channel: int) -> MountedPipette:
        for pipette in self._pipettes:
            if channel == pipette.channels[0]:
                return pipette
        raise NoChannelError(f"Channel {channel} is not the rearmost one of a pipette")

    # --- commands -----------------------------------------------------------------------------------------------------

    @property
    def _feature(self) -> Any:
        return self._session.feature

    async def _do(self, starting: Coroutine[Any, Any, AsyncExecution[T, Any]], channels: Sequence[int] = ()) -> T:
        """Carry out a command; if the task is cancelled, so is the command, and its end is waited for."""
        try:
            return await self._session.do(starting)
        except ClientError as error:
            raise in_its_terms(error, channels) from error

    async def _disconnect(self) -> None:
        self._pipettes = []
        await self._session.disconnect()

    # --- what an OT-2 does not have -----------------------------------------------------------------------------------

    async def pick_up_tips96(self, pickup: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no head of 96 channels.")

    async def drop_tips96(self, drop: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no head of 96 channels.")

    async def aspirate96(self, aspiration: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no head of 96 channels.")

    async def dispense96(self, dispense: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no head of 96 channels.")

    async def pick_up_resource(self, pickup: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no arm for labware.")

    async def move_picked_up_resource(self, move: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no arm for labware.")

    async def drop_resource(self, drop: Any) -> NoReturn:
        """Not on an OT-2."""
        raise NotImplementedError("The OT-2 has no arm for labware.")
