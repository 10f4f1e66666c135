"""Descriptors: the limit is raised, and a robot is reached when all of them are taken."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from sila_ot2.robot import descriptors
from sila_ot2.robot.descriptors import ENOUGH, Reserve, are_exhausted, raise_limit

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


@pytest.mark.slow
def test_the_robot_is_reached_when_all_descriptors_are_taken() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DESCRIPTORS], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "reached\n", done.stderr


class DescriptorLimits:
    """Stands in for the operating system's limits: those of the process that runs the tests stay as they are."""

    RLIMIT_NOFILE = 7
    RLIM_INFINITY = -1

    def __init__(self, soft: int, hard: int) -> None:
        self.soft, self.hard = soft, hard

    def getrlimit(self, what: int) -> tuple[int, int]:
        assert what == self.RLIMIT_NOFILE
        return self.soft, self.hard

    def setrlimit(self, what: int, limits: tuple[int, int]) -> None:
        assert what == self.RLIMIT_NOFILE
        self.soft, self.hard = limits


@pytest.mark.parametrize(
    ("soft", "hard", "afterwards"),
    [
        (64, 128, (128, 128)),
        (64, -1, (ENOUGH, -1)),
        (64, 10 * ENOUGH, (ENOUGH, 10 * ENOUGH)),
        (2 * ENOUGH, 10 * ENOUGH, (2 * ENOUGH, 10 * ENOUGH)),
        (-1, -1, (-1, -1)),
    ],
)
def test_limit_is_raised_as_far_as_allowed_and_never_lowered(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, afterwards: tuple[int, int]
) -> None:
    limits = DescriptorLimits(soft, hard)
    monkeypatch.setattr(descriptors, "resource", limits)
    assert raise_limit() == (ENOUGH if afterwards[0] == -1 else afterwards[0])
    assert (limits.soft, limits.hard) == afterwards


def test_exhaustion_is_recognized_behind_other_errors() -> None:
    behind = RuntimeError("no connection")
    behind.__cause__ = OSError(errno.EMFILE, "Too many open files")
    assert are_exhausted(behind)
    assert are_exhausted(OSError(errno.ENFILE, "the whole computer has none left"))
    refused = RuntimeError("no connection")
    refused.__context__ = OSError(errno.ECONNREFUSED, "Connection refused")
    assert not are_exhausted(refused)


def test_reserve_holds_what_there_is_and_gives_it_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    reserve = Reserve(3)
    reserve.fill()
    assert [reserve.give() for _ in range(4)] == [True, True, True, False]
    opened = [os.open(os.devnull, os.O_RDONLY)]

    def open_one(path: str, flags: int) -> int:
        if not opened:
            raise OSError(errno.EMFILE, "Too many open files")
        return opened.pop()

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", open_one)
        reserve.fill()
    assert [reserve.give() for _ in range(2)] == [True, False]

    def fail(path: str, flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", fail)
        with pytest.raises(PermissionError):
            reserve.fill()
    reserve.fill()
    reserve.close()
    assert not reserve.give()
