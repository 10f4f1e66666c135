"""Which server on this computer a verb is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.state_directories import directory_of
from sila_ot2.store.backup import restore, save


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """The state directory of the only server."""
    certificate = tmp_path / "robot" / "identity" / "server.crt"
    certificate.parent.mkdir(parents=True)
    certificate.write_text("certificate")
    return tmp_path / "robot"


def test_a_replaced_state_does_not_count_as_another_server(server: Path, tmp_path: Path) -> None:
    save(server, tmp_path / "backup.zip", version="1.2.3")
    _, former = restore(tmp_path / "backup.zip", server)
    assert former is not None
    assert (former / "identity" / "server.crt").exists()
    assert directory_of(tmp_path, None) == server


def test_one_of_several_servers_has_to_be_named(server: Path, tmp_path: Path) -> None:
    server.with_name("other").mkdir()
    (server / "identity").rename(server.with_name("other") / "identity")
    assert directory_of(tmp_path, None) == server.with_name("other")
    (server / "identity").mkdir()
    (server / "identity" / "server.crt").write_text("certificate")
    with pytest.raises(CommandLineError, match="has 2: other, robot"):
        directory_of(tmp_path, None)
