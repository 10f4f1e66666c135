"""Conversations with robots of releases to come: what a client asks for, and what must hold whatever the robot says.

Every command ends, right or with a declared error; nothing is executed twice; no status claims more than was read.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from sila_ot2.cli.named import properties_of
from sila_ot2.client import errors
from sila_ot2.client.generated.atomic_liquid_handling import AtomicLiquidHandling
from tests.end_to_end.atomic_client import PLATE, TIPS
from tests.end_to_end.laboratory import QUICK, Laboratory
from tests.mutations import FutureRelease
from tests.processes import SimulatorProcess
from tests.proxy import ProxiedRequest, Proxy
from tests.waiting import wait_for

RUNS: dict[str, object] = {
    "stop_timeout_s": 2.0, "active_interval_s": 0.3, "idle_interval_s": 1.0, "equipment_interval_s": 3.0,
    "most_readings_per_s": 10,
}  # fmt: skip
"""The server reads the robot about as often as in a laboratory: its readings cost more than all commands."""
ENDS_WITHIN_S = 60.0
"""Within which a command that does not end by itself ends after it was cancelled, and its run was stopped."""
LOOKED_AT_S = 0.2
"""How long a run goes on before it is stopped."""
COMMAND_ENDS_S = 5.0
"""Within which another command ends; one that waits for a word that this robot does not say is cancelled then."""
HARMLESS = ("/robot/lights", "/camera/picture", "/protocols")
"""What may be asked for twice: it is the same as once. The same file is the same protocol."""
NAMING = (errors.RobotFaulty, errors.UnsupportedByRobot)
"""Errors by which a robot is understood no longer: they name what of its answers or routes is the cause."""
CLAIMS = {
    "Idle": {"idle"},
    "Starting": {"idle", "running"},
    "Running": {"running"},
    "Paused": {"paused"},
    "PausedByDoor": {"blocked-by-open-door"},
    "Stopping": {"stop-requested"},
    "Finishing": {"finishing"},
    "Stopped": {"stopped"},
    "Failed": {"failed"},
    "Succeeded": {"succeeded"},
}
"""Which status of the robot each of our statuses claims."""


class Conversations:
    """Holds one conversation after the other, each with a robot of another release."""

    def __init__(self, lab: Laboratory, proxy: Proxy, robot: SimulatorProcess) -> None:
        self._lab = lab
        self._proxy = proxy
        self._robot = robot
        self.outcomes: Counter[str] = Counter()
        """How the commands ended."""
        self._asked: Counter[str] = Counter()
        """How many commands in this conversation each send an action of this type, or create a run."""
        self._release = FutureRelease(0)
        self._status = ""
        """The newest one that the subscription has brought: to ask for it each time costs more than all commands."""
        self._subscription = lab.runs.run_status.on_change(self._take_status)

    def close(self) -> None:
        """End the subscription."""
        self._subscription.cancel()

    def _take_status(self, status: Any) -> None:
        self._status = str(status)

    def hold(self, seed: int) -> None:
        """Hold one conversation.

        Raises:
            AssertionError: something does not hold; its text says what was changed in the robot's answers.
        """
        self._release = release = FutureRelease(seed)
        chooser = random.Random(seed)
        self._proxy.clear()
        self._asked.clear()
        self._proxy.change_answer = release.answer
        try:
            talks = [self._picture, self._lights, self._run, self._run, self._session, self._liquids]
            for talk in chooser.sample(talks, 2):
                talk()
                self._require_no_false_claim()
            self._read_properties()
            self._require_nothing_twice()
        except AssertionError as wrong:
            changes = "\n".join(sorted(release.made))
            raise AssertionError(f"seed {seed}: {wrong}\n{changes}") from wrong
        finally:
            self._proxy.change_answer = None
            self._lab.clear()

    def _lights(self) -> None:
        self._try("SetRailLights", lambda: self._lab.client.device_lighting.set_rail_lights(on=True))

    def _picture(self) -> None:
        self._finish("TakePicture", self._try("TakePicture", self._lab.client.camera_service.take_picture))

    def _run(self) -> None:
        identifier = self._try("UploadProtocol", lambda: self._lab.upload(QUICK))
        if identifier is None:
            return
        self._asked.update(["play", "create"])
        run = self._try("RunProtocol", lambda: self._lab.begin(identifier))
        if run is None:
            return
        self._until(lambda: run.done or self._status in ("Running", "Unknown"), LOOKED_AT_S)
        self._asked.update(["pause", "play"])
        self._try("PauseRun", self._lab.pause)
        self._try("ResumeRun", self._lab.resume)
        self._until(lambda: run.done, LOOKED_AT_S)
        if not run.done:
            self._finish("StopRun", self._try("StopRun", lambda: self._lab.runs.stop_run(force=True)))
        self._asked["stop"] += 2  # by StopRun, and ReleaseRun stops what has not ended
        self._finish("RunProtocol", run)
        self._finish("ReleaseRun", self._try("ReleaseRun", lambda: self._lab.runs.release_run(force=True)))

    def _session(self) -> None:
        self._in_session(lambda: self._do("Home", self._hand.home))

    def _liquids(self) -> None:
        self._in_session(self._transfer)

    @property
    def _hand(self) -> AtomicLiquidHandling:
        return self._lab.client.atomic_liquid_handling

    def _in_session(self, work: Callable[[], Any]) -> None:
        self._do("OpenSession", self._hand.open_session)
        work()
        self._do("CloseSession", self._hand.close_session)

    def _transfer(self) -> None:
        """Move liquid with a tip; what the robot is not understood to have done is followed by nothing."""
        hand = self._hand
        tips = self._do("LoadLabware", lambda: hand.load_labware(TIPS, "1"))
        plate = self._do("LoadLabware", lambda: hand.load_labware(PLATE, "2"))
        if tips is None or plate is None or self._do("PickUpTip", lambda: hand.pick_up_tip("right")) is None:
            return
        on = plate.labware_identifier
        self._do("Aspirate", lambda: hand.aspirate("right", on, "A1", 50.0))
        self._do("Dispense", lambda: hand.dispense("right", on, "B1", 50.0))
        self._do("DropTip", lambda: hand.drop_tip("right"))

    def _do(self, name: str, command: Callable[[], Any]) -> Any:
        """Give a command of a session and let it end; returns what it returns, None if it fails.

        Without a session it opens one, by a run.
        """
        self._asked["create"] += not any(session.state == "Ready" for session in self._hand.session.get())
        return self._finish(name, self._try(name, command))

    def _finish(self, name: str, instance: Any) -> Any:
        """Let a command end; one that does not is cancelled, which may stop its run."""
        if instance is None:
            return None
        self._until(lambda: instance.done, LOOKED_AT_S if name == "RunProtocol" else COMMAND_ENDS_S)
        if not instance.done:
            self._asked["stop"] += name == "RunProtocol"
            with contextlib.suppress(errors.SilaError):
                self._lab.client.cancel_controller.cancel_command(command_execution_uuid=instance.uuid)
        wait_for(lambda: instance.done, lambda: f"{name} does not end", ENDS_WITHIN_S)
        return self._try(name, instance.result)

    def _try(self, name: str, command: Any) -> Any:
        """Give a command; an error that is not declared fails the conversation."""
        try:
            answer = command()
        except errors.UndefinedExecutionError as error:
            raise AssertionError(f"{name} ended with an undeclared error: {error}") from error
        except errors.DefinedExecutionError as error:
            self._require_explanation(name, error)
            self.outcomes[error.identifier.rsplit("/", 1)[-1]] += 1
            return None
        except errors.SilaError as error:
            self.outcomes[type(error).__name__] += 1
            return None
        self.outcomes["succeeded"] += 1
        return answer

    def _require_explanation(self, name: str, error: errors.DefinedExecutionError) -> None:
        assert str(error.message).strip(), f"{name} ended without an explanation"
        if isinstance(error, NAMING):
            changed = "|".join(map(re.escape, self._release.names))
            is_named = changed and re.search(rf"(?<![\w/])({changed})(?![\w/])", error.message)
            assert is_named, f"{name} does not name the cause: {error.message}"

    def _read_properties(self) -> None:
        client = self._lab.client
        for feature in (
            client.status_provider, client.information_provider, client.module_provider, client.run_controller
        ):  # fmt: skip
            for each in properties_of(feature).values():
                each.get()

    def _require_no_false_claim(self) -> None:
        """Compare the status with what the robot itself says, read around it: a claim that stays is not true."""
        wait_for(self._claim_is_true, lambda: f"{self._status} is claimed, the robot is {self._truth()}")

    def _claim_is_true(self) -> bool:
        claimed = self._status
        if claimed in ("Unknown", "AwaitingRecovery"):
            return True
        if claimed == "NoRun":
            return not self._current().get("protocolId")  # a run without a protocol is one of a session
        return self._truth() in CLAIMS.get(claimed, ())

    def _truth(self) -> str:
        """The status of the current run by the robot itself; empty if there is none."""
        return str(self._current().get("status", ""))

    def _current(self) -> dict[str, Any]:
        """The current run by the robot itself; empty if there is none."""
        runs = self._robot.request("GET", "/runs")["data"]
        return next((run for run in runs if run["current"]), {})

    def _require_nothing_twice(self) -> None:
        sent = Counter(filter(None, map(_identity, self._proxy.forwarded)))
        too_often = {
            what: times for what, times in sent.items() if times > (self._asked[what] if what in COUNTED else 1)
        }
        assert not too_often, f"sent more often than asked for: {too_often}"

    def _until(self, so: Callable[[], object], within_s: float) -> None:
        """Wait until it is so, but no longer than this."""
        with contextlib.suppress(AssertionError):
            wait_for(so, timeout_s=within_s)


COUNTED = frozenset({"play", "pause", "stop", "create"})
"""Each command that does so sends one of these at most; several may be about the same run."""


def _identity(sent: ProxiedRequest) -> str:
    """What a request must be alone in: the key of a command, an action of a run, or else all of it."""
    if sent.method != "POST" or sent.path in HARMLESS:
        return ""
    if re.fullmatch(r"(/runs/[^/]+)?/commands", sent.path):
        return str(sent.json()["data"]["key"])
    if re.fullmatch(r"/runs/[^/]+/actions", sent.path):
        return str(sent.json()["data"]["actionType"])
    return "create" if sent.path == "/runs" else f"{sent.path} {sent.body!r}"


def summary(outcomes: Counter[str]) -> str:
    """Return how the commands ended, the most frequent first."""
    return json.dumps(dict(outcomes.most_common()))
