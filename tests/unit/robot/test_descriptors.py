"""Descriptors: the limit is raised, and a robot is reached when all of them are taken."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count sockets")

WITHOUT_DESCRIPTORS = """
import os, resource, socket, threading
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.descriptors import raise_limit

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 128))
assert raise_limit() == 128
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (128, 128)

def serve():
    while True:
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 12\\r\\nConnection: close\\r\\n\\r\\n{"on": true}')
        served.append(connection.detach())

served, taken = [], []
server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, daemon=True).start()
client = RobotClient(f"http://127.0.0.1:{server.getsockname()[1]}")
assert client.rail_lights()
try:
    while True:
        taken.append(os.dup(0))
except OSError:
    pass
os.close(taken.pop())  # for the robot's own end of the connection, which is in this process here
assert client.rail_lights()
print("reached")
"""


def test_the_robot_is_reached_when_all_descriptors_are_taken() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DESCRIPTORS], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "reached\n", done.stderr
