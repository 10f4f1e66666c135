"""Other clients at random, from a seed: they do anything at any time, while a driver works.

After each step the driver's state is compared with the simulator's own truth; nothing of ours moves while somebody
works with the Opentrons App, and nobody's active run ends without Force.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import traceback
import urllib.error
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import (
    AppOwner,
    CurrentRunOwner,
    ForeignOwner,
    HalfCreatedOwner,
    NoOwner,
    Owner,
    RunOwner,
    SessionOwner,
)
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.protocols.files import GivenFile
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import OT2Fault, RobotBusy
from sila_ot2.robot.transport import Timeouts
from tests.end_to_end.drivers import driver_of
from tests.processes import SimulatorProcess
from tests.waiting import TIMEOUT_S, wait_for

ENDED = ("stopped", "failed", "succeeded")
PAUSING = """
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}
def add_parameters(parameters):
    parameters.add_int(variable_name="n", display_name="n", default=1, minimum=1, maximum=8)
def run(protocol):
    protocol.pause("look")
    protocol.comment("done")
"""
NEVER = Cancellation()
HOME = {"commandType": "home", "params": {}}
WAIT = {"commandType": "waitForDuration", "params": {"seconds": 3600}}


@dataclass(frozen=True)
class Truth:
    """What the robot itself says at one moment."""

    run: dict[str, Any] | None
    half_created: str
    app_work: AppWork | None
    door: str
    modules: frozenset[str]


class OtherClients(RuleBasedStateMachine):
    """Everybody at one robot, which is as new for each example, and so is the driver."""

    robot: ClassVar[SimulatorProcess]
    timeout_s: ClassVar[float]
    timing: ClassVar[Timing]
    steps: ClassVar[int] = 0
    """How many there were in all examples."""
    outcomes: ClassVar[Counter[str]]
    """How often each of our requests was made, and how often it was refused, by the error."""
    failures: ClassVar[list[str]]
    """What was wrong, each with what led to it, also where hypothesis reports something else.

    Threads and a process are at work, so that a failure need not occur again when hypothesis repeats it.
    """

    @classmethod
    def at(cls, robot: SimulatorProcess, timeout_factor: float = 1.0) -> type[OtherClients]:
        """Return the machine for a robot; `timeout_factor` is how much longer is waited for it, on a busy computer."""
        longer = {name: usual_s * timeout_factor for name, usual_s in asdict(Timeouts()).items()}
        timing = Timing(timeouts=Timeouts(**longer))
        own = {"robot": robot, "timeout_s": TIMEOUT_S * timeout_factor, "timing": timing, "steps": 0}
        return type(cls.__name__, (cls,), own | {"outcomes": Counter(), "failures": []})

    @initialize()
    def begin(self) -> None:
        """Switch robot and driver on."""
        self.done: list[str] = []
        self.robot.reset()
        self.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
        self.ours: dict[str, str] = {}
        self.state = tempfile.TemporaryDirectory()
        self.driver = driver_of(self.robot, Path(self.state.name), self.timing)
        stored, _ = self.driver.protocols.upload(GivenFile("pausing.py", PAUSING.encode()))
        self.protocol = stored.identifier
        self.driver.analyses.analyze(self.protocol, Parameters(), timeout_s=self.timeout_s)
        self.compare()

    def teardown(self) -> None:
        """End the driver, if it was ever begun, and keep what made the example fail."""
        if isinstance(fault := sys.exc_info()[1], Exception):
            self.failures.append("\n".join([*self.done, *traceback.format_exception(fault)]))
        if hasattr(self, "driver"):
            self.driver.let_go()
            self.driver.stop()
            self.state.cleanup()

    # --- others -------------------------------------------------------------------------------------------------------

    @rule(with_protocol=st.booleans())
    def another_creates_a_run(self, with_protocol: bool) -> None:
        self.another("POST", "/runs", {"protocolId": self.protocol_on_robot()} if with_protocol else {})

    @rule()
    def another_fails_to_create_a_run(self) -> None:
        data = {"protocolId": self.protocol_on_robot(), "runTimeParameterValues": {"n": 99}}
        self.another("POST", "/runs", data)

    @rule(action=st.sampled_from(["play", "pause", "stop", "stop"]))
    def another_acts_on_the_current_run(self, action: str) -> None:
        self.another("POST", f"/runs/{self.current()}/actions", {"actionType": action})

    @rule(method=st.sampled_from(["PATCH", "DELETE"]))
    def another_puts_the_current_run_aside(self, method: str) -> None:
        self.another(method, f"/runs/{self.current()}", {"current": False} if method == "PATCH" else None)

    @rule(command=st.sampled_from([HOME, HOME, WAIT]))
    def another_posts_a_command_into_the_current_run(self, command: dict[str, Any]) -> None:
        self.another("POST", f"/runs/{self.current()}/commands", command)

    @rule()
    def somebody_begins_a_maintenance_run(self) -> None:
        self.another("POST", "/maintenance_runs", {})

    @rule(command=st.sampled_from([HOME, WAIT]))
    def somebody_moves_in_the_maintenance_run(self, command: dict[str, Any]) -> None:
        self.another("POST", f"/maintenance_runs/{self.maintenance()}/commands", command)

    @rule()
    def somebody_ends_the_maintenance_run(self) -> None:
        self.another("DELETE", f"/maintenance_runs/{self.maintenance()}", None)

    @rule()
    def somebody_begins_to_calibrate(self) -> None:
        self.another("POST", "/sessions", {"sessionType": "deckCalibration", "createParams": {}})

    @rule()
    def somebody_ends_calibrating(self) -> None:
        for session in self.ask("GET", "/sessions")["data"]:
            self.another("DELETE", f"/sessions/{session['id']}", None)

    @rule(is_open=st.booleans())
    def somebody_is_at_the_door(self, is_open: bool) -> None:
        self.done.append(f"door open: {is_open}")
        self.robot.control("door", open=is_open)
        self.compare()

    @rule(plugged=st.booleans())
    def somebody_pulls_a_plug(self, plugged: bool) -> None:
        self.done.append(f"module plugged: {plugged}")
        there = [module["serialNumber"] for module in self.ask("GET", "/modules")["data"]]
        if plugged and not there:
            self.robot.control("module", model="temperatureModuleV2", serial="TD01")
        elif not plugged and there:
            self.robot.control("unplug", serial=there[0])
        self.compare()

    @rule()
    def somebody_restarts_the_robot(self) -> None:
        if self.steps % 10 == 0:  # once in a while is enough
            self.done.append("restart of the robot")
            self.robot.control("restart", down_s=0.1)
            self.until(lambda: self.answered("/health"), "the robot is back")
            self.until(lambda: self.driver.monitor.state.value.reachable, "the driver sees it")
        self.compare()

    # --- ours ---------------------------------------------------------------------------------------------------------

    @rule()
    def we_open_a_session(self) -> None:
        self.we(lambda: self.driver.session.open(cancelled=NEVER))

    @rule()
    def we_home(self) -> None:
        self.we(lambda: self.driver.session.perform("Home", motions.home(), cancelled=NEVER))

    @rule()
    def we_close_the_session(self) -> None:
        self.we(lambda: self.driver.session.close(cancelled=NEVER))

    @rule()
    def we_create_a_run(self) -> None:
        self.we(
            lambda: self.ours.update({self.driver.runs.create(RunSpecification(self.protocol), cancelled=NEVER): "run"})
        )

    @rule()
    def we_start_our_run(self) -> None:
        self.we(lambda: self.driver.actions.start(self.driver.robot.run(self.our_run())))

    @rule()
    def we_run_our_protocol_when_everybody_has_left(self) -> None:
        """Start a run that waits at its pause: by the other rules alone it seldom comes so far."""
        self.somebody_is_at_the_door(is_open=False)
        self.somebody_ends_the_maintenance_run()
        self.somebody_ends_calibrating()
        self.another_acts_on_the_current_run("stop")
        self.we_close_the_session()
        self.we_release(force=True)
        self.we_create_a_run()
        self.we_start_our_run()

    @rule()
    def we_pause(self) -> None:
        self.we(self.driver.actions.pause)

    @rule()
    def we_resume(self) -> None:
        self.we(self.driver.actions.resume)

    @rule()
    def we_stop(self) -> None:
        self.we(self.driver.actions.stop)

    @rule()
    def we_stop_what_is_current(self) -> None:
        self.we(lambda: self.driver.actions.stop(self.current(), force=True), force=True)

    @rule(force=st.booleans())
    def we_release(self, force: bool) -> None:
        self.we(lambda: self.driver.release.release(force=force), force=force)

    @rule()
    def we_reconcile(self) -> None:
        self.we(lambda: self.driver.reconciliation.settle({}, confirmed=True, cancelled=NEVER))

    # --- what must be so ----------------------------------------------------------------------------------------------

    def we(self, act: Callable[[], object], *, force: bool = False) -> None:
        """Do something of ours, which may be refused; then look whether it was right to do it."""
        what = act.__qualname__.removesuffix(".<locals>.<lambda>").rpartition(".")[2]
        self.done.append(f"we: {what}")
        before, moves_before = self.truth(), self.moves()
        try:
            act()
        except OT2Fault as fault:
            refusal: OT2Fault | None = fault
            self.done.append(f"    refused: {fault}")
        else:
            refusal = None
        self.outcomes[f"{what}: {'done' if refusal is None else type(refusal).__name__}"] += 1
        session = self.driver.session.state.value
        if session is not None and session.run_id:
            self.ours[session.run_id] = "session"
        after = self.truth()
        if before.app_work is not None and after.app_work == before.app_work:
            assert self.moves() == moves_before, f"moved beside {before.app_work}; {refusal}"
        if isinstance(refusal, RobotBusy):
            assert self.moves() == moves_before, f"moved, and said {refusal}"
        theirs = before.run if before.run is not None and before.run["id"] not in self.ours else None
        if theirs is not None and theirs["status"] not in (*ENDED, "idle") and not force:
            assert after.run is not None, f"the run of another is gone; {refusal}"
            assert (after.run["id"], after.run["status"] in ENDED) == (theirs["id"], False), str(refusal)
        self.compare()

    def compare(self) -> None:
        """Wait until the driver says what the robot says."""
        type(self).steps += 1
        if self.driver.request_log.unknown:  # a restart during a request of ours: a matter for an operator
            self.driver.request_log.reconcile("looked")
        difference = "never compared"

        def agree() -> bool:
            nonlocal difference
            truth = self.truth()
            difference = self.difference(truth)
            return not difference

        try:
            self.until(agree, "driver and robot agree")
        except AssertionError:
            raise AssertionError(f"after {self.steps} steps: {difference}") from None

    def difference(self, truth: Truth) -> str:
        """Say in what the driver differs from the robot; empty if it does not."""
        owner, known = self.driver.ownership.current.value, self.driver.monitor.state.value
        if owner != (expected := self.expected(truth)):
            return f"owner: {owner}, it should be {expected}"
        is_session = truth.run is not None and self.ours.get(truth.run["id"]) == "session"
        shown = None if known.run is None else (known.run.run_id, known.run.robot_status)
        right = None if truth.run is None or is_session else (truth.run["id"], truth.run["status"])
        if shown != right:
            return f"run: {shown}, it should be {right}"
        door = known.machine.door
        if door is None or door.value.status != truth.door:
            return f"door: {door}, it should be {truth.door}"
        listed = known.machine.listed_modules.value if known.machine.listed_modules else ()
        modules = frozenset(module.serial_number for module in listed)
        if modules != truth.modules:
            return f"modules: {modules}, they should be {truth.modules}"
        state = self.driver.session.state.value
        if state is not None and state.phase.name == "READY" and not is_session:
            return f"session: {state}, the current run is {truth.run}"
        return ""

    def expected(self, truth: Truth) -> Owner:
        """Return the owner, from what the robot says and what we have created."""
        beside: CurrentRunOwner
        if truth.half_created:
            beside = HalfCreatedOwner(truth.half_created)
        elif truth.run is None:
            beside = NoOwner()
        elif truth.run["id"] not in self.ours:
            beside = ForeignOwner(truth.run["id"], truth.run["status"])
        elif truth.run["status"] in ENDED:
            beside = NoOwner()
        elif self.ours[truth.run["id"]] == "session":
            beside = SessionOwner(truth.run["id"])
        else:
            beside = RunOwner(truth.run["id"], truth.run["status"])
        return beside if truth.app_work is None else AppOwner(truth.app_work, beside)

    def truth(self) -> Truth:
        """Ask the robot, not the driver."""
        run_id = self.current()
        run = self.answered(f"/runs/{run_id}") if run_id != NOBODY else None
        maintenance, sessions = self.maintenance(), self.ask("GET", "/sessions")["data"]
        app_work = None
        if maintenance != NOBODY:
            app_work = AppWork("maintenance run", maintenance)
        elif sessions:
            app_work = AppWork("calibration session", sessions[0]["id"])
        return Truth(
            run=run["data"] if run else None,
            half_created=run_id if run is None and run_id != NOBODY else "",
            app_work=app_work,
            door=self.ask("GET", "/robot/door/status")["data"]["status"],
            modules=frozenset(module["serialNumber"] for module in self.ask("GET", "/modules")["data"]),
        )

    def moves(self) -> int:
        """How often anything has been carried out in runs that moves."""
        executed = self.ask("GET", "/simulator/executed")["data"]
        return sum(one["count"] for one in executed if one["route"].startswith("POST /runs/") and one["kind"] in MOVING)

    # --- the robot's own interface ------------------------------------------------------------------------------------

    def another(self, method: str, path: str, data: dict[str, Any] | None) -> None:
        """Ask as another client would; the robot may refuse."""
        self.done.append(f"another: {method} {path} {data}")
        with contextlib.suppress(urllib.error.HTTPError, ConnectionError, urllib.error.URLError):
            self.robot.request(method, path, None if data is None else {"data": data})
        self.compare()

    def ask(self, method: str, path: str) -> Any:
        return self.robot.request(method, path)

    def answered(self, path: str) -> Any:
        try:
            return self.ask("GET", path)
        except (urllib.error.HTTPError, urllib.error.URLError, ConnectionError):
            return None

    def current(self) -> str:
        links = self.ask("GET", "/runs?pageLength=1")["links"]
        return str(links["current"]["href"]).rpartition("/")[2] if links else NOBODY

    def maintenance(self) -> str:
        found = self.answered("/maintenance_runs/current_run")
        return str(found["data"]["id"]) if found else NOBODY

    def our_run(self) -> str:
        return next((run_id for run_id in reversed(self.ours) if self.ours[run_id] == "run"), NOBODY)

    def protocol_on_robot(self) -> str:
        return str(self.driver.protocols.on_robot(self.protocol, None).id)

    def until(self, so: Callable[[], object], what: str) -> None:
        wait_for(so, lambda: f"in vain: {what}", timeout_s=self.timeout_s)


NOBODY = "00000000-0000-4000-8000-000000000000"
MOVING = ("home", "play")
