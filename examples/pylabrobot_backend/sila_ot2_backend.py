"""A PyLabRobot backend that drives an OT-2 through its SiLA server.

PyLabRobot's own Opentrons backend talks to the robot through one handle, `self._ot`, so that another can be put in its
place; the one here speaks SiLA. What the backend does (which pipette takes which tip, how it moves, its flow rates) is
therefore what PyLabRobot's own backend does. Written for PyLabRobot 0.2.2.

    pip install pylabrobot sila2

    backend = SilaOT2Backend("127.0.0.1", 50064, root_certs=open("ca.pem", "rb").read())
    lh = LiquidHandler(backend=backend, deck=OTDeck())
"""

from __future__ import annotations

import time
from typing import Any

from pylabrobot.liquid_handling.backends.backend import LiquidHandlerBackend
from pylabrobot.liquid_handling.backends.opentrons_backend import OpentronsOT2Backend
from sila2.client import SilaClient

ROWS = "ABCDEFGHIJKLMNOP"


class SilaOT2Backend(OpentronsOT2Backend):
    """Use it where PyLabRobot's documentation says `OpentronsOT2Backend`."""

    def __init__(self, address: str, port: int = 50064, **connection: Any) -> None:
        """Connect to a SiLA server of an OT-2.

        Args:
            address: of the server.
            port: of the server.
            connection: as `sila2.client.SilaClient` takes it: `root_certs=...`, or `insecure=True`.
        """
        LiquidHandlerBackend.__init__(self)  # not the Opentrons one, which wants a package for the robot's HTTP
        self.host, self.port = address, port
        self.client = SilaClient(address, port, **connection)
        self._ot = SilaRobot(self.client)
        self.ot_api_version = "7.1.0"  # the server knows how each release drops tips; here there is one way
        self.left_pipette = self.right_pipette = None
        self.left_pipette_has_tip = self.right_pipette_has_tip = False
        self.traversal_height = 120
        self._tip_racks: dict[str, int] = {}
        self._plr_name_to_load_name: dict[str, str] = {}

    async def setup(self, skip_home: bool = False) -> None:
        """Open a session, which homes the robot and finds its pipettes."""
        await LiquidHandlerBackend.setup(self)
        self._ot.do("OpenSession")
        self.left_pipette, self.right_pipette = self._ot.pipettes()
        self.left_pipette_has_tip = self.right_pipette_has_tip = False

    async def home(self) -> None:
        """Home all axes."""
        self._ot.do("Home", Axes=[])

    async def stop(self) -> None:
        """Close the session, so that others can use the robot."""
        self._ot.do("CloseSession")
        self.left_pipette = self.right_pipette = None
        self._tip_racks, self._plr_name_to_load_name = {}, {}
        self._ot.forget()


class SilaRobot:
    """Stands in for the package `ot_api`, as far as PyLabRobot uses it."""

    def __init__(self, client: SilaClient) -> None:
        self._feature = client.AtomicLiquidHandling
        self.labware = self.lh = self
        self.forget()

    def forget(self) -> None:
        """Forget what was loaded."""
        self._mounts: dict[str, str] = {}
        self._labware: dict[str, str] = {}
        self._wells: dict[str, dict[str, str]] = {}

    def do(self, command: str, **parameters: Any) -> Any:
        """Carry out a command and return its responses; raises its SiLA error."""
        execution = getattr(self._feature, command)(**parameters)
        while not execution.done:
            time.sleep(0.002)
        return execution.get_responses()

    def pipettes(self) -> tuple[dict[str, str] | None, dict[str, str] | None]:
        """Return the left and the right pipette."""
        states = {state.Mount: state for state in self._feature.PipetteStates.get()}
        self._mounts = {state.PipetteIdentifier: mount for mount, state in states.items()}
        found = {
            mount: {"pipetteId": state.PipetteIdentifier, "name": state.PipetteName} for mount, state in states.items()
        }
        return found.get("left"), found.get("right")

    # --- labware ------------------------------------------------------------------------------------------------------

    def define(self, definition: dict[str, Any]) -> dict[str, Any]:
        """Send a labware definition, with wells by their usual names and tips that stand in them."""
        import json

        names = {
            well: f"{ROWS[row]}{column + 1}"
            for column, wells in enumerate(definition["ordering"])
            for row, well in enumerate(wells)
        }
        length = definition["parameters"]["tipLength"]
        definition = {
            **definition,
            "ordering": [[names[well] for well in wells] for wells in definition["ordering"]],
            # PyLabRobot's places of tips have no depth: it adds the length of the tip to where it picks it up.
            "wells": {names[well]: {**shape, "depth": length} for well, shape in definition["wells"].items()},
            "groups": [{"wells": list(names.values()), "metadata": {}}],
        }
        uri = self.do("DefineLabware", Definition=json.dumps(definition).encode()).DefinitionUri
        self._wells[uri.split("/")[1]] = names
        return {"data": {"definitionUri": uri}}

    def add(
        self, load_name: str, namespace: str, ot_location: int, version: str, labware_id: str, display_name: str
    ) -> None:
        """Load labware on a slot."""
        loaded = self.do(
            "LoadLabware",
            LoadName=load_name,
            Namespace=namespace,
            Version=int(version),
            Location=str(ot_location),
            DisplayName=display_name,
        )
        self._labware[labware_id] = loaded.LabwareIdentifier
        self._wells[labware_id] = self._wells[load_name]

    # --- liquid handling ----------------------------------------------------------------------------------------------

    def pick_up_tip(self, labware_id: str, well_name: str, pipette_id: str, **_offset: float) -> None:
        """Pick up a tip; where exactly, the robot knows from the definition."""
        self.do(
            "PickUpTip",
            Mount=self._mounts[pipette_id],
            TipRackIdentifier=self._labware[labware_id],
            Well=self._wells[labware_id][well_name],
        )

    def drop_tip(self, labware_id: str, well_name: str, pipette_id: str, **_offset: float) -> None:
        """Drop a tip into its rack."""
        self._drop(pipette_id, self._labware[labware_id], self._wells[labware_id][well_name])

    def move_to_addressable_area_for_drop_tip(self, pipette_id: str, **_offset: float) -> None:
        """Belongs to `drop_tip_in_place`, which does both."""

    def drop_tip_in_place(self, pipette_id: str) -> None:
        """Drop a tip into the trash, at alternating places."""
        self._drop(pipette_id, "", "")

    def _drop(self, pipette_id: str, destination: str, well: str) -> None:
        self.do("DropTip", Mount=self._mounts[pipette_id], Destination=destination, Well=well, Alternate=True)

    def aspirate_in_place(self, volume: float, flow_rate: float | None, pipette_id: str) -> None:
        """Draw where the tip is."""
        mount = self._mounts[pipette_id]
        self.do("AspirateInPlace", Mount=mount, Volume=float(volume), FlowRate=float(flow_rate or 0))

    def dispense_in_place(self, volume: float, flow_rate: float | None, pipette_id: str) -> None:
        """Push out where the tip is."""
        mount = self._mounts[pipette_id]
        self.do("DispenseInPlace", Mount=mount, Volume=float(volume), FlowRate=float(flow_rate or 0), PushOut=0.0)

    def move_arm(
        self,
        pipette_id: str,
        location_x: float,
        location_y: float,
        location_z: float,
        minimum_z_height: float | None = None,
        speed: float | None = None,
        force_direct: bool = False,
    ) -> None:
        """Move to a point of the deck; always over what is in the way."""
        self.do(
            "MoveToCoordinates",
            Mount=self._mounts[pipette_id],
            X=float(location_x),
            Y=float(location_y),
            Z=float(location_z),
            Speed=float(speed or 0),
            MinimumClearance=float(minimum_z_height or 0),
        )

    def save_position(self, pipette_id: str) -> dict[str, Any]:
        """Ask where a pipette is."""
        position = self.do("SavePosition", Mount=self._mounts[pipette_id])
        return {"data": {"result": {"position": {"x": position.X, "y": position.Y, "z": position.Z}}}}
