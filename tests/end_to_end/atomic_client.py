"""A client of AtomicLiquidHandling that knows only the XML, and an HTTP connection with injectable faults."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from lxml import etree

from sila_ot2.cli.plain import snake_case
from sila_ot2.client import errors
from sila_ot2.client.generated.atomic_liquid_handling import PipetteState
from sila_ot2.generated import definition
from tests.end_to_end.laboratory import Laboratory, finish, laboratory
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

PLATE, TIPS, RESERVOIR = "corning_96_wellplate_360ul_flat", "opentrons_96_tiprack_300ul", "nest_12_reservoir_15ml"
NOBODY = "00000000-0000-4000-8000-000000000000"
"""An identifier that nothing has."""
CUSTOM = {
    "schemaVersion": 2,
    "version": 3,
    "namespace": "tests",
    "metadata": {"displayName": "Two wells", "displayCategory": "reservoir", "displayVolumeUnits": "µL"},
    "brand": {"brand": "tests"},
    "parameters": {
        "format": "irregular", "isTiprack": False, "loadName": "two_wells", "isMagneticModuleCompatible": False,
    },
    "dimensions": {"xDimension": 127.76, "yDimension": 85.48, "zDimension": 40},
    "cornerOffsetFromSlot": {"x": 0, "y": 0, "z": 0},
    "ordering": [["A1"], ["A2"]],
    "wells": {
        name: {"depth": 30, "shape": "circular", "diameter": 30, "totalLiquidVolume": 20000, "x": x, "y": 43, "z": 5}
        for name, x in (("A1", 40), ("A2", 90))
    },
    "groups": [{"wells": ["A1", "A2"], "metadata": {}}],
}  # fmt: skip


def worklist_of(*rows: str) -> bytes:
    """Return a CSV worklist of rows "Command,LabwareIdentifier,Well,Volume", all for the right mount."""
    head = "Command,Mount,LabwareIdentifier,Well,Volume"
    lines = []
    for row in rows:
        command, *rest = row.split(",")
        lines.append(",".join([command, "right" if command not in ("Home", "Delay") else "", *rest]))
    return "\n".join([head, *lines]).encode()


ONE_TRANSFER = worklist_of("PickUpTip", "Aspirate,2,A1,50", "Dispense,2,B1,50", "DropTip")


@dataclass
class SpoilingTransport(httpx.BaseTransport):
    """Stands between server and robot; answers by itself, or spoils the robot's answers, by its rules."""

    changes: httpx.BaseTransport
    reads: httpx.BaseTransport
    rules: list[Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response | None]] = field(
        default_factory=list
    )
    posted: list[dict[str, Any]] = field(default_factory=list)
    """The commands sent to runs, in order."""
    _holding: list[threading.Event] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/commands"):
            self.posted.append(json.loads(request.read())["data"])

        robot = self.reads if request.method == "GET" else self.changes

        def ask() -> httpx.Response:
            response = robot.handle_request(request)
            content = response.read()
            return httpx.Response(response.status_code, headers=response.headers, content=content)

        for rule in tuple(self.rules):
            if (response := rule(request, ask)) is not None:
                return response
        return robot.handle_request(request)

    def stand_aside(self) -> None:
        """Let everything through from now on, also what is held back."""
        self.rules.clear()
        while self._holding:
            self._holding.pop().set()

    def close(self) -> None:
        self.changes.close()
        self.reads.close()

    def refuse(self, method: str, path: str, status: int, error: str, detail: str = "simulated") -> None:
        """Answer such requests with an error of the robot."""
        body = {"errors": [{"id": error, "title": error, "detail": detail}]}
        self.rules.append(
            lambda request, ask: httpx.Response(status, json=body) if _is(request, method, path) else None
        )

    def lose(self, method: str, path: str, *, executed: bool, times: int = 1) -> None:
        """Let the connection break instead of the answer to such requests, after or before the robot has acted."""
        left = [times]

        def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
            if not _is(request, method, path) or not left[0]:
                return None
            left[0] -= 1
            if executed:
                ask()
            raise httpx.ReadError("connection lost")

        self.rules.append(rule)

    def silence(self) -> None:
        """From now on no reading is answered."""

        def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
            if request.method == "GET":
                raise httpx.ReadTimeout("silent")
            return None

        self.rules.append(rule)

    def change(self, method: str, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the robot's answers to such requests."""

        def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
            if not _is(request, method, path):
                return None
            response = ask()
            body = response.json()
            change(body)
            return httpx.Response(response.status_code, json=body)

        self.rules.append(rule)

    def hold(self, method: str, path: str) -> threading.Event:
        """Hold back the next such request until the event is set."""
        go, held = threading.Event(), threading.Event()
        self._holding.append(go)

        def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
            if _is(request, method, path) and not held.is_set():
                held.set()
                go.wait(60)
            return None

        self.rules.append(rule)
        return go


def _is(request: httpx.Request, method: str, path: str) -> bool:
    return request.method == method and request.url.path.endswith(path)


class AtomicClient:
    """What a client of AtomicLiquidHandling does, with all parameters it does not care about filled in."""

    def __init__(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        self.lab = lab
        self.robot = robot
        self.feature = lab.client.atomic_liquid_handling
        self.plate = self.tips = NOBODY
        assert lab.server is not None
        transport = lab.server.driver.robot.transport
        self.wire = SpoilingTransport(transport._changes, transport._reads)
        transport._changes = transport._reads = self.wire

    def reset(self) -> None:
        """Forget what an earlier test has left; the robot has been reset."""
        assert self.lab.server is not None
        self.wire.stand_aside()
        self.lab.server.driver.safety_stop.release()
        self.lab.server.driver.robot.health()
        self.settle()
        self.do("CloseSession")
        self.settle()
        self.wire.posted.clear()
        monitor = self.lab.server.driver.monitor
        wait_for(lambda: (door := monitor.state.value.machine.door) is not None and door.value.status == "closed")

    def settle(self) -> None:
        """Say that the pipettes hold no tip that the robot does not know of; again if that came into doubt just now."""
        try:
            self.do("ReconcileState")
        except errors.NotReconciled:
            self.do("ReconcileState")

    def end(self) -> None:
        """Let no command of a test go on, even if the test has failed in its midst: the next one needs the turn."""
        self.wire.stand_aside()
        self.lab.client.cancel_controller.cancel_all()
        holder = self.lab.server.driver.turn.holder
        wait_for(lambda: holder.value is None, lambda: f"{holder.value} does not end, though it was cancelled")

    def begin(self, command: str, **given: Any) -> Any:
        parameters = {**self.parameters(command), **given}
        method = getattr(self.feature, snake_case(command))
        return method(**{snake_case(name): value for name, value in parameters.items()})

    def do(self, command: str, **given: Any) -> Any:
        return finish(self.begin(command, **given))

    def error_of(self, begun: Any) -> str:
        """Return the identifier of the error that a command begun ends with."""
        try:
            finish(begun)
        except errors.DefinedExecutionError as error:
            self.message = str(error)
            return error.identifier.rsplit("/", 1)[-1]
        return "it succeeded"

    def cancel(self, begun: Any) -> None:
        """Cancel a command; returns once the server has taken it."""
        begun.cancel()

    def error(self, command: str, **given: Any) -> str:
        """Return the identifier of the error that the command ends with."""
        return self.error_of(self.begin(command, **given))

    def set_up(self) -> None:
        """Load a plate on slot 2 and tips on slot 1."""
        self.plate = self.do("LoadLabware").labware_identifier
        self.tips = self.do("LoadLabware", LoadName=TIPS, Location="1").labware_identifier

    def pipette(self, mount: str = "right") -> PipetteState:
        return next(state for state in self.feature.pipette_states.get() if state.mount == mount)

    def parameters(self, command: str) -> dict[str, Any]:
        """Return parameters with which the command is right on the deck of `set_up`."""
        return {name: self._usual(command, name) for name in PARAMETERS[command]}

    def _usual(self, command: str, parameter: str) -> Any:
        special = {
            ("PickUpTip", "Well"): "",
            ("DropTip", "Well"): "",
            ("BlowOut", "Origin"): "Top",
            ("TouchTip", "Origin"): "Top",
            ("TouchTip", "OffsetZ"): -1.0,
            ("TouchTip", "Radius"): 0.9,
            ("Transfer", "BlowOut"): "Nowhere",
            ("Transfer", "AirGap"): 0.0,
            ("ExecuteRawCommand", "Command"): b'{"commandType": "comment", "params": {"message": "hello"}}',
        }
        if (command, parameter) in special:
            return special[command, parameter]
        return {**USUAL, "LabwareIdentifier": self.plate, "SourceLabwareIdentifier": self.plate,
                "TargetLabwareIdentifier": self.plate}[parameter]  # fmt: skip


USUAL: dict[str, Any] = {
    "Mount": "right", "Well": "A1", "Volume": 50.0, "Origin": "Bottom", "OffsetX": 0.0, "OffsetY": 0.0, "OffsetZ": 1.0,
    "FlowRate": 0.0, "PushOut": 0.0, "AspirateFlowRate": 0.0, "DispenseFlowRate": 0.0, "BlowOutFlowRate": 0.0,
    "Speed": 0.0, "MinimumClearance": 0.0, "X": 100.0, "Y": 100.0, "Z": 100.0, "Axis": "Z", "Distance": 5.0,
    "TipRackIdentifier": "", "Destination": "", "Alternate": False, "Repetitions": 2, "Radius": 1.0,
    "LoadName": PLATE, "Namespace": "", "Version": 0, "Location": "2", "DisplayName": "", "NewLocation": "5",
    "Definition": json.dumps(CUSTOM).encode(), "ModuleModel": "temperatureModuleV2", "Slot": "9", "Axes": [],
    "Duration": 0.01, "ActiveNozzles": 1, "StartingFrom": "Front", "TipStates": [], "Confirm": True,
    "SourceWells": ["A1"], "TargetWells": ["B1"], "SourceWell": "A1", "TargetWell": "B1", "Volumes": [50.0],
    "TipPolicy": "Once", "MixBefore": 0, "MixAfter": 0, "AirGap": 0.0, "BlowOut": "Nowhere", "TouchTip": False,
    "SourceHeight": 0.0, "TargetHeight": 0.0, "DisposalVolume": 0.0, "Worklist": ONE_TRANSFER, "Format": "Csv",
    "Mode": "Stepwise", "RequestKey": "", "LiquidClass": "",
}  # fmt: skip


def _read() -> tuple[dict[str, list[str]], dict[str, frozenset[str]]]:
    feature = etree.fromstring(definition("AtomicLiquidHandling").encode())
    parameters, errors = {}, {}
    for command in feature.iterfind("{*}Command"):
        name = str(command.findtext("{*}Identifier"))
        parameters[name] = [str(node.text) for node in command.iterfind("{*}Parameter/{*}Identifier")]
        errors[name] = frozenset(str(node.text) for node in command.iterfind("{*}DefinedExecutionErrors/{*}Identifier"))
    return parameters, errors


PARAMETERS, DECLARED = _read()


def rates() -> list[tuple[str, str, str]]:
    """Return every speed and flow rate: the command, its parameter and the unit."""
    feature = etree.fromstring(definition("AtomicLiquidHandling").encode())
    return [
        (str(command.findtext("{*}Identifier")), str(parameter.findtext("{*}Identifier")), unit)
        for command in feature.iterfind("{*}Command")
        for parameter in command.iterfind("{*}Parameter")
        if (unit := str(parameter.findtext(".//{*}Unit/{*}Label"))).endswith("/s")
    ]


def declaring(error: str) -> list[str]:
    """Return the commands that declare an error."""
    return [command for command, errors in DECLARED.items() if error in errors]


@contextmanager
def atomic_client_on(robot_url: str, state: Path, **groups: Any) -> Iterator[AtomicClient]:
    """Serve a robot in this process, with a client."""
    with laboratory(robot_url, state, **groups) as lab:
        yield AtomicClient(lab, SimulatorProcess(robot_url))
