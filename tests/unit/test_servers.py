"""Several servers in one process: what a changed settings file does to them, with stand-ins for the servers."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from sila_ot2 import servers as module
from sila_ot2.config import Settings, load
from sila_ot2.servers import Servers
from sila_ot2.sila.discovery.addresses import PortUnusable

TAKEN = 50_099


class ServerWithoutAPort:
    """A server that can use every port but one."""

    running: dict[str, int]
    started: int

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start(self) -> None:
        if self._settings.server.port == TAKEN:
            raise PortUnusable("Cannot serve: taken", remedy="Choose another port.")
        self.running[self._settings.robot.url] = self._settings.server.port
        type(self).started += 1

    def stop(self) -> None:
        del self.running[self._settings.robot.url]
        if self._settings.server.name == "Stubborn":
            raise RuntimeError("it does not end")


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    ServerWithoutAPort.running, ServerWithoutAPort.started = {}, 0
    monkeypatch.setattr(module, "build", ServerWithoutAPort)


@pytest.fixture
def settings_of(tmp_path: Path) -> Any:
    def make(robot: str, port: int, **groups: dict[str, object]) -> Settings:
        server = {"port": port, "state_directory": tmp_path, **groups.pop("server", {})}
        return load({"robot": {"url": f"http://{robot}"}, "server": server, **groups})

    return make


def test_a_server_that_cannot_be_started_with_new_settings_goes_on_with_the_former(
    settings_of: Any, caplog: pytest.LogCaptureFixture
) -> None:
    servers = Servers()
    servers.change([settings_of("a", 50_001), settings_of("b", 50_002)])
    servers.change([settings_of("a", 50_001), settings_of("b", TAKEN)])
    assert ServerWithoutAPort.running == {"http://a:31950": 50_001, "http://b:31950": 50_002}
    assert "Cannot serve: taken. Choose another port. Then send SIGHUP again." in caplog.text
    servers.change([settings_of("a", 50_001), settings_of("b", 50_003)])
    assert ServerWithoutAPort.running == {"http://a:31950": 50_001, "http://b:31950": 50_003}


def test_a_server_that_does_not_end_properly_keeps_no_other_from_being_changed(
    settings_of: Any, caplog: pytest.LogCaptureFixture
) -> None:
    servers = Servers()
    servers.change([settings_of("a", 50_001, server={"name": "Stubborn"})])
    servers.change([settings_of("b", 50_002)])
    assert ServerWithoutAPort.running == {"http://b:31950": 50_002}
    assert "did not end properly" in caplog.text


def test_other_settings_of_the_log_end_no_server(settings_of: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    servers = Servers()
    servers.change([settings_of("a", 50_001)])
    servers.change([settings_of("a", 50_001, log={"level": "error"})])
    assert ServerWithoutAPort.started == 1
    servers.change([settings_of("a", 50_001, alerts={"events": ["prompt"]})])
    assert ServerWithoutAPort.started == 2
