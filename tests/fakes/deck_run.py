"""A run on a deck with a rack, two plates, a reservoir and a trough, as the robot lists its commands."""

from __future__ import annotations

from typing import Any

from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.robot import wire
from tests.fakes.robot_in_memory import command

RACK = "opentrons/opentrons_96_tiprack_300ul/1"
PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
RESERVOIR = "opentrons/nest_12_reservoir_15ml/1"
TROUGH = "opentrons/nest_1_reservoir_195ml/2"
PARTS = RunParts({"one": "p300_single_gen2", "eight": "p300_multi_gen2"}, {"module": "3"}, {"water-id": "water"})
ABOVE = {"origin": "top", "offset": {"x": 0, "y": 0, "z": 5}}
BOTTOM = {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}


class DeckRun:
    """A run with a rack in slot 1, a plate in 2 and one on a module in 3, a reservoir in 4 and a trough in 5."""

    def __init__(self, stock: TipStock, run_id: str = "run") -> None:
        self.stock, self.run_id = stock, run_id
        self.commands: list[wire.Command] = []
        for name, uri, location in (
            ("rack", RACK, {"slotName": "1"}),
            ("plate", PLATE, {"slotName": "2"}),
            ("warm", PLATE, {"moduleId": "module"}),
            ("reservoir", RESERVOIR, {"slotName": "4"}),
            ("trough", TROUGH, {"slotName": "5"}),
        ):
            namespace, load_name, version = uri.split("/")
            named: dict[str, Any] = {"namespace": namespace, "loadName": load_name, "version": int(version)}
            self.did("loadLabware", **named, location=location, labwareId=name)

    def did(self, kind: str, *, status: str = "succeeded", pipette: str = "one", **params: Any) -> None:
        params = {"pipetteId": pipette, **params}
        number = len(self.commands)
        self.commands.append(wire.Command.model_validate(command(kind, number, status=status, **params)))

    def at(self, kind: str, place: str, volume: float | None = None, where: Any = None, **more: Any) -> None:
        labware, well = place.split(".")
        given: dict[str, Any] = {} if volume is None else {"volume": volume}
        self.did(kind, labwareId=labware, wellName=well, wellLocation=where or BOTTOM, **given, **more)

    def fresh(self, pipette: str = "one", place: str = "rack.A1") -> None:
        self.at("pickUpTip", place, pipette=pipette)

    def take(self) -> None:
        self.stock.take(self.run_id, self.commands, PARTS)

    def analysis(self) -> wire.Analysis:
        mounts = zip(PARTS.pipettes.items(), ("left", "right"), strict=True)
        pipettes = [{"id": name, "pipetteName": kind, "mount": mount} for (name, kind), mount in mounts]
        modules = [{"id": "module", "model": "magneticModuleV2", "location": {"slotName": "3"}}]
        return wire.Analysis.model_validate(
            {"id": "a", "status": "completed", "result": "ok", "pipettes": pipettes, "modules": modules,
             "commands": [one.model_dump(by_alias=True) for one in self.commands]}
        )  # fmt: skip
