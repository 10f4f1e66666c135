"""Clients that upload, delete and run protocols while their server is killed; and what must be there afterwards."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sila_ot2.client import OT2, Execution, errors
from sila_ot2.client.generated.protocol_service import UploadProtocolResponses
from tests.end_to_end.laboratory import Laboratory, finish, protocol
from tests.end_to_end.live import LiveServer, live_server
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

T = TypeVar("T")
UNANSWERED = frozenset({"RobotUnreachable", "OutcomeUnknown", "NotReconciled", "RunStillActive"})
"""Errors of a robot that has not answered in time, and of what comes after such a request."""
LONGEST_LOAD_S = 2.0
"""The server is killed at a random moment before this."""
SETTINGS: dict[str, dict[str, Any]] = {
    "runs": {"active_interval_s": 0.1, "idle_interval_s": 0.1, "history_length": 1000, "archive_length": 1000}
}
RUN = protocol(*(f"protocol.comment('{number}')" for number in range(50))).encode()


@dataclass
class Committed:
    """What the server has confirmed, over all its lives."""

    protocols: dict[str, bytes] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    data_files: dict[str, int] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)


class Kills:
    """One robot, one state directory, and a server that is killed again and again."""

    def __init__(self, robot: SimulatorProcess, folder: Path, seed: int, *, is_starved: bool = False) -> None:
        """Kill nothing yet.

        Args:
            robot: a simulated one.
            folder: for what the server keeps.
            seed: for the moments.
            is_starved: whether the computer may be so busy that the robot does not answer in time. What is refused for
                that was not confirmed.
        """
        self._not_confirmed = UNANSWERED if is_starved else frozenset()
        self.unanswered = 0
        self._robot = robot
        self._folder = folder
        self._random = random.Random(seed)
        self._number = 0
        self.committed = Committed()

    def one_life(self) -> None:
        """Start the server, see that it has everything, let clients work, and kill it at a random moment."""
        with live_server(self._robot, self._folder, **SETTINGS) as live:
            self.check(live)
            self._load(live, kill_after_s=self._random.uniform(0, LONGEST_LOAD_S))

    def check_at_last(self) -> None:
        """Start the server once more, and see that it has everything, that it works, and what lies on its disk."""
        with live_server(self._robot, self._folder, **SETTINGS) as live:
            self.check(live)
            lab = _laboratory(live, self._robot)
            assert lab.run(lab.upload(RUN)).result == "Succeeded"
        state = self._folder / "state"
        assert list(state.rglob(".staged-*")) == []
        (database,) = state.rglob("*.sqlite")
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def check(self, live: LiveServer) -> None:
        """Compare what a server that has just started shows with what was confirmed, and with the robot's own runs."""
        protocols = live.client.protocol_service
        listed = {one.protocol_identifier for one in protocols.protocols.get()}
        assert self.committed.protocols.keys() <= listed
        assert not self.committed.deleted & listed
        for identifier, content in self.committed.protocols.items():
            assert protocols.retrieve_protocol_file(identifier, file_name="protocol.py") == content
        sizes = {one.data_file_identifier: one.size for one in protocols.data_files.get()}
        assert self.committed.data_files.items() <= sizes.items()

        runs = live.client.run_controller
        on_robot = {run["id"] for run in self._robot.request("GET", "/runs")["data"] if run["status"] == "succeeded"}
        wait_for(lambda: on_robot | self.committed.runs <= {one.run_identifier for one in runs.run_history.get()})
        totals = {one.run_identifier: one.total_commands for one in runs.run_history.get()}
        for run_id in on_robot:
            log = json.loads(finish(runs.retrieve_run_log(run_id)))
            on_the_robot = self._robot.request("GET", f"/runs/{run_id}/commands?pageLength=1000")["data"]
            assert [command["id"] for command in log] == [command["id"] for command in on_the_robot]
            assert len(log) == totals[run_id]
        lab = _laboratory(live, self._robot)
        # What became of a request that was under way at the kill is certain only after a while, and never if its run is
        # released before.
        wait_for(lambda: "OutcomeUnknown" not in lab.obstacles(), lambda: f"{lab.obstacles()} do not end")
        lab.clear()
        wait_for(lambda: not lab.obstacles(), lambda: f"{lab.obstacles()} keep a run from being started")

    def _load(self, live: LiveServer, *, kill_after_s: float) -> None:
        failures: list[BaseException] = []
        ending = threading.Event()

        def repeat(operation: Callable[[OT2, int], None], number: int) -> None:
            try:
                while not ending.is_set():
                    number += 1
                    try:
                        operation(live.client, number)
                    except errors.DefinedExecutionError as error:
                        if error.identifier.rsplit("/", 1)[-1] not in self._not_confirmed:
                            raise
                        self.unanswered += 1
            except errors.ClientError as error:
                if not ending.is_set():
                    failures.append(error)

        def finished(execution: Execution[T, Any]) -> T:
            wait_for(lambda: execution.done or ending.is_set())
            return execution.result()

        def keep_protocols(client: OT2, number: int) -> None:
            content = protocol(f"protocol.comment('protocol {number}')").encode()
            identifier = finished(_upload(client, content)).protocol_identifier
            self.committed.protocols[identifier] = content
            if number % 3 == 0:
                del self.committed.protocols[identifier]  # if the server is killed now, it may be there or not
                client.protocol_service.delete_protocol(identifier)
                self.committed.deleted.add(identifier)

        def keep_data_files(client: OT2, number: int) -> None:
            content = f"number,{number}\n".encode() * 100
            identifier = client.protocol_service.upload_data_file(f"{number}.csv", content)
            self.committed.data_files[identifier] = len(content)

        def run_protocols(client: OT2, number: int) -> None:
            identifier = finished(_upload(client, RUN)).protocol_identifier
            execution = _laboratory(live, self._robot).begin(identifier, label=str(number))
            self.committed.runs.add(finished(execution).run_identifier)

        self._number += 1_000_000
        clients = [
            threading.Thread(target=repeat, args=(operation, self._number))
            for operation in (keep_protocols, keep_data_files, run_protocols)
        ]
        for client in clients:
            client.start()
        wait_for(lambda: failures or self.committed.runs)  # the first one, however busy the computer is
        ending.wait(kill_after_s)  # the moment is meant to be random
        ending.set()
        live.process.process.kill()
        for client in clients:
            client.join()
        assert not failures, f"refused while the server ran: {failures}"


def _upload(client: OT2, content: bytes) -> Execution[UploadProtocolResponses, None]:
    return client.protocol_service.upload_protocol("protocol.py", content)


def _laboratory(live: LiveServer, robot: SimulatorProcess) -> Laboratory:
    return Laboratory(live.client, None, robot.url)  # type: ignore[arg-type]  # the server is another process
