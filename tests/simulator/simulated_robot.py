"""A plain client of a simulated robot, for its own tests."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import httpx

from tests.waiting import wait_for

DONE = ("succeeded", "failed", "stopped")

TRANSFER = """
metadata = {{"protocolName": "transfer", "apiLevel": "{level}"}}

def run(ctx):
    tips = ctx.load_labware("opentrons_96_tiprack_20ul", 1)
    plate = ctx.load_labware("corning_96_wellplate_360ul_flat", 2)
    pipette = ctx.load_instrument("p20_single_gen2", "left", tip_racks=[tips])
    for well in plate.columns()[0][:{wells}]:
        pipette.transfer(5, well, plate["A12"])
"""


class SimulatorUnderTest:
    """Requests, waits, and the process behind them."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.process = process
        self._gone = False
        self.http = self.fresh_client()

    def fresh_client(self) -> httpx.Client:
        """A client with connections of its own."""
        hooks = {"response": [self._after]}
        headers = {"Opentrons-Version": "*"}
        # Without `verify`, httpx reads this computer's authorities for each client, which takes longer than a request.
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, event_hooks=hooks, verify=False)

    def _after(self, response: httpx.Response) -> None:
        if response.status_code == 500:
            # As a real one does, the robot closes the connection without having said so.
            self._gone = True

    def fresh(self) -> httpx.Client:
        """The client, with a new connection after an answer of 500."""
        if self._gone:
            self._gone = False
            self.http.close()
            self.http = self.fresh_client()
        return self.http

    def __enter__(self) -> SimulatorUnderTest:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def request_json(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """A request; its body, provided the status is the expected one."""
        response = self.fresh().request(method, path, **options)
        assert response.status_code == status, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def refused(self, method: str, path: str, status: int, **options: Any) -> str:
        """A request that is refused; the id of its first error."""
        return str(self.request_json(method, path, status, **options)["errors"][0]["id"])

    def control(self, method: str, path: str, **options: Any) -> Any:
        """A control request."""
        return self.request_json(method, f"/simulator{path}", **options)

    def wait(self, condition: Callable[[], Any], timeout_s: float = 30) -> Any:
        """Wait for a condition; answers what it answered."""
        return wait_for(condition, timeout_s=timeout_s)

    # Protocols

    def upload(self, *sources: str | tuple[str, str], status: int = 201, **form: str) -> dict[str, Any]:
        """Upload a protocol; sources without a name are called protocol.py."""
        named = [("protocol.py", source) if isinstance(source, str) else source for source in sources]
        body = self.request_json("POST", "/protocols", status, files=[("files", file) for file in named], data=form)
        return dict(body["data"])

    def analyzed(self, protocol_id: str) -> dict[str, Any]:
        """The last analysis, completed."""

        def completed() -> Any:
            last = self.request_json("GET", f"/protocols/{protocol_id}/analyses")["data"][-1]
            return last if last["status"] == "completed" else None

        return dict(self.wait(completed))

    def upload_and_analyze(self, source: str) -> str:
        protocol_id: str = self.upload(source)["id"]
        self.analyzed(protocol_id)
        return protocol_id

    # Runs

    def create_run(self, protocol_id: str | None = None, **data: Any) -> str:
        if protocol_id is not None:
            data["protocolId"] = protocol_id
        return str(self.request_json("POST", "/runs", 201, json={"data": data})["data"]["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        return dict(self.request_json("GET", f"/runs/{run_id}")["data"])

    def take_action(self, run_id: str, action: str, status: int = 201) -> Any:
        return self.request_json("POST", f"/runs/{run_id}/actions", status, json={"data": {"actionType": action}})

    def wait_for_status(self, run_id: str, *statuses: str, timeout_s: float = 30) -> dict[str, Any]:
        def reached() -> Any:
            run = self.run(run_id)
            return run if run["status"] in statuses else None

        return dict(self.wait(reached, timeout_s))

    def play(self, run_id: str) -> dict[str, Any]:
        """Play a run to its end."""
        self.take_action(run_id, "play")
        return self.wait_for_status(run_id, *DONE)

    def commands(self, run_id: str) -> list[dict[str, Any]]:
        return list(
            self.request_json("GET", f"/runs/{run_id}/commands", params={"cursor": 0, "pageLength": 10000})["data"]
        )

    # Commands

    def command(self, run_id: str, kind: str, *, wait: bool = True, **params: Any) -> dict[str, Any]:
        """Post a setup command; answers it, finished unless not waited for."""
        body = self.request_json(
            "POST",
            f"/runs/{run_id}/commands",
            201,
            params={"waitUntilComplete": "true"} if wait else {},
            json={"data": {"commandType": kind, "params": params}},
        )
        return dict(body["data"])

    def succeed(self, run_id: str, kind: str, **params: Any) -> dict[str, Any]:
        """Post a setup command that must succeed; answers its result."""
        command = self.command(run_id, kind, **params)
        assert command["status"] == "succeeded", command
        return dict(command["result"])

    def set_deck(self, run_id: str) -> dict[str, str]:
        """Home, load tips (1), a plate (2) and the left pipette; answers their ids."""
        self.succeed(run_id, "home")
        ids = {
            name: self.succeed(
                run_id, "loadLabware", location={"slotName": slot}, loadName=load_name, namespace="opentrons", version=1
            )["labwareId"]
            for name, slot, load_name in (
                ("tips", "1", "opentrons_96_tiprack_20ul"),
                ("plate", "2", "corning_96_wellplate_360ul_flat"),
            )
        }
        ids["pipette"] = self.succeed(run_id, "loadPipette", pipetteName="p20_single_gen2", mount="left")["pipetteId"]
        return ids
