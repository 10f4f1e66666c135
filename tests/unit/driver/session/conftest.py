"""A server on a robot in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.session_server import SessionServer, serve
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()
