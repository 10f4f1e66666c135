"""Whatever a protocol raises or calls, the simulated robot keeps answering."""

from __future__ import annotations

import pytest

from tests.simulator.simulated_robot import SimulatorUnderTest

METADATA = 'metadata = {"apiLevel": "2.15"}\n'
PARAMETERS = 'requirements = {"robotType": "OT-2", "apiLevel": "2.20"}\n'
UNRULY = {
    "sys.exit": "import sys; sys.exit(3)",
    "exit": "exit()",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "StopIteration": "raise StopIteration",
    "CancelledError": "import asyncio; raise asyncio.CancelledError",
    "an error of its own": "raise type('Mine', (BaseException,), {})('odd')",
    "a group": "raise type('Group', (BaseException,), {'__str__': lambda self: '\\ud800'})",
    "half a character": "raise ValueError('\\ud800')",
    "recursion": "f = lambda: f(); f()",
    "os._exit": "import os; os._exit(3)",
    "os.abort": "import os; os.abort()",
    "os.kill": "import os; os.kill(os.getpid(), 9)",
    "a signal": "import signal; signal.raise_signal(signal.SIGTERM)",
}


def analysis(robot: SimulatorUnderTest, text: str) -> dict[str, object]:
    protocol = robot.request_json("POST", "/protocols", 201, files={"files": ("unruly.py", text.encode())})["data"]
    path = f"/protocols/{protocol['id']}/analyses"
    robot.wait(lambda: robot.request_json("GET", path)["data"][-1]["status"] == "completed")
    found: dict[str, object] = robot.request_json("GET", path)["data"][-1]
    return found


@pytest.mark.parametrize("place", ["run", "module", "add_parameters"])
@pytest.mark.parametrize("name", UNRULY)
def test_analysis_ends_not_ok(robot: SimulatorUnderTest, name: str, place: str) -> None:
    statement = UNRULY[name]
    text = {
        "run": f"{METADATA}def run(ctx):\n    {statement}\n",
        "module": f"{METADATA}{statement}\ndef run(ctx):\n    pass\n",
        "add_parameters": f"{PARAMETERS}def add_parameters(p):\n    {statement}\ndef run(ctx):\n    pass\n",
    }[place]
    assert analysis(robot, text)["result"] == "not-ok"
    assert robot.request_json("GET", "/health")["robot_model"] == "OT-2 Standard"


def test_run_fails(robot: SimulatorUnderTest) -> None:
    text = f"{METADATA}def run(ctx):\n    if not ctx.is_simulating():\n        {UNRULY['sys.exit']}\n"
    protocol = robot.request_json("POST", "/protocols", 201, files={"files": ("unruly.py", text.encode())})["data"]
    run_id = robot.request_json("POST", "/runs", 201, json={"data": {"protocolId": protocol["id"]}})["data"]["id"]
    robot.request_json("POST", f"/runs/{run_id}/actions", 201, json={"data": {"actionType": "play"}})
    robot.wait(lambda: robot.request_json("GET", f"/runs/{run_id}")["data"]["status"] == "failed")
    assert "SystemExit: 3" in str(robot.request_json("GET", f"/runs/{run_id}")["data"]["errors"])
