"""The OT-2 of PyLabRobot 1.0, through its SiLA server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pylabrobot.opentrons import OT2
from pylabrobot.opentrons.types import ModuleInfo, MountedPipette, RobotInfo, RunInfo
from pylabrobot.resources import Tip, TipRack
from pylabrobot.resources.opentrons import OTDeck

from sila_ot2.client import AsyncOT2
from sila_ot2.pylabrobot.device_pipettes import SilaEightChannelPipette, SilaSingleChannelPipette
from sila_ot2.pylabrobot.device_run import SilaRun, in_its_terms
from sila_ot2.pylabrobot.session import RobotSession, ServerAddress


class SilaOT2(OT2):  # type: ignore[misc]  # PyLabRobot has no types
    """Use it where the documentation of PyLabRobot 1.0 says `OT2`.

    `connect` connects for queries. `setup` also opens a session, which homes the robot, and finds its pipettes.
    Labware that is new on the deck is loaded before each operation.

    Args:
        address: of the SiLA server, HOST or HOST:PORT; without it and `name`, the server on this computer.
        name: its name, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it); unless given, it is pinned at first use.
        insecure: the server does not encrypt.
        deck: what stands on it, is given to the robot.
        traversal_height: how high `move_to` leaves a pipette, in mm.
    """

    def __init__(
        self, address: str | None = None, *, name: str | None = None, certificate: Path | str | bytes | None = None,
        insecure: bool = False, deck: OTDeck | None = None, traversal_height: float = 120,
    ) -> None:  # fmt: skip
        # The base class is given something that cannot send: it would speak HTTP with the SiLA server.
        super().__init__(address or name or "127.0.0.1", deck=deck, traversal_height=traversal_height, io=_NoHTTP())
        self._connected: bool
        self._run: SilaRun | None
        self._labware: SilaRun | None
        self.left_pipette: Any
        self.right_pipette: Any
        self._session = RobotSession(ServerAddress(address, name, certificate, insecure))

    async def _connect(self) -> None:
        if not self._connected:
            await in_its_terms(self._session.connect())
            self._connected = True

    async def setup(self, skip_home: bool = False) -> None:
        """Connect, open a session, which homes the robot, and find its pipettes.

        Args:
            skip_home: not supported.

        Raises:
            NotImplementedError: it is not to home.
            RuntimeError: it is set up already, or somebody has a session open.
            OpentronsError: the server is not reached or refuses.
        """
        if skip_home:
            raise NotImplementedError("A session of the SiLA server homes the robot; skip_home is not supported")
        async with self._operation_lock:
            if self._run is not None:
                raise RuntimeError("The OT-2 is already set up")
            await self._connect()
            try:
                health = await self.get_health()  # before a session is open, which had to be closed if this failed
                run_id = await in_its_terms(self._session.open())
                self._run = run = SilaRun(self._session, self.deck, run_id, health.software_version)
                self._labware = run
                for state in await in_its_terms(self._ot2.atomic_liquid_handling.pipette_states.get()):
                    kind = SilaEightChannelPipette if state.channels == 8 else SilaSingleChannelPipette
                    setattr(self, f"{state.mount}_pipette", kind(self, state.mount, state.pipette_name, state.mount))
            except BaseException:
                await self._stop()
                raise

    async def _stop(self) -> None:
        if self._run is not None:
            await self._run.stop()
        self._run = None
        self._labware, self.left_pipette, self.right_pipette = None, None, None
        if self._connected:
            await self._session.disconnect()
            self._connected = False

    async def home(self) -> None:
        """Home all axes."""
        async with self._operation_lock:
            await self._require_run().do(self._session.feature.home())

    async def get_health(self) -> RobotInfo:
        """Read the robot's name, model, software and firmware."""
        about = self._ot2.information_provider
        return RobotInfo(
            name=await in_its_terms(about.robot_name.get()),
            model=await in_its_terms(about.robot_model.get()),
            software_version=await in_its_terms(about.software_version.get()),
            firmware_version=await in_its_terms(about.firmware_version.get()) or None,
            serial_number=await in_its_terms(about.serial_number.get()) or None,
        )

    async def get_mounted_pipettes(self) -> tuple[MountedPipette, ...]:
        """Read which pipettes are attached."""
        attached = await in_its_terms(self._ot2.pipette_provider.attached_pipettes.get())
        return tuple(MountedPipette(each.mount, each.name, each.model, each.serial_number) for each in attached)

    async def list_connected_modules(self) -> tuple[ModuleInfo, ...]:
        """Read which modules are attached; the identifier of a module is its serial number."""
        attached = await in_its_terms(self._ot2.module_provider.attached_modules.get())
        return tuple(ModuleInfo(each.serial_number, each.kind, each.model, each.serial_number) for each in attached)

    async def get_runs(self) -> tuple[RunInfo, ...]:
        """Read the session and the current run, with their states as the SiLA server names them."""
        session = await in_its_terms(self._ot2.atomic_liquid_handling.session.get())
        current = await in_its_terms(self._ot2.run_controller.current_run.get())
        sessions = tuple(RunInfo(each.run_identifier, each.state) for each in session)
        return sessions + tuple(RunInfo(each.run_identifier, each.status) for each in current)

    async def _load_tip_rack(self, tip_rack: TipRack, tip: Tip) -> None:
        await self._require_run().tell_deck()

    @property
    def _ot2(self) -> AsyncOT2:
        self._require_connected()
        return self._session.ot2


class _NoHTTP:
    """Stands where the base class has its HTTP client, and refuses everything."""

    def __getattr__(self, name: str) -> None:
        raise NotImplementedError("The SiLA server is not asked over HTTP")
