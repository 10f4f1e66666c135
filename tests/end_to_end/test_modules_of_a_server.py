"""A server imports what it needs, not what clients, other verbs and tools need: that is start time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import json, os, signal, socket, sys, threading, time

from sila_ot2.cli.app import run

arguments = json.loads(sys.argv[1])

def wait_and_end():
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(arguments[arguments.index("--port") + 1]))).close()
            break
        except OSError:
            time.sleep(0.1)
    print("modules", json.dumps(sorted(sys.modules)), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=wait_and_end, daemon=True).start()
sys.exit(run(arguments))
"""
NOT_NEEDED = {
    "sila2.server": "its server, which this one replaces",
    "sila2.discovery": "its discovery",
    "sila2.code_generator": "its code generation",
    "sila_ot2.client": "our client",
    "sila_ot2.simulator": "the simulated robot",
    "sila_ot2.pylabrobot": "the backend for PyLabRobot",
    "sila_ot2.web": "the operator's page",
    "sila_ot2.cli.doctor": "one of the other verbs of the command line",
    "sila_ot2.cli.demo": "one of them",
    "rich": "output of the other verbs",
    "pygments": "colors",
    "click": "the command line of httpx and of rocrate",
    "jsonschema": "labware definitions and raw commands, which few clients send",
    "xmlschema": "features with a schema, of which there are none",
    "starlette": "a web framework",
    "uvicorn": "a web server",
    "opentrons": "the robot's own software",
    "PIL": "pictures",
    "numpy": "numbers",
    "pytest": "tests",
    "unittest": "tests",
}


def test_an_idle_server_imports_what_it_needs_and_no_more(tmp_path: Path) -> None:
    arguments = ["serve", "--robot", "http://127.0.0.1:9", "--port", str(free_port()), "--state-dir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", SERVE, json.dumps([*arguments, "--insecure", "--no-discovery"])],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("modules ")] or [done.stderr]
    imported = set(json.loads(line.removeprefix("modules ")))
    assert "sila_ot2.server" in imported
    surplus = {name: NOT_NEEDED[name] for name in sorted(imported & set(NOT_NEEDED))}
    assert not surplus
