"""Every command of every feature of ours against everything that may stand in its way: no error is undefined.

Commands, their parameters and their kinds come from the features, so that a new command takes part by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError

import httpx
import pytest
from lxml import etree
from sila2.framework import SilaError
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError

from sila_ot2.client import errors
from sila_ot2.generated import DEFINITIONS, definition
from tests.end_to_end.atomic_client import PARAMETERS, AtomicClient
from tests.end_to_end.examples_of_types import parameters_of
from tests.end_to_end.laboratory import PROMPT, protocol
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.simulator_only("provokes every obstacle"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("generic_beside_atomic"),
]

OUR_FEATURES = ("LabwareTransferSiteController", "OT2DeckService", "AtomicLiquidHandling",
                "RunController", "ProtocolService", "DeviceLighting", "OT2WorkflowService",
                "OT2InitializationController", "OT2SafetyStopController", "OT2LabwareDefinitionService",
                "OT2LabwareOffsetService", "OT2DeckPictureProvider", "OT2TemperatureModuleController",
                "OT2HeaterShakerController", "OT2MagneticModuleController", "OT2TipTrackingService",
                "OT2CameraService", "OT2MaintenanceController", "OT2ThermocyclerController",
                "OT2LogService", "OT2ModuleProvider", "SimulationController")  # fmt: skip
WITH_MODULE = protocol("protocol.load_module('temperature module gen2', '4')", "protocol.comment('nothing')")
LASTS_S = 3.0
"""Commands that have not ended by then are cancelled."""
DEFAULTS: dict[str, Any] = {
    "String": "",
    "Boolean": False,
    "Integer": 1,
    "Real": 1.0,
    "Binary": b"",
    "List": [],
    "Any": None,
}


def test_every_feature_with_commands_takes_part() -> None:
    with_commands = {name for name in DEFINITIONS if _commands_of(name)}
    assert with_commands - set(OUR_FEATURES) <= {
        "AuthenticationService", "AuthorizationProviderService", "CancelController", "ConnectionConfigurationService",
        "ErrorRecoveryService", "LockController", "PauseController",
    }  # fmt: skip


def _commands_of(feature: str) -> dict[str, dict[str, Any]]:
    """Return the commands of a feature with parameters that are right as far as their types go."""
    root = etree.fromstring(definition(feature).encode())
    return {
        str(command.findtext("{*}Identifier")): {
            str(parameter.findtext("{*}Identifier")): _default(parameter.find("{*}DataType"))
            for parameter in command.iterfind("{*}Parameter")
        }
        for command in root.iterfind("{*}Command")
    }


def _default(data_type: Any) -> Any:
    allowed = data_type.find(".//{*}Set/{*}Value")
    if data_type.find("{*}List") is not None:
        return []
    if allowed is not None:
        return str(allowed.text)
    basic = data_type.find(".//{*}Basic")
    return DEFAULTS[str(basic.text)] if basic is not None else None


# --- what stands in the way; each is brought about again before every command -----------------------------------------


def _door_open(on: Obstructed) -> None:
    on.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    on.robot.control("door", open=True)


def _session(on: Obstructed) -> None:
    on.atomic.error("OpenSession")


def _our_run_created(on: Obstructed) -> None:
    on.protocol = on.lab.upload(PROMPT, "prompt.py")
    if not on.run_of("ThisServer"):
        on.outcome("RunController", "CreateRun")


def _foreign_idle(on: Obstructed) -> None:
    on.foreign("POST", "/runs", {})


def _foreign_active(on: Obstructed) -> None:
    if on.foreign("POST", "/runs", {"protocolId": on.robots_protocol()}):
        current = on.robot.request("GET", "/runs")["links"]["current"]["href"]
        on.foreign("POST", f"{current}/actions", {"actionType": "play"})


def _maintenance_run(on: Obstructed) -> None:
    on.foreign("POST", "/maintenance_runs", {})


def _calibration_session(on: Obstructed) -> None:
    if not on.robot.request("GET", "/sessions")["data"]:
        on.foreign("POST", "/sessions", {"sessionType": "deckCalibration", "createParams": {}})


def _pipette_missing(on: Obstructed) -> None:
    for mount in ("left", "right"):
        on.robot.control("pipette", mount=mount)


def _module_missing(on: Obstructed) -> None:
    on.protocol = on.lab.upload(WITH_MODULE, "with_module.py")


def _unreachable(on: Obstructed) -> None:
    def refuse(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    if not on.atomic.wire.rules:
        on.atomic.wire.rules.append(refuse)


def _tip_in_doubt(on: Obstructed) -> None:
    if not on.once:
        on.once = True
        on.atomic.set_up()
        on.atomic.do("PickUpTip")
    on.foreign("POST", "/runs", {})
    on.foreign("PATCH", on.robot.request("GET", "/runs")["links"]["current"]["href"], {"current": False})


def _safety_stop(on: Obstructed) -> None:
    assert on.lab.server is not None
    on.lab.server.driver.safety_stop.latch()
    on.lab.server.driver.safety_stop.keep()


OBSTACLES: dict[str, Callable[[Obstructed], None]] = {
    "door open": _door_open,
    "session": _session,
    "our run created": _our_run_created,
    "foreign run idle": _foreign_idle,
    "foreign run active": _foreign_active,
    "maintenance run": _maintenance_run,
    "calibration session": _calibration_session,
    "pipette missing": _pipette_missing,
    "module missing": _module_missing,
    "unreachable": _unreachable,
    "tip in doubt": _tip_in_doubt,
    "safety stop": _safety_stop,
}


class Obstructed:
    """A laboratory with an obstacle."""

    def __init__(self, atomic: AtomicClient) -> None:
        self.atomic = atomic
        self.lab = atomic.lab
        self.robot = atomic.robot
        self.once = False
        self.protocol = self.lab.upload(PROMPT, "prompt.py")

    def foreign(self, method: str, path: str, data: dict[str, Any]) -> bool:
        """Ask as another client would; returns whether the robot did it."""
        try:
            self.robot.request(method, path, {"data": data})
        except HTTPError:
            return False
        return True

    def robots_protocol(self) -> str:
        assert self.lab.server is not None
        self.protocol = self.lab.upload(PROMPT, "prompt.py")  # a command may have deleted it
        return str(self.lab.server.driver.protocols.on_robot(self.protocol, None).id)

    def run_of(self, origin: str) -> bool:
        current = self.lab.current()
        return current is not None and current.origin == origin

    def prompts(self) -> bool:
        """Whether a run of this server waits for an operator: what follows it does not end by itself."""
        current = self.lab.current()
        return current is not None and (current.origin, current.status) == ("ThisServer", "Paused")

    def outcome(self, feature: str, command: str) -> SilaError | None:
        """Let a command end, or end it; returns its error."""
        try:
            begun = getattr(getattr(self.lab.generic, feature), command)(**self.parameters(feature, command))
            if not hasattr(begun, "get_responses"):
                return None
            with suppress(AssertionError):
                wait_for(lambda: begun.done or self.prompts(), timeout_s=LASTS_S)
            if not begun.done:
                with suppress(errors.InvalidCommandExecutionUUID):  # it has just ended by itself
                    self.lab.client.cancel_controller.cancel_command(str(begun.execution_uuid))
                wait_for(lambda: begun.done or None)
            begun.get_responses()
        except SilaError as error:
            return error
        return None

    def end_handover(self) -> None:
        """End the hand-over that a command has begun: it would keep everything else out."""
        with suppress(errors.SilaError):
            self.lab.client.deck_service.abort_handover()

    def parameters(self, feature: str, command: str) -> dict[str, Any]:
        if feature == "AtomicLiquidHandling":
            return {name: self.atomic._usual(command, name) for name in PARAMETERS[command]}
        wrapped = getattr(getattr(self.lab.generic, feature), command)._wrapped_command
        given = {name: value for name, value in _commands_of(feature)[command].items() if value is not None}
        given = parameters_of(wrapped) | given
        if "ProtocolIdentifier" in given:
            given["ProtocolIdentifier"] = self.protocol
        texts = {"FileName": "prompt.py", "ProtocolText": PROMPT, "ProtocolName": self.protocol, "DataText": "a,b",
                 "WorklistText": "Command\nHome", "HandoverPosition": ("Deck", 3), "InternalPosition": 3}  # fmt: skip
        given |= {name: value for name, value in texts.items() if name in given}
        if command == "UploadProtocol":
            given |= {"FileName": "prompt.py", "Content": PROMPT.encode()}
        if command == "RunUploadedFile":
            given |= {"FileName": "prompt.py", "Content": PROMPT.encode()}
        return given


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_no_error_is_undefined(atomic: AtomicClient, obstacle: str, caplog: pytest.LogCaptureFixture) -> None:
    on = Obstructed(atomic)
    undefined, tried = {}, 0
    for feature in OUR_FEATURES:
        for command in _commands_of(feature):
            OBSTACLES[obstacle](on)
            tried += 1
            if isinstance(error := on.outcome(feature, command), UndefinedExecutionError):
                undefined[f"{feature}.{command}"] = str(error)
            on.end_handover()
    atomic.wire.rules.clear()
    assert undefined == {}, json.dumps(undefined, indent=1)
    undeclared = {record.getMessage() for record in caplog.records if record.getMessage().startswith("undeclared")}
    assert undeclared == set(), "another error stood in for these"
    assert tried > len(OUR_FEATURES)
