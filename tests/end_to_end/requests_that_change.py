"""Every kind of request with which this server changes something on the robot, and a command that sends it.

`KINDS` is complete by a test that reads the source of `sila_ot2.robot`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.end_to_end.atomic_client import CUSTOM, AtomicClient
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, lasting
from tests.waiting import wait_for

ID = "[^/]+"
LONG = lasting(100_000)
WITH_PARAMETERS = """
metadata = {"protocolName": "parameters"}
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}


def add_parameters(parameters):
    parameters.add_int("Samples", "n", default=2, minimum=1, maximum=8)


def run(protocol):
    for i in range(protocol.params.n):
        protocol.comment(f"sample {i}")
"""
WITH_TABLE = """
metadata = {"protocolName": "table"}
requirements = {"robotType": "OT-2", "apiLevel": "2.20"}


def add_parameters(parameters):
    parameters.add_csv_file("Data", "data")


def run(protocol):
    for row in protocol.params.data.parse_as_csv():
        protocol.comment(" ".join(row))
"""


@dataclass
class RequestLaboratory:
    """A laboratory in which the commands are given."""

    lab: Laboratory
    atomic: AtomicClient
    run_id: str = ""
    subject: Any = None
    """What `Kind.prepare` has made for the command."""
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def unique(self, text: str = QUICK) -> str:
        """Return a protocol that the robot has never seen."""
        return f"# {next(self._numbers)}\n{text}"

    def start_long(self) -> Any:
        """Start a run that lasts; returns the client's instance of StartRun."""
        self.run_id = self.lab.create(self.lab.upload(LONG))
        instance = self.lab.start(self.run_id)
        self.lab.until_status("Running")
        return instance


@dataclass(frozen=True)
class RequestKind:
    """One kind of request.

    Attributes:
        name: for the table.
        method: of the request.
        path: a regular expression for its whole path.
        command: gives the command that sends it, to its end; returns its responses.
        prepare: makes what must be there before; its value becomes `RequestLaboratory.subject`.
        body: a regular expression to be found in the request's body.
        beside: whether a run of ours can be active meanwhile.
        counted: how the simulated robot counts what it has done for it: route and word; empty if it does not.
        repeatable: whether it may be sent again when its answer was lost, because twice is the same as once.
        may_come_late: whether the robot may carry it out long after it was sent.
    """

    name: str
    method: str
    path: str
    command: Callable[[RequestLaboratory], Any]
    prepare: Callable[[RequestLaboratory], Any] = lambda site: None
    body: str = ""
    beside: bool = False
    counted: tuple[str, str] = ("", "")
    repeatable: bool = False
    may_come_late: bool = False


def _paused(site: RequestLaboratory) -> None:
    site.start_long()
    site.lab.pause(site.run_id)
    site.lab.until_status("Paused")


def _created(site: RequestLaboratory) -> str:
    site.run_id = site.lab.create(site.lab.upload(LONG))
    return site.run_id


def _ended(site: RequestLaboratory) -> str:
    run_id = str(site.lab.run(site.lab.upload(QUICK)).run_identifier)
    site.lab.release()
    return run_id


def _maintenance_run(site: RequestLaboratory) -> str:
    return str(site.atomic.robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"])


def _calibration_session(site: RequestLaboratory) -> str:
    wanted = {"data": {"sessionType": "deckCalibration"}}
    return str(site.atomic.robot.request("POST", "/sessions", wanted)["data"]["id"])


def _open_session(site: RequestLaboratory) -> None:
    site.atomic.do("OpenSession")


def _session(site: RequestLaboratory) -> str:
    return str(site.atomic.do("OpenSession"))


def _session_at_work(site: RequestLaboratory) -> str:
    """A session in which another client waits, and which somebody has stopped once.

    The wait never ends by itself: at the end of another one the robot would halt, also under a later run.
    """
    run_id = _session(site)
    waiting = {"commandType": "waitForResume", "params": {}}
    site.atomic.robot.request("POST", f"/runs/{run_id}/commands", {"data": waiting})
    site.atomic.robot.request("POST", f"/runs/{run_id}/actions", {"data": {"actionType": "stop"}})
    return run_id


def _with_parameters(site: RequestLaboratory) -> str:
    identifier = site.lab.upload(site.unique(WITH_PARAMETERS))
    site.lab.analyze(identifier)
    return identifier


def _with_table(site: RequestLaboratory) -> tuple[str, str]:
    identifier = site.lab.upload(site.unique(WITH_TABLE))
    content = f"a,{site.unique('')}".encode()
    return identifier, str(site.lab.protocols.upload_data_file(file_name="data.csv", content=content))


def _start(site: RequestLaboratory) -> None:
    """Start the run; returns when it is under way."""
    instance = site.lab.start(site.subject)
    wait_for(lambda: instance.done or site.lab.status() == "Running")
    if instance.done:
        instance.result()


def _switch_on(site: RequestLaboratory) -> None:
    site.lab.client.device_lighting.set_rail_lights(on=True)


def _switch_off(site: RequestLaboratory) -> None:
    site.lab.client.device_lighting.set_rail_lights(on=False)


def _temperature_module(site: RequestLaboratory) -> None:
    """A module that is switched off.

    The robot has then carried out a command outside of runs: one without any cannot tell later if it has restarted.
    """
    robot = site.atomic.robot
    if not robot.request("GET", "/modules")["data"]:
        robot.control("module", model="temperatureModuleV2")
    wait_for(lambda: site.lab.client.temperature_module_controller.temperature_modules.get())
    [module] = robot.request("GET", "/modules")["data"]
    switch_off = {"commandType": "temperatureModule/deactivate", "params": {"moduleId": module["id"]}}
    robot.request("POST", "/commands?waitUntilComplete=true", {"data": switch_off})


CHANGEABLE = "disableHomeOnBoot"
"""A setting of every robot."""
ALLOWED: dict[str, object] = {"changeable_settings": [CHANGEABLE]}
"""The settings of a laboratory in which it is changed."""
ACTIONS = f"/runs/{ID}/actions"


def _action(
    name: str, action: str, command: Callable[[RequestLaboratory], Any], prepare: Callable[[RequestLaboratory], Any]
) -> RequestKind:
    """A request for an action of a run."""
    counted = ("POST /runs/{run_id}/actions", action)
    return RequestKind(name, "POST", ACTIONS, command, prepare, body=f'"{action}"', counted=counted)


KINDS = (
    RequestKind(
        "create a run",
        "POST",
        "/runs",
        lambda b: b.lab.create(b.subject),
        lambda b: b.lab.upload(LONG),
        counted=("POST /runs", "create"),
    ),
    _action("start a run", "play", _start, _created),
    _action("pause a run", "pause", lambda b: b.lab.pause(b.run_id), RequestLaboratory.start_long),
    _action("resume a run", "play", lambda b: b.lab.resume(b.run_id), _paused),
    _action("stop a run", "stop", lambda b: b.lab.stop(b.run_id), RequestLaboratory.start_long),
    RequestKind(
        "stop a session",
        "POST",
        ACTIONS,
        lambda b: b.lab.stop(b.subject, force=True),
        _session,
        body='"stop"',
        counted=("POST /runs/{run_id}/actions", "stop"),
    ),
    RequestKind(
        "break off a session, by a second stop",
        "POST",
        ACTIONS,
        lambda b: b.lab.stop(b.subject, force=True),
        _session_at_work,
        body='"stop"',
        counted=("POST /runs/{run_id}/actions", "stop"),
    ),
    RequestKind(
        "release a run",
        "PATCH",
        f"/runs/{ID}",
        lambda b: b.lab.release(b.subject),
        _created,
        counted=("PATCH /runs/{run_id}", "uncurrent"),
    ),
    RequestKind(
        "delete a run",
        "DELETE",
        f"/runs/{ID}",
        lambda b: b.lab.runs.delete_run(run_identifier=b.subject),
        _ended,
        counted=("DELETE /runs/{run_id}", "delete"),
    ),
    RequestKind(
        "end a maintenance run",
        "DELETE",
        f"/maintenance_runs/{ID}",
        lambda b: b.lab.release(b.subject, force=True),
        _maintenance_run,
        counted=("DELETE /maintenance_runs/{run_id}", "delete"),
    ),
    RequestKind(
        "end a calibration session",
        "DELETE",
        f"/sessions/{ID}",
        lambda b: b.lab.release(b.subject, force=True),
        _calibration_session,
        counted=("DELETE /sessions/{session_id}", "deckCalibration"),
    ),
    RequestKind(
        "execute a command",
        "POST",
        f"/runs/{ID}/commands",
        lambda b: b.atomic.do("Home"),
        _open_session,
        counted=("POST /runs/{run_id}/commands", "home"),
    ),
    RequestKind(
        "define labware",
        "POST",
        f"/runs/{ID}/labware_definitions",
        lambda b: b.atomic.do("DefineLabware", Definition=json.dumps(CUSTOM).encode()),
        _open_session,
        counted=("POST /runs/{run_id}/labware_definitions", "tests/two_wells/3"),
        repeatable=True,
    ),
    RequestKind(
        "upload a protocol",
        "POST",
        "/protocols",
        lambda b: b.lab.upload(b.unique()),
        beside=True,
        counted=("POST /protocols", "upload"),
        repeatable=True,
    ),
    RequestKind(
        "delete a protocol",
        "DELETE",
        f"/protocols/{ID}",
        lambda b: b.lab.protocols.delete_protocol(protocol_identifier=b.subject),
        lambda b: b.lab.upload(b.unique()),
        beside=True,
        counted=("DELETE /protocols/{protocol_id}", "delete"),
    ),
    RequestKind(
        "analyze a protocol",
        "POST",
        f"/protocols/{ID}/analyses",
        lambda b: b.lab.analyze(b.subject, values={"n": "4"}),
        _with_parameters,
        beside=True,
        counted=("POST /protocols/{protocol_id}/analyses", "analyze"),
        repeatable=True,
    ),
    RequestKind(
        "upload a data file",
        "POST",
        "/dataFiles",
        lambda b: b.lab.analyze(b.subject[0], files={"data": b.subject[1]}),
        _with_table,
        beside=True,
        counted=("POST /dataFiles", "upload"),
        repeatable=True,
    ),
    RequestKind(
        "switch the lights",
        "POST",
        "/robot/lights",
        _switch_on,
        _switch_off,
        beside=True,
        counted=("POST /robot/lights", "on"),
        repeatable=True,
    ),
    RequestKind(
        "switch the motors off",
        "POST",
        "/motors/disengage",
        lambda b: finish(b.lab.client.maintenance_controller.disengage_motors()),
        lambda b: b.atomic.robot.request("POST", "/robot/home", {"target": "robot"}),
        counted=("POST /motors/disengage", "x,y,z,a,b,c"),
    ),
    RequestKind(
        "change a setting",
        "POST",
        "/settings",
        lambda b: b.lab.client.maintenance_controller.change_setting(setting_identifier=CHANGEABLE, value=True),
        counted=("POST /settings", CHANGEABLE),
        repeatable=True,
    ),
    RequestKind(
        "set the clock",
        "PUT",
        "/system/time",
        lambda b: b.lab.client.maintenance_controller.synchronize_clock(),
        repeatable=True,
    ),
    RequestKind(
        "restart the robot",
        "POST",
        "/server/restart",
        lambda b: finish(b.lab.client.maintenance_controller.restart_robot()),
        counted=("POST /server/restart", "restart"),
        may_come_late=True,
    ),
    RequestKind(
        "command a module",
        "POST",
        "/commands",
        lambda b: b.lab.client.temperature_module_controller.set_temperature(
            module_identifier="", target_temperature=37.0
        ),
        _temperature_module,
        counted=("POST /commands", "temperatureModule/setTargetTemperature"),
    ),
)
UNUSED = frozenset({"identify", "put_client_data", "add_labware_offset"})
"""Methods of the robot's client that change something and that nothing in the server calls."""
OF_NEWER_RELEASES = frozenset({"keep_labware_offsets"})
"""For them the robot of the matrix is too old: tests/unit/driver/deck/offsets/test_offset_export.py tries them."""
